"""保留意见: a short statement of one who did not agree, for the minutes (R81)."""

from dataclasses import replace

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import BEGUN, EVERYBODY, LIN, POLLED, POLLED_IN_SECRET, QIAN, ZHAO, ballot, poll_opened
from tests.domain.given import given

SAID = c.RecordDissent("m1.p1", "费用没有算清楚，请再核一遍。")
KEPT = e.DissentRecorded("m1.p1", 1, "费用没有算清楚，请再核一遍。")


def published(before: tuple[e.Event, ...], *choices: str) -> tuple[e.Event, ...]:
    box = given(*before).with_ballots(
        *(ballot(seat, choice) for seat, choice in enumerate(choices, 1)),
        totals={"for": 1, "against": 1},
    )
    closed = box.when(c.ClosePoll("m1.p1"), LIN).granted().events
    return (*before, *closed, e.PollPublished("m1.p1"))


NAMED = published(POLLED, "against", "for", "abstain")


@pytest.mark.rule("R81")
def test_who_voted_against_is_heard_in_the_minutes() -> None:
    after = given(*NAMED).when(SAID, ZHAO).then(KEPT)
    assert [(d.seat, d.text) for d in after.dissents] == [(1, SAID.text)]
    again = c.RecordDissent("m1.p1", "改一句。")
    later = given(*NAMED, KEPT).when(again, ZHAO).then(replace(KEPT, text="改一句。"))
    assert [d.text for d in later.dissents] == ["改一句。"]


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one is not ZHAO])
def test_nobody_else_is(actor: Actor) -> None:
    code = R.NOT_ALLOWED if actor.seat is None else R.INVALID_TRANSITION
    given(*NAMED).when(SAID, actor).then_refused(code)


def test_a_secret_poll_has_no_dissent() -> None:
    secret = published(POLLED_IN_SECRET, "against", "for")
    given(*secret).when(SAID, ZHAO).then_refused(R.NOT_ALLOWED)


def test_of_raised_hands_everybody_there_may_dissent() -> None:
    raised = (*BEGUN, replace(poll_opened(), method="hands", counted=5))
    counts = (c.HandCount("for", 4), c.HandCount("against", 1), c.HandCount("abstain", 0))
    counted = e.HandsCounted("m1.p1", counts, 2, 3)
    ended = given(*raised, counted).when(c.ConfirmHands("m1.p1"), LIN).granted().events
    given(*raised, counted, *ended, e.PollPublished("m1.p1")).when(SAID, QIAN).granted()


def test_not_before_the_result_is_out_and_not_without_a_text() -> None:
    given(*POLLED).when(SAID, ZHAO).then_refused(R.INVALID_TRANSITION)
    given(*NAMED, e.PollVoided("m1.p1", "x")).when(SAID, ZHAO).then_refused(R.INVALID_TRANSITION)
    given(*NAMED).when(c.RecordDissent("m1.p1", " "), ZHAO).then_refused(R.BAD_DATA)
    given(*NAMED).when(c.RecordDissent("m1.p1", "长" * 201), ZHAO).then_refused(R.BAD_DATA)
    given(*NAMED).when(c.RecordDissent("m1.p9", "x"), ZHAO).then_refused(R.NOT_FOUND)
