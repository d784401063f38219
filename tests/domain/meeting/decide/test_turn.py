"""A running turn: the clock that stands, a question, a turn that goes on or never was, rulings."""

from dataclasses import replace

import pytest

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.turn import CANCEL_MS
from server.domain.meeting.evolve import fold
from server.domain.meeting.rules import SpeakingRules
from server.domain.meeting.state import Meeting, PastSpeech
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import CALLED, DEBATED, EVERYBODY, LIN, MINUTE, NOON, QIAN, SPEAKING, ZHAO
from tests.domain.given import given

CHAIRS_OWN = (
    c.PauseFloor(),
    c.ResumeFloor(),
    c.InterposeFloor("r2"),
    c.CancelFloor(),
    c.RecordRuling("upheld"),
)
HELD = (*SPEAKING, e.FloorPaused(1))
ASKED = (*SPEAKING, e.FloorInterposed(2, NOON + MINUTE))
POINT = (*DEBATED, e.FloorRequested(3, "talk", True, "self"), e.FloorGranted(3, "talk", True, NOON + MINUTE))


def after(*happened: tuple[e.Event, int]) -> Meeting:
    """The meeting after SPEAKING and these events, so many milliseconds later each."""
    state = fold(Meeting("m1"), ((event, NOON) for event in (CALLED, *SPEAKING)))
    return fold(state, ((event, NOON + later) for event, later in happened))


@pytest.mark.rule("R35")
def test_a_paused_turn_keeps_what_is_left_and_goes_on_with_it() -> None:
    given(*SPEAKING).when(c.PauseFloor(), LIN).then(e.FloorPaused(1))
    held = after((e.FloorPaused(1), MINUTE)).speech
    assert held is not None
    assert (held.deadline, held.remaining_ms, held.spoken_ms, held.is_held) == (
        None,
        2 * MINUTE,
        MINUTE,
        True,
    )
    given(*HELD).when(c.ResumeFloor(), LIN).then(e.FloorResumed(1))
    runs = after((e.FloorPaused(1), MINUTE), (e.FloorResumed(1), 5 * MINUTE)).speech
    assert runs is not None
    assert (runs.deadline, runs.spoken_ms, runs.is_held) == (NOON + 7 * MINUTE, MINUTE, False)


@pytest.mark.rule("R35")
def test_the_end_of_a_break_does_not_start_a_clock_the_chair_had_stopped() -> None:
    break_ = ((e.MeetingSuspended(), 2 * MINUTE), (e.MeetingResumed(), 9 * MINUTE))
    held = after((e.FloorPaused(1), MINUTE), *break_).speech
    assert held is not None
    assert (held.deadline, held.remaining_ms) == (None, 2 * MINUTE)
    asked = after((e.FloorInterposed(2, NOON + MINUTE), 0), *break_)
    assert asked.interposed is not None
    assert asked.interposed.deadline == NOON + 8 * MINUTE


def test_a_clock_is_stopped_and_started_once() -> None:
    given(*HELD).when(c.PauseFloor(), LIN).then_refused(R.INVALID_TRANSITION, state="held")
    given(*SPEAKING).when(c.ResumeFloor(), LIN).then_refused(R.INVALID_TRANSITION, state="running")
    given(*ASKED).when(c.ResumeFloor(), LIN).then_refused(R.INVALID_TRANSITION, state="interposed")


@pytest.mark.parametrize("command", CHAIRS_OWN)
def test_without_a_turn_there_is_nothing_to_do(command: c.RoomCommand) -> None:
    given(*DEBATED).when(command, LIN).then_refused(R.INVALID_TRANSITION)
    given(*SPEAKING, e.MeetingSuspended()).when(command, LIN).then_refused(R.MEETING_NOT_OPEN)


@pytest.mark.parametrize("actor", [actor for actor in EVERYBODY if not actor.is_one_of(Role.CHAIR)])
@pytest.mark.parametrize("command", [*CHAIRS_OWN, c.ReturnFloor()])
def test_nobody_but_the_chair_leads_a_turn(command: c.RoomCommand, actor: Actor) -> None:
    given(*SPEAKING).when(command, actor).then_refused(R.NOT_ALLOWED)


