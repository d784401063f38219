"""Facts of the speaker queue and the right to speak."""

from dataclasses import dataclass

from server.domain.meeting.commands.words import Stance


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


FloorEvent = (
    QueueOpened | QueueClosed | FloorRequested | FloorWithdrawn | FloorGranted | FloorYielded | FloorExtended
)

FLOOR_TYPES: dict[str, type[FloorEvent]] = {
    "queue.opened": QueueOpened,
    "queue.closed": QueueClosed,
    "floor.requested": FloorRequested,
    "floor.withdrawn": FloorWithdrawn,
    "floor.granted": FloorGranted,
    "floor.yielded": FloorYielded,
    "floor.extended": FloorExtended,
}
