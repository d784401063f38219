"""Wishes about the speaker queue and the right to speak."""

from dataclasses import dataclass

from server.domain.meeting.commands.words import Stance


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


FloorCommand = OpenQueue | CloseQueue | RequestFloor | WithdrawFloor | GrantFloor | YieldFloor | ExtendFloor

FLOOR_COMMANDS: dict[str, type[FloorCommand]] = {
    "queue.open": OpenQueue,
    "queue.close": CloseQueue,
    "floor.request": RequestFloor,
    "floor.withdraw": WithdrawFloor,
    "floor.grant": GrantFloor,
    "floor.yield": YieldFloor,
    "floor.extend": ExtendFloor,
}
