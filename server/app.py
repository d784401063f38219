"""The application: the only file that knows everything and ties the floors together."""

import json
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from server import __version__
from server.documents.pool import DocumentPool
from server.live.broadcast import Broadcaster
from server.live.connection import Connections
from server.live.door import Door
from server.live.neighbours import Neighbours
from server.live.offload import offload
from server.live.sight import CommandLimit
from server.live.socket_server import close_all, create_socket_server
from server.live.wakeup import LoopPost
from server.pages.context import Services
from server.pages.register import register_pages
from server.screens.words import Words
from server.service.access.forgetting import forget_what_is_over
from server.service.access.two_step import reseal, sealing
from server.service.clock import DAY_MS, Clock, SteadyClock, elapsed_ms
from server.service.hall.addresses import lan_addresses
from server.service.hall.watch import HallWatch, Wifi
from server.service.room.keeper import RoomKeeper
from server.service.room.wishes import WishHandler
from server.service.schedule.jobs import Job
from server.service.schedule.runner import Scheduler
from server.service.upkeep.backups import BackupPlace, backup_job
from server.service.upkeep.condition import Upkeep
from server.service.upkeep.integrity import check_records, records_job, refuse_damaged
from server.service.upkeep.log_files import logs_job
from server.service.upkeep.metrics import CommandTally, Metrics, Sources
from server.service.upkeep.upgrade import upgrade_safely
from server.settings import PROJECT, Settings
from server.store.database import Database, open_database
from server.store.failures import DatabaseAway, is_away
from server.store.server_keys import read_server_keys
from server.store.writer import Writer

WEB = PROJECT / "web"


@dataclass(frozen=True, slots=True)
class Application:
    """Everything that runs in one worker process."""

    flask: Flask
    services: Services
    broadcaster: Broadcaster
    socket_server: Any
    database: Database
    schedule: Scheduler
    upgraded: str | None
    neighbours: Neighbours | None = None

    @property
    def wsgi(self) -> Callable[..., Any]:
        """What the HTTP server calls."""
        return self.flask.wsgi_app

    def start_schedule(self) -> None:
        """Begin what runs by itself, once the address answers; commands that only borrow the application do not."""
        self.schedule.start()

    def meet_neighbours(self) -> None:
        """Begin to hear the other workers and to compare with them; runs in the loop."""
        if self.neighbours is not None:
            self.neighbours.start()

    def say_goodbye(self) -> None:
        """Close every live socket; runs in the loop at the end of the process."""
        if self.neighbours is not None:
            self.neighbours.leave()
        close_all(self.socket_server)

    def close(self) -> None:
        """Finish what waits and release threads, processes and connections."""
        self.schedule.close()
        self.services.writer.close()
        if self.neighbours is not None:
            self.neighbours.close()
        self.services.documents.close()
        self.database.close()


def create_app(
    settings: Settings, clock: Clock | None = None, documents: DocumentPool | None = None
) -> Application:
    """Open the database, upgrade it, and build a worker; call it on the loop's thread, then serve ``wsgi``.

    Without a ``clock`` it is the machine's, kept steady while somebody is connected. ``documents`` is a press that is
    warm already; without one a new one is started. Raises DatabaseDamaged and UpgradeRefused, with nothing changed.
    """
    steady = SteadyClock()
    clock = clock or steady
    database, upgraded = _open_data(settings, place := backup_place(settings), clock)
    words: Words = json.loads((WEB / "words.json").read_text(encoding="utf-8"))
    rooms = RoomKeeper(clock)
    broadcaster = Broadcaster(post := LoopPost(), rooms, clock, words)
    writer, tally = _start_writer(database, rooms, clock, broadcaster)
    documents = documents or DocumentPool(share_of(settings.workers))
    limit = CommandLimit(elapsed_ms)
    services = Services(
        database=database,
        writer=writer,
        rooms=rooms,
        door=Door(broadcaster, writer, limit, clock, words),
        documents=documents,
        clock=clock,
        words=words,
        public_url=lambda: public_url(settings),
        version=__version__,
        is_secure=(settings.public_url or "").startswith("https://"),
        upkeep=Upkeep(database, place, check_records(database), clock()),
        hall=_hall(settings, clock),
        metrics=_metrics(settings, Sources(tally, writer, documents, broadcaster.count_phones)),
    )
    socket_server = _socket_server(flask := _flask(settings, services), settings)
    broadcaster.attach(socket_server, writer)
    connections = Connections(database, writer, broadcaster, limit, clock, words)
    connections.register(socket_server)
    steady.may_follow = lambda: connections.count == 0
    neighbours = _neighbours(settings, post, services, broadcaster, connections)
    schedule = Scheduler(writer, clock, jobs(settings, services), services.metrics.sample)
    return Application(flask, services, broadcaster, socket_server, database, schedule, upgraded, neighbours)


def _neighbours(
    settings: Settings, post: LoopPost, services: Services, broadcaster: Broadcaster, connections: Connections
) -> Neighbours | None:
    """Return what keeps this worker abreast of the others, None when it is alone."""
    if settings.workers == 1 or settings.redis_url is None:
        return None
    return Neighbours(
        settings.redis_url, post, services.database, services.writer, services.rooms, services.clock, broadcaster,
        connections,
    )  # fmt: skip


