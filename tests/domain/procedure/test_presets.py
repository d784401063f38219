"""五方协商 v1 is the contract's, and says in plain words what it asks for."""

from server.domain.meeting.pass_rule import rule_as_data
from server.domain.meeting.state import FIVE_PARTY_RULE
from server.domain.procedure.presets import FIVE_PARTIES, FIVE_PARTY_V1, PROCEDURES, procedure_of
from server.domain.procedure.words import procedure_sentences


def test_five_party_v1_is_the_contracts() -> None:
    assert rule_as_data(FIVE_PARTY_V1.rule) == {
        "base": "present",
        "fraction": "2/3",
        "strict": True,
        "quorum": {"overall": "2/3", "per_party": 1},
        "parties": "none",
    }
    assert FIVE_PARTY_V1.rule == FIVE_PARTY_RULE
    assert procedure_of("five_party.v1") is FIVE_PARTY_V1


def test_the_five_parties_stand_in_their_order_with_a_sign_each() -> None:
    assert [(party.name, party.mark) for party in FIVE_PARTIES] == [
        ("小区管理单位", "管"),
        ("物业", "物"),
        ("社区", "社"),
        ("邻长", "邻"),
        ("业主", "业"),
    ]


def test_every_procedure_names_its_sources_and_its_own_id() -> None:
    for key, procedure in PROCEDURES.items():
        assert key == procedure.id
        assert procedure.source


def test_the_procedure_speaks_in_sentences() -> None:
    assert procedure_sentences(FIVE_PARTY_V1) == (
        "议题提出以后，7天以内答复。",
        "会议通知至少提前3天发出；没有写进通知的事项，会上只议不决。",
        "应到代表的三分之二以上到会，而且每一方至少到1人，才可以表决。",
        "每次发言不超过3分钟，主持人可以加时。",
        "赞成票超过实到人数的三分之二，表决通过。",
        "表决以记名为主；一席一票，投出以后不能改。",
    )
