"""Lights by local date at their edges, and what may follow what."""

from datetime import date, timedelta

import pytest

from server.domain.refusal import Refusal, RefusalCode
from server.domain.task.life_cycle import TaskAct, TaskState, act_on, signal

TODAY = date(2026, 4, 8)


@pytest.mark.parametrize(
    ("days", "colour"),
    [(-30, "red"), (-1, "red"), (0, "yellow"), (3, "yellow"), (4, "green"), (300, "green")],
)
def test_an_open_task_shows_its_light_by_the_local_date(days: int, colour: str) -> None:
    shown = signal("open", TODAY + timedelta(days=days), TODAY)
    assert (shown.colour, shown.days_left) == (colour, days)


@pytest.mark.parametrize("state", ["done", "void"])
def test_a_closed_task_is_grey_however_late(state: TaskState) -> None:
    assert signal(state, TODAY - timedelta(days=9), TODAY).colour == "grey"


def test_an_open_task_takes_progress_and_both_ends() -> None:
    assert act_on("open", "progress") == "open"
    assert act_on("open", "finish") == "done"
    assert act_on("open", "void") == "void"


@pytest.mark.parametrize("state", ["done", "void"])
@pytest.mark.parametrize("act", ["progress", "finish", "void"])
def test_a_closed_task_takes_nothing_more(state: TaskState, act: TaskAct) -> None:
    answer = act_on(state, act)
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.INVALID_TRANSITION
