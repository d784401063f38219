"""修改意见: entered for a seat, decided before the motion in the chair's order, carried over or fallen (R58, R59)."""

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.amending import carry_over
from server.domain.meeting.pass_rule import Outcome
from server.domain.meeting.sentence import consent_sentence
from server.domain.meeting.state import Adoption, Meeting
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import BEGUN, EVERYBODY, LIN, OPENED, STANDARD, ZHAO, ZHOU, ballot
from tests.domain.given import given

MAIN = "健身设施放在3栋与4栋之间，每晚十点停用"
EARLIER = "健身设施放在3栋与4栋之间，每晚九点停用"
ELSEWHERE = "健身设施放在2栋东侧，每晚十点停用"
BOTH = "健身设施放在2栋东侧，每晚九点停用"
EIGHT = "健身设施放在3栋与4栋之间，每晚八点停用"
STANDING = (*BEGUN, e.MotionWorded("i1", MAIN))
FIRST = e.MotionAmended("m1.a1", "i1", 2, MAIN, EARLIER)
SECOND = e.MotionAmended("m1.a2", "i1", 3, MAIN, ELSEWHERE)
RIVAL = e.MotionAmended("m1.a2", "i1", 3, MAIN, EIGHT)
AMENDED = (*STANDING, FIRST)
PUT = c.OpenPoll("i1", EARLIER, "open", amendment="m1.a1")
ASK = c.AskConsent("i1", EARLIER, amendment="m1.a1")


def counted(*before: e.Event, choice: str = "for") -> tuple[e.Event, ...]:
    """The amendment was put and five answered alike; its poll is closed."""
    opened = given(*before).when(PUT, LIN).granted().events
    poll = opened[0]
    assert isinstance(poll, e.PollOpened)
    ballots = [ballot(seat, choice) for seat in range(1, 6)] if choice else []
    closed = given(*before, *opened).with_ballots(*ballots).when(c.ClosePoll(poll.poll), LIN).granted().events
    return (*before, *opened, *closed)


def published(*before: e.Event, choice: str = "for") -> tuple[e.Event, ...]:
    closed = counted(*before, choice=choice)
    return (*closed, *given(*closed).when(c.PublishPoll("m1.p1"), LIN).granted().events)


@pytest.mark.parametrize("actor", [LIN, ZHOU])
def test_chair_or_secretary_enters_an_amendment_for_the_seat_that_proposes_it(actor: Actor) -> None:
    after = given(*STANDING).when(c.AmendMotion("i1", EARLIER, "r2"), actor).then(FIRST)
    (amendment,) = after.amendments
    assert (amendment.number, amendment.seat, amendment.former, amendment.text) == (1, 2, MAIN, EARLIER)
    assert after.items[0].motion == MAIN


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one not in (LIN, ZHOU)])
def test_nobody_else_enters_amendments(actor: Actor) -> None:
    given(*STANDING).when(c.AmendMotion("i1", EARLIER, "r2"), actor).then_refused(R.NOT_ALLOWED)


def test_an_amendment_changes_a_motion_that_stands_and_comes_from_somebody_present() -> None:
    amend = c.AmendMotion("i1", EARLIER, "r2")
    given(*BEGUN).when(amend, LIN).then_refused(R.INVALID_TRANSITION, state="no_motion")
    given(*BEGUN, e.MotionWorded("i1", MAIN, True)).when(amend, LIN).then_refused(
        R.INVALID_TRANSITION, state="no_motion"
    )
    given(*STANDING).when(c.AmendMotion("i1", EARLIER, "r6"), LIN).then_refused(R.NOT_PRESENT)
    given(*STANDING).when(c.AmendMotion("i1", EARLIER, "r9"), LIN).then_refused(
        R.NOT_FOUND, what="representative"
    )
    given(*STANDING).when(c.AmendMotion("i2", EARLIER, "r2"), LIN).then_refused(R.ITEM_NOT_CURRENT)
    given(*STANDING).when(c.AmendMotion("i9", EARLIER, "r2"), LIN).then_refused(R.NOT_FOUND, what="item")
    given(*STANDING, e.MeetingSuspended()).when(amend, LIN).then_refused(R.MEETING_NOT_OPEN)
    added = (*OPENED, e.ItemAdded("i4", "临时"), e.ItemBegun("i4"), e.MotionWorded("i4", MAIN))
    given(*added).when(c.AmendMotion("i4", EARLIER, "r2"), LIN).then_refused(R.ITEM_NOT_ANNOUNCED)


