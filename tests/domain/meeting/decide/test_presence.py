"""签到 and 离场: for oneself, or by the secretary at the desk, until the meeting is closed."""

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import (
    DEBATED,
    FENG,
    LIN,
    MINUTE,
    NOON,
    OPENED,
    POLLED,
    QIAN,
    SPEAKING,
    WANG,
    XU,
    ZHAO,
    ZHENG,
    ZHOU,
)
from tests.domain.given import given

CLOSED = (*OPENED, e.MeetingClosed())
SUSPENDED = (*OPENED, e.MeetingSuspended())


@pytest.mark.rule("R42")
@pytest.mark.parametrize("before", [(), (e.MeetingOpened(),), (e.MeetingOpened(), e.MeetingSuspended())])
def test_a_representative_checks_in_until_the_close(before: tuple[e.Event, ...]) -> None:
    after = given(*before).when(c.CheckIn(), ZHAO).then(e.PresenceCheckedIn(1, "self"))
    assert after.present == after.attended == {1}


def test_naming_oneself_is_the_same_as_naming_nobody() -> None:
    given().when(c.CheckIn("r1"), ZHAO).then(e.PresenceCheckedIn(1, "self"))
    given(*OPENED).when(c.Leave("r1"), ZHAO).then(e.PresenceLeft(1, "self"))


@pytest.mark.rule("R41")
def test_the_secretary_checks_in_and_out_at_the_desk() -> None:
    given().when(c.CheckIn("r2"), ZHOU).then(e.PresenceCheckedIn(2, "desk"))
    given(*OPENED).when(c.Leave("r2"), ZHOU).then(e.PresenceLeft(2, "desk"))


@pytest.mark.parametrize("command", [c.CheckIn(), c.Leave()])
def test_the_secretary_has_to_name_somebody(command: c.RoomCommand) -> None:
    given(*OPENED).when(command, ZHOU).then_refused(R.BAD_DATA, field="representative")


@pytest.mark.parametrize("command", [c.CheckIn("r9"), c.Leave("r9")])
@pytest.mark.parametrize("actor", [ZHAO, ZHOU, LIN])
def test_a_person_without_a_seat_is_not_found(command: c.RoomCommand, actor: Actor) -> None:
    given(*OPENED).when(command, actor).then_refused(R.NOT_FOUND, what="representative")


@pytest.mark.parametrize("command", [c.CheckIn("r2"), c.Leave("r2")])
def test_nobody_checks_in_or_out_for_a_neighbour(command: c.RoomCommand) -> None:
    given(*OPENED).when(command, ZHAO).then_refused(R.NOT_ALLOWED)


@pytest.mark.parametrize("command", [c.CheckIn(), c.CheckIn("r6"), c.Leave(), c.Leave("r1")])
@pytest.mark.parametrize("actor", [LIN, ZHENG, XU, WANG])
def test_chair_observer_supervisor_and_stranger_have_no_presence(
    command: c.RoomCommand, actor: Actor
) -> None:
    given(*OPENED).when(command, actor).then_refused(R.NOT_ALLOWED)


def test_nobody_arrives_twice() -> None:
    given(*OPENED).when(c.CheckIn(), ZHAO).then_refused(R.ALREADY_PRESENT)
    given(*OPENED).when(c.CheckIn("r1"), ZHOU).then_refused(R.ALREADY_PRESENT)


def test_who_is_not_there_cannot_leave() -> None:
    given(*OPENED).when(c.Leave(), FENG).then_refused(R.NOT_PRESENT)
    given(*OPENED, e.PresenceLeft(1, "self")).when(c.Leave(), ZHAO).then_refused(R.NOT_PRESENT)


def test_who_left_may_come_back() -> None:
    gone = given(*OPENED, e.PresenceLeft(1, "self"))
    assert 1 not in gone.state.present
    assert 1 in gone.state.attended
    assert 1 in gone.when(c.CheckIn(), ZHAO).then(e.PresenceCheckedIn(1, "self")).present


@pytest.mark.parametrize("command", [c.CheckIn(), c.Leave()])
def test_a_closed_meeting_keeps_its_list(command: c.RoomCommand) -> None:
    given(*CLOSED).when(command, FENG).then_refused(R.MEETING_NOT_OPEN, state="closed")


def test_presence_may_change_during_a_break() -> None:
    given(*SUSPENDED).when(c.CheckIn(), FENG).then(e.PresenceCheckedIn(6, "self"))
    given(*SUSPENDED).when(c.Leave(), QIAN).then(e.PresenceLeft(2, "self"))


