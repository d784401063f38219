"""What a meeting's log (议事日志) says of who was there, what was said and what was decided."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from server.domain.meeting import events as e
from server.domain.meeting.commands import Stance
from server.domain.meeting.evolve import evolve
from server.domain.meeting.sentence import consent_sentence, verdict_sentence
from server.domain.meeting.state import Adoption, AgendaItem, Meeting, Poll, Resolution


@dataclass(frozen=True, slots=True)
class SeatRecord:
    """Where one seat was: first arrival and last departure (ms UTC), None when there was none."""

    seat: int
    party: str
    arrived_at: int | None
    left_at: int | None
    was_late: bool
    left_early: bool


@dataclass(frozen=True, slots=True)
class SpeechRecord:
    """One turn at speaking; ``seconds`` without pauses."""

    seat: int
    party: str
    stance: Stance
    point_of_order: bool
    began_at: int
    seconds: int


@dataclass(frozen=True, slots=True)
class PollRecord:
    """A poll with its instants (ms UTC); ``number`` is its place among the results (表决结果 n), None before.

    ``sentence`` is the verdict's, or says why the poll was declared void; "" while it is not counted.
    """

    poll: Poll
    number: int | None
    sentence: str
    closed_at: int | None
    published_at: int | None
    void_reason: str | None


@dataclass(frozen=True, slots=True)
class ConsentRecord:
    """A question of 无异议 and the room's answer; only an adoption has a number and a sentence."""

    text: str
    objection: bool
    present: int
    entitled: int
    recorded_at: int
    number: int | None
    sentence: str


Question = PollRecord | ConsentRecord


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """An agenda item as it went; ``position`` counts from 1, instants are ms UTC, None when it was not taken up."""

    item: AgendaItem
    position: int
    began_at: int | None
    ended_at: int | None
    speeches: tuple[SpeechRecord, ...]
    questions: tuple[Question, ...]
    resolutions: tuple[Resolution, ...]


@dataclass(frozen=True, slots=True)
class VoidedSigning:
    """Signatures that an edit made void (因修改失效), kept in sight (T90)."""

    reason: str
    at: int
    sha256: str
    signatories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """The whole record; ``meeting`` is the state after the last event, ``log_size`` the number of events."""

    meeting: Meeting
    seats: tuple[SeatRecord, ...]
    items: tuple[ItemRecord, ...]
    suspensions: int
    voided: tuple[VoidedSigning, ...]
    log_size: int

    @property
    def results(self) -> tuple[tuple[ItemRecord, Question], ...]:
        """The numbered questions in the order of their numbers, each with its item."""
        found = [(item, q) for item in self.items for q in item.questions if q.number is not None]
        return tuple(sorted(found, key=lambda pair: pair[1].number or 0))


def resolution_of(item: ItemRecord, question: Question) -> Resolution | None:
    """Return the valid resolution a question led to, if any."""
    for resolution in item.resolutions:
        if resolution.void:
            continue
        if isinstance(question, PollRecord) and resolution.poll == question.poll.id:
            return resolution
        if isinstance(question, ConsentRecord) and resolution.poll is None and not question.objection:
            return resolution if resolution.text == question.text else None
    return None


def record_of(meeting_id: str, happened: Iterable[tuple[e.Event, int]]) -> MeetingRecord:
    """Fold a meeting's events with their instants (ms UTC) into its record; any prefix of a log has one."""
    walk = _Walk(Meeting(meeting_id))
    for event, at in happened:
        walk.meeting = evolve(walk.meeting, event, at)
        walk.log_size += 1
        _note(walk, event, at)
    return _frozen(walk)


@dataclass(slots=True)
class _Walk:
    """What is remembered on the way through a log, beside the state itself."""

    meeting: Meeting
    log_size: int = 0
    numbers: int = 0
    suspensions: int = 0
    item: str = ""
    arrived: dict[int, int] = field(default_factory=dict)
    left: dict[int, int] = field(default_factory=dict)
    began: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    granted: tuple[e.FloorGranted, int] | None = None
    speeches: dict[str, list[SpeechRecord]] = field(default_factory=dict)
    questions: dict[str, list[str | ConsentRecord]] = field(default_factory=dict)
    number_of: dict[str, int] = field(default_factory=dict)
    closed: dict[str, int] = field(default_factory=dict)
    published: dict[str, int] = field(default_factory=dict)
    void_reasons: dict[str, str] = field(default_factory=dict)
    voided: list[VoidedSigning] = field(default_factory=list)
    sha256: str = ""


def _note(walk: _Walk, event: e.Event, at: int) -> None:
    match event:
        case e.PresenceCheckedIn():
            walk.arrived.setdefault(event.seat, at)
            walk.left.pop(event.seat, None)
        case e.PresenceLeft() if walk.meeting.opened_at is None:
            # Taken back before the opening, an arrival never happened (as in ``evolve``).
            walk.arrived.pop(event.seat, None)
        case e.PresenceLeft():
            walk.left[event.seat] = at
        case e.MeetingSuspended():
            walk.suspensions += 1
        case e.ItemBegun():
            walk.item = event.item
            walk.began[event.item] = at
        case e.ItemFinished():
            walk.ended[event.item] = at
        case e.FloorGranted():
            walk.granted = (event, at)
        case e.FloorYielded() | e.FloorHandedBack() | e.FloorReturned() | e.FloorCancelled():
            _note_speech(walk, event, at)
        case e.PollOpened() | e.PollClosed() | e.PollPublished() | e.PollVoided():
            _note_poll(walk, event, at)
        case e.ConsentRecorded():
            _note_consent(walk, event, at)
        case e.MinutesFinalised():
            walk.sha256 = event.sha256
        case e.MinutesReopened():
            walk.voided.append(VoidedSigning(event.reason, at, walk.sha256, event.voided))
        case _:
            pass


