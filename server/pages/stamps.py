"""What sending a public form costs: time to fill it in, and some arithmetic when many come from one network (S73).

A form carries a stamp: when it was opened, a salt, our signature. It is good for a day and for one sending. The
arithmetic is a number whose SHA-256 together with the stamp begins with zero bits; solvers are public, so it only
prices bulk. Whoever has no script waits a minute instead: nobody is kept out.
"""

import hashlib
import hmac
import threading
from dataclasses import dataclass, field

from flask import current_app

from server.pages.limits import MOST_KEYS
from server.service.clock import DAY_MS
from server.service.ids import new_token

FILL_MS = 3_000
WAIT_MS = 60_000
WORK_BITS = 15  # some 30,000 digests: a second on an old phone


@dataclass(slots=True)
class SpentStamps:
    """Which stamps were used; in memory, per worker, so that each worker takes a stamp once at most."""

    _spent: dict[str, int] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def spend(self, stamp: str, now: int) -> bool:
        """Use a stamp up; False when it was used before."""
        with self._lock:
            if stamp in self._spent:
                return False
            if len(self._spent) >= MOST_KEYS:
                self._spent = {known: at for known, at in self._spent.items() if at > now - DAY_MS}
                if len(self._spent) >= MOST_KEYS:
                    self._spent.pop(next(iter(self._spent)))
            self._spent[stamp] = now
            return True


def new_stamp(now: int) -> str:
    """Return a stamp for a form opened now."""
    body = f"{now}.{new_token()}"
    return f"{body}.{_signature(body)}"


def age_of(stamp: str, now: int) -> int | None:
    """Return for how many ms a form has been open; None when the stamp is not ours or older than a day."""
    body, _, signature = stamp.rpartition(".")
    opened = body.partition(".")[0]
    is_ours = hmac.compare_digest(signature.encode(), _signature(body).encode())
    if not is_ours or not opened.isdigit() or not 0 <= now - int(opened) <= DAY_MS:
        return None
    return now - int(opened)


def is_worked(stamp: str, answer: str) -> bool:
    """Tell whether the answer's digest begins with enough zero bits."""
    if not (answer.isascii() and answer.isdigit() and len(answer) <= 12):
        return False
    digest = hashlib.sha256(f"{stamp}:{answer}".encode()).digest()
    return int.from_bytes(digest[:4]) >> (32 - WORK_BITS) == 0


def spend(stamp: str, now: int) -> bool:
    """Use a stamp up in this application; False when it was used before."""
    spent: SpentStamps = current_app.extensions.setdefault("council_stamps", SpentStamps())
    return spent.spend(stamp, now)


def _signature(body: str) -> str:
    key = current_app.secret_key or ""
    secret = key.encode() if isinstance(key, str) else key
    return hmac.new(secret, f"stamp.{body}".encode(), hashlib.sha256).hexdigest()[:32]
