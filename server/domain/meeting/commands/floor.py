"""Wishes about the speaker queue and the right to speak."""

from dataclasses import dataclass

from server.domain.meeting.commands.words import OrderReason, RulingOutcome, Stance
from server.domain.meeting.rules import SpeakingOrder


@dataclass(frozen=True, slots=True)
class OpenQueue:
    """Open the speaker queue of the current item."""


@dataclass(frozen=True, slots=True)
class CloseQueue:
    """Close the queue and end the debate."""


@dataclass(frozen=True, slots=True)
class RequestFloor:
    """申请发言, for oneself or (``representative``) by the secretary; ``reason`` and ``note`` of a point of order."""

    stance: Stance
    point_of_order: bool = False
    representative: str | None = None
    reason: OrderReason | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawFloor:
    """Take the hand down again."""

    representative: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeFloor:
    """Another stance for the hand that is up (R6)."""

    stance: Stance
    representative: str | None = None


@dataclass(frozen=True, slots=True)
class OrderQueue:
    """Another mode of the queue for the current item (R11)."""

    order: SpeakingOrder


@dataclass(frozen=True, slots=True)
class MoveQueue:
    """Put a waiting hand before another one, or (``before`` is None) before all of its lane (R10)."""

    representative: str
    before: str | None = None


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
class PauseFloor:
    """Stop the speaker's clock (R35)."""


@dataclass(frozen=True, slots=True)
class ResumeFloor:
    """Let the speaker go on with the time that was left."""


@dataclass(frozen=True, slots=True)
class InterposeFloor:
    """插问: let somebody ask the speaker a question, whose clock stops meanwhile (R19)."""

    representative: str


@dataclass(frozen=True, slots=True)
class ReturnFloor:
    """恢复上一位: the last speaker of the item goes on with the time that was left; no second turn (R22)."""


@dataclass(frozen=True, slots=True)
class CancelFloor:
    """Take back a turn begun by mistake; the hand is up again where it was (R12)."""


@dataclass(frozen=True, slots=True)
class RecordRuling:
    """裁定 of the chair on the last point of order (R17)."""

    outcome: RulingOutcome
    reason: str = ""


FloorCommand = (
    OpenQueue
    | CloseQueue
    | OrderQueue
    | MoveQueue
    | RequestFloor
    | WithdrawFloor
    | ChangeFloor
    | GrantFloor
    | YieldFloor
    | ExtendFloor
    | PauseFloor
    | ResumeFloor
    | InterposeFloor
    | ReturnFloor
    | CancelFloor
    | RecordRuling
)

FLOOR_COMMANDS: dict[str, type[FloorCommand]] = {
    "queue.open": OpenQueue,
    "queue.close": CloseQueue,
    "queue.order": OrderQueue,
    "queue.move": MoveQueue,
    "floor.request": RequestFloor,
    "floor.withdraw": WithdrawFloor,
    "floor.change": ChangeFloor,
    "floor.grant": GrantFloor,
    "floor.yield": YieldFloor,
    "floor.extend": ExtendFloor,
    "floor.pause": PauseFloor,
    "floor.resume": ResumeFloor,
    "floor.interpose": InterposeFloor,
    "floor.return": ReturnFloor,
    "floor.cancel": CancelFloor,
    "ruling.record": RecordRuling,
}