@pytest.mark.parametrize("text", ["", " ", "长" * 601, MAIN, EARLIER])
def test_an_amendment_says_something_new(text: str) -> None:
    given(*AMENDED).when(c.AmendMotion("i1", text, "r3"), LIN).then_refused(R.BAD_DATA, field="text")


def test_twelve_amendments_may_wait_at_once() -> None:
    many = [e.MotionAmended(f"m1.a{n}", "i1", 2, MAIN, f"{MAIN}{n}") for n in range(1, 13)]
    given(*STANDING, *many[:11]).when(c.AmendMotion("i1", EARLIER, "r2"), LIN).granted()
    given(*STANDING, *many).when(c.AmendMotion("i1", EARLIER, "r2"), LIN).then_refused(R.BAD_DATA)


@pytest.mark.rule("R58")
def test_the_motion_is_not_put_while_amendments_are_undecided() -> None:
    for command in (c.OpenPoll("i1", MAIN, "open"), c.AskConsent("i1", MAIN)):
        given(*AMENDED).when(command, LIN).then_refused(R.INVALID_TRANSITION, state="amendments", count=1)
    withdrawn = e.AmendmentSettled("m1.a1", "withdrawn", "提出人收回")
    given(*AMENDED, withdrawn).when(c.OpenPoll("i1", MAIN, "open"), LIN).granted()
    given(*AMENDED).when(c.WordMotion("i1", "另一句"), ZHOU).then_refused(
        R.INVALID_TRANSITION, state="amendments"
    )


def test_the_chair_takes_an_amendment_back_with_a_reason() -> None:
    withdraw = c.WithdrawAmendment("m1.a1", "提出人收回")
    after = given(*AMENDED).when(withdraw, LIN).then(e.AmendmentSettled("m1.a1", "withdrawn", "提出人收回"))
    assert (after.amendments[0].state, after.amendments[0].reason) == ("withdrawn", "提出人收回")
    given(*AMENDED).when(c.WithdrawAmendment("m1.a1", ""), LIN).then_refused(R.BAD_DATA, field="reason")
    given(*AMENDED).when(c.WithdrawAmendment("m1.a9", "x"), LIN).then_refused(R.NOT_FOUND, what="amendment")
    given(*AMENDED).when(withdraw, ZHAO).then_refused(R.NOT_ALLOWED)
    given(*AMENDED, e.AmendmentSettled("m1.a1", "rejected")).when(withdraw, LIN).then_refused(
        R.INVALID_TRANSITION, state="rejected"
    )


@pytest.mark.rule("R58")
def test_the_farthest_reaching_comes_first_as_the_chair_orders() -> None:
    both = (*AMENDED, SECOND)
    later = c.OpenPoll("i1", ELSEWHERE, "open", amendment="m1.a2")
    given(*both).when(later, LIN).then_refused(R.INVALID_TRANSITION, state="order")
    ordered = e.AmendmentOrdered("i1", ("m1.a2", "m1.a1"))
    given(*both).when(c.OrderAmendment("i1", ("m1.a2", "m1.a1")), LIN).then(ordered)
    given(*both, ordered).when(later, LIN).granted()
    given(*both, ordered).when(PUT, LIN).then_refused(R.INVALID_TRANSITION, state="order")
    given(*both).when(c.OrderAmendment("i1", ("m1.a1", "m1.a2")), LIN).then_refused(
        R.INVALID_TRANSITION, state="ordered"
    )
    for wrong in ((), ("m1.a1",), ("m1.a1", "m1.a1"), ("m1.a1", "m1.a3")):
        given(*both).when(c.OrderAmendment("i1", wrong), LIN).then_refused(R.BAD_DATA, field="amendments")
    given(*both).when(c.OrderAmendment("i1", ("m1.a2", "m1.a1")), ZHOU).then_refused(R.NOT_ALLOWED)


