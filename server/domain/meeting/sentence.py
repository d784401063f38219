"""The verdict sentence: one function, shown alike on projector, phone, minutes and public page (DESIGN §5).

It is Chinese in code on purpose: the sentence is part of the decision's record and is tested with the rule.
"""

from collections.abc import Mapping
from typing import Literal

from server.domain.meeting.commands import Nature, Option
from server.domain.meeting.events import Party
from server.domain.meeting.pass_rule import Outcome, PassRule, Verdict, quorum_needed
from server.domain.meeting.state import Adoption, Meeting, Poll

# What is shown of a result: its outcome, or that it was a sounding.
Seal = Literal["passed", "failed", "void", "sounding"]
_DIGITS = "零一二三四五六七八九十"
_BASES = {"entitled": "应到人数", "present": "实到人数", "cast": "参加投票人数", "valid": "有效票数"}
_BASES_WITHOUT_RECUSED = {"entitled": "应投票人数", "present": "实到应投票人数"}


def _chinese_number(number: int) -> str:
    if number <= 10:
        return _DIGITS[number]
    if number < 20:
        return "十" + _DIGITS[number - 10]
    if number < 100 and number % 10 == 0:
        return _DIGITS[number // 10] + "十"
    return str(number)


def fraction_words(fraction: str) -> str:
    """Return ``2/3`` as 三分之二; a half is 半数, the whole is 全部."""
    top, bottom = (int(part) for part in fraction.split("/"))
    if top == bottom:
        return "全部"
    if (top, bottom) == (1, 2):
        return "半数"
    return f"{_chinese_number(bottom)}分之{_chinese_number(top)}"


def threshold_words(rule: PassRule, *, recused: bool = False) -> str:
    """Return the threshold: 超过实到人数的三分之二, or 达到应到人数的半数.

    Where somebody stands aside the base is not who came but who of them may vote (R93).
    """
    base = (_BASES | _BASES_WITHOUT_RECUSED if recused else _BASES)[rule.base]
    return f"{'超过' if rule.strict else '达到'}{base}的{fraction_words(rule.fraction)}"


def verdict_sentence(
    verdict: Verdict,
    rule: PassRule,
    nature: Nature,
    tally: Mapping[str, int],
    options: tuple[Option, ...],
    parties: tuple[Party, ...],
) -> str:
    """Return the sentence of a counted poll; it names every number the outcome rests on (R80)."""
    names = {party.id: party.name for party in parties}
    head = f"应到{verdict.entitled + verdict.recused}人，实到{verdict.present + verdict.recused_present}人"
    if verdict.recused:
        head = f"{head}，{verdict.recused}人回避，应投票{verdict.entitled}人、其中实到{verdict.present}人"
    counts = "、".join(f"{option.text}{tally.get(option.id, 0)}票" for option in options)
    silent = verdict.present - verdict.cast
    if silent > 0:
        counts = f"{counts}，{silent}人未投票"
    if nature == "sounding" and verdict.cast:  # needs no quorum and decides nothing (R55)
        return f"{head}；{counts}。以上为意向征询，不作为决议。"
    if verdict.deciding == "nobody_voted" or nature == "sounding":
        return f"{head}，没有人投票，本次表决无效。"
    if verdict.deciding == "quorum":
        return f"{head}，{_quorum_miss(verdict, rule, names)}，本次表决无效。"
    winner = next((option.text for option in options if option.id == verdict.winner), "")
    return f"{head}，符合规定人数；{counts}，{_ending(verdict, rule, winner, names)}"


def poll_sentence(state: Meeting, poll: Poll) -> str:
    """Return the verdict sentence of a counted poll, or an empty text before the count."""
    if poll.count is None:
        return ""
    return verdict_sentence(
        poll.count.verdict, poll.rule, poll.nature, dict(poll.count.tally), poll.options, state.parties
    )


def _quorum_miss(verdict: Verdict, rule: PassRule, names: Mapping[str, str]) -> str:
    needed = quorum_needed(rule.quorum, verdict.entitled + verdict.recused)
    if verdict.present + verdict.recused_present < needed:
        return f"未达到规定的{needed}人"
    missing = "、".join(names.get(party, party) for party in verdict.missing_parties)
    return f"{missing}到会人数未达到规定"


def _ending(verdict: Verdict, rule: PassRule, winner: str, names: Mapping[str, str]) -> str:
    votes = f"{winner}票"
    threshold = threshold_words(rule, recused=verdict.recused > 0)
    if verdict.deciding == "passed":
        return f"{votes}{threshold}，表决通过。"
    if verdict.deciding == "nobody_for":
        return f"没有{votes}，表决未通过。"
    if verdict.deciding == "tie":
        return "票数相同，表决未通过。"
    if verdict.deciding == "parties" and not verdict.missing_parties:
        return f"同意的不足{rule.parties.count}方，不符合各方条件，表决未通过。"
    if verdict.deciding == "parties":
        missing = "、".join(names.get(party, party) for party in verdict.missing_parties)
        return f"{missing}{votes}未超过其他票，不符合各方条件，表决未通过。"
    return f"{votes}未{threshold}，表决未通过。"


def seal_of(nature: Nature, outcome: Outcome) -> Seal:
    """Return the seal of a result: a sounding counts and never passes (R55, P1), however many were for it."""
    return "sounding" if nature == "sounding" and outcome != "void" else outcome


def consent_sentence(adoption: Adoption) -> str:
    """Return the sentence of an adoption without objection."""
    return f"应到{adoption.entitled}人，实到{adoption.present}人，符合规定人数；经主持人询问，无人提出异议，一致通过。"
