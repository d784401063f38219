"""举手表决: two count, the chair confirms, nobody is named (R78, R91, P5)."""

from dataclasses import replace

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.evolve import fold
from server.domain.meeting.pass_rule import PartyCondition
from server.domain.meeting.sentence import poll_sentence
from server.domain.meeting.state import FIVE_PARTY_RULE
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import BEGUN, EVERYBODY, LIN, NOON, PARTIES, POLLED, ZHAO, ZHOU, arrived, poll_opened
from tests.domain.given import given

RAISED = (*BEGUN, replace(poll_opened(), method="hands", counted=5))


def hands(yes: int, no: int, neither: int) -> tuple[c.HandCount, ...]:
    return (c.HandCount("for", yes), c.HandCount("against", no), c.HandCount("abstain", neither))


def by_party(*figures: tuple[int, int, int]) -> tuple[c.HandCount, ...]:
    return tuple(
        c.HandCount(option, count, party.id)
        for party, row in zip(PARTIES, figures, strict=True)
        for option, count in zip(("for", "against", "abstain"), row, strict=True)
    )


FOUR = hands(4, 1, 0)
RECORD = c.RecordHands("m1.p1", FOUR, "r2", "r3")
COUNTED = e.HandsCounted("m1.p1", FOUR, 2, 3)


@pytest.mark.rule("P5")
def test_those_there_are_counted_before_the_question() -> None:
    opening = c.OpenPoll("i1", "是否", "open", method="hands", counted=5)
    opened = given(*BEGUN).when(opening, LIN).granted().events[0]
    assert isinstance(opened, e.PollOpened)
    assert (opened.method, opened.counted) == ("hands", 5)
    given(*BEGUN).when(replace(opening, counted=4), LIN).then_refused(
        R.HEADCOUNT_DIFFERS, counted=4, present=5
    )
    given(*BEGUN).when(replace(opening, counted=None), LIN).then_refused(R.BAD_DATA)
    given(*BEGUN).when(replace(opening, secrecy="secret"), LIN).then_refused(R.BAD_DATA)
    phones = c.OpenPoll("i1", "是否", "open", counted=6)
    given(*BEGUN).when(phones, LIN).then_refused(R.HEADCOUNT_DIFFERS)


@pytest.mark.rule("P5")
def test_who_left_early_is_not_counted() -> None:
    gone = (*BEGUN, *arrived(6), e.PresenceLeft(6, "desk"))
    opening = c.OpenPoll("i1", "是否", "open", method="hands", counted=6)
    given(*gone).when(opening, LIN).then_refused(R.HEADCOUNT_DIFFERS, present=5)
    given(*gone).when(replace(opening, counted=5), LIN).granted()


@pytest.mark.rule("R78")
def test_the_secretary_enters_and_the_chair_confirms() -> None:
    given(*RAISED).when(RECORD, ZHOU).then(COUNTED)
    confirmed = given(*RAISED, COUNTED).when(c.ConfirmHands("m1.p1"), LIN).granted()
    first, closed = confirmed.events
    assert first == e.HandsConfirmed("m1.p1")
    assert isinstance(closed, e.PollClosed)
    assert closed.tally == (("for", 4), ("against", 1), ("abstain", 0))
    assert (closed.verdict.outcome, closed.verdict.cast) == ("passed", 5)
    state = fold(given(*RAISED, COUNTED).state, [(event, NOON) for event in confirmed.events])
    assert poll_sentence(state, state.polls[0]) == (
        "应到6人，实到5人，符合规定人数；赞成4票、反对1票、弃权0票，赞成票超过实到人数的三分之二，表决通过。"
    )


@pytest.mark.rule("R78")
def test_no_voter_is_named() -> None:
    closed = given(*RAISED, COUNTED).when(c.ConfirmHands("m1.p1"), LIN).granted().events[1]
    assert isinstance(closed, e.PollClosed)
    assert (closed.participants, closed.silent, closed.ballots, closed.parties) == ((), (), None, None)
    assert closed.hands == FOUR


def test_a_party_may_be_counted_for_itself() -> None:
    counts = by_party((1, 0, 0), (1, 0, 0), (1, 0, 0), (0, 0, 1), (0, 1, 0))
    counted = given(*RAISED).when(c.RecordHands("m1.p1", counts, "r2", "r3"), ZHOU).granted().events
    closed = given(*RAISED, *counted).when(c.ConfirmHands("m1.p1"), LIN).granted().events[1]
    assert isinstance(closed, e.PollClosed)
    assert closed.parties is not None
    assert [(row.party, row.cast) for row in closed.parties] == [(party.id, 1) for party in PARTIES]
    assert (closed.verdict.outcome, closed.verdict.deciding) == ("failed", "fraction")


