"""Pass rules (通过规则), evaluated with exact fractions, never floats (DESIGN §5, R90–R98)."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

Base = Literal["entitled", "present", "cast", "valid"]
Outcome = Literal["passed", "failed", "void"]

_FRACTION = re.compile(r"([1-9][0-9]{0,3})/([1-9][0-9]{0,3})")


@dataclass(frozen=True, slots=True)
class Quorum:
    """法定人数: ``overall`` is a fraction of the entitled as text, ``per_party`` a number of heads."""

    overall: str
    per_party: int


@dataclass(frozen=True, slots=True)
class PartyCondition:
    """各方条件: ``none``, ``each``, ``at_least`` k parties, or ``must`` with the parties that have to agree."""

    kind: Literal["none", "each", "at_least", "must"]
    count: int = 0
    parties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PassRule:
    """Base, fraction, strict (more than) or not (at least), quorum and party condition."""

    base: Base
    fraction: str
    strict: bool
    quorum: Quorum
    parties: PartyCondition = PartyCondition("none")


def as_fraction(text: str) -> Fraction:
    """Read ``p/q`` as an exact fraction in (0, 1]; ValueError otherwise."""
    match = _FRACTION.fullmatch(text)
    if match is None or int(match[1]) > int(match[2]):
        raise ValueError(text)
    return Fraction(int(match[1]), int(match[2]))


def parse_pass_rule(data: Any) -> PassRule:
    """Read the contract's JSON shape; ValueError when it is anything else."""
    if not isinstance(data, dict) or set(data) != {"base", "fraction", "strict", "quorum", "parties"}:
        raise ValueError("rule")
    quorum = data["quorum"]
    if not isinstance(quorum, dict) or set(quorum) != {"overall", "per_party"}:
        raise ValueError("quorum")
    if data["base"] not in ("entitled", "present", "cast", "valid") or not isinstance(data["strict"], bool):
        raise ValueError("base")
    heads = quorum["per_party"]
    if not isinstance(heads, int) or isinstance(heads, bool) or not 0 <= heads <= 1000:
        raise ValueError("per_party")
    for text in (data["fraction"], quorum["overall"]):
        if not isinstance(text, str):
            raise ValueError("fraction")
        as_fraction(text)
    condition = _parse_condition(data["parties"])
    return PassRule(
        data["base"], data["fraction"], data["strict"], Quorum(quorum["overall"], heads), condition
    )


def _parse_condition(data: Any) -> PartyCondition:
    if data in ("none", "each"):
        return PartyCondition(data)
    if isinstance(data, dict) and len(data) == 1:
        if "at_least" in data:
            count = data["at_least"]
            if isinstance(count, int) and not isinstance(count, bool) and 1 <= count <= 100:
                return PartyCondition("at_least", count=count)
        if "must" in data:
            names = data["must"]
            if isinstance(names, list) and names and all(isinstance(name, str) and name for name in names):
                return PartyCondition("must", parties=tuple(names))
    raise ValueError("parties")


def rule_as_data(rule: PassRule) -> dict[str, Any]:
    """Return the contract's JSON shape of a rule."""
    condition: Any = rule.parties.kind
    if rule.parties.kind == "at_least":
        condition = {"at_least": rule.parties.count}
    elif rule.parties.kind == "must":
        condition = {"must": list(rule.parties.parties)}
    return {
        "base": rule.base,
        "fraction": rule.fraction,
        "strict": rule.strict,
        "quorum": {"overall": rule.quorum.overall, "per_party": rule.quorum.per_party},
        "parties": condition,
    }


def quorum_needed(quorum: Quorum, entitled: int) -> int:
    """Return how many heads the overall quorum asks for: ceil(fraction × entitled)."""
    return math.ceil(as_fraction(quorum.overall) * entitled)


def party_needed(quorum: Quorum, entitled: int) -> int:
    """Return how many heads one party needs; a party with fewer seats needs all of them."""
    return min(quorum.per_party, entitled)


def meets(rule: PassRule, count: int, base: int) -> bool:
    """Tell whether ``count`` of ``base`` reaches the fraction, in integers (R90)."""
    fraction = as_fraction(rule.fraction)
    left, right = count * fraction.denominator, base * fraction.numerator
    return left > right if rule.strict else left >= right


