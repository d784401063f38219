"""The wishes of the room: one frozen class per command, one table of wire names (CONTRACT, live protocol 1)."""

from dataclasses import dataclass
from typing import Literal

from server.domain.meeting.pass_rule import PassRule

Stance = Literal["talk", "for", "against", "question", "addition"]
Secrecy = Literal["open", "secret"]
Nature = Literal["sounding", "deliberative", "assembly"]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a ballot can choose."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class OpenMeeting:
    """开会."""


@dataclass(frozen=True, slots=True)
class SuspendMeeting:
    """休会."""


@dataclass(frozen=True, slots=True)
class ResumeMeeting:
    """复会."""


@dataclass(frozen=True, slots=True)
class CloseMeeting:
    """散会."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """签到, for oneself or (``representative``) at the desk."""

    representative: str | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """离会, for oneself or (``representative``) at the desk."""

    representative: str | None = None


@dataclass(frozen=True, slots=True)
class Excuse:
    """请假 for a seat that asked for leave, entered at the desk; ``excused`` false takes it back."""

    representative: str
    excused: bool = True


@dataclass(frozen=True, slots=True)
class BeginItem:
    """Take up an agenda item; the previous one is finished."""

    item: str


@dataclass(frozen=True, slots=True)
class FinishItem:
    """Finish the current agenda item."""

    item: str


@dataclass(frozen=True, slots=True)
class AddItem:
    """Add an unannounced item (临时议题): discussed, never decided."""

    title: str


@dataclass(frozen=True, slots=True)
class OpenQueue:
    """Open the speaker queue of the current item."""


@dataclass(frozen=True, slots=True)
class CloseQueue:
    """Close the queue and end the debate."""


@dataclass(frozen=True, slots=True)
class RequestFloor:
    """申请发言, for oneself or (``representative``) by the secretary."""

    stance: Stance
    point_of_order: bool = False
    representative: str | None = None


@dataclass(frozen=True, slots=True)
class WithdrawFloor:
    """Take the hand down again."""

    representative: str | None = None


@dataclass(frozen=True, slots=True)
class GrantFloor:
    """请发言: the next in order, or the named one who waits."""

    representative: str | None = None


@dataclass(frozen=True, slots=True)
class YieldFloor:
    """结束发言."""


@dataclass(frozen=True, slots=True)
class ExtendFloor:
    """Give the speaker more time, in view of all."""

    seconds: int


@dataclass(frozen=True, slots=True)
class WordMotion:
    """Put the text to be decided before the room; from then on stances come first (P4)."""

    item: str
    text: str


@dataclass(frozen=True, slots=True)
class OpenPoll:
    """开启表决; everything in it is frozen from then on."""

    item: str
    text: str
    secrecy: Secrecy
    options: tuple[Option, ...] | None = None
    nature: Nature = "deliberative"
    rule: PassRule | None = None
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class ClosePoll:
    """截止; ``confirmed`` discards paper ballots nobody has confirmed."""

    poll: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class PublishPoll:
    """公布."""

    poll: str


@dataclass(frozen=True, slots=True)
class VoidPoll:
    """Declare a poll void, with a reason; a repeat is a new poll."""

    poll: str
    reason: str


@dataclass(frozen=True, slots=True)
class CastBallot:
    """投票 from one's own phone."""

    poll: str
    choice: str
    nonce: str


@dataclass(frozen=True, slots=True)
class RecordBallot:
    """A paper ballot or raised hand entered for a seat (P6)."""

    poll: str
    representative: str
    choice: str
    nonce: str


@dataclass(frozen=True, slots=True)
class ConfirmBallot:
    """The second person's word for a recorded ballot (P6)."""

    poll: str
    representative: str


@dataclass(frozen=True, slots=True)
class DiscardBallot:
    """Send a recorded ballot back before it counts: it was entered wrongly."""

    poll: str
    representative: str


@dataclass(frozen=True, slots=True)
class AskConsent:
    """Ask whether anybody objects (无异议)."""

    item: str
    text: str
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Record the answer of the room to the question asked."""

    item: str
    objection: bool


@dataclass(frozen=True, slots=True)
class DraftTask:
    """Say who does what by when because of a resolution (T63); ``due`` is a local date ``YYYY-MM-DD``."""

    resolution: str
    text: str
    accountable: str
    post: str
    due: str


@dataclass(frozen=True, slots=True)
class FinaliseMinutes:
    """Freeze the text that was read out; ``sha256`` is its digest in lower-case hex."""

    sha256: str


@dataclass(frozen=True, slots=True)
class SignMinutes:
    """Answer for one signatory: a seat number as text, ``chair`` or ``secretary``.

    ``sha256`` is the digest of the text the signer saw; ``drawing`` the digest of the stored strokes, or "".
    """

    signatory: str
    answer: Literal["signed", "signed_with_reservation", "refused", "absent"]
    sha256: str
    text: str = ""
    drawing: str = ""


@dataclass(frozen=True, slots=True)
class ReopenMinutes:
    """Take the text up again; every signature becomes void, visibly (T90)."""

    reason: str


@dataclass(frozen=True, slots=True)
class PublishMinutes:
    """公开; ``confirmed`` prints signatories without an answer as unsigned (未签字)."""

    confirmed: bool = False


RoomCommand = (
    OpenMeeting
    | SuspendMeeting
    | ResumeMeeting
    | CloseMeeting
    | CheckIn
    | Leave
    | Excuse
    | BeginItem
    | FinishItem
    | AddItem
    | OpenQueue
    | CloseQueue
    | RequestFloor
    | WithdrawFloor
    | GrantFloor
    | YieldFloor
    | ExtendFloor
    | WordMotion
    | OpenPoll
    | ClosePoll
    | PublishPoll
    | VoidPoll
    | CastBallot
    | RecordBallot
    | ConfirmBallot
    | DiscardBallot
    | AskConsent
    | RecordConsent
    | DraftTask
)
MinutesCommand = FinaliseMinutes | SignMinutes | ReopenMinutes | PublishMinutes
Command = RoomCommand | MinutesCommand

# Wire name → class; the only registration of a command that sockets and forms may send.
ROOM_COMMANDS: dict[str, type[RoomCommand]] = {
    "meeting.open": OpenMeeting,
    "meeting.suspend": SuspendMeeting,
    "meeting.resume": ResumeMeeting,
    "meeting.close": CloseMeeting,
    "presence.check_in": CheckIn,
    "presence.leave": Leave,
    "presence.excuse": Excuse,
    "agenda.begin": BeginItem,
    "agenda.finish": FinishItem,
    "agenda.add": AddItem,
    "queue.open": OpenQueue,
    "queue.close": CloseQueue,
    "floor.request": RequestFloor,
    "floor.withdraw": WithdrawFloor,
    "floor.grant": GrantFloor,
    "floor.yield": YieldFloor,
    "floor.extend": ExtendFloor,
    "motion.word": WordMotion,
    "poll.open": OpenPoll,
    "poll.close": ClosePoll,
    "poll.publish": PublishPoll,
    "poll.void": VoidPoll,
    "ballot.cast": CastBallot,
    "ballot.record": RecordBallot,
    "ballot.confirm": ConfirmBallot,
    "ballot.discard": DiscardBallot,
    "consent.ask": AskConsent,
    "consent.record": RecordConsent,
    "task.draft": DraftTask,
}
