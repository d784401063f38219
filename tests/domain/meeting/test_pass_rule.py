"""Pass rules with exact fractions: the vectors of R94–R98 and the conditions of the parties."""

from contextlib import nullcontext
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.meeting.pass_rule import (
    Base,
    PartyCondition,
    PartyCount,
    PassRule,
    Quorum,
    Verdict,
    as_fraction,
    judge,
    meets,
    parse_pass_rule,
    party_needed,
    quorum_needed,
    rule_as_data,
)

ANY = Quorum("1/1000", 0)
FIVE_PARTY = {
    "base": "present",
    "fraction": "2/3",
    "strict": True,
    "quorum": {"overall": "2/3", "per_party": 1},
    "parties": "none",
}


def rule(
    base: Base = "cast",
    fraction: str = "1/2",
    *,
    strict: bool = True,
    quorum: Quorum = ANY,
    parties: PartyCondition | None = None,
) -> PassRule:
    return PassRule(base, fraction, strict, quorum, parties or PartyCondition("none"))


def one_party(entitled: int, present: int, *counts: int) -> tuple[dict[str, int], tuple[PartyCount, ...]]:
    tally = dict(zip(("for", "against", "abstain"), counts, strict=True))
    return tally, (PartyCount("owner", entitled, present, sum(counts), tally),)


@pytest.mark.rule("S93", "R98")
@pytest.mark.parametrize(
    ("fraction", "strict", "base", "needed"),
    [
        ("2/3", False, 30, 20),
        ("2/3", False, 31, 21),
        ("2/3", False, 32, 22),
        ("2/3", False, 41, 28),
        ("1/2", True, 30, 16),
        ("1/2", True, 31, 16),
        ("3/4", False, 20, 15),
        ("3/4", False, 21, 16),
        ("2/3", True, 30, 21),
        ("2/3", True, 23, 16),
        ("1/1", False, 7, 7),
    ],
)
def test_the_threshold_is_met_from_this_count_on(fraction: str, strict: bool, base: int, needed: int) -> None:
    ours = rule("present", fraction, strict=strict)
    assert not meets(ours, needed - 1, base)
    assert meets(ours, needed, base)


@pytest.mark.rule("R94")
def test_more_than_and_at_least_are_different_rules() -> None:
    assert not meets(rule("present", "1/2", strict=True), 15, 30)
    assert meets(rule("present", "2/3", strict=False), 20, 30)
    assert not meets(rule("present", "2/3", strict=True), 20, 30)


@pytest.mark.parametrize(
    ("counts", "outcome", "deciding"),
    [
        ((10, 10, 0), "failed", "tie"),
        ((1, 0, 0), "passed", "passed"),
        ((1, 0, 1), "failed", "fraction"),
        ((0, 0, 5), "failed", "nobody_for"),
        ((0, 0, 0), "void", "nobody_voted"),
        ((0, 5, 0), "failed", "nobody_for"),
        ((2, 1, 0), "passed", "passed"),
        ((1, 2, 0), "failed", "fraction"),
        ((10, 10, 10), "failed", "tie"),
    ],
)
def test_a_majority_of_ballots_handed_in(counts: tuple[int, int, int], outcome: str, deciding: str) -> None:
    verdict = judge(rule(), *one_party(25, 25, *counts))
    assert (verdict.outcome, verdict.deciding) == (outcome, deciding)


@pytest.mark.rule("R95")
def test_a_missed_quorum_comes_before_everything() -> None:
    tally, parties = one_party(25, 16, 16, 0, 0)
    needed = rule(quorum=Quorum("2/3", 1))
    assert judge(needed, tally, parties) == Verdict("void", "quorum", 25, 16, 16, 16, "for")
    assert judge(needed, *one_party(25, 17, 17, 0, 0)).outcome == "passed"
    assert judge(needed, *one_party(25, 16, 0, 0, 0)).deciding == "quorum"


def test_a_party_without_enough_heads_is_a_missed_quorum() -> None:
    parties = (
        PartyCount("property", 3, 3, 3, {"for": 3, "against": 0, "abstain": 0}),
        PartyCount("owner", 3, 1, 1, {"for": 1, "against": 0, "abstain": 0}),
    )
    verdict = judge(rule(quorum=Quorum("1/2", 2)), {"for": 4, "against": 0, "abstain": 0}, parties)
    assert (verdict.outcome, verdict.deciding, verdict.missing_parties) == ("void", "quorum", ("owner",))


@pytest.mark.rule("R96")
def test_a_tie_never_passes_whatever_the_rule() -> None:
    low = rule("cast", "1/10", strict=False)
    assert judge(low, *one_party(25, 25, 5, 5, 0)).deciding == "tie"
    assert judge(low, *one_party(25, 25, 5, 4, 0)).outcome == "passed"


