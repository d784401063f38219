"""办理事项: its states, what may follow what, and the light a due date shows (T127, T130)."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from server.domain.refusal import Refusal, RefusalCode, refuse

TaskState = Literal["open", "done", "void"]
TaskAct = Literal["progress", "finish", "void"]
Light = Literal["red", "yellow", "green", "grey"]

YELLOW_DAYS = 3

# What an act makes of a state; a pair that is missing is not possible.
_NEXT: dict[tuple[TaskState, TaskAct], TaskState] = {
    ("open", "progress"): "open",
    ("open", "finish"): "done",
    ("open", "void"): "void",
}


@dataclass(frozen=True, slots=True)
class Signal:
    """What a task shows: a colour and the days left until its due date (negative: days overdue)."""

    colour: Light
    days_left: int


def act_on(state: TaskState, act: TaskAct) -> TaskState | Refusal:
    """Return the state after an act; INVALID_TRANSITION when the task is closed already."""
    following = _NEXT.get((state, act))
    if following is None:
        return refuse(RefusalCode.INVALID_TRANSITION, state=state)
    return following


def signal(state: TaskState, due: date, today: date) -> Signal:
    """Return the light by local date: red the day after the due date, yellow for its last three days (T130)."""
    days_left = (due - today).days
    if state != "open":
        return Signal("grey", days_left)
    if days_left < 0:
        return Signal("red", days_left)
    return Signal("yellow" if days_left <= YELLOW_DAYS else "green", days_left)
