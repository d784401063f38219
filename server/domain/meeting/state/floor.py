"""Who waits and who speaks."""

from dataclasses import dataclass

from server.domain.meeting.commands.words import Stance


@dataclass(frozen=True, slots=True)
class Waiting:
    """One hand that is up."""

    seat: int
    stance: Stance
    point_of_order: bool


@dataclass(frozen=True, slots=True)
class Speech:
    """The running turn; ``deadline`` is None while the meeting is suspended, ``remaining_ms`` then holds the rest.

    ``spoken_ms`` counts finished stretches, ``running_since`` begins the present one.
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
