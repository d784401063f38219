"""Who votes is heard while a large hall is told: news goes out in parts, and between two parts answers come first."""

import time
from collections.abc import Iterator, Sequence
from typing import Any

from gevent.event import Event
from gevent.hub import get_hub

# So many phones are told in about three milliseconds; then whoever has said something meanwhile is heard. A hall of
# thousands is told in larger parts: its news must not take for ever either.
LEAST_PART = 250
MOST_PARTS = 8
# How long the next part waits at most for the writer: a commit takes a millisecond, on a slow disk a few.
PATIENCE_SECONDS = 0.004


def in_parts(phones: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the phones of a hall as they are told."""
    size = max(LEAST_PART, -(-len(phones) // MOST_PARTS))
    for start in range(0, len(phones), size):
        yield phones[start : start + size]


class Hearing:
    """How many commands the writer has been given and has not answered yet. Loop only."""

    def __init__(self) -> None:
        self._hub: Any = get_hub()
        self._waiting = 0
        self._has_answered = Event()

    @property
    def is_busy(self) -> bool:
        """Whether anybody waits for an answer."""
        return self._waiting > 0

    def given(self, count: int) -> None:
        """Note that so many commands went to the writer."""
        self._waiting += count

    def answered(self, count: int) -> None:
        """Note that so many were answered."""
        self._waiting -= count
        self._has_answered.set()

    def pause(self) -> float:
        """Let the loop go round once and, if somebody waits, the next answers out; return the seconds it took."""
        began = time.perf_counter()
        # A timer that is due already: the loop looks at every socket and waits for none. Twice, because timers come
        # before what was read in the same turn.
        for _ in range(2):
            self._hub.wait(self._hub.loop.timer(0))
        if self.is_busy:
            self._has_answered.clear()
            self._has_answered.wait(PATIENCE_SECONDS)
        return time.perf_counter() - began