def _note_speech(
    walk: _Walk, event: e.FloorYielded | e.FloorHandedBack | e.FloorReturned | e.FloorCancelled, at: int
) -> None:
    party = walk.meeting.seat(event.seat).party
    if isinstance(event, e.FloorHandedBack):
        began_at = at - event.spoken_seconds * 1000
        question = SpeechRecord(event.seat, party, "question", False, began_at, event.spoken_seconds)
        walk.speeches.setdefault(walk.item, []).append(question)
        return
    if isinstance(event, e.FloorReturned):
        _take_up(walk, event.seat)
        return
    if isinstance(event, e.FloorCancelled) or walk.granted is None:
        walk.granted = None
        return
    granted, began_at = walk.granted
    walk.granted = None
    speech = SpeechRecord(
        event.seat, party, granted.stance, granted.point_of_order, began_at, event.spoken_seconds
    )
    walk.speeches.setdefault(walk.item, []).append(speech)


def _take_up(walk: _Walk, seat: int) -> None:
    """The last turn of a seat goes on: what is noted of it is replaced when it ends again (R22)."""
    speeches = walk.speeches.get(walk.item, [])
    last = next((speech for speech in reversed(speeches) if speech.seat == seat), None)
    if last is not None:
        speeches.remove(last)
        walk.granted = e.FloorGranted(seat, last.stance, last.point_of_order, 0), last.began_at


def _note_poll(
    walk: _Walk, event: e.PollOpened | e.PollClosed | e.PollPublished | e.PollVoided, at: int
) -> None:
    match event:
        case e.PollOpened():
            walk.questions.setdefault(event.item, []).append(event.poll)
        case e.PollClosed():
            walk.closed[event.poll] = at
        case e.PollPublished():
            walk.published[event.poll] = at
            _number(walk, event.poll)
        case e.PollVoided():
            walk.void_reasons[event.poll] = event.reason
            _number(walk, event.poll)


def _note_consent(walk: _Walk, event: e.ConsentRecorded, at: int) -> None:
    number, sentence = None, ""
    if not event.objection:
        walk.numbers += 1
        number = walk.numbers
        sentence = consent_sentence(Adoption(event.item, event.text, event.present, event.entitled))
    consent = ConsentRecord(event.text, event.objection, event.present, event.entitled, at, number, sentence)
    walk.questions.setdefault(event.item, []).append(consent)


def _number(walk: _Walk, poll: str) -> None:
    """A poll gets its number once, when it is first published or declared void: a later void keeps it."""
    if poll not in walk.number_of:
        walk.numbers += 1
        walk.number_of[poll] = walk.numbers


def _frozen(walk: _Walk) -> MeetingRecord:
    return MeetingRecord(
        walk.meeting,
        tuple(_seat_record(walk, seat) for seat in walk.meeting.seats),
        tuple(_item_record(walk, item, place) for place, item in enumerate(walk.meeting.items, 1)),
        walk.suspensions,
        tuple(walk.voided),
        walk.log_size,
    )


def _seat_record(walk: _Walk, seat: e.Seat) -> SeatRecord:
    opened, closed = walk.meeting.opened_at, walk.meeting.closed_at
    arrived, left = walk.arrived.get(seat.number), walk.left.get(seat.number)
    return SeatRecord(
        seat.number,
        seat.party,
        arrived,
        left,
        was_late=arrived is not None and opened is not None and arrived > opened,
        left_early=left is not None and opened is not None and (closed is None or left < closed),
    )


def _item_record(walk: _Walk, item: AgendaItem, position: int) -> ItemRecord:
    questions = tuple(
        _poll_record(walk, asked) if isinstance(asked, str) else asked
        for asked in walk.questions.get(item.id, ())
    )
    return ItemRecord(
        item,
        position,
        walk.began.get(item.id),
        walk.ended.get(item.id),
        tuple(walk.speeches.get(item.id, ())),
        questions,
        tuple(r for r in walk.meeting.resolutions if r.item == item.id),
    )


def _poll_record(walk: _Walk, poll_id: str) -> PollRecord:
    poll = next(poll for poll in walk.meeting.polls if poll.id == poll_id)
    reason = walk.void_reasons.get(poll_id)
    return PollRecord(
        poll,
        walk.number_of.get(poll_id),
        _sentence(walk.meeting, poll, reason),
        walk.closed.get(poll_id),
        walk.published.get(poll_id),
        reason,
    )


def _sentence(meeting: Meeting, poll: Poll, void_reason: str | None) -> str:
    if void_reason is not None:
        return f"主持人宣布本次表决作废，理由：{void_reason.rstrip('。')}。"
    if poll.count is None:
        return ""
    return verdict_sentence(
        poll.count.verdict, poll.rule, poll.nature, dict(poll.count.tally), poll.options, meeting.parties
    )