@pytest.mark.rule("R93")
@pytest.mark.parametrize(
    ("base", "expected"), [("entitled", 25), ("present", 23), ("cast", 21), ("valid", 21)]
)
def test_each_base_is_what_its_name_says(base: Base, expected: int) -> None:
    assert judge(rule(base), *one_party(25, 23, 17, 2, 2)).base == expected


def test_the_silent_count_against_a_base_that_includes_them() -> None:
    assert judge(rule("present", "2/3"), *one_party(25, 23, 15, 0, 0)).deciding == "fraction"
    assert judge(rule("cast", "2/3"), *one_party(25, 23, 15, 0, 0)).outcome == "passed"


def by_party(*parties: tuple[str, int, int]) -> tuple[dict[str, int], tuple[PartyCount, ...]]:
    counts = tuple(
        PartyCount(name, 5, 5, yes + no, {"for": yes, "against": no, "abstain": 0})
        for name, yes, no in parties
    )
    total = {option: sum(party.tally[option] for party in counts) for option in ("for", "against", "abstain")}
    return total, counts


def outcome(condition: PartyCondition, *parties: tuple[str, int, int]) -> tuple[str, tuple[str, ...]]:
    verdict = judge(rule(parties=condition), *by_party(*parties))
    return verdict.outcome, verdict.missing_parties


@pytest.mark.rule("R97")
def test_each_party_has_to_agree() -> None:
    each = PartyCondition("each")
    assert outcome(each, ("a", 3, 2), ("b", 1, 0)) == ("passed", ())
    assert outcome(each, ("a", 5, 0), ("b", 1, 1)) == ("failed", ("b",))
    assert outcome(each, ("a", 5, 0), ("b", 0, 0)) == ("failed", ("b",))


def test_so_many_parties_have_to_agree() -> None:
    two = PartyCondition("at_least", count=2)
    assert outcome(two, ("a", 3, 0), ("b", 3, 0), ("c", 0, 3)) == ("passed", ())
    assert outcome(two, ("a", 5, 0), ("b", 1, 1), ("c", 0, 3)) == ("failed", ("b", "c"))


@pytest.mark.rule("R97")
def test_too_few_parties_agree_though_none_declines() -> None:
    assert outcome(PartyCondition("at_least", count=3), ("a", 3, 0), ("b", 3, 0)) == ("failed", ())
    tally, parties = by_party(("a", 3, 0))
    aside = PartyCount("b", 0, 0, 0, {"for": 0, "against": 0, "abstain": 0}, 3, 3)
    verdict = judge(rule(parties=PartyCondition("at_least", count=2)), tally, (*parties, aside))
    assert (verdict.outcome, verdict.deciding, verdict.missing_parties) == ("failed", "parties", ())


def test_named_parties_have_to_agree() -> None:
    must = PartyCondition("must", parties=("b",))
    assert outcome(must, ("a", 0, 1), ("b", 3, 0)) == ("passed", ())
    assert outcome(must, ("a", 5, 0), ("b", 0, 0)) == ("failed", ("b",))


def test_a_named_party_without_a_seat_agrees_to_nothing() -> None:
    tally, parties = by_party(("a", 5, 0))
    nobody = PartyCount("b", 0, 0, 0, {"for": 0, "against": 0, "abstain": 0})
    verdict = judge(rule(parties=PartyCondition("must", parties=("b",))), tally, (*parties, nobody))
    assert (verdict.outcome, verdict.missing_parties) == ("failed", ("b",))
    assert judge(rule(parties=PartyCondition("each")), tally, (*parties, nobody)).outcome == "passed"


def test_the_fraction_is_judged_before_the_parties() -> None:
    verdict = judge(rule("cast", "2/3", parties=PartyCondition("each")), *by_party(("a", 3, 0), ("b", 0, 2)))
    assert verdict.deciding == "fraction"


def choices(**tally: int) -> Verdict:
    parties = (PartyCount("owner", 30, 30, sum(tally.values()), tally),)
    return judge(rule("cast", "1/2"), tally, parties)


def test_without_for_the_only_leader_stands_for_it() -> None:
    assert (choices(a=1, b=5, c=2).winner, choices(a=1, b=5, c=2).outcome) == ("b", "passed")
    assert choices(a=3, b=4, c=2).deciding == "fraction"
    assert (choices(a=4, b=4, c=0).winner, choices(a=4, b=4, c=0).deciding) == (None, "tie")
    assert choices(a=0, b=0, abstain=5).outcome == "failed"
    assert choices(a=0, b=0).outcome == "void"


@pytest.mark.rule("S93")
@pytest.mark.parametrize(
    ("overall", "entitled", "needed"),
    [("2/3", 25, 17), ("2/3", 24, 16), ("1/2", 5, 3), ("1/1", 6, 6), ("2/3", 0, 0), ("2/3", 6, 4)],
)
def test_the_quorum_is_rounded_up(overall: str, entitled: int, needed: int) -> None:
    assert quorum_needed(Quorum(overall, 1), entitled) == needed


