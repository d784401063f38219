"""先议后决: what has to be the case before a question is put to the room."""

import pytest

from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.pass_rule import PassRule, Quorum
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import BEGUN, DEBATED, LIN, OPENED, POLLED, SPEAKING, arrived, poll_opened
from tests.domain.given import Given, given

TEXT = "每晚十点熄灯"
POLL = c.OpenPoll("i1", TEXT, "open")
SOUNDING = c.OpenPoll("i1", TEXT, "open", nature="sounding")
ASSEMBLY = c.OpenPoll("i1", TEXT, "open", nature="assembly")
CONSENT = c.AskConsent("i1", TEXT)
DECIDING = (POLL, ASSEMBLY, CONSENT)
QUESTIONS = (*DECIDING, SOUNDING)
UNANNOUNCED = (*OPENED, e.ItemAdded("m1.i4", "临时"), e.ItemBegun("m1.i4"))


def opened_by(*seats: int) -> Given:
    return given(*arrived(*seats), e.MeetingOpened(), e.ItemBegun("i1"))


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_open_question_per_meeting(question: c.RoomCommand) -> None:
    given(*POLLED).when(question, LIN).then_refused(R.POLL_ALREADY_OPEN)
    given(*BEGUN, e.ConsentAsked("i1", TEXT)).when(question, LIN).then_refused(R.POLL_ALREADY_OPEN)


@pytest.mark.parametrize("question", QUESTIONS)
def test_an_answered_question_makes_room_for_the_next(question: c.RoomCommand) -> None:
    given(*POLLED, e.PollVoided("m1.p1", "念错了")).when(question, LIN).granted()
    asked = (*BEGUN, e.ConsentAsked("i1", TEXT), e.ConsentRecorded("i1", TEXT, True, 5, 6))
    given(*asked).when(question, LIN).granted()


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_item_is_the_current_one(question: c.RoomCommand) -> None:
    given(*OPENED).when(question, LIN).then_refused(R.ITEM_NOT_CURRENT)
    given(*OPENED, e.ItemBegun("i2")).when(question, LIN).then_refused(R.ITEM_NOT_CURRENT)
    given(*BEGUN, e.ItemFinished("i1")).when(question, LIN).then_refused(R.ITEM_NOT_CURRENT)


@pytest.mark.rule("R58")
@pytest.mark.parametrize("nature", ["deliberative", "assembly"])
def test_an_unannounced_item_is_never_decided(nature: c.Nature) -> None:
    given(*UNANNOUNCED).when(c.OpenPoll("m1.i4", TEXT, "open", nature=nature), LIN).then_refused(
        R.ITEM_NOT_ANNOUNCED
    )
    given(*UNANNOUNCED).when(c.AskConsent("m1.i4", TEXT), LIN).then_refused(R.ITEM_NOT_ANNOUNCED)


def test_an_unannounced_item_may_be_sounded() -> None:
    sounding = c.OpenPoll("m1.i4", TEXT, "secret", nature="sounding")
    given(*UNANNOUNCED).when(sounding, LIN).granted()


@pytest.mark.rule("S93", "R45")
@pytest.mark.parametrize("question", DECIDING)
def test_the_quorum_needs_enough_heads(question: c.RoomCommand) -> None:
    opened_by(1, 2, 3).when(question, LIN).then_refused(R.NO_QUORUM, present=3, needed=4)


@pytest.mark.parametrize("question", DECIDING)
def test_the_quorum_needs_every_party(question: c.RoomCommand) -> None:
    opened_by(1, 2, 3, 5, 6).when(question, LIN).then_refused(R.NO_QUORUM, present=5, needed=4)
    opened_by(1, 2, 3, 4, 5).when(question, LIN).granted()


def test_a_sounding_needs_no_quorum() -> None:
    opened_by().when(SOUNDING, LIN).granted()


def test_a_poll_with_a_rule_of_its_own_has_that_rules_quorum() -> None:
    rule = PassRule("cast", "1/2", True, Quorum("1/6", 0))
    opened_by(1).when(c.OpenPoll("i1", TEXT, "open", rule=rule), LIN).granted()
    full = PassRule("cast", "1/2", True, Quorum("1/1", 1))
    opened_by(1, 2, 3, 4, 5).when(c.OpenPoll("i1", TEXT, "open", rule=full), LIN).then_refused(
        R.NO_QUORUM, present=5, needed=6
    )


def test_leaving_may_cost_the_quorum() -> None:
    given(*BEGUN, e.PresenceLeft(4, "self")).when(POLL, LIN).then_refused(R.NO_QUORUM)
    given(*BEGUN, e.PresenceLeft(5, "self"), *arrived(6)).when(POLL, LIN).granted()


@pytest.mark.rule("R58")
@pytest.mark.parametrize("question", QUESTIONS)
def test_nobody_waits_or_speaks_when_a_question_is_put(question: c.RoomCommand) -> None:
    hand = e.FloorRequested(2, "talk", False, "self")
    given(*DEBATED, hand).when(question, LIN).then_refused(R.DEBATE_OPEN, waiting=1)
    given(*SPEAKING).when(question, LIN).then_refused(R.DEBATE_OPEN, waiting=0)
    given(*DEBATED).when(question, LIN).granted()


def test_the_chairs_word_passes_over_an_open_debate() -> None:
    hand = e.FloorRequested(2, "talk", False, "self")
    confirmed = c.OpenPoll("i1", TEXT, "open", confirmed=True)
    given(*SPEAKING, hand).when(confirmed, LIN).granted()
    given(*SPEAKING, hand).when(c.AskConsent("i1", TEXT, confirmed=True), LIN).granted()


def test_the_chairs_word_passes_over_nothing_else() -> None:
    confirmed = c.OpenPoll("i1", TEXT, "open", confirmed=True)
    given(*POLLED).when(confirmed, LIN).then_refused(R.POLL_ALREADY_OPEN)
    given(*OPENED).when(confirmed, LIN).then_refused(R.ITEM_NOT_CURRENT)
    opened_by(1).when(confirmed, LIN).then_refused(R.NO_QUORUM)
    given(*UNANNOUNCED).when(c.OpenPoll("m1.i4", TEXT, "open", confirmed=True), LIN).then_refused(
        R.ITEM_NOT_ANNOUNCED
    )


def test_polls_are_numbered_through_the_meeting() -> None:
    voided = (*POLLED, e.PollVoided("m1.p1", "念错了"))
    (opened,) = given(*voided).when(POLL, LIN).granted().events
    assert isinstance(opened, e.PollOpened)
    assert opened.poll == poll_opened(2).poll
