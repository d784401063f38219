"""The one road from native threads into the event loop."""

import logging
from collections import deque
from collections.abc import Callable
from typing import Any

import gevent
from gevent.hub import get_hub

_log = logging.getLogger(__name__)


class LoopPost:
    """Runs callables posted by native threads in one greenlet of the loop that made it, in order.

    Many posts cost one wake-up: whatever has gathered is drained together.
    """

    __slots__ = ("_draining", "_posted", "_watcher")

    def __init__(self) -> None:
        self._posted: deque[Callable[[], object]] = deque()
        self._draining = False
        loop: Any = get_hub().loop
        self._watcher = loop.async_()
        self._watcher.start(self._wake)

    def post(self, call: Callable[[], object]) -> None:
        """Hands `call` to the loop; safe from any thread, never blocks, keeps the order of the posts."""
        self._posted.append(call)
        self._watcher.send()

    def close(self) -> None:
        """Stops listening; later posts are never run. To be called in the loop's own thread."""
        self._watcher.close()

    def _wake(self) -> None:
        if not self._draining:
            self._draining = True
            gevent.spawn(self._drain)

    def _drain(self) -> None:
        try:
            while self._posted:
                call = self._posted.popleft()
                try:
                    call()
                except Exception:
                    _log.exception("a posted call failed")
        finally:
            self._draining = False
