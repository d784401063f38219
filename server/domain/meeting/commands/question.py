"""Wishes about what is asked of the room and what it answers: polls, ballots, consent."""

from dataclasses import dataclass

from server.domain.meeting.commands.words import Method, Nature, Option, Secrecy
from server.domain.meeting.pass_rule import PassRule


@dataclass(frozen=True, slots=True)
class OpenPoll:
    """开启表决; everything in it is frozen from then on.

    ``counted`` is how many were counted in the room (P5), ``amendment`` puts that amendment instead of the motion.
    """

    item: str
    text: str
    secrecy: Secrecy
    options: tuple[Option, ...] | None = None
    nature: Nature = "deliberative"
    rule: PassRule | None = None
    confirmed: bool = False
    method: Method = "ballots"
    counted: int | None = None
    amendment: str | None = None


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
class WithdrawBallot:
    """Take one's own ballot back before the close, where the procedure allows it (R66)."""

    poll: str


@dataclass(frozen=True, slots=True)
class AskConsent:
    """Ask whether anybody objects (无异议)."""

    item: str
    text: str
    confirmed: bool = False
    amendment: str | None = None


@dataclass(frozen=True, slots=True)
class RecordConsent:
    """Record the answer of the room to the question asked."""

    item: str
    objection: bool


QuestionCommand = (
    OpenPoll
    | ClosePoll
    | PublishPoll
    | VoidPoll
    | CastBallot
    | RecordBallot
    | ConfirmBallot
    | DiscardBallot
    | WithdrawBallot
    | AskConsent
    | RecordConsent
)

QUESTION_COMMANDS: dict[str, type[QuestionCommand]] = {
    "poll.open": OpenPoll,
    "poll.close": ClosePoll,
    "poll.publish": PublishPoll,
    "poll.void": VoidPoll,
    "ballot.cast": CastBallot,
    "ballot.record": RecordBallot,
    "ballot.confirm": ConfirmBallot,
    "ballot.discard": DiscardBallot,
    "ballot.withdraw": WithdrawBallot,
    "consent.ask": AskConsent,
    "consent.record": RecordConsent,
}
