"""Who waits, who speaks, who has spoken."""

from dataclasses import dataclass

from server.domain.meeting.commands.words import OrderReason, RulingOutcome, Stance


@dataclass(frozen=True, slots=True)
class Waiting:
    """One hand that is up; ``moved`` counts the chair's moves, ``ahead_of`` is before whom the last one put it."""

    seat: int
    stance: Stance
    point_of_order: bool
    reason: OrderReason | None = None
    note: str = ""
    moved: int = 0
    ahead_of: int | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """The running turn; ``deadline`` is None while its clock stands, ``remaining_ms`` then holds the rest.

    ``spoken_ms`` counts finished stretches, ``running_since`` begins the present one. ``is_held`` when the chair
    stopped the clock, so that the end of a break does not start it. ``hand`` and ``place`` are what the turn came
    from, for a turn begun by mistake; None in an interposed question.
    """

    seat: int
    stance: Stance
    point_of_order: bool
    began_at: int
    allowance_seconds: int
    deadline: int | None
    running_since: int | None
    spoken_ms: int = 0
    remaining_ms: int | None = None
    is_held: bool = False
    by_name: bool = False
    hand: Waiting | None = None
    place: int = 0


@dataclass(frozen=True, slots=True)
class PastSpeech:
    """A turn that is over; ``party`` is the seat's, ``spoken_ms`` without pauses."""

    seat: int
    party: str
    item: str
    stance: Stance
    point_of_order: bool
    spoken_ms: int


@dataclass(frozen=True, slots=True)
class Ruling:
    """裁定 on the point of order of a seat."""

    seat: int
    item: str
    outcome: RulingOutcome
    reason: str
