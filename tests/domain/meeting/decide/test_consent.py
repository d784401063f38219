"""无异议: ask the room, record its answer; an objection decides nothing."""

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import BEGUN, EVERYBODY, LIN, OPENED, ZHAO
from tests.domain.given import given

TEXT = "每晚十点熄灯"
ASK = c.AskConsent("i1", TEXT)
ASKED = (*BEGUN, e.ConsentAsked("i1", TEXT))
SENTENCE = "应到6人，实到5人，符合规定人数；经主持人询问，无人提出异议，一致通过。"


def test_the_chair_asks_the_room() -> None:
    after = given(*BEGUN).when(ASK, LIN).then(e.ConsentAsked("i1", TEXT))
    assert after.consent is not None
    assert (after.consent.item, after.consent.text) == ("i1", TEXT)
    assert after.has_open_question
    assert after.items[0].motion is not None


@pytest.mark.rule("P5", "R84")
def test_without_objection_the_text_is_adopted() -> None:
    after = (
        given(*ASKED)
        .when(c.RecordConsent("i1", False), LIN)
        .then(
            e.ConsentRecorded("i1", TEXT, False, 5, 6),
            e.ResolutionAdopted("m1.r1", 1, "i1", None, TEXT, SENTENCE),
        )
    )
    assert after.adoption is not None
    assert (after.adoption.present, after.adoption.entitled) == (5, 6)
    assert (after.consent, after.items[0].outcome) == (None, "passed")
    assert [resolution.poll for resolution in after.resolutions] == [None]


def test_an_objection_decides_nothing() -> None:
    after = (
        given(*ASKED).when(c.RecordConsent("i1", True), LIN).then(e.ConsentRecorded("i1", TEXT, True, 5, 6))
    )
    assert (after.consent, after.adoption, after.resolutions, after.items[0].outcome) == (
        None,
        None,
        (),
        None,
    )


def test_an_answer_needs_a_question() -> None:
    given(*BEGUN).when(c.RecordConsent("i1", False), LIN).then_refused(R.INVALID_TRANSITION)
    answered = (*ASKED, e.ConsentRecorded("i1", TEXT, True, 5, 6))
    given(*answered).when(c.RecordConsent("i1", False), LIN).then_refused(R.INVALID_TRANSITION)


def test_an_answer_names_the_item_that_was_asked() -> None:
    given(*ASKED).when(c.RecordConsent("i2", False), LIN).then_refused(R.ITEM_NOT_CURRENT)
    given(*ASKED).when(c.RecordConsent("i9", False), LIN).then_refused(R.NOT_FOUND, what="item")


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one is not LIN])
@pytest.mark.parametrize("command", [ASK, c.RecordConsent("i1", False), c.RecordConsent("i1", True)])
def test_nobody_but_the_chair_asks_and_records(command: c.RoomCommand, actor: Actor) -> None:
    given(*(BEGUN if command is ASK else ASKED)).when(command, actor).then_refused(R.NOT_ALLOWED)


@pytest.mark.parametrize("command", [ASK, c.RecordConsent("i1", False)])
def test_consent_needs_an_open_meeting(command: c.RoomCommand) -> None:
    given(*OPENED, e.MeetingSuspended()).when(command, LIN).then_refused(
        R.MEETING_NOT_OPEN, state="suspended"
    )
    given().when(command, LIN).then_refused(R.MEETING_NOT_OPEN, state="called")


@pytest.mark.parametrize("text", ["", " ", "长" * 601, "a\x00", "\udfff"])
def test_an_unsound_text_is_bad_data(text: str) -> None:
    for actor in (LIN, ZHAO):
        given(*BEGUN).when(c.AskConsent("i1", text), actor).then_refused(R.BAD_DATA, field="text")


def test_a_new_question_clears_the_adoption_from_the_screens() -> None:
    adopted = (*ASKED, e.ConsentRecorded("i1", TEXT, False, 5, 6))
    opened = given(*adopted).when(c.OpenPoll("i1", "再问一次", "open"), LIN).granted().events
    assert given(*adopted).state.adoption is not None
    assert given(*adopted, *opened).state.adoption is None
    assert given(*adopted, e.ItemFinished("i1"), e.ItemBegun("i2")).state.adoption is None
