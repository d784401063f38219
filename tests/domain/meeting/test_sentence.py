"""The verdict sentence, word for word: it is read aloud, printed and signed."""

import pytest

from server.domain.meeting.commands import Nature, Option
from server.domain.meeting.pass_rule import (
    PartyCondition,
    PartyCount,
    PassRule,
    Quorum,
    judge,
)
from server.domain.meeting.sentence import (
    consent_sentence,
    fraction_words,
    poll_sentence,
    threshold_words,
    verdict_sentence,
)
from server.domain.meeting.state import FIVE_PARTY_RULE, Adoption
from tests.domain.cast import PARTIES, POLLED, STANDARD
from tests.domain.given import given


def sentence(
    counts: tuple[int, ...],
    *,
    rule: PassRule = FIVE_PARTY_RULE,
    entitled: int = 25,
    present: int = 23,
    nature: Nature = "deliberative",
    options: tuple[Option, ...] = STANDARD,
) -> str:
    tally = dict(zip((option.id for option in options), counts, strict=True))
    parties = (PartyCount("owner", entitled, present, sum(counts), tally),)
    return verdict_sentence(judge(rule, tally, parties), rule, nature, tally, options, PARTIES)


def test_the_designs_example() -> None:
    assert sentence((17, 4, 2)) == (
        "应到25人，实到23人，符合规定人数；赞成17票、反对4票、弃权2票，赞成票超过实到人数的三分之二，表决通过。"
    )


@pytest.mark.rule("R80")
@pytest.mark.parametrize(
    ("counts", "ending"),
    [
        ((15, 6, 2), "赞成15票、反对6票、弃权2票，赞成票未超过实到人数的三分之二，表决未通过。"),
        ((10, 10, 3), "赞成10票、反对10票、弃权3票，票数相同，表决未通过。"),
        ((0, 20, 3), "赞成0票、反对20票、弃权3票，没有赞成票，表决未通过。"),
        ((23, 0, 0), "赞成23票、反对0票、弃权0票，赞成票超过实到人数的三分之二，表决通过。"),
    ],
)
def test_each_ending_names_every_number_it_rests_on(counts: tuple[int, ...], ending: str) -> None:
    assert sentence(counts) == f"应到25人，实到23人，符合规定人数；{ending}"


def test_what_is_void_says_why() -> None:
    assert sentence((16, 0, 0), present=16) == "应到25人，实到16人，未达到规定的17人，本次表决无效。"
    assert sentence((0, 0, 0)) == "应到25人，实到23人，没有人投票，本次表决无效。"


def test_a_missing_party_is_named() -> None:
    tally = {"for": 4, "against": 0, "abstain": 0}
    counts = (PartyCount("property", 4, 4, 4, tally), PartyCount("owner", 2, 0, 0, dict.fromkeys(tally, 0)))
    verdict = judge(FIVE_PARTY_RULE, tally, counts)
    assert verdict_sentence(verdict, FIVE_PARTY_RULE, "deliberative", tally, STANDARD, PARTIES) == (
        "应到6人，实到4人，业主到会人数未达到规定，本次表决无效。"
    )


def test_too_few_parties_are_told_where_none_declined() -> None:
    rule = PassRule("cast", "1/2", True, Quorum("1/2", 1), PartyCondition("at_least", count=2))
    yes = {"for": 3, "against": 0, "abstain": 0}
    counts = (PartyCount("owner", 3, 3, 3, yes), PartyCount("property", 0, 0, 0, dict.fromkeys(yes, 0), 2, 2))
    assert verdict_sentence(judge(rule, yes, counts), rule, "deliberative", yes, STANDARD, PARTIES) == (
        "应到5人，实到5人，2人回避，应投票3人、其中实到3人，符合规定人数；赞成3票、反对0票、弃权0票，"
        "同意的不足2方，不符合各方条件，表决未通过。"
    )


def test_parties_that_did_not_agree_are_named() -> None:
    rule = PassRule("cast", "1/2", True, Quorum("1/2", 1), PartyCondition("each"))
    yes, no = {"for": 3, "against": 0, "abstain": 0}, {"for": 0, "against": 1, "abstain": 0}
    counts = (PartyCount("property", 3, 3, 3, yes), PartyCount("owner", 1, 1, 1, no))
    tally = {"for": 3, "against": 1, "abstain": 0}
    text = verdict_sentence(judge(rule, tally, counts), rule, "assembly", tally, STANDARD, PARTIES)
    assert text == (
        "应到4人，实到4人，符合规定人数；赞成3票、反对1票、弃权0票，业主赞成票未超过其他票，不符合各方条件，表决未通过。"
    )


def test_a_sounding_counts_and_decides_nothing_with_or_without_a_quorum() -> None:
    assert sentence((9, 4, 2), nature="sounding") == (
        "应到25人，实到23人；赞成9票、反对4票、弃权2票，8人未投票。以上为意向征询，不作为决议。"
    )
    assert sentence((2, 1, 0), nature="sounding", present=3) == (
        "应到25人，实到3人；赞成2票、反对1票、弃权0票。以上为意向征询，不作为决议。"
    )
    assert (
        sentence((0, 0, 0), nature="sounding", present=3) == "应到25人，实到3人，没有人投票，本次表决无效。"
    )


def test_own_options_are_called_by_their_text() -> None:
    options = (Option("gate", "东门"), Option("pavilion", "凉亭边"))
    assert sentence((17, 4), options=options) == (
        "应到25人，实到23人，符合规定人数；东门17票、凉亭边4票，2人未投票，东门票超过实到人数的三分之二，表决通过。"
    )


@pytest.mark.parametrize(
    ("fraction", "words"),
    [
        ("1/2", "半数"),
        ("2/3", "三分之二"),
        ("3/4", "四分之三"),
        ("1/1", "全部"),
        ("5/5", "全部"),
        ("7/10", "十分之七"),
        ("11/12", "十二分之十一"),
        ("9/20", "二十分之九"),
        ("3/5", "五分之三"),
    ],
)
def test_fractions_in_words(fraction: str, words: str) -> None:
    assert fraction_words(fraction) == words


def test_the_threshold_names_its_base() -> None:
    assert threshold_words(FIVE_PARTY_RULE) == "超过实到人数的三分之二"
    assert threshold_words(PassRule("entitled", "1/2", False, Quorum("1/2", 0))) == "达到应到人数的半数"
    assert threshold_words(PassRule("cast", "1/2", True, Quorum("1/2", 0))) == "超过参加投票人数的半数"
    assert threshold_words(PassRule("valid", "3/4", False, Quorum("1/2", 0))) == "达到有效票数的四分之三"


def test_an_adoption_without_objection() -> None:
    assert consent_sentence(Adoption("i1", "x", 23, 25)) == (
        "应到25人，实到23人，符合规定人数；经主持人询问，无人提出异议，一致通过。"
    )


def test_there_is_no_sentence_before_the_count() -> None:
    state = given(*POLLED).state
    assert poll_sentence(state, state.polls[0]) == ""


@pytest.mark.parametrize("outcome", ["passed", "failed", "void"])
def test_every_sentence_ends_in_its_outcome(outcome: str) -> None:
    ends = {"passed": "通过。", "failed": "未通过。", "void": "无效。"}
    counts = {"passed": (20, 1, 0), "failed": (1, 20, 0), "void": (0, 0, 0)}
    assert sentence(counts[outcome]).endswith(ends[outcome])
