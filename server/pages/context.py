"""What a page needs, handed over by the application: services, the signed-in person, the transaction helpers."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from flask import current_app, g, request

from server.documents.pool import DocumentPool
from server.service.access.sessions import SignedIn, read_sessions
from server.service.clock import Clock
from server.service.hall.watch import HallWatch
from server.service.ids import digest
from server.service.room.keeper import RoomKeeper
from server.service.upkeep.condition import Upkeep
from server.service.upkeep.metrics import Metrics
from server.store.database import Database, Reading
from server.store.failures import StorageFull
from server.store.writer import Unit, Writer

T = TypeVar("T")
WRITE_SECONDS = 15.0


class Door(Protocol):
    """The live room as pages reach it; implemented in ``live/door.py``, handed over by the application."""

    def state(self, person: SignedIn, meeting: str, screen: str) -> dict[str, Any]:
        """Answer as the live ``hello`` does."""

    def command(self, person: SignedIn, meeting: str, message: Any) -> dict[str, Any]:
        """Answer as the live ``command`` does."""


@dataclass(frozen=True, slots=True)
class Services:
    """Built once by ``app.create_app``; ``words`` is ``web/words.json``, ``public_url`` the address on QR codes."""

    database: Database
    writer: Writer
    rooms: RoomKeeper
    door: Door
    documents: DocumentPool
    clock: Clock
    words: Mapping[str, Any]
    public_url: Callable[[], str]
    version: str
    is_secure: bool
    upkeep: Upkeep
    hall: HallWatch | None
    metrics: Metrics


def sent_json() -> Any:
    """Return the JSON a request carries, or None when there is none that can be read."""
    try:
        return request.get_json(silent=True)
    except RecursionError:  # ten thousand brackets in a row
        return None


def services() -> Services:
    """Return the application's services."""
    found: Services = current_app.extensions["council"]
    return found


@contextmanager
def reading(limit_seconds: float = 0.25) -> Iterator[Reading]:
    """Give a reading session with the page limit of DESIGN §3."""
    with services().database.reader(limit_seconds) as session:
        yield session


def carry_out(run: Callable[[Unit], T]) -> T:
    """Run office work in the writer's transaction and wait for its commit; refusals come as exceptions."""
    return services().writer.submit(run).result(timeout=WRITE_SECONDS)


def keep_if_it_fits(run: Callable[[Unit], object]) -> None:
    """Keep what only spares work later, such as a printed paper: on a full disk it is shown without being kept."""
    with suppress(StorageFull):
        carry_out(run)


def cookie_name() -> str:
    """Return the session cookie's name: ``__Host-sid`` behind HTTPS, ``sid`` in a LAN (CONTRACT, transport)."""
    return "__Host-sid" if services().is_secure else "sid"


def signed_in() -> SignedIn | None:
    """Return who asks, read from the database once per request."""
    if "signed_in" not in g:
        cookie = request.cookies.get(cookie_name(), "")
        g.signed_in = None
        if cookie:
            session_id = digest(cookie)
            with reading() as session:
                g.signed_in = read_sessions(session, [session_id], services().clock()).get(session_id)
    found: SignedIn | None = g.signed_in
    return found
