"""What happened in the room: one frozen class per fact, one table of stored types (GLOSSARY, grammar).

Only facts that someone could dispute are events. They hold seat numbers, never names; ``names`` in
``MeetingCalled`` are salted hashes, so that personal data can be erased while the log still verifies.
"""

from dataclasses import dataclass

from server.domain.meeting.commands import Nature, Option, Secrecy, Stance
from server.domain.meeting.pass_rule import PassRule, Verdict


@dataclass(frozen=True, slots=True)
class Party:
    """方: a side of the council; ``mark`` is the character on its sign, ``order`` its place (1…7)."""

    id: str
    name: str
    mark: str
    order: int


@dataclass(frozen=True, slots=True)
class Seat:
    """One right to speak and vote: number within the meeting, its representative and party, a salted name hash."""

    number: int
    representative: str
    party: str
    name_hash: str


@dataclass(frozen=True, slots=True)
class Item:
    """An agenda item as announced; ``minutes`` planned, ``topic`` the number of the topic it came from."""

    id: str
    title: str
    minutes: int | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class MeetingCalled:
    """The notice went out: agenda, seats and procedure are frozen (T49)."""

    council: str
    procedure: str
    rule: PassRule
    speaking_seconds: int
    parties: tuple[Party, ...]
    seats: tuple[Seat, ...]
    items: tuple[Item, ...]


@dataclass(frozen=True, slots=True)
class MeetingOpened:
    """开会."""


@dataclass(frozen=True, slots=True)
class MeetingSuspended:
    """休会; a running turn keeps its remaining time."""


@dataclass(frozen=True, slots=True)
class MeetingResumed:
    """复会."""


@dataclass(frozen=True, slots=True)
class MeetingClosed:
    """散会."""


@dataclass(frozen=True, slots=True)
class PresenceCheckedIn:
    """A seat's holder arrived; ``by`` is ``self`` or ``desk``."""

    seat: int
    by: str


@dataclass(frozen=True, slots=True)
class PresenceLeft:
    """A seat's holder left."""

    seat: int
    by: str


@dataclass(frozen=True, slots=True)
class PresenceExcused:
    """A seat's holder asked for leave (请假) and the desk entered it; ``excused`` false takes that back."""

    seat: int
    excused: bool


@dataclass(frozen=True, slots=True)
class ItemBegun:
    """An item became the current one."""

    item: str


@dataclass(frozen=True, slots=True)
class ItemFinished:
    """The current item ended."""

    item: str


@dataclass(frozen=True, slots=True)
class ItemAdded:
    """An unannounced item joined the agenda (临时议题)."""

    item: str
    title: str


@dataclass(frozen=True, slots=True)
class QueueOpened:
    """Hands may go up for the current item."""

    item: str


@dataclass(frozen=True, slots=True)
class QueueClosed:
    """The debate of the item ended; ``dropped`` are the seats that still waited."""

    item: str
    dropped: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class FloorRequested:
    """A hand went up; ``by`` is ``self`` or ``desk`` (代录)."""

    seat: int
    stance: Stance
    point_of_order: bool
    by: str


@dataclass(frozen=True, slots=True)
class FloorWithdrawn:
    """A hand went down."""

    seat: int


@dataclass(frozen=True, slots=True)
class FloorGranted:
    """A turn began; ``deadline`` is an instant in ms UTC."""

    seat: int
    stance: Stance
    point_of_order: bool
    deadline: int


@dataclass(frozen=True, slots=True)
class FloorYielded:
    """A turn ended; ``spoken_seconds`` without pauses."""

    seat: int
    spoken_seconds: int


@dataclass(frozen=True, slots=True)
class FloorExtended:
    """The speaker was given more time."""

    seat: int
    seconds: int


@dataclass(frozen=True, slots=True)
class MotionWorded:
    """The text to be decided stands before the room; a later one takes its place."""

    item: str
    text: str


@dataclass(frozen=True, slots=True)
class PollOpened:
    """Text, options, rule and the entitled list, frozen (R59, R60)."""

    poll: str
    item: str
    text: str
    options: tuple[Option, ...]
    secrecy: Secrecy
    nature: Nature
    rule: PassRule
    entitled: tuple[int, ...]
    present: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class NamedBallot:
    """Who chose what in an open poll; ``on_paper`` when it was entered at the desk."""

    seat: int
    choice: str
    on_paper: bool


