"""Keeps this worker abreast of the others: hears what moved, compares every second, catches up from the database."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Final

import gevent

from server.live.aside import aside
from server.live.broadcast import Broadcaster
from server.live.channel import Channel, Moved, Retired, Word
from server.live.connection import Connections
from server.live.wakeup import LoopPost
from server.service.access.sessions import SessionEnded
from server.service.room.comparison import read_ended, read_revisions
from server.service.room.keeper import RoomChanged, RoomKeeper, RoomSnapshot
from server.store.database import Database
from server.store.writer import Committed, Writer

log = logging.getLogger(__name__)
COMPARE_SECONDS: Final = 1.0
AGAIN_MS: Final = 100
READ_SECONDS: Final = 1.0
# Rooms and sessions compared in one go; a worker with more of them goes round.
SLICE: Final = 1000


class Neighbours:
    """Everything runs on the loop except ``announce`` (writer's thread) and ``_hear`` (the channel's)."""

    def __init__(
        self,
        url: str,
        post: LoopPost,
        database: Database,
        writer: Writer,
        rooms: RoomKeeper,
        clock: Callable[[], int],
        broadcaster: Broadcaster,
        connections: Connections,
    ) -> None:
        self._post = post
        self._database = database
        self._writer = writer
        self._keeper = rooms
        self._broadcaster = broadcaster
        self._connections = connections
        self._clock = clock
        self._channel = Channel(url, self._hear)
        self._comparing: Any = None
        self._wanted: dict[str, int] = {}  # meeting → revision heard of while it is being caught up
        self._read_at: dict[str, int] = {}
        self._ended: set[str] = set()
        self._turn = 0
        self._is_failing = False
        broadcaster.tell_others = self.announce
        broadcaster.catch_up = self._behind

    def start(self) -> None:
        """Begin to listen and to compare."""
        self._channel.start()
        self._comparing = gevent.spawn(self._compare_on)

    def leave(self) -> None:
        """Stop comparing; what is still committed is told to the others until ``close``."""
        if self._comparing is not None:
            self._comparing.kill()

    def close(self) -> None:
        """End the channel."""
        if self._comparing is not None:
            self._channel.close()

    def announce(self, committed: Committed) -> None:
        """Tell the others what a commit of this worker changed."""
        words: list[Word] = []
        for entry in committed.announcements:
            if isinstance(entry, RoomChanged):
                words.append(Moved(entry.meeting, entry.revision))
            elif isinstance(entry, SessionEnded):
                words.append(Retired(entry.session))
        if words:
            self._channel.tell(words)

    def _hear(self, word: Word) -> None:
        self._post.post(lambda: self._take(word))

    def _take(self, word: Word) -> None:
        if isinstance(word, Moved):
            self._behind(word.meeting, word.revision)
        elif word.session in self._connections.sessions():
            self._ended.add(word.session)
            if len(self._ended) == 1:
                gevent.spawn(self._retire_ended)

    # Rooms.

    def _behind(self, meeting: str, revision: int) -> None:
        """Catch a room up with a revision committed elsewhere: one reading at a time, at most ten a second."""
        room = self._broadcaster.rooms().get(meeting)
        if room is None or room.revision >= revision:
            return
        if meeting in self._wanted:
            self._wanted[meeting] = max(revision, self._wanted[meeting])
            return
        self._wanted[meeting] = revision
        wait = self._read_at.get(meeting, 0) + AGAIN_MS - self._clock()
        if wait > 0:
            gevent.spawn_later(min(wait, AGAIN_MS) / 1000, self._read, meeting)
        else:
            self._read(meeting)

    def _read(self, meeting: str) -> None:
        room = self._broadcaster.rooms().get(meeting)
        if room is None:  # let go meanwhile: whoever asks for it gets it read afresh
            del self._wanted[meeting]
            return
        self._read_at[meeting] = self._clock()
        self._wanted[meeting] = 0
        card = room.view.card
        future = self._writer.look(lambda session: self._keeper.snapshot(session, meeting, card))
        future.add_done_callback(lambda done: self._post.post(lambda: self._caught_up(meeting, done)))

    def _caught_up(self, meeting: str, done: "Future[RoomSnapshot | None]") -> None:
        heard = self._wanted.pop(meeting)
        error = done.exception()
        if error is not None:
            log.warning("a room could not be caught up: %s", type(error).__name__)
            return  # the next comparison asks again
        snapshot, room = done.result(), self._broadcaster.rooms().get(meeting)
        if snapshot is not None and room is not None:
            self._broadcaster.room_changed(room.difference(snapshot))
        self._behind(meeting, heard)

    # Sessions.

    def _retire_ended(self) -> None:
        """End the sockets of sessions that are said to have ended, if they have."""
        asked, self._ended = self._ended, set()
        self._retire(self._read_aside((), tuple(asked))[1])

    def _retire(self, ended: dict[str, str]) -> None:
        for session, reason in ended.items():
            self._broadcaster.retire(self._broadcaster.on_session_ended(session), reason or "expired")

    # The comparison.

    def _compare_on(self) -> None:
        while True:
            gevent.sleep(COMPARE_SECONDS)
            self._compare()

    def _compare(self) -> None:
        """Whatever message was lost, a second later the room stands right all the same."""
        meetings = self._slice(sorted(self._broadcaster.rooms()))
        sessions = self._slice(sorted(self._connections.sessions()))
        self._turn += 1
        for meeting in self._read_at.keys() - self._broadcaster.rooms().keys():
            del self._read_at[meeting]
        revisions, ended = self._read_aside(meetings, sessions)
        for meeting, revision in revisions.items():
            self._behind(meeting, revision)
        self._retire(ended)

    def _slice(self, names: list[str]) -> tuple[str, ...]:
        slices = -(-len(names) // SLICE) or 1
        return tuple(names[self._turn % slices :: slices])

    def _read_aside(
        self, meetings: Sequence[str], sessions: Sequence[str]
    ) -> tuple[dict[str, int], dict[str, str]]:
        """Read on a native thread; nothing when the database does not answer."""
        if not meetings and not sessions:
            return {}, {}

        def read() -> tuple[dict[str, int], dict[str, str]]:
            with self._database.reader(READ_SECONDS) as session:
                return read_revisions(session, meetings), read_ended(session, sessions, self._clock())

        try:
            found = aside(read)
        except Exception as error:
            if not self._is_failing:
                log.warning("workers cannot be compared: %s", type(error).__name__)
            self._is_failing = True
            return {}, {}
        self._is_failing = False
        return found
