"""表决事项: its wording, put before the room for the current item by chair or secretary."""

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import BEGUN, EVERYBODY, LIN, OPENED, POLLED, ZHAO, ZHOU
from tests.domain.given import given

TEXT = "放在3栋与4栋之间，每晚十点停用"
WORD = c.WordMotion("i1", TEXT)


@pytest.mark.parametrize("actor", [LIN, ZHOU])
def test_chair_or_secretary_words_the_motion_of_the_current_item(actor: Actor) -> None:
    after = given(*BEGUN).when(WORD, actor).then(e.MotionWorded("i1", TEXT))
    assert after.items[0].motion == TEXT


def test_a_later_wording_takes_the_place_of_the_former() -> None:
    given(*BEGUN, e.MotionWorded("i1", "先前的说法")).when(WORD, LIN).then(e.MotionWorded("i1", TEXT))


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one not in (LIN, ZHOU)])
def test_nobody_else_words_motions(actor: Actor) -> None:
    given(*BEGUN).when(WORD, actor).then_refused(R.NOT_ALLOWED)


@pytest.mark.parametrize("text", ["", " ", "长" * 601, "a\x00"])
def test_an_unsound_text_is_bad_data(text: str) -> None:
    for actor in (LIN, ZHAO):
        given(*BEGUN).when(c.WordMotion("i1", text), actor).then_refused(R.BAD_DATA, field="text")


def test_a_motion_belongs_to_the_current_item_of_an_open_meeting() -> None:
    given(*BEGUN).when(c.WordMotion("i9", TEXT), LIN).then_refused(R.NOT_FOUND, what="item")
    given(*BEGUN).when(c.WordMotion("i2", TEXT), LIN).then_refused(R.ITEM_NOT_CURRENT)
    given(*OPENED).when(WORD, LIN).then_refused(R.ITEM_NOT_CURRENT)
    given(*BEGUN, e.MeetingSuspended()).when(WORD, LIN).then_refused(R.MEETING_NOT_OPEN)


def test_what_is_being_decided_is_not_worded_anew() -> None:
    given(*POLLED).when(WORD, LIN).then_refused(R.POLL_ALREADY_OPEN)
    given(*BEGUN, e.ConsentAsked("i1", TEXT)).when(WORD, ZHOU).then_refused(R.POLL_ALREADY_OPEN)