@pytest.mark.rule("R91")
def test_more_hands_than_people_are_not_taken() -> None:
    too_many = c.RecordHands("m1.p1", hands(5, 1, 0), "r2", "r3")
    given(*RAISED).when(too_many, ZHOU).then_refused(R.COUNT_TOO_HIGH, counted=6, most=5, where="全场")
    given(*RAISED, *arrived(6)).when(too_many, ZHOU).granted()
    counts = by_party((1, 0, 0), (1, 1, 0), (1, 0, 0), (0, 0, 0), (0, 0, 0))
    crowded = c.RecordHands("m1.p1", counts, "r2", "r3")
    given(*RAISED).when(crowded, ZHOU).then_refused(R.COUNT_TOO_HIGH, counted=2, most=1, where="物业")


@pytest.mark.parametrize(
    "counts",
    [
        (),
        hands(1, 2, -1),
        hands(1, 2, 1)[:2],
        (*hands(1, 2, 1), c.HandCount("for", 1)),
        (*hands(1, 1, 1)[:2], c.HandCount("maybe", 1)),
        (*hands(1, 1, 1)[:2], c.HandCount("abstain", 1, "owner")),
        by_party((1, 0, 0), (1, 0, 0), (1, 0, 0), (0, 0, 1), (0, 1, 0))[:-1],
    ],
)
def test_a_count_has_one_figure_for_each_option(counts: tuple[c.HandCount, ...]) -> None:
    for actor in (ZHOU, LIN, ZHAO):
        given(*RAISED).when(c.RecordHands("m1.p1", counts, "r2", "r3"), actor).then_refused(R.BAD_DATA)


def test_a_rule_about_parties_needs_a_count_by_party() -> None:
    rule = replace(FIVE_PARTY_RULE, parties=PartyCondition("each"))
    asked = replace(poll_opened(rule=rule), method="hands", counted=5)
    given(*BEGUN, asked).when(RECORD, ZHOU).then_refused(R.BAD_DATA)


def test_counter_and_checker_are_two_who_are_there() -> None:
    given(*RAISED).when(replace(RECORD, checker="r2"), ZHOU).then_refused(R.BAD_DATA, field="checker")
    given(*RAISED).when(replace(RECORD, checker="r6"), ZHOU).then_refused(R.NOT_PRESENT)
    given(*RAISED).when(replace(RECORD, counter="r9"), ZHOU).then_refused(R.NOT_FOUND)


@pytest.mark.parametrize("actor", EVERYBODY)
def test_each_has_its_own_part(actor: Actor) -> None:
    if actor is not ZHOU:
        given(*RAISED).when(RECORD, actor).then_refused(R.NOT_ALLOWED)
    if actor is not LIN:
        given(*RAISED, COUNTED).when(c.ConfirmHands("m1.p1"), actor).then_refused(R.NOT_ALLOWED)
        given(*RAISED, COUNTED).when(c.ReturnHands("m1.p1"), actor).then_refused(R.NOT_ALLOWED)


def test_a_count_sent_back_is_made_again() -> None:
    returned = given(*RAISED, COUNTED).when(c.ReturnHands("m1.p1"), LIN)
    after = returned.then(e.HandsReturned("m1.p1"))
    assert after.polls[0].hands is None
    given(*RAISED).when(c.ConfirmHands("m1.p1"), LIN).then_refused(R.INVALID_TRANSITION, state="uncounted")
    given(*RAISED, COUNTED, e.HandsReturned("m1.p1")).when(RECORD, ZHOU).then(COUNTED)
    given(*RAISED, COUNTED).when(RECORD, ZHOU).then(COUNTED)


def test_hands_end_with_their_count_alone() -> None:
    for confirmed in (False, True):
        closing = c.ClosePoll("m1.p1", confirmed)
        given(*RAISED).when(closing, LIN).then_refused(R.INVALID_TRANSITION, state="uncounted")
        given(*RAISED, COUNTED).when(closing, LIN).then_refused(R.INVALID_TRANSITION, state="unconfirmed")


@pytest.mark.rule("R61")
def test_a_phone_hears_that_hands_are_raised() -> None:
    given(*RAISED).when(c.CastBallot("m1.p1", "for", "n1"), ZHAO).then_refused(R.BY_HANDS)
    given(*RAISED).when(c.RecordBallot("m1.p1", "r1", "for", "n1"), ZHOU).then_refused(R.BY_HANDS)
    given(*POLLED).when(RECORD, ZHOU).then_refused(R.INVALID_TRANSITION, state="ballots")


def test_a_void_show_of_hands_is_over() -> None:
    void = (*RAISED, e.PollVoided("m1.p1", "数错了"))
    given(*void).when(RECORD, ZHOU).then_refused(R.POLL_NOT_OPEN)
    given(*void).when(c.ConfirmHands("m1.p1"), LIN).then_refused(R.POLL_NOT_OPEN)