@dataclass(frozen=True, slots=True)
class PartyCount:
    """One party's figures in a poll: seats entitled, present, cast, and ballots per option.

    Recused seats are neither entitled nor present here; they count in the quorum alone.
    """

    party: str
    entitled: int
    present: int
    cast: int
    tally: Mapping[str, int]
    recused: int = 0
    recused_present: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome with its arithmetic as data; ``deciding`` names the clause that decided (R95)."""

    outcome: Outcome
    deciding: Literal["quorum", "nobody_voted", "nobody_for", "tie", "fraction", "parties", "passed"]
    entitled: int
    present: int
    cast: int
    base: int
    winner: str | None
    missing_parties: tuple[str, ...] = ()
    recused: int = 0
    recused_present: int = 0


def judge(rule: PassRule, tally: Mapping[str, int], parties: tuple[PartyCount, ...]) -> Verdict:
    """Judge a closed poll in the order of R95: quorum, nobody, nobody for, tie, fraction, parties.

    ``tally`` maps every option to its count. Without an option ``for`` the unique leader stands for it.
    """
    entitled = sum(party.entitled for party in parties)
    present = sum(party.present for party in parties)
    recused = sum(party.recused for party in parties)
    recused_present = sum(party.recused_present for party in parties)
    cast = sum(tally.values())
    base = {"entitled": entitled, "present": present, "cast": cast, "valid": cast}[rule.base]
    winner, rival = _sides(tally)

    def verdict(outcome: Outcome, deciding: Any, missing: tuple[str, ...] = ()) -> Verdict:
        return Verdict(
            outcome, deciding, entitled, present, cast, base, winner, missing, recused, recused_present
        )

    # Who stands aside came all the same: recusal must not break the quorum the room was opened with (R44, P2).
    short = tuple(
        p.party
        for p in parties
        if p.present + p.recused_present < party_needed(rule.quorum, p.entitled + p.recused)
    )
    if present + recused_present < quorum_needed(rule.quorum, entitled + recused) or short:
        return verdict("void", "quorum", short)
    if cast == 0:
        return verdict("void", "nobody_voted")
    count = tally[winner] if winner is not None else 0
    if winner is not None and count == 0:
        return verdict("failed", "nobody_for")
    if winner is None or count == rival:
        return verdict("failed", "tie")
    if not meets(rule, count, base):
        return verdict("failed", "fraction")
    missing = _missing_parties(rule.parties, winner, parties)
    if missing is not None:
        return verdict("failed", "parties", missing)
    return verdict("passed", "passed")


def _sides(tally: Mapping[str, int]) -> tuple[str | None, int]:
    """Return the option that could pass and its strongest rival's count (abstentions are no rival)."""
    if "for" in tally:
        return "for", tally.get("against", 0)
    choices = [(count, option) for option, count in tally.items() if option != "abstain"]
    if not choices:
        return None, 0
    best = max(choices)[0]
    leaders = [option for count, option in choices if count == best]
    if len(leaders) > 1:
        return (None, best)
    return leaders[0], max((count for count, option in choices if option != leaders[0]), default=0)


def _missing_parties(
    condition: PartyCondition, winner: str, parties: tuple[PartyCount, ...]
) -> tuple[str, ...] | None:
    """Return the parties for want of which the condition fails, or None when it is met (R97).

    A party agrees with more for than against. Too few may agree without one that declined: a party whose seats all
    stand aside agrees with nothing, so the parties named may be none.
    """

    def agrees(party: PartyCount) -> bool:
        yes = party.tally.get(winner, 0)
        others = (n for option, n in party.tally.items() if option not in (winner, "abstain"))
        return yes > max(others, default=0)

    against = tuple(party.party for party in parties if party.entitled and not agrees(party))
    agreeing = {party.party for party in parties if agrees(party)}
    if condition.kind == "each":
        return against or None
    if condition.kind == "must":
        return tuple(name for name in condition.parties if name not in agreeing) or None
    if condition.kind == "at_least" and len(agreeing) < condition.count:
        return against
    return None
