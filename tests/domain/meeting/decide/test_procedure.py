"""Procedural motions, urgent items handed over, reconsideration (P18, P20)."""

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import BEGUN, EVERYBODY, LIN, OPENED, POLLED, ZHAO, ZHOU
from tests.domain.given import given

RECESS = c.DecideProcedure("recess", "休息十分钟", True)
ADOPTED = (
    *BEGUN,
    e.ConsentAsked("i1", "放在东侧"),
    e.ConsentRecorded("i1", "放在东侧", False, 5, 6),
    e.ResolutionAdopted("m1.r1", 1, "i1", None, "放在东侧", "一致通过。"),
)
ADDED = (*OPENED, e.ItemAdded("i4", "水管爆裂"), e.ItemBegun("i4"))
REFER = c.ReferItem("i4", "物业公司", "今晚抢修，费用下次会议报告")


@pytest.mark.rule("P18")
@pytest.mark.parametrize(
    ("hands", "passed"),
    [((3, 1, 1), True), ((1, 0, 4), True), ((2, 2, 1), False), ((0, 0, 5), False), ((1, 2, 0), False)],
)
def test_more_hands_for_than_against_pass_a_procedural_motion(
    hands: tuple[int, int, int], passed: bool
) -> None:
    command = c.DecideProcedure("close_debate", "结束讨论", False, *hands, representative="r2")
    decided = e.ProcedureDecided("i1", "close_debate", "结束讨论", 2, False, *hands, 5, passed)
    after = given(*BEGUN).when(command, LIN).then(decided)
    assert (after.resolutions, after.items[0].outcome) == ((), None)
    assert after.is_procedure_shown
    assert after.procedures[0].passed is passed


@pytest.mark.rule("P18")
def test_nobody_objecting_passes_it_without_a_count() -> None:
    given(*OPENED).when(RECESS, LIN).then(
        e.ProcedureDecided(None, "recess", "休息十分钟", None, True, 0, 0, 0, 5, True)
    )


@pytest.mark.parametrize(
    "hands", [(False, 0, 0, 0), (True, 1, 0, 0), (False, -1, 2, 0), (False, 4, 1, 1), (False, 6, 0, 0)]
)
def test_hands_have_to_add_up(hands: tuple[bool, int, int, int]) -> None:
    given(*BEGUN).when(c.DecideProcedure("other", "先议第三项", *hands), LIN).then_refused(
        R.BAD_DATA, field="in_favour"
    )


def test_procedure_is_recorded_by_the_chair_while_nothing_else_is_asked() -> None:
    for actor in EVERYBODY:
        if actor is not LIN:
            given(*BEGUN).when(RECESS, actor).then_refused(R.NOT_ALLOWED)
    given(*BEGUN).when(c.DecideProcedure("other", " ", True), LIN).then_refused(R.BAD_DATA, field="text")
    unknown = c.DecideProcedure("other", "先议第三项", True, representative="r9")
    given(*BEGUN).when(unknown, LIN).then_refused(R.NOT_FOUND, what="representative")
    given(*BEGUN, e.MeetingSuspended()).when(RECESS, LIN).then_refused(R.MEETING_NOT_OPEN)
    given(*POLLED).when(RECESS, LIN).then_refused(R.POLL_ALREADY_OPEN)


def test_its_result_stays_in_sight_until_the_next_thing_happens() -> None:
    decided = given(*OPENED).when(RECESS, LIN).granted().events
    assert given(*OPENED, *decided, e.PresenceCheckedIn(6, "self")).state.is_procedure_shown
    assert not given(*OPENED, *decided, e.ItemBegun("i1")).state.is_procedure_shown


@pytest.mark.rule("P18")
def test_an_urgent_item_is_only_discussed_and_handed_over() -> None:
    for actor in (LIN, ZHOU):
        after = given(*ADDED).when(REFER, actor).then(e.ItemReferred("i4", "物业公司", REFER.text))
        assert after.items[3].referred == ("物业公司", REFER.text)
    given(*ADDED).when(c.OpenPoll("i4", "抢修", "open"), LIN).then_refused(R.ITEM_NOT_ANNOUNCED)
    given(*ADDED).when(REFER, ZHAO).then_refused(R.NOT_ALLOWED)
    given(*ADDED, e.ItemReferred("i4", "物业公司", "抢修")).when(REFER, LIN).then_refused(
        R.INVALID_TRANSITION, state="referred"
    )
    given(*BEGUN).when(c.ReferItem("i1", "物业公司", "抢修"), LIN).then_refused(
        R.INVALID_TRANSITION, state="announced"
    )
    given(*BEGUN).when(c.ReferItem("i2", "物业公司", "抢修"), LIN).then_refused(R.ITEM_NOT_CURRENT)
    given(*BEGUN).when(c.ReferItem("i9", "物业公司", "抢修"), LIN).then_refused(R.NOT_FOUND, what="item")
    given(*ADDED, e.MeetingSuspended()).when(REFER, LIN).then_refused(R.MEETING_NOT_OPEN)
    given(*ADDED).when(c.ReferItem("i4", "", "抢修"), LIN).then_refused(R.BAD_DATA, field="to")
    given(*ADDED).when(c.ReferItem("i4", "物业", "长" * 301), LIN).then_refused(R.BAD_DATA, field="text")


@pytest.mark.rule("P20")
@pytest.mark.parametrize("actor", [LIN, ZHOU])
def test_a_third_of_all_seats_or_new_facts_ask_for_reconsideration(actor: Actor) -> None:
    asked = c.RequestReconsideration("m1.r1", "seats", 2, "选址离住户太近")
    after = (
        given(*ADOPTED)
        .when(asked, actor)
        .then(e.ReconsiderationRequested("m1.r1", "seats", 2, 6, "选址离住户太近"))
    )
    assert not after.resolutions[0].void
    assert after.items[0].outcome == "passed"
    few = c.RequestReconsideration("m1.r1", "seats", 1, "选址离住户太近")
    given(*ADOPTED).when(few, actor).then_refused(R.INVALID_TRANSITION, state="too_few", needed=2)
    given(*ADOPTED).when(c.RequestReconsideration("m1.r1", "facts", 1, "发现地下管线"), actor).granted()


@pytest.mark.rule("P20")
def test_reconsideration_is_asked_once_of_a_resolution_that_stands() -> None:
    ask = c.RequestReconsideration("m1.r1", "facts", 1, "发现地下管线")
    asked = e.ReconsiderationRequested("m1.r1", "facts", 1, 6, "发现地下管线")
    given(*ADOPTED, asked).when(ask, LIN).then_refused(R.INVALID_TRANSITION, state="requested")
    given(*ADOPTED).when(ask, ZHAO).then_refused(R.NOT_ALLOWED)
    given(*BEGUN).when(ask, LIN).then_refused(R.NOT_FOUND, what="resolution")
    for seats in (0, 7):
        wrong = c.RequestReconsideration("m1.r1", "facts", seats, "x")
        given(*ADOPTED).when(wrong, LIN).then_refused(R.BAD_DATA, field="seats")
    given(*ADOPTED).when(c.RequestReconsideration("m1.r1", "facts", 1, ""), LIN).then_refused(
        R.BAD_DATA, field="reason"
    )
    given(*ADOPTED, e.MeetingClosed()).when(ask, ZHOU).then(asked)
    signing = (*ADOPTED, e.MeetingClosed(), e.MinutesFinalised("0" * 64, ()))
    given(*signing).when(ask, ZHOU).then_refused(R.INVALID_TRANSITION, state="closed")
