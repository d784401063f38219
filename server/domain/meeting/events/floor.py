"""Facts of the speaker queue and the right to speak."""

from dataclasses import dataclass

from server.domain.meeting.commands.words import OrderReason, RulingOutcome, Stance
from server.domain.meeting.rules import SpeakingOrder


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
    """A hand went up; ``by`` is ``self`` or ``desk`` (代录); ``reason`` and ``note`` of a point of order."""

    seat: int
    stance: Stance
    point_of_order: bool
    by: str
    reason: OrderReason | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class FloorChanged:
    """A waiting hand took another stance."""

    seat: int
    stance: Stance


@dataclass(frozen=True, slots=True)
class QueueOrdered:
    """The queue of the item got another mode."""

    item: str
    order: SpeakingOrder


@dataclass(frozen=True, slots=True)
class QueueMoved:
    """The chair put a hand before another one, or before all of its lane (``ahead_of`` None)."""

    seat: int
    ahead_of: int | None


@dataclass(frozen=True, slots=True)
class FloorWithdrawn:
    """A hand went down."""

    seat: int


@dataclass(frozen=True, slots=True)
class FloorGranted:
    """A turn began; ``deadline`` is an instant in ms UTC; ``by_name`` when the chair passed over the order (R10)."""

    seat: int
    stance: Stance
    point_of_order: bool
    deadline: int
    by_name: bool = False


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
class FloorPaused:
    """The chair stopped the speaker's clock."""

    seat: int


@dataclass(frozen=True, slots=True)
class FloorResumed:
    """The speaker goes on."""

    seat: int


@dataclass(frozen=True, slots=True)
class FloorInterposed:
    """A question to the speaker, whose clock stands; ``deadline`` is that of the question."""

    seat: int
    deadline: int


@dataclass(frozen=True, slots=True)
class FloorHandedBack:
    """The interposed question was put; ``spoken_seconds`` it took."""

    seat: int
    spoken_seconds: int


@dataclass(frozen=True, slots=True)
class FloorReturned:
    """The last speaker of the item goes on with the time that was left."""

    seat: int


@dataclass(frozen=True, slots=True)
class FloorCancelled:
    """A turn begun by mistake never was; the hand is up again where it was."""

    seat: int


@dataclass(frozen=True, slots=True)
class RulingRecorded:
    """The chair's ruling on the point of order of a seat."""

    seat: int
    outcome: RulingOutcome
    reason: str


FloorEvent = (
    QueueOpened
    | QueueClosed
    | QueueOrdered
    | QueueMoved
    | FloorRequested
    | FloorWithdrawn
    | FloorChanged
    | FloorGranted
    | FloorYielded
    | FloorExtended
    | FloorPaused
    | FloorResumed
    | FloorInterposed
    | FloorHandedBack
    | FloorReturned
    | FloorCancelled
    | RulingRecorded
)

FLOOR_TYPES: dict[str, type[FloorEvent]] = {
    "queue.opened": QueueOpened,
    "queue.closed": QueueClosed,
    "queue.ordered": QueueOrdered,
    "queue.moved": QueueMoved,
    "floor.requested": FloorRequested,
    "floor.withdrawn": FloorWithdrawn,
    "floor.changed": FloorChanged,
    "floor.granted": FloorGranted,
    "floor.yielded": FloorYielded,
    "floor.extended": FloorExtended,
    "floor.paused": FloorPaused,
    "floor.resumed": FloorResumed,
    "floor.interposed": FloorInterposed,
    "floor.handed_back": FloorHandedBack,
    "floor.returned": FloorReturned,
    "floor.cancelled": FloorCancelled,
    "ruling.recorded": RulingRecorded,
}
