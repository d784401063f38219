"""Facts of what lies before the room: a motion, its amendments, procedure, what is taken up again elsewhere."""

from dataclasses import dataclass
from typing import Literal

from server.domain.meeting.commands.words import Matter, ReconsiderGround

Settlement = Literal["adopted", "rejected", "withdrawn", "lapsed", "reopened"]


@dataclass(frozen=True, slots=True)
class MotionWorded:
    """The text to be decided stands before the room; a later one takes its place; ``draft`` while it is written."""

    item: str
    text: str
    draft: bool = False


@dataclass(frozen=True, slots=True)
class MotionAmended:
    """A seat proposes that the motion ``former`` read ``text`` instead."""

    amendment: str
    item: str
    seat: int
    former: str
    text: str


@dataclass(frozen=True, slots=True)
class AmendmentOrdered:
    """In this order the undecided amendments are decided."""

    item: str
    amendments: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AmendmentSettled:
    """An amendment was decided, taken back, or fell because another one changed the same words."""

    amendment: str
    outcome: Settlement
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AmendmentCarried:
    """The motion changed elsewhere; the same change now starts from the new text."""

    amendment: str
    former: str
    text: str


@dataclass(frozen=True, slots=True)
class ProcedureDecided:
    """A procedural motion and the room's answer; heads, no names but the proposer's seat. It is no resolution."""

    item: str | None
    matter: Matter
    text: str
    seat: int | None
    unopposed: bool
    in_favour: int
    against: int
    abstained: int
    present: int
    passed: bool


@dataclass(frozen=True, slots=True)
class ItemReferred:
    """An unannounced urgent item was handed to who deals with it; the next meeting hears of it."""

    item: str
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class ReconsiderationRequested:
    """So many seats, or new facts, ask that a resolution be taken up again; until then it stands."""

    resolution: str
    ground: ReconsiderGround
    seats: int
    entitled: int
    reason: str


MotionEvent = (
    MotionWorded
    | MotionAmended
    | AmendmentOrdered
    | AmendmentSettled
    | AmendmentCarried
    | ProcedureDecided
    | ItemReferred
    | ReconsiderationRequested
)

MOTION_TYPES: dict[str, type[MotionEvent]] = {
    "motion.worded": MotionWorded,
    "motion.amended": MotionAmended,
    "amendment.ordered": AmendmentOrdered,
    "amendment.settled": AmendmentSettled,
    "amendment.carried": AmendmentCarried,
    "procedure.decided": ProcedureDecided,
    "item.referred": ItemReferred,
    "reconsideration.requested": ReconsiderationRequested,
}
