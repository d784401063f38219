"""发言权 and 发言队列: asking is a request, only the chair starts a turn."""

import pytest

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import (
    ARRIVED,
    BEGUN,
    DEBATED,
    EVERYBODY,
    FENG,
    LIN,
    MINUTE,
    NOON,
    OPENED,
    QIAN,
    SPEAKING,
    WANG,
    XU,
    ZHAO,
    ZHENG,
    ZHOU,
)
from tests.domain.given import given

HAND_1 = e.FloorRequested(1, "for", False, "self")
HAND_2 = e.FloorRequested(2, "against", False, "self")
POINT_3 = e.FloorRequested(3, "question", True, "desk")
WAITING = (*DEBATED, HAND_1, HAND_2, POINT_3)
DEADLINE = NOON + 180_000
OF_THE_CHAIR = (c.OpenQueue(), c.CloseQueue(), c.GrantFloor(), c.ExtendFloor(30))


def test_queue_and_debate_need_no_quorum() -> None:
    alone = (e.PresenceCheckedIn(1, "self"), e.MeetingOpened(), e.ItemBegun("i1"))
    assert given(*alone).when(c.OpenQueue(), LIN).then(e.QueueOpened("i1")).queue_open


def test_the_queue_is_opened_and_closed_once() -> None:
    given(*DEBATED).when(c.OpenQueue(), LIN).then_refused(R.INVALID_TRANSITION)
    given(*BEGUN).when(c.CloseQueue(), LIN).then_refused(R.INVALID_TRANSITION)


@pytest.mark.rule("R1")
@pytest.mark.parametrize("command", [c.OpenQueue(), c.CloseQueue()])
def test_a_queue_belongs_to_the_current_item(command: c.RoomCommand) -> None:
    given(*OPENED).when(command, LIN).then_refused(R.ITEM_NOT_CURRENT)
    given(*BEGUN, e.ItemFinished("i1")).when(command, LIN).then_refused(R.ITEM_NOT_CURRENT)


def test_closing_the_queue_ends_the_turn_and_sends_everybody_down() -> None:
    after = (
        given(*SPEAKING, HAND_2, POINT_3)
        .when(c.CloseQueue(), LIN, NOON + 61_000)
        .then(e.FloorYielded(1, 61), e.QueueClosed("i1", (2, 3)))
    )
    assert (after.queue_open, after.waiting, after.speech) == (False, (), None)


@pytest.mark.rule("R6")
@pytest.mark.parametrize("stance", ["talk", "for", "against", "question", "addition"])
@pytest.mark.parametrize("point", [False, True])
def test_every_stance_is_accepted(stance: c.Stance, point: bool) -> None:
    after = (
        given(*DEBATED)
        .when(c.RequestFloor(stance, point), ZHAO)
        .then(e.FloorRequested(1, stance, point, "self"))
    )
    assert [hand.seat for hand in after.waiting] == [1]


@pytest.mark.rule("R7")
def test_the_secretary_enters_who_has_no_phone() -> None:
    given(*DEBATED).when(c.RequestFloor("for", False, "r2"), ZHOU).then(
        e.FloorRequested(2, "for", False, "desk")
    )


def test_the_secretary_has_to_name_somebody() -> None:
    for command in (c.RequestFloor("for"), c.WithdrawFloor()):
        given(*WAITING).when(command, ZHOU).then_refused(R.BAD_DATA, field="representative")


@pytest.mark.rule("R5")
def test_one_ordinary_hand_and_one_point_of_order_per_seat() -> None:
    given(*DEBATED, HAND_1).when(c.RequestFloor("against"), ZHAO).then_refused(R.ALREADY_IN_QUEUE)
    given(*DEBATED, HAND_1).when(c.RequestFloor("question", True), ZHAO).then(
        e.FloorRequested(1, "question", True, "self")
    )
    given(*DEBATED, e.FloorRequested(1, "talk", True, "self")).when(
        c.RequestFloor("question", True), ZHAO
    ).then_refused(R.ALREADY_IN_QUEUE)


