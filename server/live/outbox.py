"""What is said to one phone within one turn of the loop leaves in one send."""

from collections.abc import Callable
from typing import Any

from gevent.hub import get_hub


class Outbox:
    """Calls that are due at the end of this turn of the loop: a ballot's answer and its news share one packet."""

    __slots__ = ("_due", "_hub")

    def __init__(self) -> None:
        self._hub: Any = get_hub()
        self._due: list[Callable[[], None]] = []

    def add(self, call: Callable[[], None]) -> None:
        """Runs `call` before the loop waits again; it must not block."""
        if not self._due:
            self._hub.loop.run_callback(self.empty)
        self._due.append(call)

    def empty(self) -> None:
        """Runs what is due now: before a broadcast, so that nobody's answer waits for a thousand sends."""
        due, self._due = self._due, []
        for call in due:
            call()