@dataclass(frozen=True, slots=True)
class PartyTally:
    """One party's figures of a closed open poll."""

    party: str
    entitled: int
    present: int
    cast: int
    tally: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PollClosed:
    """The count: totals always, seats and choices (sorted by seat) only in open polls, silent and discarded seats."""

    poll: str
    tally: tuple[tuple[str, int], ...]
    participants: tuple[int, ...]
    silent: tuple[int, ...]
    discarded: tuple[int, ...]
    ballots: tuple[NamedBallot, ...] | None
    parties: tuple[PartyTally, ...] | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class PollPublished:
    """The result was shown to all."""

    poll: str


@dataclass(frozen=True, slots=True)
class PollVoided:
    """The poll counts for nothing, with the reason."""

    poll: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """The chair asked whether anybody objects."""

    item: str
    text: str


@dataclass(frozen=True, slots=True)
class ConsentRecorded:
    """The room's answer; without objection the text is adopted."""

    item: str
    text: str
    objection: bool
    present: int
    entitled: int


@dataclass(frozen=True, slots=True)
class ResolutionAdopted:
    """决议 / 协商意见, numbered within the meeting, with its verdict sentence; ``poll`` is None after 无异议."""

    resolution: str
    number: int
    item: str
    poll: str | None
    text: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TaskDrafted:
    """Who does what by when (T63); ``due`` is a local date."""

    task: str
    resolution: str
    text: str
    accountable: str
    post: str
    due: str


@dataclass(frozen=True, slots=True)
class MinutesFinalised:
    """The text read out is frozen for signing; later signatures refer to ``sha256``."""

    sha256: str
    signatories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MinutesSigned:
    """One signatory's answer; ``by`` is ``self`` or ``desk``; ``drawing`` is the digest of the strokes or ""."""

    signatory: str
    answer: str
    sha256: str
    text: str
    drawing: str
    by: str


@dataclass(frozen=True, slots=True)
class MinutesReopened:
    """The text is edited again; all signatures are void (因修改失效)."""

    reason: str
    voided: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MinutesPublished:
    """公开; ``unanswered`` are signatories without an answer, printed as unsigned (未签字)."""

    sha256: str
    unanswered: tuple[str, ...]


Event = (
    MeetingCalled
    | MeetingOpened
    | MeetingSuspended
    | MeetingResumed
    | MeetingClosed
    | PresenceCheckedIn
    | PresenceLeft
    | PresenceExcused
    | ItemBegun
    | ItemFinished
    | ItemAdded
    | QueueOpened
    | QueueClosed
    | FloorRequested
    | FloorWithdrawn
    | FloorGranted
    | FloorYielded
    | FloorExtended
    | MotionWorded
    | PollOpened
    | PollClosed
    | PollPublished
    | PollVoided
    | ConsentAsked
    | ConsentRecorded
    | ResolutionAdopted
    | TaskDrafted
    | MinutesFinalised
    | MinutesSigned
    | MinutesReopened
    | MinutesPublished
)

# Stored type → class. A stored type is never renamed; an old shape is upcast when read (store/codec.py).
EVENT_TYPES: dict[str, type[Event]] = {
    "meeting.called": MeetingCalled,
    "meeting.opened": MeetingOpened,
    "meeting.suspended": MeetingSuspended,
    "meeting.resumed": MeetingResumed,
    "meeting.closed": MeetingClosed,
    "presence.checked_in": PresenceCheckedIn,
    "presence.left": PresenceLeft,
    "presence.excused": PresenceExcused,
    "item.begun": ItemBegun,
    "item.finished": ItemFinished,
    "item.added": ItemAdded,
    "queue.opened": QueueOpened,
    "queue.closed": QueueClosed,
    "floor.requested": FloorRequested,
    "floor.withdrawn": FloorWithdrawn,
    "floor.granted": FloorGranted,
    "floor.yielded": FloorYielded,
    "floor.extended": FloorExtended,
    "motion.worded": MotionWorded,
    "poll.opened": PollOpened,
    "poll.closed": PollClosed,
    "poll.published": PollPublished,
    "poll.voided": PollVoided,
    "consent.asked": ConsentAsked,
    "consent.recorded": ConsentRecorded,
    "resolution.adopted": ResolutionAdopted,
    "task.drafted": TaskDrafted,
    "minutes.finalised": MinutesFinalised,
    "minutes.signed": MinutesSigned,
    "minutes.reopened": MinutesReopened,
    "minutes.published": MinutesPublished,
}