def test_a_hand_goes_up_again_after_the_turn() -> None:
    given(*SPEAKING).when(c.RequestFloor("addition"), ZHAO).then(
        e.FloorRequested(1, "addition", False, "self")
    )


@pytest.mark.rule("R2", "R3")
def test_a_closed_queue_takes_no_hands() -> None:
    given(*BEGUN).when(c.RequestFloor("talk"), ZHAO).then_refused(R.QUEUE_CLOSED)
    given(*OPENED).when(c.RequestFloor("talk"), ZHAO).then_refused(R.QUEUE_CLOSED)


@pytest.mark.rule("R3")
def test_who_is_absent_asks_in_vain() -> None:
    given(*DEBATED).when(c.RequestFloor("talk"), FENG).then_refused(R.NOT_PRESENT)
    given(*DEBATED).when(c.RequestFloor("talk", False, "r6"), ZHOU).then_refused(R.NOT_PRESENT)


@pytest.mark.parametrize("actor", [LIN, ZHENG, XU, WANG])
@pytest.mark.parametrize("command", [c.RequestFloor("talk"), c.WithdrawFloor()])
def test_only_representatives_and_the_secretary_touch_the_queue(command: c.RoomCommand, actor: Actor) -> None:
    given(*WAITING).when(command, actor).then_refused(R.NOT_ALLOWED)


@pytest.mark.rule("R29")
def test_a_chair_who_holds_a_seat_does_not_queue() -> None:
    both = Actor("seat:1", frozenset({Role.CHAIR, Role.REPRESENTATIVE}), 1)
    given(*DEBATED).when(c.RequestFloor("talk"), both).then_refused(R.NOT_ALLOWED)


@pytest.mark.parametrize("command", [c.RequestFloor("talk", False, "r2"), c.WithdrawFloor("r2")])
def test_nobody_raises_a_neighbours_hand(command: c.RoomCommand) -> None:
    given(*DEBATED, HAND_2).when(command, ZHAO).then_refused(R.NOT_ALLOWED)


@pytest.mark.parametrize(
    "command", [c.RequestFloor("talk", False, "r9"), c.WithdrawFloor("r9"), c.GrantFloor("r9")]
)
def test_a_person_without_a_seat_is_not_found(command: c.RoomCommand) -> None:
    for actor in (LIN, ZHOU, ZHAO):
        given(*WAITING).when(command, actor).then_refused(R.NOT_FOUND, what="representative")


@pytest.mark.rule("R4")
def test_withdrawing_takes_both_entries_down() -> None:
    both = (*DEBATED, HAND_1, e.FloorRequested(1, "talk", True, "self"), HAND_2)
    after = given(*both).when(c.WithdrawFloor(), ZHAO).then(e.FloorWithdrawn(1))
    assert [hand.seat for hand in after.waiting] == [2]


def test_the_secretary_withdraws_for_others() -> None:
    given(*WAITING).when(c.WithdrawFloor("r2"), ZHOU).then(e.FloorWithdrawn(2))


def test_withdrawing_needs_a_raised_hand() -> None:
    given(*DEBATED).when(c.WithdrawFloor(), ZHAO).then_refused(R.NOT_IN_QUEUE)
    given(*DEBATED, HAND_2).when(c.WithdrawFloor("r1"), ZHOU).then_refused(R.NOT_IN_QUEUE)


@pytest.mark.rule("R8")
def test_granting_takes_the_first_in_order_out_of_the_queue() -> None:
    after = given(*WAITING).when(c.GrantFloor(), LIN).then(e.FloorGranted(3, "question", True, DEADLINE))
    assert after.speech is not None
    assert (after.speech.seat, after.speech.deadline, after.speech.allowance_seconds) == (3, DEADLINE, 180)
    assert [hand.seat for hand in after.waiting] == [1, 2]
    given(*DEBATED, HAND_1, HAND_2).when(c.GrantFloor(), LIN).then(e.FloorGranted(1, "for", False, DEADLINE))


@pytest.mark.rule("R10")
def test_granting_by_name_passes_over_the_order() -> None:
    given(*WAITING).when(c.GrantFloor("r2"), LIN).then(
        e.FloorGranted(2, "against", False, DEADLINE, by_name=True)
    )


