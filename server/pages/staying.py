"""Who uses a page stays signed in: use is noted every few minutes, beside the request (S81)."""

import threading
from dataclasses import dataclass, field

from flask import Flask, Response, current_app, g

from server.pages.context import services
from server.service.access.devices import TOUCH_MS, touch
from server.service.access.sessions import SignedIn

MOST_KNOWN = 20_000


@dataclass(slots=True)
class _Uses:
    """When the use of each session was noted last, by this process."""

    noted: dict[str, int] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def is_due(self, session: str, now: int) -> bool:
        """Tell whether a use is to be noted, and take it as noted."""
        with self.lock:
            if now - self.noted.get(session, 0) < TOUCH_MS:
                return False
            if len(self.noted) >= MOST_KNOWN:
                self.noted.clear()
            self.noted[session] = now
            return True


def install_staying(app: Flask) -> None:
    """Note the use of a session after every answer that asked who is signed in."""
    app.extensions["council_uses"] = _Uses()
    app.after_request(_note_use)


def _note_use(response: Response) -> Response:
    person: SignedIn | None = g.get("signed_in")
    if person is not None:
        now, uses = services().clock(), current_app.extensions["council_uses"]
        if uses.is_due(person.session, now):
            services().writer.submit(lambda unit: touch(unit, now, [person.session]))
    return response