@pytest.mark.rule("R19")
def test_a_question_stops_the_speakers_clock_and_has_its_own() -> None:
    given(*SPEAKING).when(c.InterposeFloor("r2"), LIN).then(e.FloorInterposed(2, NOON + MINUTE))
    state = after((e.FloorInterposed(2, NOON + 3 * MINUTE), 2 * MINUTE))
    assert state.speech is not None
    assert state.interposed is not None
    assert (state.speech.remaining_ms, state.speech.is_held) == (MINUTE, True)
    assert (state.interposed.seat, state.interposed.allowance_seconds) == (2, 60)


@pytest.mark.rule("R19", "R20")
@pytest.mark.parametrize("actor", [LIN, QIAN])
def test_asker_or_chair_end_the_question_and_the_answer_is_the_speakers_own_time(actor: Actor) -> None:
    answered = given(*ASKED).when(c.YieldFloor(), actor, NOON + 30_000).then(e.FloorHandedBack(2, 30))
    assert answered.interposed is None
    assert answered.speech is not None
    given(*ASKED, e.FloorHandedBack(2, 30)).when(c.ResumeFloor(), LIN).then(e.FloorResumed(1))


@pytest.mark.rule("R19")
def test_the_end_of_the_turn_ends_its_question() -> None:
    given(*ASKED).when(c.YieldFloor(), ZHAO, NOON + 9_000).then(e.FloorHandedBack(2, 9), e.FloorYielded(1, 0))
    given(*ASKED).when(c.Leave(), QIAN, NOON + 9_000).then(e.FloorHandedBack(2, 9), e.PresenceLeft(2, "self"))


@pytest.mark.rule("R19")
def test_no_question_to_a_question_to_a_point_of_order_or_to_oneself() -> None:
    given(*ASKED).when(c.InterposeFloor("r3"), LIN).then_refused(R.INVALID_TRANSITION, state="interposed")
    given(*SPEAKING).when(c.InterposeFloor("r1"), LIN).then_refused(R.INVALID_TRANSITION, state="interposed")
    given(*POINT).when(c.InterposeFloor("r1"), LIN).then_refused(R.INVALID_TRANSITION, state="interposed")
    given(*SPEAKING).when(c.InterposeFloor("r6"), LIN).then_refused(R.NOT_PRESENT)
    given(*SPEAKING).when(c.InterposeFloor("r9"), LIN).then_refused(R.NOT_FOUND)


@pytest.mark.rule("R19")
def test_a_procedure_without_questions_has_none() -> None:
    plain = given(*SPEAKING, called=replace(CALLED, speaking_rules=SpeakingRules()))
    plain.when(c.InterposeFloor("r2"), LIN).then_refused(R.INVALID_TRANSITION, state="no_questions")


@pytest.mark.rule("R22")
def test_the_last_speaker_goes_on_without_a_second_turn() -> None:
    over = (*SPEAKING, e.FloorYielded(1, 0))
    assert given(*over).state.past_speeches == (PastSpeech(1, "estate", "i1", "for", False, 0),)
    given(*over).when(c.ReturnFloor(), LIN).then(e.FloorReturned(1))
    state = after((e.FloorYielded(1, 60), MINUTE), (e.FloorReturned(1), 4 * MINUTE))
    assert state.past_speeches == ()
    assert state.speech is not None
    assert (state.speech.deadline, state.speech.spoken_ms) == (NOON + 6 * MINUTE, MINUTE)
    again = after(
        (e.FloorYielded(1, 60), MINUTE), (e.FloorReturned(1), 4 * MINUTE), (e.FloorYielded(1, 90), 5 * MINUTE)
    )
    assert [turn.spoken_ms for turn in again.past_speeches] == [2 * MINUTE]


