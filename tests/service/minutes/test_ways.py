"""What the minutes say of raised hands, recusals and dissent; the public edition keeps persons out (P2, R78, R81)."""

from dataclasses import replace

import pytest

from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.minutes.record import record_of
from server.service.minutes.text import _result_line
from server.service.minutes.ways import public_words
from tests.domain.cast import BEGUN, CALLED, LIN, NOON, POLLED, ballot, poll_opened
from tests.domain.given import given
from tests.laws.test_screens import CARD

ASIDE = e.RecusalRecorded("i1", 6, "desk", "承包人的亲属")
POSTS = {"赵": "小区管理单位代表", "冯": "业主代表"}


def note_of(*happened: e.Event) -> str | None:
    record = record_of("m1", [(event, NOON) for event in (CALLED, *happened)])
    item, question = record.results[0]
    return _result_line(item, question, record.meeting, CARD).note


@pytest.mark.rule("R78", "P2")
def test_who_counted_and_who_stood_aside_is_printed() -> None:
    raised = replace(poll_opened(entitled=(1, 2, 3, 4, 5)), method="hands", recused=(6,))
    counts = (c.HandCount("for", 4), c.HandCount("against", 1), c.HandCount("abstain", 0))
    counted = e.HandsCounted("m1.p1", counts, 2, 3)
    before = (*BEGUN, ASIDE, raised, counted)
    ended = given(*before).when(c.ConfirmHands("m1.p1"), LIN).granted().events
    note = note_of(*before, *ended, e.PollPublished("m1.p1"))
    assert note == "举手表决，计票人钱，监票人孙。\n回避：冯（承包人的亲属）。"


@pytest.mark.rule("R81")
def test_a_dissent_is_printed_word_for_word_and_not_for_the_public() -> None:
    box = given(*POLLED).with_ballots(ballot(1, "against"), ballot(2))
    closed = box.when(c.ClosePoll("m1.p1"), LIN).granted().events
    said = e.DissentRecorded("m1.p1", 1, "费用没有算清楚。")
    note = note_of(*POLLED, *closed, e.PollPublished("m1.p1"), said)
    assert note == "保留意见：赵：“费用没有算清楚。”"
    assert public_words(note, POSTS) is None
    assert public_words(None, POSTS) is None
    assert public_words("回避：冯一。", {"冯一": "业主代表"}) == "回避：业主代表。"
