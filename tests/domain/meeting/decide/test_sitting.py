"""开会, 休会, 复会, 散会: chair only; the wrong state or an open question is INVALID_TRANSITION."""

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.evolve import evolve
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import ARRIVED, BEGUN, EVERYBODY, LIN, MINUTE, NOON, OPENED, POLLED, SPEAKING
from tests.domain.given import Given, given

SITTING = (c.OpenMeeting(), c.SuspendMeeting(), c.ResumeMeeting(), c.CloseMeeting())
SUSPENDED = (*OPENED, e.MeetingSuspended())
CLOSED = (*OPENED, e.MeetingClosed())


def test_the_chair_opens_a_called_meeting_without_a_quorum() -> None:
    assert given().when(c.OpenMeeting(), LIN).then(e.MeetingOpened()).state == "open"


def test_the_chair_suspends_and_resumes() -> None:
    assert given(*OPENED).when(c.SuspendMeeting(), LIN).then(e.MeetingSuspended()).state == "suspended"
    assert given(*SUSPENDED).when(c.ResumeMeeting(), LIN).then(e.MeetingResumed()).state == "open"


@pytest.mark.parametrize("before", [OPENED, SUSPENDED])
def test_the_chair_closes_an_open_or_suspended_meeting(before: tuple[e.Event, ...]) -> None:
    assert given(*before).when(c.CloseMeeting(), LIN).then(e.MeetingClosed()).state == "closed"


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one is not LIN])
@pytest.mark.parametrize("command", SITTING)
def test_nobody_but_the_chair_acts_for_the_sitting(command: c.RoomCommand, actor: Actor) -> None:
    given(*OPENED).when(command, actor).then_refused(R.NOT_ALLOWED)


@pytest.mark.parametrize(
    ("before", "command"),
    [
        (OPENED, c.OpenMeeting()),
        (SUSPENDED, c.OpenMeeting()),
        (CLOSED, c.OpenMeeting()),
        (ARRIVED, c.SuspendMeeting()),
        (SUSPENDED, c.SuspendMeeting()),
        (CLOSED, c.SuspendMeeting()),
        (ARRIVED, c.ResumeMeeting()),
        (OPENED, c.ResumeMeeting()),
        (CLOSED, c.ResumeMeeting()),
        (ARRIVED, c.CloseMeeting()),
        (CLOSED, c.CloseMeeting()),
    ],
)
def test_an_act_in_the_wrong_state_is_refused(before: tuple[e.Event, ...], command: c.RoomCommand) -> None:
    started = given(*before)
    started.when(command, LIN).then_refused(R.INVALID_TRANSITION, state=started.state.state)


@pytest.mark.parametrize("question", [POLLED, (*BEGUN, e.ConsentAsked("i1", "每晚十点熄灯"))])
@pytest.mark.parametrize("command", [c.SuspendMeeting(), c.CloseMeeting()])
def test_an_open_question_keeps_the_meeting_together(
    question: tuple[e.Event, ...], command: c.RoomCommand
) -> None:
    given(*question).when(command, LIN).then_refused(R.INVALID_TRANSITION)


def test_closing_ends_turn_queue_and_item_in_this_order() -> None:
    waiting = (*SPEAKING, e.FloorRequested(2, "against", False, "self"))
    after = (
        given(*waiting)
        .when(c.CloseMeeting(), LIN, NOON + 65_000)
        .then(
            e.FloorYielded(1, 65),
            e.QueueClosed("i1", (2,)),
            e.ItemFinished("i1"),
            e.MeetingClosed(),
        )
    )
    assert (after.speech, after.waiting, after.queue_open, after.current_item) == (None, (), False, None)


def test_suspending_keeps_queue_and_the_speakers_clock() -> None:
    before = given(*SPEAKING, e.FloorRequested(2, "for", False, "self")).state
    paused = evolve(before, e.MeetingSuspended(), NOON + MINUTE)
    assert paused.speech is not None
    assert (paused.speech.deadline, paused.speech.remaining_ms) == (None, 2 * MINUTE)
    resumed = evolve(paused, e.MeetingResumed(), NOON + 31 * MINUTE)
    assert resumed.speech is not None
    assert (resumed.speech.deadline, resumed.speech.remaining_ms) == (NOON + 33 * MINUTE, None)
    assert resumed.waiting == paused.waiting == before.waiting
    assert resumed.queue_open


@pytest.mark.rule("R33")
def test_a_turn_in_overtime_stays_in_overtime_over_a_break() -> None:
    late = NOON + 4 * MINUTE
    paused = evolve(given(*SPEAKING).state, e.MeetingSuspended(), late)
    resumed = evolve(paused, e.MeetingResumed(), late + 10 * MINUTE)
    assert resumed.speech is not None
    assert resumed.speech.deadline == late + 9 * MINUTE


@pytest.mark.rule("R23")
def test_a_break_is_no_speaking_time() -> None:
    paused = evolve(given(*SPEAKING).state, e.MeetingSuspended(), NOON + MINUTE)
    Given(paused).when(c.CloseMeeting(), LIN, NOON + 30 * MINUTE).then(
        e.FloorYielded(1, 60), e.QueueClosed("i1", ()), e.ItemFinished("i1"), e.MeetingClosed()
    )
    resumed = evolve(paused, e.MeetingResumed(), NOON + 20 * MINUTE)
    Given(resumed).when(c.YieldFloor(), LIN, NOON + 21 * MINUTE).then(e.FloorYielded(1, 120))


def test_a_void_poll_does_not_hold_the_meeting() -> None:
    voided = (*POLLED, e.PollVoided("m1.p1", "念错了"))
    given(*voided).when(c.CloseMeeting(), LIN).then(e.ItemFinished("i1"), e.MeetingClosed())