@pytest.mark.rule("R59")
def test_what_is_asked_about_an_amendment_is_frozen_and_stands_for_itself() -> None:
    (opened,) = given(*AMENDED).when(PUT, LIN).granted().events
    assert isinstance(opened, e.PollOpened)
    assert (opened.text, opened.amendment) == (f"第1条修改意见：表决事项改为“{EARLIER}”", "m1.a1")
    asked = (*AMENDED, opened)
    for command in (
        c.AmendMotion("i1", ELSEWHERE, "r3"),
        c.WithdrawAmendment("m1.a1", "x"),
        c.OrderAmendment("i1", ("m1.a1",)),
        c.WordMotion("i1", "另一句"),
    ):
        given(*asked).when(command, LIN).then_refused(R.POLL_ALREADY_OPEN)
    assert given(*asked).state.items[0].motion == MAIN
    stale = c.OpenPoll("i1", MAIN, "open", amendment="m1.a1")
    given(*AMENDED).when(stale, LIN).then_refused(R.TEXT_CHANGED)
    unknown = c.OpenPoll("i1", EARLIER, "open", amendment="m1.a9")
    given(*AMENDED).when(unknown, LIN).then_refused(R.INVALID_TRANSITION, state="order")
    sounding = c.OpenPoll("i1", EARLIER, "open", nature="sounding", amendment="m1.a1")
    given(*AMENDED).when(sounding, LIN).then_refused(R.BAD_DATA, field="nature")
    own = c.OpenPoll("i1", EARLIER, "open", STANDARD, amendment="m1.a1")
    given(*AMENDED).when(own, LIN).then_refused(R.BAD_DATA, field="options")


@pytest.mark.rule("R59")
def test_an_adopted_amendment_rewrites_the_motion_and_decides_nothing_else() -> None:
    after = (
        given(*counted(*AMENDED))
        .when(c.PublishPoll("m1.p1"), LIN)
        .then(
            e.PollPublished("m1.p1"),
            e.AmendmentSettled("m1.a1", "adopted"),
            e.MotionWorded("i1", EARLIER),
        )
    )
    assert (after.items[0].motion, after.items[0].outcome, after.resolutions) == (EARLIER, None, ())
    assert after.amendments[0].state == "adopted"


@pytest.mark.parametrize(
    ("choice", "settled", "outcome"), [("against", "rejected", "failed"), ("", "pending", "void")]
)
def test_a_rejected_amendment_changes_nothing_and_an_invalid_poll_leaves_it_waiting(
    choice: str, settled: str, outcome: Outcome
) -> None:
    state: Meeting = given(*published(*AMENDED, choice=choice)).state
    poll = state.polls[0]
    assert poll.count is not None
    assert poll.count.verdict.outcome == outcome
    assert (state.amendments[0].state, state.items[0].motion, state.items[0].outcome) == (settled, MAIN, None)


def test_between_count_and_result_the_text_waits() -> None:
    closed = given(*counted(*AMENDED))
    for command in (
        c.WordMotion("i1", "另一句"),
        c.AmendMotion("i1", ELSEWHERE, "r3"),
        c.WithdrawAmendment("m1.a1", "x"),
        c.OpenPoll("i1", MAIN, "open"),
        c.AskConsent("i1", EARLIER, amendment="m1.a1"),
    ):
        closed.when(command, LIN).then_refused(R.INVALID_TRANSITION, state="unpublished")


@pytest.mark.rule("P5")
def test_an_amendment_is_adopted_without_objection() -> None:
    asked = e.ConsentAsked("i1", f"第1条修改意见：表决事项改为“{EARLIER}”", "m1.a1")
    given(*AMENDED).when(ASK, LIN).then(asked)
    recorded = e.ConsentRecorded("i1", asked.text, False, 5, 6, "m1.a1")
    after = (
        given(*AMENDED, asked)
        .when(c.RecordConsent("i1", False), LIN)
        .then(recorded, e.AmendmentSettled("m1.a1", "adopted"), e.MotionWorded("i1", EARLIER))
    )
    assert (after.resolutions, after.items[0].outcome) == ((), None)
    assert consent_sentence(Adoption("i1", asked.text, 5, 6)).endswith("一致通过。")
    objected = given(*AMENDED, asked).when(c.RecordConsent("i1", True), LIN).granted().events
    assert given(*AMENDED, asked, *objected).state.amendments[0].state == "pending"


