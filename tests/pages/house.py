"""The application put together for tests: temporary database, real writer, a clock that tests move."""

from collections.abc import Callable
from pathlib import Path

from flask import Flask, Response

from server.app import create_app
from server.documents.pool import DocumentPool
from server.settings import Choices, read_settings


class Clock:
    """The application's clock; it stands still until a test moves it."""

    def __init__(self, now: int) -> None:
        self.now = now

    def __call__(self) -> int:
        return self.now

    def pass_by(self, *, days: int = 0, minutes: int = 0) -> None:
        """Let time go by."""
        self.now += (days * 24 * 60 + minutes) * 60_000


def build_house(folder: Path, documents: DocumentPool, clock: Clock) -> tuple[Flask, Callable[[], None]]:
    """Return the application's pages and what ends it; the press is shared by all tests, as it is slow to warm."""
    settings = read_settings({}, Choices(data=folder, public_url="http://hall.test"))
    application = create_app(settings, clock, documents=documents)

    def close() -> None:
        application.services.writer.close()
        application.database.close()

    application.flask.after_request(_as_a_real_server_would)
    return application.flask, close


def _as_a_real_server_would(response: Response) -> Response:
    """Refuse a header a real HTTP server cannot send; Flask's test client would let it pass."""
    for name, value in response.headers:
        f"{name}: {value}".encode("latin-1")
    return response
