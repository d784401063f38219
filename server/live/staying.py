"""Sockets whose session is over go, sockets that show a running meeting keep their session in use (S11, S81)."""

import logging
from collections.abc import Callable, Mapping

import gevent

from server.service.access.devices import TOUCH_MS, touch
from server.service.access.sessions import check_sessions
from server.store.database import Database
from server.store.writer import Writer

log = logging.getLogger(__name__)
SWEEP_SECONDS = 60
AT_ONCE = 500


class Staying:
    """Looks every minute after the sessions that have sockets on this worker; begins with the first of them.

    ``sessions`` gives session → whether it shows a meeting that is not over; ``retire`` ends a session's sockets,
    ``tidy`` is called at every look.
    """

    def __init__(
        self,
        database: Database,
        writer: Writer,
        clock: Callable[[], int],
        sessions: Callable[[], Mapping[str, bool]],
        retire: Callable[[str], None],
        tidy: Callable[[], None] = lambda: None,
    ) -> None:
        self._database = database
        self._writer = writer
        self._clock = clock
        self._sessions = sessions
        self._retire = retire
        self._tidy = tidy
        self._touched_at = clock()
        self._running: gevent.Greenlet[..., None] | None = None

    def begin(self) -> None:
        """Start looking, once; runs in the loop."""
        if self._running is None:
            self._running = gevent.spawn(self._go_round)

    def look(self) -> None:
        """Look once: retire what is over, note the use of what shows a running meeting."""
        self._tidy()
        now, known = self._clock(), self._sessions()
        live = gevent.get_hub().threadpool.apply(self._read_live, (list(known), now))
        for session in known.keys() - live:
            self._retire(session)
        if now - self._touched_at >= TOUCH_MS:
            self._touched_at = now
            in_use = [
                session for session, shows_meeting in known.items() if shows_meeting and session in live
            ]
            if in_use:
                self._writer.submit(lambda unit: touch(unit, now, in_use))

    def _go_round(self) -> None:
        while True:
            gevent.sleep(SWEEP_SECONDS)
            try:
                self.look()
            except Exception as error:  # a database that does not answer is asked again in a minute
                log.warning("sessions were not looked after: %s", type(error).__name__)

    def _read_live(self, ids: list[str], now: int) -> set[str]:
        """Ask in portions, so that no statement is long; on a native thread."""
        live: set[str] = set()
        with self._database.reader(limit_seconds=2) as session:
            for start in range(0, len(ids), AT_ONCE):
                live |= check_sessions(session, ids[start : start + AT_ONCE], now)
        return live
