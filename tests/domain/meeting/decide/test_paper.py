"""手机票与纸质票二选一 (R63), and a ballot changed or withdrawn before the close (R66)."""

from dataclasses import replace

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide import Decided
from server.domain.meeting.rules import PollRules
from server.domain.meeting.state import Ballot
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import (
    BEGUN,
    EVERYBODY,
    LIN,
    NOON,
    POLLED,
    POLLED_IN_SECRET,
    QIAN,
    ZHAO,
    ZHOU,
    ballot,
    poll_opened,
)
from tests.domain.given import Given, given

OUT, BACK = c.HandOutPaper("m1.p1", "r1"), c.TakeBackPaper("m1.p1", "r1")
ON_PAPER = e.PaperHandedOut("m1.p1", 1)
CAST = c.CastBallot("m1.p1", "for", "n1")
AGAIN = c.CastBallot("m1.p1", "against", "n2")
WITHDRAW = c.WithdrawBallot("m1.p1")
CHANGEABLE = (*BEGUN, replace(poll_opened(), may_change=True))


@pytest.mark.rule("R63", "P6")
def test_paper_locks_the_phone_until_it_comes_back() -> None:
    given(*POLLED).when(OUT, ZHOU).then(ON_PAPER)
    held = given(*POLLED, ON_PAPER)
    held.when(CAST, ZHAO).then_refused(R.ON_PAPER)
    held.when(OUT, ZHOU).then_refused(R.ON_PAPER)
    held.when(c.RecordBallot("m1.p1", "r1", "for", "n"), ZHOU).granted()
    held.when(CAST, QIAN).granted()
    held.when(BACK, ZHOU).then(e.PaperTakenBack("m1.p1", 1))
    given(*POLLED, ON_PAPER, e.PaperTakenBack("m1.p1", 1)).when(CAST, ZHAO).granted()
    given(*POLLED).when(BACK, ZHOU).then_refused(R.INVALID_TRANSITION, state="no_paper")


@pytest.mark.rule("R63")
def test_who_voted_by_phone_gets_no_paper() -> None:
    given(*POLLED).with_ballots(ballot(1)).when(OUT, ZHOU).then_refused(R.ALREADY_VOTED)
    entered = given(*POLLED, ON_PAPER).with_ballots(ballot(1, is_recorded=True, is_counted=False))
    entered.when(BACK, ZHOU).then_refused(R.ALREADY_VOTED)


def test_paper_goes_to_whom_it_belongs() -> None:
    given(*POLLED).when(c.HandOutPaper("m1.p1", "r6"), ZHOU).then_refused(R.NOT_PRESENT)
    given(*BEGUN, poll_opened(entitled=(2, 3))).when(OUT, ZHOU).then_refused(R.NOT_ENTITLED)
    given(*POLLED).when(c.HandOutPaper("m1.p1", "r9"), ZHOU).then_refused(R.NOT_FOUND)
    given(*POLLED).when(c.HandOutPaper("m1.p9", "r1"), ZHOU).then_refused(R.NOT_FOUND)
    given(*POLLED, e.PollVoided("m1.p1", "x")).when(OUT, ZHOU).then_refused(R.POLL_NOT_OPEN)
    given(*POLLED, e.MeetingSuspended()).when(OUT, ZHOU).then_refused(R.MEETING_NOT_OPEN)
    raised = replace(poll_opened(), method="hands")
    given(*BEGUN, raised).when(OUT, ZHOU).then_refused(R.BY_HANDS)
    given(*POLLED_IN_SECRET).when(OUT, ZHOU).then_refused(R.INVALID_TRANSITION, state="secret")


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one is not ZHOU])
def test_only_the_secretary_hands_paper_out(actor: Actor) -> None:
    given(*POLLED).when(OUT, actor).then_refused(R.NOT_ALLOWED)
    given(*POLLED, ON_PAPER).when(BACK, actor).then_refused(R.NOT_ALLOWED)


@pytest.mark.rule("R66")
def test_the_last_ballot_counts_where_the_procedure_allows_a_change() -> None:
    box = given(*CHANGEABLE).with_ballots(ballot(1, "for", "n1"))
    changed = box.when(AGAIN, ZHAO).granted()
    assert changed.superseded == 1
    assert changed.ballot == Ballot(1, "against", "n2", NOON, 0)
    assert box.when(WITHDRAW, ZHAO).granted() == Decided(poll="m1.p1", superseded=1)
    given(*POLLED).with_ballots(ballot(1, "for", "n1")).when(AGAIN, ZHAO).then_refused(R.ALREADY_VOTED)
    given(*POLLED).with_ballots(ballot(1)).when(WITHDRAW, ZHAO).then_refused(R.ALREADY_VOTED)
    given(*CHANGEABLE).when(WITHDRAW, ZHAO).then_refused(R.INVALID_TRANSITION, state="not_voted")


@pytest.mark.rule("R64")
def test_a_late_retry_of_a_former_ballot_never_brings_it_back() -> None:
    now = given(*CHANGEABLE).with_ballots(ballot(1, "against", "n2"))
    after = Given(now.state, replace(now.box, superseded={(1, "n1"): 7}))
    assert after.when(CAST, ZHAO).decision == Decided(repeats=7)
    withdrawn = Given(now.state, replace(now.box, ballots={}, superseded={(1, "n1"): 7}))
    assert withdrawn.when(CAST, ZHAO).decision == Decided(repeats=7)
    withdrawn.when(AGAIN, ZHAO).granted()
    withdrawn.when(OUT, ZHOU).granted()


@pytest.mark.rule("R63")
def test_paper_is_not_changed_by_phone_nor_a_phones_ballot_by_paper() -> None:
    paper = given(*CHANGEABLE).with_ballots(ballot(1, is_recorded=True))
    paper.when(AGAIN, ZHAO).then_refused(R.ALREADY_VOTED)
    paper.when(WITHDRAW, ZHAO).then_refused(R.ALREADY_VOTED)
    phone = given(*CHANGEABLE).with_ballots(ballot(1))
    phone.when(c.RecordBallot("m1.p1", "r1", "for", "x"), ZHOU).then_refused(R.ALREADY_VOTED)


@pytest.mark.rule("R66", "R75")
def test_secret_ballots_and_raised_hands_never_change() -> None:
    start = given(*BEGUN)
    allowing = Given(replace(start.state, poll_rules=PollRules(may_change=True)))
    for secrecy, method, may in (
        ("open", "ballots", True),
        ("secret", "ballots", False),
        ("open", "hands", False),
    ):
        asked = c.OpenPoll("i1", "是否", secrecy, method=method, counted=5)  # type: ignore[arg-type]
        opened = allowing.when(asked, LIN).granted().events[0]
        assert isinstance(opened, e.PollOpened)
        assert opened.may_change is may
    plain = start.when(c.OpenPoll("i1", "是否", "open"), LIN).granted().events[0]
    assert isinstance(plain, e.PollOpened)
    assert not plain.may_change


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one.seat is None])
def test_only_a_seat_withdraws(actor: Actor) -> None:
    given(*CHANGEABLE).with_ballots(ballot(1)).when(WITHDRAW, actor).then_refused(R.NOT_ALLOWED)
