"""Greenlets that wait for work, so that the loop's callbacks can run handlers that may wait."""

from collections.abc import Callable
from typing import Any

from gevent.hub import get_hub
from greenlet import getcurrent, greenlet


class Workers:
    """The idle greenlets of one loop; making one anew for every message would cost more than most handlers."""

    __slots__ = ("_hub", "_idle")

    def __init__(self) -> None:
        self._hub: Any = get_hub()
        self._idle: list[greenlet] = []

    def run(self, call: Callable[[], None]) -> None:
        """Runs `call` at once, from a callback of the loop; comes back when it is done or when it waits."""
        if not self._idle:
            greenlet(self._work, self._hub).switch()
        self._idle.pop().switch(call)

    def _work(self) -> None:
        while True:
            self._idle.append(getcurrent())
            call = self._hub.switch()
            call()
            del call  # an idle worker must not keep the last phone in memory
