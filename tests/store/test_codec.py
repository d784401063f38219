"""Events ↔ canonical lines: every class survives the way to the record and back, in S40's form."""

import json
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.meeting import events as e
from server.domain.meeting.commands import Option
from server.domain.meeting.pass_rule import PartyCondition, PassRule, Quorum, Verdict
from server.store.codec import canonical, event_line, read_line, type_of
from server.store.log import NO_FORMER_ROOT

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(
    lambda text: unicodedata.normalize("NFC", text)
)
NUMBER = st.integers(-(2**53) + 1, 2**53 - 1)
st.register_type_strategy(str, TEXT)
st.register_type_strategy(int, NUMBER)
# Classes with a Literal or nested classes are built from their annotations; these few are told how.
RULES = st.builds(
    PassRule,
    st.sampled_from(["entitled", "present", "cast", "valid"]),
    st.just("2/3"),
    st.booleans(),
    st.builds(Quorum, st.just("1/2"), st.integers(0, 9)),
    st.builds(PartyCondition, st.sampled_from(["none", "each", "at_least", "must"]), NUMBER, st.tuples(TEXT)),
)
st.register_type_strategy(PassRule, RULES)
EVENTS = st.one_of([st.from_type(cls) for cls in e.EVENT_TYPES.values()])


def line_of(event: e.Event) -> str:
    return event_line(7, NO_FORMER_ROOT, 1_775_200_000_000, event)


@pytest.mark.parametrize("name", e.EVENT_TYPES)
def test_every_event_class_comes_back_as_it_went(name: str) -> None:
    @given(st.from_type(e.EVENT_TYPES[name]))
    def comes_back(event: e.Event) -> None:
        assert read_line(line_of(event)) == (event, 1_775_200_000_000)
        assert type_of(event) == name

    comes_back()


@pytest.mark.rule("S40")
@given(EVENTS)
def test_a_line_is_canonical(event: e.Event) -> None:
    line = line_of(event)
    record = json.loads(line, object_pairs_hook=_without_doubles)
    assert json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")) == line
    assert set(record) == {"seq", "prev", "type", "at", "data"}
    assert "\n" not in line
    assert line.encode().decode() == line
    _check(record)


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    assert len({name for name, _ in pairs}) == len(pairs)
    return dict(pairs)


def _check(value: Any) -> None:
    """S40: ASCII keys, integers only within ±(2^53 - 1), strings NFC."""
    assert value is None or isinstance(value, str | int | bool | dict | list), value
    if isinstance(value, str):
        assert unicodedata.is_normalized("NFC", value)
    elif isinstance(value, int):
        assert abs(value) < 2**53
    elif isinstance(value, dict):
        assert all(isinstance(key, str) and key.isascii() for key in value)
        for entry in value.values():
            _check(entry)
    elif isinstance(value, list):
        for entry in value:
            _check(entry)


@pytest.mark.rule("S40")
def test_the_form_is_fixed_to_the_byte() -> None:
    opened = e.PollOpened(
        "m1.p1", "i1", '㛃"\\\n', (Option("for", "赞成"),), "open", "deliberative",
        PassRule("present", "2/3", True, Quorum("2/3", 1)), (1, 2), (1,),
    )  # fmt: skip
    assert line_of(opened) == (
        '{"at":1775200000000,"data":{"amendment":null,"counted":null,"entitled":[1,2],"item":"i1","may_change":false,"method":"ballots",'
        '"nature":"deliberative","options":[{"id":"for","text":"赞成"}],"poll":"m1.p1","present":[1],'
        '"recused":[],"recused_present":[],'
        '"rule":{"base":"present","fraction":"2/3","parties":{"count":0,"kind":"none","parties":[]},'
        '"quorum":{"overall":"2/3","per_party":1},"strict":true},"secrecy":"open","text":"㛃\\"\\\\\\n"},'
        f'"prev":"{NO_FORMER_ROOT}","seq":7,"type":"poll.opened"}}'
    )


def test_a_verdict_is_written_with_its_arithmetic() -> None:
    closed = e.PollClosed(
        "p", (("for", 2),), (1, 2), (3,), (), None, None, Verdict("passed", "passed", 3, 2, 2, 2, "for")
    )
    data = json.loads(line_of(closed))["data"]
    assert data["tally"] == [["for", 2]]
    assert data["verdict"]["base"] == 2
    assert data["ballots"] is None


@pytest.mark.parametrize(
    "line",
    [
        "",
        "[]",
        "{}",
        '{"type":"poll.opened"}',
        canonical({"seq": 0, "prev": "", "type": "poll.unknown", "at": 1, "data": {}}),
        canonical({"seq": 0, "prev": "", "type": "meeting.opened", "at": 1}),
        canonical({"seq": 0, "prev": "", "type": "presence.left", "at": 1, "data": {"seat": "1", "by": "x"}}),
        canonical({"seq": 0, "prev": "", "type": "presence.left", "at": 1, "data": {"seat": 1}}),
    ],
)
def test_a_line_that_is_not_ours_is_refused(line: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, it is not ours
        read_line(line)
