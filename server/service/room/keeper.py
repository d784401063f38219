"""Rooms on the writer's thread: state cached, caught up, decided, written once per transaction (DESIGN §3)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, cast

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.orm import Session

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting.decide import Decided, decide
from server.domain.meeting.events import Event
from server.domain.meeting.evolve import evolve, fold
from server.domain.meeting.state import Ballot, BallotBox, Meeting
from server.domain.refusal import Refusal, RefusalCode, refuse
from server.screens.card import RoomCard
from server.service.refused import Refused
from server.service.room.cards import read_card
from server.service.room.projection import project
from server.store import ballots as box_store
from server.store import log as log_store
from server.store.log import LogEnd
from server.store.tables.meetings import AnswerRow, MeetingRow
from server.store.tables.registry import plain
from server.store.writer import Unit

# Of meetings that are over so many stay at hand; another one is folded from its log again when somebody asks.
CLOSED_KEPT: Final = 16
BALLOTS: Final = (c.CastBallot, c.RecordBallot)
_MEETINGS = plain(MeetingRow)
# Written once: these run in every transaction of a room.
_HOW_FAR_NOW = select(_MEETINGS.c.revision, _MEETINGS.c.last_seq, _MEETINGS.c.last_hash).where(
    _MEETINGS.c.id == bindparam("meeting")
)
_HOW_FAR = _HOW_FAR_NOW.with_for_update()
_SO_FAR = (
    update(_MEETINGS)
    .where(_MEETINGS.c.id == bindparam("meeting"))
    .values(revision=bindparam("now_at"), last_seq=bindparam("end_seq"), last_hash=bindparam("end_hash"))
)


@dataclass(frozen=True, slots=True)
class RoomChanged:
    """An announcement: a meeting stands anew; ``ballots`` are those accepted or confirmed since revision ``since``.

    A worker that has not come so far lacks what another worker accepted before, and has to catch up instead.
    """

    meeting: str
    revision: int
    state: Meeting
    ballots: tuple[tuple[str, Ballot], ...]
    since: int = 0


@dataclass(frozen=True, slots=True)
class RoomSnapshot:
    """A meeting as committed, with all a live worker needs to show it."""

    state: Meeting
    revision: int
    box: dict[int, Ballot]
    card: RoomCard


@dataclass(slots=True)
class _Room:
    """A meeting as committed: its state, the last opened poll's box, and how far the log has come."""

    state: Meeting
    box: dict[int, Ballot]
    revision: int
    end: LogEnd
    superseded: dict[tuple[int, str], int] = field(default_factory=dict)


@dataclass(slots=True)
class Sitting:
    """A meeting within one transaction; ``revision`` is the version this transaction will have."""

    former: _Room
    state: Meeting
    end: LogEnd
    revision: int
    ballots: dict[int, Ballot] = field(default_factory=dict)
    unwritten: list[tuple[str, Ballot, str]] = field(default_factory=list)
    touched: list[tuple[str, Ballot]] = field(default_factory=list)
    superseded: dict[tuple[int, str], int] = field(default_factory=dict)
    rows: list[dict[str, object]] = field(default_factory=list)
    answers: dict[tuple[str, str], dict[str, object]] = field(default_factory=dict)
    is_touched: bool = False
    _box: BallotBox | None = None

    @property
    def last_poll(self) -> str | None:
        """The id of the last opened poll, whose box is at hand."""
        return self.state.polls[-1].id if self.state.polls else None

    @property
    def box(self) -> BallotBox:
        """The box of the last opened poll, with this transaction's ballots on top."""
        if self._box is None:
            is_new = len(self.state.polls) != len(self.former.state.polls)
            kept = self.ballots if is_new else {**self.former.box, **self.ballots}
            former = {} if is_new else self.former.superseded
            self._box = BallotBox(
                {seat: ballot for seat, ballot in kept.items() if not ballot.is_discarded},
                superseded={**former, **self.superseded},
            )
        return self._box

    def put(self, poll: str, ballot: Ballot) -> None:
        """Put a ballot into the box, or a discarded one out of it."""
        self.ballots[ballot.seat] = ballot
        self.touched.append((poll, ballot))
        if ballot.is_discarded:
            self._box = None
        elif self._box is not None:
            # One copy of the box serves a whole hall's ballots.
            cast(dict[int, Ballot], self._box.ballots)[ballot.seat] = ballot

    def empty_box(self) -> None:
        """Begin the box of a poll just opened."""
        self.ballots, self.superseded, self._box = {}, {}, None


