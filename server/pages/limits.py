"""How often an address may try, over all workers, and what a form sent twice was answered (S71, S73)."""

import hashlib
import hmac
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from ipaddress import ip_address

from flask import current_app

from server.pages.context import carry_out, reading
from server.service.access.allowances import count_try, read_tries

MOST_KEYS = 20_000


@dataclass(slots=True)
class Allowance:
    """At most ``most`` counts per key in a window of ``window_ms``; safe from many native threads.

    A name is given where several workers count together, in the database: only what is still allowed here asks there,
    so that a flood costs no more than ``most`` writes in a window.
    """

    most: int
    window_ms: int
    name: str = ""
    _counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, key: str, now: int) -> bool:
        """Count one more and tell whether it is still allowed."""
        used = self._count_here(key, now)
        if self.name and used <= self.most:
            shared, until = self._shared(key, now)
            used = carry_out(lambda unit: count_try(unit, now, shared, until))
        return used <= self.most

    def _shared(self, key: str, now: int) -> tuple[str, int]:
        """Return the key and the window's end as all workers know them; an address is not kept."""
        secret = current_app.secret_key or b""
        secret = secret.encode() if isinstance(secret, str) else secret
        digest = hmac.new(secret, f"{self.name}:{key}".encode(), hashlib.sha256).hexdigest()
        return digest, (now // self.window_ms + 1) * self.window_ms

    def _count_here(self, key: str, now: int) -> int:
        window = now // self.window_ms
        with self._lock:
            begun, used = self._counts.get(key, (window, 0))
            used = used + 1 if begun == window else 1
            if len(self._counts) >= MOST_KEYS:
                # Old windows go first; a flood of addresses within one window starts the count afresh.
                self._counts = {k: v for k, v in self._counts.items() if v[0] == window}
                if len(self._counts) >= MOST_KEYS:
                    self._counts.clear()
            self._counts[key] = (window, used)
            return used

    def used(self, key: str, now: int) -> int:
        """Return how many were counted in this window."""
        if self.name:
            shared, until = self._shared(key, now)
            with reading() as session:
                return read_tries(session, shared, until)
        with self._lock:
            begun, used = self._counts.get(key, (-1, 0))
        return used if begun == now // self.window_ms else 0

    def is_used_up(self, key: str, now: int) -> bool:
        """Tell whether nothing is left, without counting."""
        return self.used(key, now) >= self.most


def allowance(name: str, most: int, window_ms: int) -> Allowance:
    """Return the application's allowance of this name."""
    kept: dict[str, Allowance] = current_app.extensions.setdefault("council_allowances", {})
    together = name if current_app.config.get("COUNCIL_WORKERS", 1) > 1 else ""
    return kept.setdefault(name, Allowance(most, window_ms, together))


def address_prefix(address: str | None) -> str:
    """Return what one household or hall shares: the IPv4 address, the first 64 bits of an IPv6 one."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return "unknown"
    if known.version == 4:
        return str(known)
    return known.exploded[:19]


@dataclass(slots=True)
class FirstAnswer:
    """What a form was answered with when it was sent first, so that a double tap does not do it twice."""

    _answers: dict[str, Future[str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, once: str, carry_out: Callable[[], str]) -> str:
        """Return the answer of ``carry_out``, run once per key; a failure is forgotten. An empty key always runs."""
        if not once:
            return carry_out()
        with self._lock:
            known = self._answers.get(once)
            answer: Future[str] = known or Future()
            self._answers[once] = answer
            if len(self._answers) > MOST_KEYS:
                self._answers.pop(next(iter(self._answers)))
        if known is not None:
            return known.result(timeout=20)
        try:
            answer.set_result(carry_out())
        except BaseException as error:
            with self._lock:
                self._answers.pop(once, None)
            answer.set_exception(error)
            raise
        return answer.result()