def test_granting_takes_out_only_the_entry_that_is_heard() -> None:
    both = (*DEBATED, HAND_1, e.FloorRequested(1, "talk", True, "self"))
    after = given(*both).when(c.GrantFloor("r1"), LIN).then(e.FloorGranted(1, "talk", True, DEADLINE))
    assert [(hand.seat, hand.point_of_order) for hand in after.waiting] == [(1, False)]


@pytest.mark.rule("R21")
def test_granting_ends_the_running_turn() -> None:
    after = (
        given(*SPEAKING, HAND_2)
        .when(c.GrantFloor(), LIN, NOON + MINUTE)
        .then(e.FloorYielded(1, 60), e.FloorGranted(2, "against", False, NOON + 4 * MINUTE))
    )
    assert after.speech is not None
    assert after.speech.seat == 2


def test_granting_needs_somebody_who_waits() -> None:
    given(*DEBATED).when(c.GrantFloor(), LIN).then_refused(R.NOBODY_WAITING)
    given(*BEGUN).when(c.GrantFloor(), LIN).then_refused(R.NOBODY_WAITING)
    given(*DEBATED, HAND_1).when(c.GrantFloor("r2"), LIN).then_refused(R.NOT_IN_QUEUE)
    given(*DEBATED).when(c.GrantFloor("r2"), LIN).then_refused(R.NOT_IN_QUEUE)


@pytest.mark.parametrize("actor", [ZHAO, LIN])
def test_speaker_and_chair_end_a_turn(actor: Actor) -> None:
    after = given(*SPEAKING).when(c.YieldFloor(), actor, NOON + 61_999).then(e.FloorYielded(1, 61))
    assert after.speech is None


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one not in (ZHAO, LIN)])
def test_nobody_else_ends_a_turn(actor: Actor) -> None:
    given(*SPEAKING).when(c.YieldFloor(), actor).then_refused(R.NOT_ALLOWED)


def test_without_a_speaker_there_is_nothing_to_end() -> None:
    given(*DEBATED).when(c.YieldFloor(), LIN).then_refused(R.INVALID_TRANSITION)
    given(*DEBATED).when(c.ExtendFloor(30), LIN).then_refused(R.INVALID_TRANSITION)
    given(*DEBATED).when(c.YieldFloor(), ZHAO).then_refused(R.NOT_ALLOWED)


@pytest.mark.rule("R30")
def test_more_time_moves_the_deadline() -> None:
    after = given(*SPEAKING).when(c.ExtendFloor(30), LIN).then(e.FloorExtended(1, 30))
    assert after.speech is not None
    assert (after.speech.deadline, after.speech.allowance_seconds) == (DEADLINE + 30_000, 210)


@pytest.mark.parametrize("seconds", [0, -30, 601])
def test_more_time_is_a_sensible_amount(seconds: int) -> None:
    for actor in (LIN, ZHAO):
        given(*SPEAKING).when(c.ExtendFloor(seconds), actor).then_refused(R.BAD_DATA, field="seconds")


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one is not LIN])
@pytest.mark.parametrize("command", OF_THE_CHAIR)
def test_nobody_but_the_chair_leads_the_debate(command: c.RoomCommand, actor: Actor) -> None:
    given(*SPEAKING, HAND_2).when(command, actor).then_refused(R.NOT_ALLOWED)


@pytest.mark.parametrize(
    "before", [ARRIVED, (*SPEAKING, HAND_2, e.MeetingSuspended()), (*OPENED, e.MeetingClosed())]
)
@pytest.mark.parametrize(
    ("command", "actor"),
    [
        *((command, LIN) for command in (*OF_THE_CHAIR, c.YieldFloor())),
        (c.RequestFloor("talk"), QIAN),
        (c.WithdrawFloor(), QIAN),
        (c.RequestFloor("talk", False, "r2"), ZHOU),
    ],
)
def test_nobody_speaks_outside_an_open_meeting(
    before: tuple[e.Event, ...], command: c.RoomCommand, actor: Actor
) -> None:
    started = given(*before)
    started.when(command, actor).then_refused(R.MEETING_NOT_OPEN, state=started.state.state)