class RoomKeeper:
    """Keeps committed rooms in memory; all methods but ``read`` run on the writer's thread."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self._rooms: dict[str, _Room] = {}
        self._closed: dict[str, None] = {}  # those of them that are over, the longest untouched first

    def read(self, session: Session, meeting: str) -> Meeting | None:
        """Fold a meeting from its log in a reading session; None before its notice. Cost: the whole log."""
        events = log_store.read_events(session, meeting)
        return fold(Meeting(meeting), events) if events else None

    def snapshot(self, session: Session, meeting: str, card: RoomCard | None = None) -> RoomSnapshot | None:
        """Return a called meeting as committed, with its box; names are read unless a card is at hand.

        For a live worker that begins to show it, or has fallen behind another. ``session`` reads one snapshot and
        is used on the writer's thread (``Writer.look``); nothing is locked. None when there is no such meeting.
        """
        row = session.connection().execute(_HOW_FAR_NOW, {"meeting": meeting}).first()
        if row is None or row.last_seq < 0:
            return None
        room = self._caught_up(session, meeting, row.revision, LogEnd(row.last_seq, row.last_hash))
        return RoomSnapshot(room.state, room.revision, dict(room.box), card or read_card(session, meeting))

    def append(self, unit: Unit, meeting: str, now: int, events: Sequence[Event]) -> Meeting:
        """Append events decided elsewhere (a notice); raises Refused when there is no such meeting."""
        sitting = self._sit_down(unit, meeting)
        self._apply(unit, sitting, events, now)
        return sitting.state

    def touch(self, unit: Unit, meeting: str) -> None:
        """Raise a meeting's revision and nothing else, so that what was held back travels under a new version."""
        sitting = self.sit(unit, meeting)
        if sitting is not None:
            sitting.is_touched = True

    def decide(self, unit: Unit, meeting: str, actor: Actor, command: c.Command, now: int) -> Meeting:
        """Carry out a command for a page in its own transaction; raises Refused on a refusal."""
        sitting = self.sit(unit, meeting)
        answer = (
            refuse(RefusalCode.NOT_FOUND)
            if sitting is None
            else self.settle(unit, sitting, actor, command, now)
        )
        if isinstance(answer, Refusal) or sitting is None:
            raise Refused(answer if isinstance(answer, Refusal) else refuse(RefusalCode.NOT_FOUND))
        return sitting.state

    def sit(self, unit: Unit, meeting: str) -> Sitting | None:
        """Return a called meeting within this transaction, caught up with the log; None when there is none."""
        known: Sitting | None = unit.work.get(("room", meeting))
        if known is not None:
            return known if known.end.seq >= 0 else None
        row = unit.session.connection().execute(_HOW_FAR, {"meeting": meeting}).first()
        if row is None:
            return None
        room = self._caught_up(unit.session, meeting, row.revision, LogEnd(row.last_seq, row.last_hash))
        sitting = Sitting(room, room.state, room.end, room.revision + 1)
        unit.work[("room", meeting)] = sitting
        unit.before_commit.append(lambda: self._write(unit, sitting))
        unit.on_commit.append(lambda: self._keep(sitting))
        return sitting if room.end.seq >= 0 else None

    def settle(
        self, unit: Unit, sitting: Sitting, actor: Actor, command: c.Command, now: int
    ) -> int | Refusal:
        """Decide one command and keep what follows for the commit; return the answer's version or a refusal."""
        box = sitting.box
        if isinstance(command, c.ClosePoll):
            box = self._with_totals(unit.session, sitting, command.poll)
        elif isinstance(command, BALLOTS) and sitting.last_poll != command.poll:
            # A late retry is answered from the box of its own poll.
            former = box_store.read_superseded(unit.session, command.poll)
            box = BallotBox(box_store.read_box(unit.session, command.poll), superseded=former)
        decision = decide(command, sitting.state, actor, now, box)
        if isinstance(decision, Refusal):
            return decision
        if decision.repeats is not None:
            return decision.repeats or sitting.former.revision
        self._take_in(unit, sitting, decision, now)
        return sitting.revision

    def remember_answer(self, sitting: Sitting, actor: Actor, command_id: str) -> None:
        """Keep that this command was carried out, so that its id gets the same answer again (S18)."""
        sitting.answers[actor.key, command_id] = {
            "meeting_id": sitting.state.id,
            "actor": actor.key,
            "command_id": command_id,
            "revision": sitting.revision,
        }

    def forget(self) -> None:
        """Drop the cache; the next wish folds from the log again."""
        self._rooms.clear()
        self._closed.clear()

    def _put(self, room: _Room) -> None:
        """Keep a room at hand; a server that runs for years must not gather all that were ever held."""
        meeting = room.state.id
        self._rooms[meeting] = room
        if room.state.state != "closed":
            return
        self._closed.pop(meeting, None)
        self._closed[meeting] = None
        while len(self._closed) > CLOSED_KEPT:
            oldest = next(iter(self._closed))
            del self._closed[oldest], self._rooms[oldest]

    def _sit_down(self, unit: Unit, meeting: str) -> Sitting:
        self.sit(unit, meeting)
        sitting: Sitting | None = unit.work.get(("room", meeting))
        if sitting is None:
            raise Refused(refuse(RefusalCode.NOT_FOUND, what="meeting"))
        return sitting

    def _caught_up(self, session: Session, meeting: str, revision: int, end: LogEnd) -> _Room:
        room = self._rooms.get(meeting)
        if room is not None and room.revision == revision:
            return room
        state = room.state if room is not None else Meeting(meeting)
        after = room.end.seq if room is not None else -1
        state = fold(state, log_store.read_events(session, meeting, after))
        box = box_store.read_box(session, state.polls[-1].id) if state.polls else {}
        room = _Room(state, box, revision, end)
        if state.polls and state.polls[-1].may_change:
            room.superseded = box_store.read_superseded(session, state.polls[-1].id)
        self._put(room)
        return room

    def _take_in(self, unit: Unit, sitting: Sitting, decision: Decided, now: int) -> None:
        sitting.is_touched = True
        if decision.superseded is not None and decision.poll is not None:
            self._supersede(unit, sitting, decision.poll, decision.superseded)
        if decision.ballot is not None and decision.poll is not None and decision.choice is not None:
            poll = sitting.state.find_poll(decision.poll)
            is_secret = poll is not None and poll.secrecy == "secret"
            # A secret ballot's moment is kept nowhere; its version, for the same answer again, in memory alone.
            cast_one = decision.ballot
            ballot = Ballot(
                cast_one.seat,
                cast_one.choice,
                cast_one.nonce,
                0 if is_secret else cast_one.received_at,
                sitting.revision,
                cast_one.is_recorded,
                cast_one.is_counted,
            )
            sitting.unwritten.append((decision.poll, ballot, decision.choice))
            sitting.put(decision.poll, ballot)
        if decision.confirmed is not None and decision.poll is not None:
            ballot = replace(sitting.box.ballots[decision.confirmed], is_counted=True)
            self._write_ballots(unit.session, sitting)
            box_store.confirm_ballot(unit.session, decision.poll, ballot.seat)
            sitting.put(decision.poll, ballot)
        if decision.discarded is not None and decision.poll is not None:
            gone = replace(sitting.box.ballots[decision.discarded], is_discarded=True)
            self._write_ballots(unit.session, sitting)
            box_store.discard_ballot(unit.session, decision.poll, gone.seat)
            sitting.put(decision.poll, gone)
        if decision.events:
            self._apply(unit, sitting, decision.events, now)

    def _supersede(self, unit: Unit, sitting: Sitting, poll: str, seat: int) -> None:
        """Take a changed or withdrawn ballot out of the box; it stays on file (R66)."""
        former = sitting.box.ballots[seat]
        self._write_ballots(unit.session, sitting)
        box_store.supersede_ballot(unit.session, poll, former)
        sitting.superseded[seat, former.nonce] = former.revision
        sitting.put(poll, replace(former, is_discarded=True))

    def _apply(self, unit: Unit, sitting: Sitting, events: Sequence[Event], now: int) -> None:
        rows, sitting.end = log_store.chain(sitting.end, sitting.state.id, now, events)
        sitting.rows.extend(rows)
        sitting.is_touched = True
        for event in events:
            former = len(sitting.state.polls)
            self._write_ballots(unit.session, sitting)
            sitting.state = evolve(sitting.state, event, now)
            if len(sitting.state.polls) != former:
                sitting.empty_box()
            project(unit, sitting.state, event, now)

    def _with_totals(self, session: Session, sitting: Sitting, poll_id: str) -> BallotBox:
        poll = sitting.state.find_poll(poll_id)
        if poll is None or poll.secrecy == "open":
            return sitting.box
        self._write_ballots(session, sitting)
        return replace(sitting.box, totals=box_store.count_secret_choices(session, poll_id))

    def _write_ballots(self, session: Session, sitting: Sitting) -> None:
        if not sitting.unwritten:
            return
        secret = frozenset(poll.id for poll in sitting.state.polls if poll.secrecy == "secret")
        box_store.insert_ballots(session, sitting.unwritten, secret)
        sitting.unwritten = []

    def _write(self, unit: Unit, sitting: Sitting) -> None:
        if not sitting.is_touched:
            return
        self._write_ballots(unit.session, sitting)
        log_store.append(unit.session, sitting.rows)
        if sitting.answers:
            unit.session.connection().execute(insert(plain(AnswerRow)), list(sitting.answers.values()))
        unit.session.connection().execute(
            _SO_FAR,
            {
                "meeting": sitting.state.id,
                "now_at": sitting.revision,
                "end_seq": sitting.end.seq,
                "end_hash": sitting.end.hash,
            },
        )
        unit.announcements.append(
            RoomChanged(
                sitting.state.id,
                sitting.revision,
                sitting.state,
                tuple(sitting.touched),
                sitting.former.revision,
            )
        )

    def _keep(self, sitting: Sitting) -> None:
        if not sitting.is_touched:
            return
        box = sitting.former.box
        superseded = sitting.former.superseded
        if len(sitting.state.polls) != len(sitting.former.state.polls):
            box, superseded = {}, {}
        superseded |= sitting.superseded
        for seat, ballot in sitting.ballots.items():
            if ballot.is_discarded:
                box.pop(seat, None)
            else:
                box[seat] = ballot
        self._put(_Room(sitting.state, box, sitting.revision, sitting.end, superseded))