def test_leaving_ends_the_speakers_turn_with_the_time_spoken() -> None:
    given(*SPEAKING).when(c.Leave(), ZHAO, NOON + MINUTE).then(
        e.FloorYielded(1, 60), e.PresenceLeft(1, "self")
    )


def test_leaving_takes_a_raised_hand_down() -> None:
    waiting = (
        *DEBATED,
        e.FloorRequested(2, "for", False, "self"),
        e.FloorRequested(2, "question", True, "self"),
    )
    after = given(*waiting).when(c.Leave(), QIAN).then(e.FloorWithdrawn(2), e.PresenceLeft(2, "self"))
    assert after.waiting == ()


@pytest.mark.rule("R92")
def test_leaving_does_not_reduce_the_base_of_an_open_poll() -> None:
    after = given(*POLLED).when(c.Leave(), QIAN).then(e.PresenceLeft(2, "self"))
    assert after.poll is not None
    assert after.poll.base == {1, 2, 3, 4, 5}


@pytest.mark.rule("R60", "R92")
def test_arriving_before_the_close_of_a_poll_counts_as_present_in_it() -> None:
    after = given(*POLLED).when(c.CheckIn(), FENG).then(e.PresenceCheckedIn(6, "self"))
    assert after.poll is not None
    assert after.poll.base == {1, 2, 3, 4, 5, 6}


@pytest.mark.rule("R40")
@pytest.mark.parametrize("before", [(), OPENED, SUSPENDED])
def test_the_secretary_enters_who_asked_for_leave(before: tuple[e.Event, ...]) -> None:
    after = given(*before).when(c.Excuse("r6"), ZHOU).then(e.PresenceExcused(6, True))
    assert after.excused == {6}
    assert 6 not in after.present | after.attended


def test_a_leave_entered_for_the_wrong_person_is_taken_back() -> None:
    excused = given(e.PresenceExcused(6, True))
    assert excused.when(c.Excuse("r6", False), ZHOU).then(e.PresenceExcused(6, False)).excused == frozenset()


def test_who_was_excused_may_come_all_the_same() -> None:
    excused = given(*OPENED, e.PresenceExcused(6, True))
    after = excused.when(c.CheckIn(), FENG).then(e.PresenceCheckedIn(6, "self"))
    assert 6 in after.present
    assert after.excused == frozenset()
    given(*OPENED, e.PresenceExcused(6, True)).when(c.CheckIn("r6"), ZHOU).then(
        e.PresenceCheckedIn(6, "desk")
    )


def test_a_slip_at_the_desk_before_the_opening_leaves_room_for_a_leave() -> None:
    slip = (e.PresenceCheckedIn(6, "desk"), e.PresenceLeft(6, "desk"))
    assert given(*slip).when(c.Excuse("r6"), ZHOU).then(e.PresenceExcused(6, True)).excused == {6}


@pytest.mark.parametrize("actor", [LIN, ZHAO, FENG, ZHENG, XU, WANG])
def test_nobody_but_the_secretary_excuses_anybody(actor: Actor) -> None:
    given().when(c.Excuse("r6"), actor).then_refused(R.NOT_ALLOWED)


def test_a_person_without_a_seat_cannot_be_excused() -> None:
    given().when(c.Excuse("r9"), ZHOU).then_refused(R.NOT_FOUND, what="representative")


def test_who_is_there_is_not_excused() -> None:
    given(*OPENED).when(c.Excuse("r1"), ZHOU).then_refused(R.ALREADY_PRESENT)


def test_who_came_and_left_is_not_excused() -> None:
    gone = given(*OPENED, e.PresenceLeft(1, "self"))
    gone.when(c.Excuse("r1"), ZHOU).then_refused(R.INVALID_TRANSITION, state="left")


def test_nobody_is_excused_twice_nor_a_leave_taken_back_that_was_not_given() -> None:
    given(e.PresenceExcused(6, True)).when(c.Excuse("r6"), ZHOU).then_refused(
        R.INVALID_TRANSITION, state="excused"
    )
    given().when(c.Excuse("r6", False), ZHOU).then_refused(R.INVALID_TRANSITION, state="absent")


def test_after_the_close_nobody_is_excused() -> None:
    given(*CLOSED).when(c.Excuse("r6"), ZHOU).then_refused(R.MEETING_NOT_OPEN, state="closed")


def test_the_room_remembers_whom_the_desk_checked_in() -> None:
    at_desk = given(e.PresenceCheckedIn(2, "desk"), e.PresenceCheckedIn(3, "self"))
    assert at_desk.state.at_desk == {2}
    later = given(e.PresenceCheckedIn(2, "desk"), e.PresenceLeft(2, "desk"), e.PresenceCheckedIn(2, "self"))
    assert later.state.at_desk == frozenset()
