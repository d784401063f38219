"""Which screen a person may see, and how fast they may tap (CONTRACT, HTTP and limits)."""

import threading
from collections.abc import Callable

from server.domain.actor import Actor, Role
from server.screens.whole import ScreenKind

COMMANDS_PER_SECOND = 10
BURST = 20
MOST_SESSIONS = 20_000


def may_see(screen: ScreenKind, actor: Actor) -> bool:
    """Tell whether a participant may see a screen: the projector all, the console chair and secretary,
    the phone representatives and observers; a supervisor reads like an observer.
    """
    match screen:
        case "projector":
            return bool(actor.roles)
        case "console":
            return actor.is_one_of(Role.CHAIR, Role.SECRETARY)
        case "phone":
            return actor.is_one_of(Role.REPRESENTATIVE, Role.OBSERVER, Role.SUPERVISOR)


class CommandLimit:
    """A bucket of commands per session: 10 a second, burst 20; shared by sockets and forms.

    The lock is held for a few dictionary steps only, so the loop never waits for a page.
    """

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._buckets: dict[str, tuple[float, int]] = {}
        self._lock = threading.Lock()

    def allows(self, session: str) -> bool:
        """Take one command out of a session's bucket; False when it is empty."""
        now = self._clock()
        with self._lock:
            if len(self._buckets) > MOST_SESSIONS:
                self._buckets.clear()
            left, at = self._buckets.get(session, (float(BURST), now))
            left = min(float(BURST), left + max(0, now - at) * COMMANDS_PER_SECOND / 1000)
            self._buckets[session] = (left - 1 if left >= 1 else left, now)
            return left >= 1