def test_a_party_with_fewer_seats_needs_all_of_them() -> None:
    assert [party_needed(Quorum("1/2", 2), seats) for seats in (0, 1, 2, 3)] == [0, 1, 2, 2]


def test_the_contracts_shape_is_read_and_written() -> None:
    assert parse_pass_rule(FIVE_PARTY) == PassRule("present", "2/3", True, Quorum("2/3", 1))
    for parties in ("none", "each", {"at_least": 3}, {"must": ["业主", "物业"]}):
        data = {**FIVE_PARTY, "parties": parties}
        assert rule_as_data(parse_pass_rule(data)) == data


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        {},
        {**FIVE_PARTY, "extra": 1},
        {name: value for name, value in FIVE_PARTY.items() if name != "strict"},
        {**FIVE_PARTY, "base": "decided"},
        {**FIVE_PARTY, "base": ["cast"]},
        {**FIVE_PARTY, "strict": 1},
        {**FIVE_PARTY, "fraction": "3/2"},
        {**FIVE_PARTY, "fraction": "0/2"},
        {**FIVE_PARTY, "fraction": "1/0"},
        {**FIVE_PARTY, "fraction": "2/3\n"},
        {**FIVE_PARTY, "fraction": "0.5"},
        {**FIVE_PARTY, "fraction": 0.5},
        {**FIVE_PARTY, "fraction": "٢/٣"},
        {**FIVE_PARTY, "quorum": {"overall": "2/3"}},
        {**FIVE_PARTY, "quorum": {"overall": "2/3", "per_party": -1}},
        {**FIVE_PARTY, "quorum": {"overall": "2/3", "per_party": True}},
        {**FIVE_PARTY, "quorum": {"overall": "2/3", "per_party": 1.0}},
        {**FIVE_PARTY, "quorum": {"overall": 1, "per_party": 1}},
        {**FIVE_PARTY, "parties": "all"},
        {**FIVE_PARTY, "parties": {"at_least": 0}},
        {**FIVE_PARTY, "parties": {"at_least": True}},
        {**FIVE_PARTY, "parties": {"must": []}},
        {**FIVE_PARTY, "parties": {"must": [1]}},
        {**FIVE_PARTY, "parties": {"must": "业主"}},
        {**FIVE_PARTY, "parties": {"at_least": 1, "must": ["业主"]}},
    ],
)
def test_any_other_shape_is_refused(data: Any) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any ValueError is bad data
        parse_pass_rule(data)


@pytest.mark.rule("R90")
@given(st.integers(1, 9999), st.integers(1, 9999), st.integers(0, 500), st.integers(0, 500), st.booleans())
def test_the_comparison_is_that_of_exact_fractions(
    top: int, bottom: int, count: int, base: int, strict: bool
) -> None:
    text = f"{min(top, bottom)}/{max(top, bottom)}"
    threshold = as_fraction(text) * base
    expected = count > threshold if strict else count >= threshold
    assert meets(rule("cast", text, strict=strict), count, base) is expected
    assert isinstance(threshold, Fraction)


@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 60), st.integers(0, 60))
def test_from_half_on_only_more_for_than_against_passes(yes: int, no: int, abstain: int, silent: int) -> None:
    cast = yes + no + abstain
    verdict = judge(
        rule("valid", "1/2", strict=False), *one_party(cast + silent, cast + silent, yes, no, abstain)
    )
    if verdict.outcome == "passed":
        assert yes > no


SHAPE: dict[str, Any] = {
    "base": "present",
    "fraction": "1/2",
    "strict": True,
    "quorum": {"overall": "1/2", "per_party": 1},
    "parties": "none",
}


@pytest.mark.parametrize("base", ["entitled", "present", "cast", "valid"])
def test_every_base_is_read(base: str) -> None:
    assert parse_pass_rule({**SHAPE, "base": base}).base == base


@pytest.mark.parametrize(
    ("heads", "is_sound"), [(-1, False), (0, True), (1, True), (1000, True), (1001, False)]
)
def test_a_party_needs_a_sensible_number_of_heads(heads: int, is_sound: bool) -> None:
    shape = {**SHAPE, "quorum": {"overall": "1/2", "per_party": heads}}
    with nullcontext() if is_sound else pytest.raises(ValueError, match="per_party"):
        assert parse_pass_rule(shape).quorum.per_party == heads


@pytest.mark.parametrize(("count", "is_sound"), [(0, False), (1, True), (100, True), (101, False)])
def test_so_many_parties_is_a_sensible_number(count: int, is_sound: bool) -> None:
    with nullcontext() if is_sound else pytest.raises(ValueError, match="parties"):
        assert parse_pass_rule({**SHAPE, "parties": {"at_least": count}}).parties.count == count
