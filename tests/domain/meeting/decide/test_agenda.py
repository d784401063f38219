"""The agenda: begin, finish, add. Beginning finishes the previous item and leaves the queue closed."""

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.agenda import MOST_ITEMS
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import (
    ARRIVED,
    BEGUN,
    EVERYBODY,
    LIN,
    MINUTE,
    NOON,
    OPENED,
    POLLED,
    SPEAKING,
    ZHAO,
    poll_opened,
)
from tests.domain.given import given

CONSENT = (*BEGUN, e.ConsentAsked("i1", "每晚十点熄灯"))
COMMANDS = (c.BeginItem("i1"), c.FinishItem("i1"), c.AddItem("停车收费"))


def test_beginning_needs_no_quorum() -> None:
    after = given(e.MeetingOpened()).when(c.BeginItem("i2"), LIN).then(e.ItemBegun("i2"))
    assert after.current_item is not None
    assert after.current_item.id == "i2"
    assert not after.queue_open


def test_beginning_finishes_the_previous_item_with_its_debate() -> None:
    waiting = (*SPEAKING, e.FloorRequested(3, "talk", False, "self"))
    after = (
        given(*waiting)
        .when(c.BeginItem("i2"), LIN, NOON + MINUTE)
        .then(e.FloorYielded(1, 60), e.QueueClosed("i1", (3,)), e.ItemFinished("i1"), e.ItemBegun("i2"))
    )
    assert [item.state for item in after.items] == ["finished", "current", "pending"]
    assert (after.queue_open, after.waiting, after.speech) == (False, (), None)


def test_beginning_clears_the_poll_and_the_result_of_the_item_before() -> None:
    shown = (*POLLED, e.PollVoided("m1.p1", "念错了"))
    assert given(*shown).state.poll is not None
    assert given(*shown).when(c.BeginItem("i2"), LIN).then(
        e.ItemFinished("i1"), e.ItemBegun("i2")
    ).poll is None  # fmt: skip


@pytest.mark.parametrize("item", ["i1", "i2"])
def test_an_item_is_begun_once(item: str) -> None:
    after = given(*BEGUN, e.ItemFinished("i1"), e.ItemBegun("i2"))
    after.when(c.BeginItem(item), LIN).then_refused(R.INVALID_TRANSITION)


@pytest.mark.parametrize("question", [POLLED, CONSENT])
@pytest.mark.parametrize("command", [c.BeginItem("i2"), c.FinishItem("i1")])
def test_an_open_question_keeps_its_item_current(
    question: tuple[e.Event, ...], command: c.RoomCommand
) -> None:
    given(*question).when(command, LIN).then_refused(R.INVALID_TRANSITION)


def test_finishing_ends_turn_and_queue() -> None:
    after = (
        given(*SPEAKING)
        .when(c.FinishItem("i1"), LIN, NOON + 5_000)
        .then(e.FloorYielded(1, 5), e.QueueClosed("i1", ()), e.ItemFinished("i1"))
    )
    assert after.current_item is None


def test_only_the_current_item_is_finished() -> None:
    given(*BEGUN).when(c.FinishItem("i2"), LIN).then_refused(R.ITEM_NOT_CURRENT)
    given(*BEGUN, e.ItemFinished("i1")).when(c.FinishItem("i1"), LIN).then_refused(R.ITEM_NOT_CURRENT)


def test_finishing_keeps_the_result_in_view() -> None:
    shown = (*POLLED, e.PollVoided("m1.p1", "念错了"))
    assert given(*shown).when(c.FinishItem("i1"), LIN).then(e.ItemFinished("i1")).poll is not None


@pytest.mark.parametrize("command", [c.BeginItem("i9"), c.FinishItem("i9")])
def test_an_unknown_item_is_not_found(command: c.RoomCommand) -> None:
    given(*OPENED).when(command, LIN).then_refused(R.NOT_FOUND, what="item")
    given(*OPENED).when(command, ZHAO).then_refused(R.NOT_FOUND)


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one is not LIN])
@pytest.mark.parametrize("command", COMMANDS)
def test_nobody_but_the_chair_keeps_the_agenda(command: c.RoomCommand, actor: Actor) -> None:
    given(*OPENED).when(command, actor).then_refused(R.NOT_ALLOWED)


@pytest.mark.parametrize("before", [ARRIVED, (*OPENED, e.MeetingSuspended()), (*OPENED, e.MeetingClosed())])
@pytest.mark.parametrize("command", COMMANDS)
def test_the_agenda_moves_in_an_open_meeting_only(
    before: tuple[e.Event, ...], command: c.RoomCommand
) -> None:
    started = given(*before)
    started.when(command, LIN).then_refused(R.MEETING_NOT_OPEN, state=started.state.state)


def test_an_added_item_is_unannounced_and_pending() -> None:
    after = given(*OPENED).when(c.AddItem("停车收费"), LIN).then(e.ItemAdded("m1.i4", "停车收费"))
    added = after.items[-1]
    assert (added.announced, added.state, added.minutes, added.topic) == (False, "pending", None, None)


def test_added_items_bear_different_ids() -> None:
    given(*OPENED, e.ItemAdded("m1.i4", "一")).when(c.AddItem("二"), LIN).then(e.ItemAdded("m1.i5", "二"))


@pytest.mark.parametrize("title", ["", "  ", "长" * 81, "a\x00b", "\u202e倒", "\ud800", "e\u0301"])
def test_an_unsound_title_is_bad_data_whoever_sends_it(title: str) -> None:
    for actor in (LIN, ZHAO):
        given(*OPENED).when(c.AddItem(title), actor).then_refused(R.BAD_DATA, field="title")


def test_an_agenda_does_not_grow_for_ever() -> None:
    full = tuple(e.ItemAdded(f"m1.i{n}", f"第{n}项") for n in range(4, MOST_ITEMS + 1))
    given(*OPENED, *full).when(c.AddItem("再加一项"), LIN).then_refused(R.BAD_DATA)
    given(*OPENED, *full[:-1]).when(c.AddItem("再加一项"), LIN).then(
        e.ItemAdded(f"m1.i{MOST_ITEMS}", "再加一项")
    )


def test_an_item_is_decided_again_only_as_long_as_it_is_current() -> None:
    repeated = (*POLLED, e.PollVoided("m1.p1", "念错了"), poll_opened(2))
    assert given(*repeated).state.has_open_question
