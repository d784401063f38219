"""Procedures (议事规则) by id; a meeting freezes the one it was called under (DESIGN §5)."""

from dataclasses import dataclass

from server.domain.meeting.pass_rule import PassRule, Quorum
from server.domain.meeting.rules import PLAIN_POLL_RULES, PLAIN_SPEAKING_RULES, PollRules, SpeakingRules


@dataclass(frozen=True, slots=True)
class Procedure:
    """议事规则: a versioned set of rules; ``source`` says where each of them comes from."""

    id: str
    name: str
    rule: PassRule
    speaking_seconds: int
    notice_days: int
    answer_days: int
    source: tuple[str, ...]
    speaking_rules: SpeakingRules = PLAIN_SPEAKING_RULES
    poll_rules: PollRules = PLAIN_POLL_RULES


@dataclass(frozen=True, slots=True)
class PartyPreset:
    """A party as a new council begins with it: name, the character on its sign, its number of seats."""

    name: str
    mark: str
    seats: int


FIVE_PARTY_V1 = Procedure(
    id="five_party.v1",
    name="五方协商（第1版）",
    rule=PassRule("present", "2/3", True, Quorum("2/3", 1)),
    speaking_seconds=180,
    notice_days=3,
    answer_days=7,
    source=(
        "五方：小区管理单位、物业、社区、邻长、业主，见岳塘区书院路街道金穗小区“议事长廊”的做法。",
        "到会和通过的三分之二：本平台参照居民议事惯例设定的默认值，不是法律规定；各社区可另定规则。",
        "提前三天通知、七天内答复、每次发言三分钟：居民议事的通行做法，本平台的默认值。",
        "涉及共有部分、维修资金的事项，依民法典第二百七十八条由业主共同决定，五方协商不能代替。",
    ),
)

PROCEDURES = {FIVE_PARTY_V1.id: FIVE_PARTY_V1}

FIVE_PARTIES = (
    PartyPreset("小区管理单位", "管", 3),
    PartyPreset("物业", "物", 3),
    PartyPreset("社区", "社", 3),
    PartyPreset("邻长", "邻", 3),
    PartyPreset("业主", "业", 3),
)


def procedure_of(procedure_id: str) -> Procedure:
    """Return the procedure with this id; KeyError for one nobody wrote."""
    return PROCEDURES[procedure_id]
