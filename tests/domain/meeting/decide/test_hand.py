"""A hand that waits: its stance, the mode of the queue, the chair's moves."""

import pytest

from server.domain.actor import Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.queue import speaking_order
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import BEGUN, DEBATED, EVERYBODY, LIN, OPENED, QIAN, ZHAO, ZHOU
from tests.domain.given import given

HAND_1 = e.FloorRequested(1, "for", False, "self")
HAND_2 = e.FloorRequested(2, "against", False, "self")
POINT_1 = e.FloorRequested(1, "talk", True, "self")
WAITING = (*DEBATED, HAND_1, HAND_2)


@pytest.mark.rule("R6")
def test_a_stance_may_change_until_the_hand_is_called() -> None:
    after = given(*WAITING, POINT_1).when(c.ChangeFloor("question"), ZHAO).then(e.FloorChanged(1, "question"))
    assert [hand.stance for hand in after.waiting] == ["question", "against", "talk"]
    given(*WAITING).when(c.ChangeFloor("talk", "r2"), ZHOU).then(e.FloorChanged(2, "talk"))


def test_only_a_hand_that_is_up_changes() -> None:
    given(*DEBATED, POINT_1).when(c.ChangeFloor("talk"), ZHAO).then_refused(R.NOT_IN_QUEUE)
    given(*WAITING).when(c.ChangeFloor("talk", "r1"), QIAN).then_refused(R.NOT_ALLOWED)
    given(*OPENED, e.MeetingSuspended()).when(c.ChangeFloor("talk"), ZHAO).then_refused(R.MEETING_NOT_OPEN)


@pytest.mark.rule("R11")
def test_the_mode_changes_for_the_item_and_those_who_wait_stay() -> None:
    owners = (
        *DEBATED,
        e.FloorRequested(5, "talk", False, "self"),
        e.FloorRequested(1, "talk", False, "self"),
    )
    after = (
        given(*owners).when(c.OrderQueue("party_rotation"), LIN).then(e.QueueOrdered("i1", "party_rotation"))
    )
    assert [hand.seat for hand in speaking_order(after)] == [1, 5]
    again = given(*owners, e.QueueOrdered("i1", "least_spoken"), e.QueueClosed("i1", ()), e.ItemBegun("i2"))
    assert again.state.order_of_queue == "first_come"


def test_the_same_mode_is_no_change_and_a_mode_belongs_to_an_item() -> None:
    given(*DEBATED).when(c.OrderQueue("first_come"), LIN).then_refused(
        R.INVALID_TRANSITION, state="same_order"
    )
    given(*OPENED).when(c.OrderQueue("alternating"), LIN).then_refused(R.ITEM_NOT_CURRENT)
    given().when(c.OrderQueue("alternating"), LIN).then_refused(R.MEETING_NOT_OPEN)


@pytest.mark.rule("R10")
def test_the_chair_moves_a_hand() -> None:
    after = given(*WAITING).when(c.MoveQueue("r2", "r1"), LIN).then(e.QueueMoved(2, 1))
    assert [hand.seat for hand in speaking_order(after)] == [2, 1]
    given(*WAITING).when(c.MoveQueue("r2"), LIN).then(e.QueueMoved(2, None))


def test_a_later_move_counts_more_than_an_earlier_one() -> None:
    third = e.FloorRequested(3, "talk", False, "self")
    moved = (*WAITING, third, e.QueueMoved(3, None), e.QueueMoved(2, None))
    assert [hand.seat for hand in speaking_order(given(*moved).state)] == [2, 3, 1]


def test_both_hands_of_a_move_have_to_be_up() -> None:
    given(*WAITING).when(c.MoveQueue("r3"), LIN).then_refused(R.NOT_IN_QUEUE)
    given(*WAITING).when(c.MoveQueue("r1", "r3"), LIN).then_refused(R.NOT_IN_QUEUE)
    given(*WAITING).when(c.MoveQueue("r1", "r1"), LIN).then_refused(R.INVALID_TRANSITION, state="same_hand")
    given(*WAITING).when(c.MoveQueue("r9"), LIN).then_refused(R.NOT_FOUND)
    given(*WAITING).when(c.MoveQueue("r1", "r9"), LIN).then_refused(R.NOT_FOUND)
    given(*WAITING, e.MeetingSuspended()).when(c.MoveQueue("r1"), LIN).then_refused(R.MEETING_NOT_OPEN)


@pytest.mark.parametrize("actor", [actor for actor in EVERYBODY if not actor.is_one_of(Role.CHAIR)])
def test_nobody_but_the_chair_orders_the_queue(actor: object) -> None:
    for command in (c.OrderQueue("alternating"), c.MoveQueue("r2")):
        given(*WAITING).when(command, actor).then_refused(R.NOT_ALLOWED)  # type: ignore[arg-type]


def test_a_move_leaves_other_lanes_and_other_items_alone() -> None:
    after = given(*BEGUN, e.QueueOpened("i1"), HAND_1, POINT_1, e.QueueMoved(1, None)).state
    assert [(hand.point_of_order, hand.moved) for hand in after.waiting] == [(False, 1), (True, 0)]
