"""``serve``: hold the data folder, build the application, say where everything is, serve until told to stop."""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import gevent
import segno

from server.app import Application, create_app, public_url
from server.cli.control import listen_for_commands
from server.cli.folder import held
from server.cli.hall import check_address, followed
from server.cli.logs import closing_logs
from server.cli.parentage import end_with_parent
from server.cli.unable import CannotServe
from server.live.serving import serve as serve_http
from server.service.access.accounts import create_setup_link, has_accounts
from server.service.samples.demonstration import load_demonstration
from server.settings import Settings

WORD_SECONDS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """Which of several workers this process is, and the pipe where its supervisor waits for its word."""

    number: int
    pipe: int
    is_first: bool

    @classmethod
    def read(cls, text: str) -> "Place":
        """Read what the supervisor wrote on the command line."""
        number, pipe, kind = text.split(":")
        return cls(int(number), int(pipe), kind == "first")

    def is_ready(self) -> None:
        """Tell the supervisor, and go on telling it as long as the loop turns."""
        os.set_blocking(self.pipe, False)
        gevent.spawn(self._say_on)

    def _say_on(self) -> None:
        while True:
            with suppress(OSError):  # it is asleep and its pipe full, or it is gone and we shall go too
                os.write(self.pipe, b".")
            gevent.sleep(WORD_SECONDS)


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises CannotServe, FolderInUse or OSError (address taken) before that."""
    check_address(settings)
    with held(settings.data):
        _serve(settings, prepares=True, control="control", ready=lambda application: _greet(settings))


def serve_as_worker(settings: Settings, place: Place) -> None:
    """Serve as one of several workers: the supervisor holds the folder, the first one prepares and greets."""
    end_with_parent(os.getppid())

    def ready(application: Application) -> None:
        application.meet_neighbours()
        if place.is_first:
            _greet(settings)
        place.is_ready()

    _serve(settings, prepares=place.is_first, control=f"control.{place.number}", ready=ready)


def _serve(settings: Settings, *, prepares: bool, control: str, ready: Callable[[Application], None]) -> None:
    with closing_logs(settings.logs):
        application = create_app(settings)
        if application.upgraded:
            say(application.upgraded)

        def answers() -> None:
            listen_for_commands(application, settings.data / control)
            application.start_schedule()
            ready(application)

        try:
            if prepares:
                _prepare(application, settings)
            _serve_until_told(application, settings, answers)
        finally:
            application.close()


def _serve_until_told(application: Application, settings: Settings, answers: Callable[[], None]) -> None:
    with followed(application.services.hall, settings, application.services.public_url, say):
        serve_http(
            application.wsgi,
            settings.host,
            settings.port,
            ready=answers,
            stopping=application.say_goodbye,
            reuse_port=settings.workers > 1,
        )


def _prepare(application: Application, settings: Settings) -> None:
    """On an empty database: the demonstration community on loopback, else a one-time set-up link."""
    services = application.services
    with services.database.reader(limit_seconds=5) as session:
        if has_accounts(session):
            return
    wants_demo = settings.demo if settings.demo is not None else settings.is_loopback
    if wants_demo and not settings.is_loopback:
        raise CannotServe("演示社区只在本机地址上载入：请去掉 --demo，或者把 --host 改回 127.0.0.1。")
    if wants_demo:
        say("数据库是空的，正在载入演示社区（来自真实报道）……")
        demonstration = load_demonstration(services.writer, services.rooms, services.clock())
        for line in demonstration.lines(public_url(settings)):
            say(line)
        return
    token = services.writer.submit(lambda unit: create_setup_link(unit, services.clock())).result()
    say("这是第一次启动。请在24小时内用下面的一次性链接建立第一个管理员账号：")
    say(f"  {public_url(settings)}/office/setup?token={token}")


def _greet(settings: Settings) -> None:
    address = public_url(settings)
    say(f"议事厅已启动：{address}/        （居民公开页）")
    say(f"               {address}/office/  （工作人员）")
    say(f"               {address}/join     （代表、主持人、记录人凭代表证入会）")
    if not settings.is_loopback and not settings.hall and sys.stdout.isatty():
        segno.make(f"{address}/join").terminal(out=sys.stdout, compact=True)
    say("按 Ctrl+C 停止。")


def say(line: str) -> None:
    """Print a line for the person at the terminal, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
