"""The application put together for tests: temporary database, real writer, a clock that tests move."""

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from flask import Flask

from server.documents.pool import DocumentPool
from server.domain.refusal import RefusalCode
from server.pages.context import Services
from server.pages.csrf import install_csrf
from server.pages.failures import install_failures
from server.pages.headers import install_headers
from server.pages.rendering import install_rendering
from server.service.access import SignedIn
from server.service.refused import refused
from server.service.room import RoomKeeper
from server.service.wishes import WishHandler
from server.store.database import open_database
from server.store.tables import metadata
from server.store.writer import Writer

WEB = Path(__file__).resolve().parents[2] / "web"


class Clock:
    """The application's clock; it stands still until a test moves it."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def pass_by(self, *, days: int = 0, minutes: int = 0) -> None:
        """Let time go by."""
        self.now += (days * 24 * 60 + minutes) * 60_000


class ClosedDoor:
    """No live room is running beside these tests."""

    def state(self, person: SignedIn, meeting: str, screen: str) -> dict[str, Any]:
        """Refuse, as there is no room."""
        raise refused(RefusalCode.NOT_FOUND, what="meeting")

    def command(self, person: SignedIn, meeting: str, message: Any) -> dict[str, Any]:
        """Refuse, as there is no room."""
        raise refused(RefusalCode.NOT_FOUND, what="meeting")


def build_house(folder: Path, documents: DocumentPool, clock: Clock) -> tuple[Flask, Callable[[], None]]:
    """Return the application and what ends it."""
    database = open_database(f"sqlite:///{folder / 'council.sqlite'}")
    metadata.create_all(database.writing)
    rooms = RoomKeeper(clock)
    writer = Writer(database, WishHandler(rooms, clock).carry_out, lambda committed: None)
    writer.start()
    app = Flask("council", static_folder=str(WEB / "static"), template_folder=str(WEB / "templates"))
    app.secret_key = "the tests' own key"
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = False
    words = json.loads((WEB / "words.json").read_text(encoding="utf-8"))
    app.extensions["council"] = Services(
        database=database,
        writer=writer,
        rooms=rooms,
        door=ClosedDoor(),
        documents=documents,
        clock=clock,
        words=words,
        public_url=lambda: "http://hall.test",
        version="test",
        is_secure=False,
    )
    for install in (install_headers, install_rendering, install_csrf, install_failures):
        install(app)
    for line in BLUEPRINTS:
        module, _, name = line.partition(":")
        app.register_blueprint(getattr(import_module(module), name))

    def close() -> None:
        writer.close()
        database.close()

    return app, close


BLUEPRINTS = ("server.pages.accounts:blueprint",)
