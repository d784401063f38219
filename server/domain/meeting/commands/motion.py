"""Wishes about what lies before the room: a motion, its amendments, procedure, what is taken up again elsewhere."""

from dataclasses import dataclass

from server.domain.meeting.commands.words import Matter, ReconsiderGround


@dataclass(frozen=True, slots=True)
class WordMotion:
    """Put the text to be decided before the room; from then on stances come first (P4).

    ``draft`` while it is still being written: everybody reads along, nobody takes a stance on it yet.
    """

    item: str
    text: str
    draft: bool = False


@dataclass(frozen=True, slots=True)
class AmendMotion:
    """Enter an amendment for the seat that proposes it; ``text`` is the whole motion as it would then read."""

    item: str
    text: str
    representative: str


@dataclass(frozen=True, slots=True)
class WithdrawAmendment:
    """Take an undecided amendment back, with who wished it or why."""

    amendment: str
    reason: str


@dataclass(frozen=True, slots=True)
class OrderAmendment:
    """Lay down in which order the undecided amendments are decided, the farthest-reaching first."""

    item: str
    amendments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DecideProcedure:
    """Record a procedural motion decided by show of hands or without objection (P18); figures are heads."""

    matter: Matter
    text: str
    unopposed: bool
    in_favour: int = 0
    against: int = 0
    abstained: int = 0
    representative: str | None = None


@dataclass(frozen=True, slots=True)
class ReferItem:
    """Hand an unannounced urgent item to who deals with it; the next meeting hears of it (P18)."""

    item: str
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class RequestReconsideration:
    """Ask that a resolution be taken up again at a later meeting (P20): so many seats ask, or new facts are named."""

    resolution: str
    ground: ReconsiderGround
    seats: int
    reason: str


MotionCommand = (
    WordMotion
    | AmendMotion
    | WithdrawAmendment
    | OrderAmendment
    | DecideProcedure
    | ReferItem
    | RequestReconsideration
)

MOTION_COMMANDS: dict[str, type[MotionCommand]] = {
    "motion.word": WordMotion,
    "motion.amend": AmendMotion,
    "amendment.withdraw": WithdrawAmendment,
    "amendment.order": OrderAmendment,
    "procedure.decide": DecideProcedure,
    "agenda.refer": ReferItem,
    "reconsideration.request": RequestReconsideration,
}
