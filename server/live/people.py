"""Who stands behind a session, asked for a whole hall that arrives together."""

from collections.abc import Callable

import gevent
from gevent.event import AsyncResult

from server.live.aside import aside
from server.service.access.sessions import SignedIn, read_sessions
from server.store.database import Database

MOST_AT_ONCE = 500
PATIENCE_SECONDS = 10.0
# A whole hall waits for this one read, and on a busy machine it waits for its turn like everything else.
LIMIT_SECONDS = 5.0


class People:
    """Reads sessions on a native thread: one query for all that were asked for while the last one ran.

    A query of its own for every handshake took half the time of an arrival.
    """

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock
        self._asked: list[tuple[str, AsyncResult[SignedIn | None]]] = []
        self._is_reading = False

    def read(self, session_id: str) -> SignedIn | None:
        """Return who this session is, as the database knows it from now on; the greenlet waits, the loop does not."""
        answer: AsyncResult[SignedIn | None] = AsyncResult()
        self._asked.append((session_id, answer))
        if not self._is_reading:
            self._is_reading = True
            gevent.spawn(self._read_all)
        found: SignedIn | None = answer.get(timeout=PATIENCE_SECONDS)
        return found

    def _read_all(self) -> None:
        try:
            while self._asked:
                batch, self._asked = self._asked[:MOST_AT_ONCE], self._asked[MOST_AT_ONCE:]
                self._answer(batch)
        finally:
            self._is_reading = False

    def _answer(self, batch: list[tuple[str, "AsyncResult[SignedIn | None]"]]) -> None:
        ids = {session_id for session_id, _ in batch}
        try:
            found = aside(lambda: self._query(ids))
        except Exception as error:
            for _, answer in batch:
                answer.set_exception(error)
            return
        for session_id, answer in batch:
            answer.set(found.get(session_id))

    def _query(self, ids: set[str]) -> dict[str, SignedIn]:
        with self._database.reader(LIMIT_SECONDS) as session:
            return read_sessions(session, ids, self._clock())