def share_of(workers: int) -> int:
    """Return how many processes that print papers one worker may keep: one core stays for the rooms (DESIGN §6)."""
    return max(1, ((os.cpu_count() or 2) - 1) // workers)


def _start_writer(
    database: Database, rooms: RoomKeeper, clock: Clock, broadcaster: Broadcaster
) -> tuple[Writer, CommandTally]:
    tally = CommandTally()
    writer = Writer(database, WishHandler(rooms, clock).carry_out, tally.counting(broadcaster.announce))
    writer.start()
    return writer, tally


def _metrics(settings: Settings, sources: Sources) -> Metrics:
    return Metrics(__version__, sources, settings.metrics_folder, settings.metrics_token)


def _hall(settings: Settings, clock: Clock) -> HallWatch | None:
    if not settings.hall:
        return None
    return HallWatch(
        clock, settings.address, Wifi(settings.wifi, settings.wifi_password) if settings.wifi else None
    )


def _open_data(settings: Settings, place: BackupPlace, clock: Clock) -> tuple[Database, str | None]:
    settings.data.mkdir(parents=True, exist_ok=True)
    database = open_database(settings.database_url)
    try:
        refuse_damaged(database, place)
        return database, upgrade_safely(database, place, clock())
    except Exception as error:
        if is_away(error):
            raise DatabaseAway(
                "连不上数据库：请确认 PostgreSQL 已经启动，地址、用户名和密码都对（--database-url）。"
            ) from error
        raise


def _socket_server(flask: Flask, settings: Settings) -> Any:
    live: Any = create_socket_server(flask, allowed_origins=lambda: served_origins(settings))
    return live.server


def jobs(settings: Settings, services: Services) -> tuple[Job, ...]:
    """Return everything that runs by itself, once for the whole installation."""
    clearing = (logs_job(settings.logs),) if settings.logs is not None else ()
    forgetting = Job("forget", DAY_MS, lambda now: forget_what_is_over(services.writer, now))
    verifying = records_job(services.database, services.clock())
    return (backup_job(services.database, services.upkeep.place), verifying, forgetting, *clearing)


def backup_place(settings: Settings) -> BackupPlace:
    """Return where backups go and the key they are encrypted with."""
    return BackupPlace(settings.data, settings.backups, settings.data / "backup.key")


def _flask(settings: Settings, services: Services) -> Flask:
    flask = Flask(
        "council",
        static_folder=str(WEB / "static"),
        template_folder=str(WEB / "templates"),
        root_path=str(PROJECT),
    )
    keys = read_server_keys(settings.secret_file)
    flask.secret_key = keys[0]
    flask.config.update(SECRET_KEY_FALLBACKS=keys[1:], COUNCIL_HOSTS=own_names(settings))
    if len(keys) > 1:
        services.writer.submit(lambda unit: reseal(unit, sealing(keys)))
    flask.config.update(MAX_CONTENT_LENGTH=10 * 2**20, MAX_FORM_MEMORY_SIZE=256 * 2**10, MAX_FORM_PARTS=50)
    flask.config["COUNCIL_WORKERS"] = settings.workers
    flask.extensions["council"] = services
    register_pages(flask)
    if settings.proxies:
        # Exactly so many addresses are our own proxies' word; what stands before them anyone may write (S72).
        behind: Any = ProxyFix(flask.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=0)
        flask.wsgi_app = behind  # type: ignore[method-assign]
    # Only Flask's part runs on native threads; Socket.IO is put in front of it afterwards.
    flask.wsgi_app = offload(flask.wsgi_app)  # type: ignore[method-assign]
    return flask


def own_names(settings: Settings) -> frozenset[str]:
    """Return the names this server may be asked for under, in lower case and without a port (S79)."""
    machine = socket.gethostname().lower()
    named = urlsplit(settings.public_url).hostname if settings.public_url else None
    given = {settings.host.lower(), named or "", "localhost", machine, f"{machine}.local"}
    return frozenset(given - {""}) | settings.trusted_hosts


def public_url(settings: Settings) -> str:
    """Return the address printed on QR codes: the configured one, else this machine's in its network."""
    if settings.public_url:
        return settings.public_url.rstrip("/")
    host = settings.host
    if host in ("0.0.0.0", "::"):  # noqa: S104 compared, not bound
        host = hall_address(settings) or "127.0.0.1"
    return f"http://{host}:{settings.port}"


def hall_address(settings: Settings) -> str | None:
    """Return the address phones use: the one that was asked for while this machine has it, else the likeliest."""
    found = [lan.address for lan in lan_addresses()]
    return settings.address if settings.address in found else next(iter(found), None)


def served_origins(settings: Settings) -> set[str]:
    """Return the exact origins a live handshake may come from (S2); asked anew, as a laptop's address changes."""
    hosts = {settings.host}
    if settings.is_loopback:
        hosts = {"127.0.0.1", "localhost", "[::1]"}
    elif settings.host in ("0.0.0.0", "::"):  # noqa: S104 compared, not bound
        hosts = {"127.0.0.1", "localhost", *(lan.address for lan in lan_addresses())}
    origins = {f"http://{host}:{settings.port}" for host in hosts}
    if settings.public_url:
        parts = urlsplit(settings.public_url)
        origins.add(f"{parts.scheme}://{parts.netloc}")
    return origins