def test_the_other_amendments_go_on_from_the_new_text_or_fall_with_it() -> None:
    given(*counted(*AMENDED, SECOND)).when(c.PublishPoll("m1.p1"), LIN).then(
        e.PollPublished("m1.p1"),
        e.AmendmentSettled("m1.a1", "adopted"),
        e.MotionWorded("i1", EARLIER),
        e.AmendmentCarried("m1.a2", EARLIER, BOTH),
    )
    after = (
        given(*counted(*AMENDED, RIVAL))
        .when(c.PublishPoll("m1.p1"), LIN)
        .then(
            e.PollPublished("m1.p1"),
            e.AmendmentSettled("m1.a1", "adopted"),
            e.MotionWorded("i1", EARLIER),
            e.AmendmentSettled("m1.a2", "lapsed"),
        )
    )
    assert not after.pending_amendments("i1")


@pytest.mark.rule("R56")
def test_a_void_poll_leaves_its_amendment_undecided_again() -> None:
    void = c.VoidPoll("m1.p1", "念错了")
    given(*counted(*AMENDED)).when(void, LIN).then(e.PollVoided("m1.p1", "念错了"))
    after = (
        given(*published(*AMENDED, SECOND))
        .when(void, LIN)
        .then(
            e.PollVoided("m1.p1", "念错了"),
            e.AmendmentSettled("m1.a1", "reopened"),
            e.MotionWorded("i1", MAIN),
            e.AmendmentCarried("m1.a2", MAIN, ELSEWHERE),
        )
    )
    assert [one.state for one in after.amendments] == ["pending", "pending"]
    given(*published(*AMENDED, choice="against")).when(void, LIN).then(
        e.PollVoided("m1.p1", "念错了"), e.AmendmentSettled("m1.a1", "reopened")
    )


def test_what_was_built_upon_an_amendment_comes_down_first() -> None:
    void = c.VoidPoll("m1.p1", "念错了")
    adopted = published(*AMENDED)
    decided = (*adopted, e.ConsentAsked("i1", EARLIER), e.ConsentRecorded("i1", EARLIER, False, 5, 6))
    given(*decided).when(void, LIN).then_refused(R.INVALID_TRANSITION, state="decided")
    reworded = (*adopted, e.MotionWorded("i1", "又一句"))
    given(*reworded).when(void, LIN).then_refused(R.INVALID_TRANSITION, state="amended_since")
    given(*decided).when(c.AmendMotion("i1", BOTH, "r3"), LIN).then_refused(
        R.INVALID_TRANSITION, state="decided"
    )


def test_a_rejected_amendment_taken_up_again_starts_from_the_text_of_today() -> None:
    void = c.VoidPoll("m1.p1", "念错了")
    rejected = published(*AMENDED, choice="against")
    given(*rejected, e.MotionWorded("i1", ELSEWHERE)).when(void, LIN).then(
        e.PollVoided("m1.p1", "念错了"),
        e.AmendmentSettled("m1.a1", "reopened"),
        e.AmendmentCarried("m1.a1", ELSEWHERE, BOTH),
    )
    given(*rejected, e.MotionWorded("i1", EIGHT)).when(void, LIN).then(
        e.PollVoided("m1.p1", "念错了"), e.AmendmentSettled("m1.a1", "lapsed")
    )


@pytest.mark.parametrize(
    ("base", "present", "changed", "carried"),
    [
        ("甲乙丙丁戊", "甲乙丙丁己", "庚乙丙丁戊", "庚乙丙丁己"),
        ("甲乙丙丁戊", "甲乙丙丁戊", "庚乙丙丁戊", "庚乙丙丁戊"),
        ("甲乙丙丁戊", "甲己丙丁戊", "甲庚丙丁戊", None),
        ("甲乙丙丁戊", "甲己丙丁戊", "甲乙庚丁戊", None),  # side by side: nobody could say in which order
        ("甲乙丙丁戊", "甲乙己丙丁戊", "甲乙丙丁庚戊", "甲乙己丙丁庚戊"),
        ("甲乙丙丁戊", "乙丙丁戊", "甲乙丙丁", "乙丙丁"),
    ],
)
def test_a_change_is_carried_over_where_nobody_else_changed(
    base: str, present: str, changed: str, carried: str | None
) -> None:
    assert carry_over(base, present, changed) == carried
    assert carry_over(base, changed, present) == carried
