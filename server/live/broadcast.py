"""From commits to screens: rooms shown by this worker, coalesced changes, answers, retirements (DESIGN §4)."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any

import gevent
from gevent.event import AsyncResult

from server.domain.refusal import Refusal
from server.live.hearing import LEAST_PART, Hearing, in_parts
from server.live.packets import PendingReply
from server.live.protocol import accepted, changes_message, failed_answer, refused_answer
from server.live.room import LiveRoom
from server.live.socket_server import acknowledge, broadcast, disconnect, framed, is_behind, send_one
from server.live.wakeup import LoopPost
from server.screens.whole import SCREENS, Drawn, ScreenKind
from server.screens.words import Words
from server.service.access.sessions import SessionEnded
from server.service.clock import Clock, elapsed_ms
from server.service.privacy.erasing import NamesErased
from server.service.room.keeper import RoomChanged, RoomKeeper, RoomSnapshot
from server.store.writer import Committed, Writer

log = logging.getLogger(__name__)
COALESCE_MS = 100
# A phone for which more than this waits gets the whole screen once it has read it, instead of every message.
PATIENCE_BYTES = 65_536
AMENDS_SECONDS = 0.3


class Broadcaster:
    """Owns the live rooms. Everything runs on the loop except ``announce`` and ``drawn_for_page``."""

    def __init__(
        self,
        post: LoopPost,
        rooms: RoomKeeper,
        clock: Clock,
        words: Words,
        elapsed: Clock = elapsed_ms,
    ) -> None:
        self._post = post
        self._keeper = rooms
        self._clock = clock
        # Whatever waits here waits by a clock that nobody can set.
        self._elapsed = elapsed
        self._words = words
        self._rooms: dict[str, LiveRoom] = {}
        self._loading: dict[str, AsyncResult[LiveRoom | None]] = {}
        self._meanwhile: dict[str, list[RoomChanged]] = {}
        self._server: Any = None
        self._writer: Writer | None = None
        self.hearing = Hearing()
        self.catch_up: Callable[[str, int], None] = lambda meeting, revision: None
        self.tell_others: Callable[[Committed], None] = lambda committed: None
        self.on_session_ended: Callable[[str], list[str]] = lambda session: []

    def attach(self, server: Any, writer: Writer) -> None:
        """Connect to the socket server and the writer, once both exist."""
        self._server, self._writer = server, writer

    def count_phones(self) -> dict[str, int]:
        """Return how many connections show each kind of screen; may be asked from any thread."""
        rooms = list(self._rooms.values())
        return {kind: sum(len(room.members[kind]) for room in rooms) for kind in SCREENS}

    def announce(self, committed: Committed) -> None:
        """Take a commit from the writer's thread: pages get their answers here, sockets on the loop."""
        replies = [
            (wish.reply, answer)
            for wish, answer in committed.answers
            if wish.reply is not None and not isinstance(wish.reply, Future)
        ]
        self._post.post(lambda: self._take_in(replies, committed.announcements))
        # After the loop was told: a page that asks again with its answer in hand comes behind that word.
        for wish, answer in committed.answers:
            if isinstance(wish.reply, Future):
                wish.reply.set_result(answer)
        self.tell_others(committed)

    def _take_in(self, replies: list[tuple[Any, Any]], announcements: Any) -> None:
        for entry in announcements:
            if isinstance(entry, RoomChanged):
                self.room_changed(entry)
            elif isinstance(entry, NamesErased):
                self.forget_room(entry.meeting)
            elif isinstance(entry, SessionEnded):
                self.retire(self.on_session_ended(entry.session), entry.reason)
        for (pending, name), answer in replies:
            self.answer(pending, name, answer)
        self.hearing.answered(len(replies))

    def answer(self, pending: PendingReply, name: str, answer: int | Refusal | Exception) -> None:
        """Acknowledge a command: its version, its refusal, or that the server could not (nothing was kept)."""
        if isinstance(answer, int):
            acknowledge(self._server, pending, accepted(answer))
        elif isinstance(answer, Refusal):
            acknowledge(self._server, pending, refused_answer(self._words, answer, name))
        else:
            acknowledge(self._server, pending, failed_answer(self._words, answer))

    def room_changed(self, change: RoomChanged) -> None:
        room = self._rooms.get(change.meeting)
        if room is None:
            # A snapshot may have been taken just before this commit and arrive just after its news.
            self._meanwhile.get(change.meeting, []).append(change)
            return
        if change.since > room.revision:
            self.catch_up(change.meeting, change.revision)
            return
        now = self._elapsed()
        patience = COALESCE_MS if room.is_turnout_alone(change) else 0
        for seat, panel in room.take_in(change, now):
            for sid in room.by_seat.get(seat, ()):
                send_one(self._server, sid, "mine", {"panels": {"me": panel}})
        self._plan_flush(room, now + patience)

    def _plan_flush(self, room: LiveRoom, wanted: int) -> None:
        """Send as soon as wanted after a quiet while, else when 100 ms since the last message are over."""
        due = max(wanted, room.flushed_at + COALESCE_MS)
        if room.flush_due is not None and room.flush_due <= due:
            return
        room.flush_due = due
        wait = due - self._elapsed()
        if wait > 0:
            gevent.spawn_later(wait / 1000, self._flush_at, room, due)
        else:
            gevent.spawn(self._flush_at, room, due)

    def _flush_at(self, room: LiveRoom, due: int) -> None:
        """Send what is due, unless something more urgent took it along."""
        if room.flush_due == due:
            self._flush(room)

    def _flush(self, room: LiveRoom) -> None:
        room.flush_due = None
        now = self._elapsed()
        # All at once: what is drawn while the hall is being told belongs to the next news.
        for kind, since, version, panels in list(room.pending_changes(now, is_busy=self.hearing.is_busy)):
            members = list(room.members[kind])
            if not members:
                continue
            frame = framed("changes", changes_message(since, version, self._clock(), panels))
            room.begin_telling(kind)
            if len(members) > LEAST_PART:
                # A hall is told in parts; the wall and the desk need not wait for the end of it.
                gevent.spawn(self._tell, room, kind, members, frame)
            else:
                self._tell(room, kind, members, frame)
        self._plan_rest(room, now)
        self._plan_step(room, now)
        self._plan_amends(room)

    def _tell(self, room: LiveRoom, kind: ScreenKind, members: list[str], frame: bytes) -> None:
        """Send news to all who show a screen, with others heard in between; then the screen rests."""
        began, paused = self._elapsed(), 0.0
        try:
            for number, part in enumerate(in_parts(members)):
                if number:
                    paused += self.hearing.pause()
                passed_over = broadcast(self._server, part, frame, PATIENCE_BYTES)
                room.passed_over |= dict.fromkeys(passed_over, kind)
        finally:
            took = self._elapsed() - began - int(paused * 1000)
            room.rest(kind, began, len(frame), took)
        self._plan_amends(room)
        self._plan_rest(room, self._elapsed())

    def _plan_amends(self, room: LiveRoom) -> None:
        """See to it that those who were passed over, because too much waited for them, get the whole screen."""
        if room.passed_over and not room.is_amends_planned:
            room.is_amends_planned = True
            gevent.spawn_later(AMENDS_SECONDS, self._make_amends, room)

    def _make_amends(self, room: LiveRoom) -> None:
        room.is_amends_planned = False
        for sid, kind in list(room.passed_over.items()):
            if sid not in room.members[kind]:
                del room.passed_over[sid]
            elif not is_behind(self._server, sid):
                del room.passed_over[sid]
                drawn = room.fresh()
                whole = changes_message(0, drawn.version, self._clock(), drawn.screens[kind])
                send_one(self._server, sid, "changes", whole)
        self._plan_amends(room)

    def _plan_rest(self, room: LiveRoom, now: int) -> None:
        """See to it that a screen that rests after a message gets what it missed."""
        due = room.rests_for(now)
        if due is not None:
            self._plan_flush(room, now + due)

    def _plan_step(self, room: LiveRoom, now: int) -> None:
        """See to it that a held-back turnout is shown when its five seconds are over."""
        due = room.turnout_due_in(now)
        if due is not None and not room.is_step_planned:
            room.is_step_planned = True
            gevent.spawn_later(due / 1000, self._step, room)

    def _step(self, room: LiveRoom) -> None:
        """Show the turnout under a version of its own: at an unchanged one phones would rightly drop it."""
        room.is_step_planned = False
        due = room.turnout_due_in(self._elapsed())
        if due == 0 and self._writer is not None:
            self._writer.submit(lambda unit: self._keeper.touch(unit, room.view.state.id))
        elif due is not None:
            self._plan_step(room, self._elapsed())

    def rooms(self) -> Mapping[str, LiveRoom]:
        """Return the rooms this worker shows, by meeting."""
        return self._rooms

    def room(self, meeting: str) -> LiveRoom | None:
        """Return a live room, loading it through the writer on first use; None when there is no such meeting."""
        known = self._rooms.get(meeting)
        if known is not None:
            return known
        waiting = self._loading.get(meeting)
        if waiting is None:
            waiting = self._loading[meeting] = AsyncResult()
            self._meanwhile[meeting] = []
            self._load(meeting, waiting)
        found: LiveRoom | None = waiting.get(timeout=10)
        return found

    def _load(self, meeting: str, waiting: "AsyncResult[LiveRoom | None]") -> None:
        if self._writer is None:
            raise RuntimeError("not attached")
        future = self._writer.look(lambda session: self._keeper.snapshot(session, meeting))
        future.add_done_callback(lambda done: self._post.post(lambda: self._loaded(meeting, waiting, done)))

    def _loaded(
        self, meeting: str, waiting: "AsyncResult[LiveRoom | None]", done: Future[RoomSnapshot | None]
    ) -> None:
        self._loading.pop(meeting, None)
        meanwhile = self._meanwhile.pop(meeting, [])
        error = done.exception()
        if error is not None:
            waiting.set_exception(error)
            return
        snapshot = done.result()
        if snapshot is not None and meeting not in self._rooms:
            self._rooms[meeting] = LiveRoom.of(snapshot, self._words)
            for change in meanwhile:
                self.room_changed(change)
        waiting.set(self._rooms.get(meeting))

    def drawn_for_page(self, meeting: str, at_least: int = 0) -> Drawn | None:
        """Return a meeting's screens for a page, on a native thread; at most 100 ms behind a busy room.

        ``at_least`` is a version this worker's writer has answered: whoever acted sees their act.
        """
        known = self._rooms.get(meeting)
        if known is not None and known.drawn.version == known.revision >= at_least:
            return known.drawn
        future: Future[Drawn | None] = Future()
        self._post.post(lambda: gevent.spawn(self._draw_for, meeting, future))
        return future.result(timeout=10)

    def _draw_for(self, meeting: str, future: "Future[Drawn | None]") -> None:
        try:
            room = self.room(meeting)
            future.set_result(room.fresh() if room is not None else None)
        except Exception as error:
            future.set_exception(error)

    def forget_room(self, meeting: str) -> None:
        """Let a room go whose card changed: whoever looks on asks again, and it is read afresh (S86)."""
        room = self._rooms.pop(meeting, None)
        if room is not None:
            self.retire([sid for members in room.members.values() for sid in members], "protocol")

    def forget_quiet_rooms(self) -> None:
        """Let rooms go in which the meeting is over and nobody looks on: their names are read afresh when asked for."""
        for meeting, room in list(self._rooms.items()):
            if room.view.state.state == "closed" and not any(room.members.values()):
                del self._rooms[meeting]

    def retire(self, sids: list[str], reason: str) -> None:
        """Tell these connections why they end, then end them (S11)."""
        for sid in sids:
            send_one(self._server, sid, "retired", {"reason": reason})
            disconnect(self._server, sid)
