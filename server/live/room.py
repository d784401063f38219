"""A meeting as one worker shows it: committed state, who looks on, what was sent last. Loop only."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from server.domain.meeting.state import Ballot, Meeting, Poll
from server.live.packets import dumps
from server.screens import whole
from server.screens.voting import cast_count
from server.screens.whole import SCREENS, Drawn, Screen, ScreenKind, View
from server.screens.words import Words
from server.service.room.keeper import RoomChanged, RoomSnapshot

SECRET_TURNOUT_STEP_MS = 5000
# The console's roster of 5,000 seats is 800 KB: sent every 100 ms it would fill any wireless line.
LINE_BYTES_PER_MS = 1_000
# News to a screen begins at the earliest so many times its own duration after the last began; 5,000 phones take 60 ms,
# and would else take more than half the loop's time while ballots wait.
REST_TIMES = 2.5
# … and twice as late a turnout alone, as long as ballots wait for their answers.
TURNOUT_REST_TIMES = 5
_TURNOUT = frozenset({"poll"})
_TILL_TOLD = 2**62


@dataclass(slots=True)
class LiveRoom:
    """State, onlookers by screen and by seat; per screen kind what changed since the last broadcast, and its version.

    ``unsent`` gathers the panels of every drawing between two broadcasts: whoever says hello in between holds a
    drawing that was never sent, and a panel that changes there and back has to reach that screen too.
    """

    view: View
    revision: int
    drawn: Drawn
    members: dict[ScreenKind, set[str]]
    by_seat: dict[int, set[str]] = field(default_factory=dict)
    unsent: dict[ScreenKind, set[str]] = field(default_factory=lambda: {kind: set() for kind in SCREENS})
    sent_version: dict[ScreenKind, int] = field(default_factory=dict)
    rests_until: dict[ScreenKind, int] = field(default_factory=lambda: dict.fromkeys(SCREENS, 0))
    turnout_rests_until: dict[ScreenKind, int] = field(default_factory=lambda: dict.fromkeys(SCREENS, 0))
    texts: dict[ScreenKind, tuple[Drawn, str]] = field(default_factory=dict)
    flushed_at: int = 0
    flush_due: int | None = None
    is_step_planned: bool = False
    passed_over: dict[str, ScreenKind] = field(default_factory=dict)
    is_amends_planned: bool = False
    turnout_shown_at: int = 0

    @classmethod
    def of(cls, snapshot: RoomSnapshot, words: Words) -> "LiveRoom":
        """Begin to show a meeting from a snapshot."""
        view = View(snapshot.state, snapshot.box, snapshot.card, words)
        if view.state.poll is not None:
            view = replace(view, shown_cast=cast_count(view.state.poll, view.ballots))
        drawn = whole.draw(view, snapshot.revision)
        room = cls(view, snapshot.revision, drawn, {kind: set() for kind in SCREENS})
        room.sent_version = dict.fromkeys(SCREENS, snapshot.revision)
        return room

    def take_in(self, change: RoomChanged, now: int) -> list[tuple[int, dict[str, Any] | None]]:
        """Take a commit in and return the panels ``me`` that changed, by seat; older commits are ignored."""
        if change.revision <= self.revision:
            return []
        before = self.view
        poll = change.state.polls[-1] if change.state.polls else None
        is_new_poll = len(change.state.polls) != len(before.state.polls)
        ballots = before.ballots  # the very same while none is cast: nothing of the poll need be drawn again
        if is_new_poll or change.ballots:
            ballots = _with_ballots({} if is_new_poll else dict(ballots), poll, change)
        self.view = replace(before, state=change.state, ballots=ballots)
        if is_new_poll:
            self.view = replace(self.view, shown_cast=0)
            self.turnout_shown_at = now
        self._step_turnout(now)
        self.revision = change.revision
        return self._changed_phones(before, change)

    def is_turnout_alone(self, change: RoomChanged) -> bool:
        """Tell whether a commit brings nothing but ballots from phones, before it is taken in.

        More will follow at once, and nobody waits for a figure: telling the hall can wait a moment.
        """
        return change.state is self.view.state and not any(ballot.is_recorded for _, ballot in change.ballots)

    def difference(self, snapshot: RoomSnapshot) -> RoomChanged:
        """Return what another worker's commits have changed here, as if they were one commit of ours."""
        polls, known = snapshot.state.polls, self.view.ballots
        if not polls or len(polls) != len(self.view.state.polls):
            known = {}
        changed = [ballot for seat, ballot in snapshot.box.items() if known.get(seat) != ballot]
        changed += [replace(known[seat], is_discarded=True) for seat in known.keys() - snapshot.box.keys()]
        ballots = tuple((polls[-1].id, ballot) for ballot in changed)
        return RoomChanged(snapshot.state.id, snapshot.revision, snapshot.state, ballots)

    def _changed_phones(self, before: View, change: RoomChanged) -> list[tuple[int, dict[str, Any] | None]]:
        voted: set[int] = {ballot.seat for _, ballot in change.ballots}
        seats: set[int] = set()
        if before.state.present is not self.view.state.present:
            seats |= before.state.present ^ self.view.state.present
        if before.state.poll is not None and (
            self.view.state.poll is None or self.view.state.poll.id != before.state.poll.id
        ):
            seats |= set(before.ballots)
        seats |= _idea_seats(before.state, self.view.state)
        changed = []
        for seat in (voted | seats) & self.by_seat.keys():
            panel = whole.me(self.view, seat)
            if seat in voted or panel != whole.me(before, seat):
                changed.append((seat, panel))
        return changed

    def fresh(self) -> Drawn:
        """Return the screens of the present version, drawn at most once per version."""
        if self.drawn.version != self.revision:
            former = self.drawn.screens
            self.drawn = whole.draw(self.view, self.revision, self.drawn)
            for kind in SCREENS:
                self.unsent[kind] |= whole.changes(former[kind], self.drawn.screens[kind]).keys()
        return self.drawn

    def encoded(self, kind: ScreenKind) -> str:
        """Return the panels of the last drawing as JSON, encoded once however many say hello."""
        known = self.texts.get(kind)
        if known is None or known[0] is not self.drawn:
            known = self.texts[kind] = (self.drawn, dumps(self.drawn.screens[kind]))
        return known[1]

    def _step_turnout(self, now: int) -> None:
        """Move the turnout of an open secret poll at most every five seconds, and only with a new version (S38)."""
        poll = self.view.state.poll
        if poll is None or poll.secrecy == "open" or poll.state != "open":
            return
        if now - self.turnout_shown_at >= SECRET_TURNOUT_STEP_MS:
            cast = cast_count(poll, self.view.ballots)
            if cast != self.view.shown_cast:
                self.view = replace(self.view, shown_cast=cast)
            self.turnout_shown_at = now

    def turnout_due_in(self, now: int) -> int | None:
        """Return in how many ms a held-back turnout is to be shown, or None."""
        poll = self.view.state.poll
        if poll is None or poll.secrecy == "open" or poll.state != "open":
            return None
        if cast_count(poll, self.view.ballots) == self.view.shown_cast:
            return None
        return max(0, self.turnout_shown_at + SECRET_TURNOUT_STEP_MS - now)

    def pending_changes(
        self, now: int, *, is_busy: bool = False
    ) -> Iterable[tuple[ScreenKind, int, int, Screen]]:
        """Yield ``(screen, since, version, panels)`` for every screen whose output changed, and note it as sent.

        A screen that still rests after a large message keeps what changed for later, and longer a turnout alone while
        the room ``is_busy``.
        """
        drawn = self.fresh()
        self.flushed_at = now
        for kind in SCREENS:
            names = self.unsent[kind]
            is_turnout = is_busy and names <= _TURNOUT
            rests_until = (self.turnout_rests_until if is_turnout else self.rests_until)[kind]
            if names and now >= rests_until:
                since = self.sent_version[kind]
                self.unsent[kind] = set()
                self.sent_version[kind] = drawn.version
                screen = drawn.screens[kind]
                yield kind, since, drawn.version, {name: screen[name] for name in screen if name in names}

    def begin_telling(self, kind: ScreenKind) -> None:
        """Keep back further news for a screen until ``rest`` says that everybody has the last."""
        self.rests_until[kind] = self.turnout_rests_until[kind] = _TILL_TOLD

    def rest(self, kind: ScreenKind, began: int, size: int, took: int = 0) -> None:
        """Let a screen rest after a message of ``size`` bytes that took so many ms to send.

        That is as long as a slow line carries it, and longer where telling everybody takes long.
        """
        on_the_line = size // LINE_BYTES_PER_MS
        self.rests_until[kind] = began + max(on_the_line, int(took * REST_TIMES))
        self.turnout_rests_until[kind] = began + max(on_the_line, took * TURNOUT_REST_TIMES)

    def rests_for(self, now: int) -> int | None:
        """Return in how many ms the first screen that was kept waiting may be sent to, or None."""
        held = [self.rests_until[kind] for kind in SCREENS if self.unsent[kind]]
        soonest = min(held, default=_TILL_TOLD)
        return None if soonest == _TILL_TOLD else max(0, soonest - now)


def _with_ballots(box: dict[int, Ballot], poll: Poll | None, change: RoomChanged) -> dict[int, Ballot]:
    for poll_id, ballot in change.ballots:
        if poll is not None and poll_id == poll.id:
            box[ballot.seat] = ballot
            if ballot.is_discarded:
                del box[ballot.seat]
    return box


def _idea_seats(before: Meeting, state: Meeting) -> set[int]:
    """Return whose own ideas may have changed: those who wrote on the board that is or was in sight."""
    if not state.boards or (before.boards is state.boards and before.items is state.items):
        return set()
    return {idea.seat for one in (before.board, state.board) if one is not None for idea in one.ideas}
