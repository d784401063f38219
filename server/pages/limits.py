"""How often an address may try, and what a form sent twice was answered; in memory, per worker (S71, S73)."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from ipaddress import ip_address

from flask import current_app

MOST_KEYS = 20_000


@dataclass(slots=True)
class Allowance:
    """At most ``most`` counts per key in a window of ``window_ms``; safe from many native threads."""

    most: int
    window_ms: int
    _counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, key: str, now: int) -> bool:
        """Count one more and tell whether it is still allowed."""
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
            return used <= self.most

    def used(self, key: str, now: int) -> int:
        """Return how many were counted in this window."""
        with self._lock:
            begun, used = self._counts.get(key, (-1, 0))
        return used if begun == now // self.window_ms else 0

    def is_used_up(self, key: str, now: int) -> bool:
        """Tell whether nothing is left, without counting."""
        return self.used(key, now) >= self.most


def allowance(name: str, most: int, window_ms: int) -> Allowance:
    """Return the application's allowance of this name."""
    kept: dict[str, Allowance] = current_app.extensions.setdefault("council_allowances", {})
    return kept.setdefault(name, Allowance(most, window_ms))


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
