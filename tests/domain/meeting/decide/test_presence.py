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


@pytest.mark.parametrize("before", [(), (e.MeetingOpened(),), (e.MeetingOpened(), e.MeetingSuspended())])
def test_a_representative_checks_in_until_the_close(before: tuple[e.Event, ...]) -> None:
    after = given(*before).when(c.CheckIn(), ZHAO).then(e.PresenceCheckedIn(1, "self"))
    assert after.present == after.attended == {1}


def test_naming_oneself_is_the_same_as_naming_nobody() -> None:
    given().when(c.CheckIn("r1"), ZHAO).then(e.PresenceCheckedIn(1, "self"))
    given(*OPENED).when(c.Leave("r1"), ZHAO).then(e.PresenceLeft(1, "self"))


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


def test_leaving_does_not_reduce_the_base_of_an_open_poll() -> None:
    after = given(*POLLED).when(c.Leave(), QIAN).then(e.PresenceLeft(2, "self"))
    assert after.poll is not None
    assert after.poll.base == {1, 2, 3, 4, 5}


def test_arriving_before_the_close_of_a_poll_counts_as_present_in_it() -> None:
    after = given(*POLLED).when(c.CheckIn(), FENG).then(e.PresenceCheckedIn(6, "self"))
    assert after.poll is not None
    assert after.poll.base == {1, 2, 3, 4, 5, 6}
