"""回避: a seat with an interest of its own stands aside; it counts in the quorum and in no base (P2, R60)."""

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.evolve import fold
from server.domain.meeting.sentence import poll_sentence
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import BEGUN, CALLED, EVERYBODY, LIN, NOON, POLLED, WU, ZHAO, ZHOU, arrived, ballot
from tests.domain.given import given

RECUSED = e.RecusalRecorded("i1", 1, "self", "本栋施工方是亲属")
OWN = c.RecordRecusal("i1", reason="本栋施工方是亲属")
FOR_ZHAO = c.RecordRecusal("i1", "r1", "与施工方有亲属关系")


@pytest.mark.rule("P2")
def test_a_seat_stands_aside_by_its_own_word_or_the_offices() -> None:
    given(*BEGUN).when(OWN, ZHAO).then(RECUSED)
    entered = e.RecusalRecorded("i1", 1, "desk", "与施工方有亲属关系")
    for actor in (LIN, ZHOU):
        given(*BEGUN).when(FOR_ZHAO, actor).then(entered)
    given().when(OWN, ZHAO).then(RECUSED)


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one not in (LIN, ZHOU, ZHAO)])
def test_nobody_stands_aside_for_another(actor: Actor) -> None:
    given(*BEGUN).when(FOR_ZHAO, actor).then_refused(R.NOT_ALLOWED)


def test_the_office_names_seat_and_reason() -> None:
    given(*BEGUN).when(c.RecordRecusal("i1", "r1"), ZHOU).then_refused(R.BAD_DATA, field="reason")
    given(*BEGUN).when(OWN, ZHOU).then_refused(R.BAD_DATA, field="representative")
    given(*BEGUN).when(c.RecordRecusal("i9"), ZHAO).then_refused(R.NOT_FOUND)
    given(*BEGUN).when(c.RecordRecusal("i1", "r9", "x"), ZHOU).then_refused(R.NOT_FOUND)


@pytest.mark.rule("R60")
def test_once_the_question_is_put_the_list_stands() -> None:
    given(*POLLED).when(OWN, ZHAO).then_refused(R.POLL_ALREADY_OPEN)
    given(*BEGUN, e.ItemFinished("i1")).when(OWN, ZHAO).then_refused(R.ITEM_NOT_CURRENT)
    asked = given(*BEGUN, RECUSED).when(c.OpenPoll("i1", "是否", "open"), LIN).granted()
    opened = asked.events[0]
    assert isinstance(opened, e.PollOpened)
    assert opened.entitled == (2, 3, 4, 5, 6)
    assert opened.present == (2, 3, 4, 5)
    assert (opened.recused, opened.recused_present) == ((1,), (1,))
    polled = given(*BEGUN, RECUSED, opened)
    polled.when(c.CastBallot("m1.p1", "for", "n"), ZHAO).then_refused(R.NOT_ENTITLED)
    polled.when(c.WithdrawRecusal("i1"), ZHAO).then_refused(R.POLL_ALREADY_OPEN)


@pytest.mark.rule("R91")
def test_who_stands_aside_counts_in_the_quorum_and_in_no_base() -> None:
    opened = given(*BEGUN, RECUSED).when(c.OpenPoll("i1", "是否", "open"), LIN).granted().events[0]
    room = given(*BEGUN, RECUSED, opened)
    box = room.with_ballots(*(ballot(seat) for seat in (2, 3, 4)))
    closed = box.when(c.ClosePoll("m1.p1"), LIN).granted().events[0]
    assert isinstance(closed, e.PollClosed)
    verdict = closed.verdict
    assert (verdict.outcome, verdict.entitled, verdict.present, verdict.base) == ("passed", 5, 4, 4)
    assert (verdict.recused, verdict.recused_present) == (1, 1)
    assert closed.silent == (5, 6)
    after = fold(room.state, [(closed, NOON)])
    assert poll_sentence(after, after.polls[0]) == (
        "应到6人，实到5人，1人回避，应投票5人、其中实到4人，符合规定人数；赞成3票、反对0票、弃权0票，1人未投票，"
        "赞成票超过实到应投票人数的三分之二，表决通过。"
    )


def test_a_recused_seat_that_comes_late_is_there_and_still_aside() -> None:
    aside = e.RecusalRecorded("i1", 6, "self", "")
    opened = given(*BEGUN, aside).when(c.OpenPoll("i1", "是否", "open"), LIN).granted().events[0]
    after = given(*BEGUN, aside, opened, *arrived(6)).state.polls[0]
    assert after.recused_present == {6}
    assert 6 not in after.base


def test_a_recusal_is_taken_back_before_the_question() -> None:
    back = e.RecusalWithdrawn("i1", 1)
    given(*BEGUN, RECUSED).when(c.WithdrawRecusal("i1"), ZHAO).then(back)
    given(*BEGUN, RECUSED).when(c.WithdrawRecusal("i1", "r1"), LIN).then(back)
    given(*BEGUN, RECUSED).when(OWN, ZHAO).then_refused(R.INVALID_TRANSITION)
    given(*BEGUN).when(c.WithdrawRecusal("i1"), ZHAO).then_refused(R.INVALID_TRANSITION)
    given(*BEGUN, RECUSED, back).when(OWN, ZHAO).then(RECUSED)
    by_desk = e.RecusalRecorded("i1", 1, "desk", "亲属")
    given(*BEGUN, by_desk).when(c.WithdrawRecusal("i1"), ZHAO).then_refused(R.NOT_ALLOWED)


def test_another_item_knows_nothing_of_it() -> None:
    state = given(*BEGUN, RECUSED).state
    assert state.recusal_of("i2", 1) is None
    opened = given(*BEGUN, e.RecusalRecorded("i2", 1, "self", "")).when(c.OpenPoll("i1", "是", "open"), LIN)
    first = opened.granted().events[0]
    assert isinstance(first, e.PollOpened)
    assert first.entitled == tuple(seat.number for seat in CALLED.seats)
    given(*BEGUN, first).when(c.CastBallot("m1.p1", "for", "n"), WU).granted()