@pytest.mark.rule("R22")
def test_only_the_last_of_this_debate_may_return() -> None:
    over = (*SPEAKING, e.FloorYielded(1, 0))
    for before in (SPEAKING, DEBATED, (*over, e.QueueClosed("i1", ())), (*over, e.PresenceLeft(1, "self"))):
        given(*before).when(c.ReturnFloor(), LIN).then_refused(R.INVALID_TRANSITION, state="nobody_to_return")


@pytest.mark.rule("R12")
def test_a_turn_begun_by_mistake_never_was() -> None:
    both = (*DEBATED, e.FloorRequested(2, "for", False, "self"), e.FloorRequested(1, "for", False, "self"))
    begun = (
        *both,
        e.FloorRequested(3, "talk", False, "self"),
        e.FloorGranted(1, "for", False, NOON + 180_000),
    )
    state = given(*begun).when(c.CancelFloor(), LIN, NOON + CANCEL_MS).then(e.FloorCancelled(1))
    assert ([hand.seat for hand in state.waiting], state.speech, state.past_speeches) == ([2, 1, 3], None, ())
    late = given(*begun).when(c.CancelFloor(), LIN, NOON + CANCEL_MS + 1)
    late.then_refused(R.INVALID_TRANSITION, state="turn_under_way")


@pytest.mark.rule("R12")
def test_a_hand_raised_again_meanwhile_stays_the_only_one() -> None:
    again = (*SPEAKING, e.FloorRequested(1, "talk", False, "self"))
    given(*again).when(c.CancelFloor(), LIN).then_refused(R.ALREADY_IN_QUEUE)


@pytest.mark.rule("R17")
def test_the_chair_rules_on_the_last_point_of_order() -> None:
    ruled = e.RulingRecorded(3, "upheld", "请把话筒拿近一些")
    given(*POINT).when(c.RecordRuling("upheld", "请把话筒拿近一些"), LIN).then(ruled)
    over = (*POINT, e.FloorYielded(3, 5))
    assert (
        given(*over).when(c.RecordRuling("upheld", "请把话筒拿近一些"), LIN).then(ruled).rulings[0].item
        == "i1"
    )
    given(*SPEAKING).when(c.RecordRuling("upheld"), LIN).then_refused(
        R.INVALID_TRANSITION, state="no_point_of_order"
    )
    given(*POINT).when(c.RecordRuling("upheld", "a\x00"), LIN).then_refused(R.BAD_DATA, field="reason")


@pytest.mark.rule("R15")
def test_reason_and_note_belong_to_points_of_order() -> None:
    asked = c.RequestFloor("talk", True, None, "hearing", "听不清")
    given(*DEBATED).when(asked, QIAN).then(e.FloorRequested(2, "talk", True, "self", "hearing", "听不清"))
    given(*DEBATED).when(c.RequestFloor("talk", reason="hearing"), QIAN).then_refused(
        R.BAD_DATA, field="note"
    )
    given(*DEBATED).when(c.RequestFloor("talk", True, note="长" * 61), QIAN).then_refused(
        R.BAD_DATA, field="note"
    )


@pytest.mark.rule("R15", "R18")
def test_points_of_order_have_a_limit_of_seconds_and_of_number_where_the_procedure_says_so() -> None:
    rules = SpeakingRules(point_of_order_seconds=60, points_of_order_per_item=1)
    called = replace(CALLED, speaking_rules=rules)
    hand = e.FloorRequested(3, "talk", True, "self")
    given(*DEBATED, hand, called=called).when(c.GrantFloor(), LIN).then(
        e.FloorGranted(3, "talk", True, NOON + MINUTE)
    )
    given(*POINT, called=called).when(c.RequestFloor("talk", True), _seat(3)).then_refused(
        R.INVALID_TRANSITION, state="points_of_order"
    )


@pytest.mark.rule("R16")
def test_a_point_of_order_stops_no_running_turn_by_itself() -> None:
    asked = (
        given(*SPEAKING)
        .when(c.RequestFloor("talk", True), QIAN)
        .then(e.FloorRequested(2, "talk", True, "self"))
    )
    assert asked.speech is not None
    assert asked.speech.deadline is not None


def _seat(number: int) -> Actor:
    return next(actor for actor in EVERYBODY if actor.seat == number)
