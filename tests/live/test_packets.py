"""Strict JSON (S6) and packets without attachments (S5)."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from socketio import packet as wire

from server.live import packets
from server.live.packets import BadPacket, TextPacket

BAD_PACKETS: list[Any] = [
    "",
    "5",
    "51-/live,1[{}]",
    "6",
    "61-/live,1[]",
    "4/live,{}",
    "7",
    "9",
    "x",
    "½",
    "2/live,",
    "2/live,{}",
    "2/live,[]",
    "2/live,[1]",
    "2/live,[null]",
    '2/live,[["say"]]',
    '2/live,["connect",{}]',
    '2/live,["disconnect"]',
    '2/live,["connect_error"]',
    "2/live,1",
    '2/live,99999999999999999["say"]',
    "2/live," + "9" * 200 + '["say"]',
    '21-/live,["say"]',
    "3/live,[1]",
    "3/live,1{}",
    "0/live,[]",
    "0/live,1,{}",
    "1/live,{}",
    '2/live,["say",NaN]',
    '2/live,["say",{"a":1,"a":1}]',
    b"2/live",
    {"a": 1},
    None,
]
GOOD_EVENTS = [
    '2/live,["say"]',
    '2/live,7["say",{"a":[1]},null]',
    '2/live,0["say"]',
    '2/live,1234567890123456["[",""]',
    '2/live,["议",{"_placeholder":true}]',
]
EVENTS_AND_OTHERS = [*BAD_PACKETS, *GOOD_EVENTS]
DEEPEST = '[{"a":{"b":{"c":{"d":[1]}}}}]'


@pytest.mark.rule("S6")
@pytest.mark.parametrize(
    "text",
    [
        pytest.param('"' + "a" * 16_383 + '"', id="16,385 characters"),
        pytest.param("[[[[[[[1]]]]]]]", id="depth 7"),
        pytest.param("[" * 16_000, id="16,000 deep"),
        pytest.param(DEEPEST.replace("1", "[]"), id="depth 7 in objects"),
        pytest.param("12345678901234567", id="17 digits"),
        pytest.param("-12345678901234567", id="17 digits, negative"),
        pytest.param("9" * 5_000, id="5,000 digits"),
        pytest.param("NaN", id="NaN"),
        pytest.param("[Infinity]", id="Infinity"),
        pytest.param("-Infinity", id="minus Infinity"),
        pytest.param("1e999", id="float without end"),
        pytest.param('{"a":1,"a":2}', id="duplicate key"),
        pytest.param('{"a":1,"\\u0061":2}', id="duplicate key in disguise"),
        pytest.param('"\\ud800"', id="lone surrogate"),
        pytest.param('{"\\udfff":1}', id="lone surrogate in a key"),
        pytest.param('"\ud800"', id="lone surrogate as it is"),
        pytest.param("", id="empty"),
        pytest.param("{", id="unfinished"),
        pytest.param('{"a":1} x', id="something after"),
        pytest.param('"\n"', id="raw control character"),
    ],
)
def test_what_strict_json_refuses(text: str) -> None:
    with pytest.raises(BadPacket):
        packets.loads(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('"' + "a" * 16_382 + '"', "a" * 16_382),
        (DEEPEST, [{"a": {"b": {"c": {"d": [1]}}}}]),
        ('"[[[[[[[[\\"[["', '[[[[[[[["[['),
        ("[[],[],[],[],[],[],[]]", [[], [], [], [], [], [], []]),
        ("1234567890123456", 1_234_567_890_123_456),
        ("-1234567890123456", -1_234_567_890_123_456),
        ("1.5e3", 1500.0),
        ('"\\ud83d\\ude00"', "😀"),
        ('{"__proto__":1,"_placeholder":true}', {"__proto__": 1, "_placeholder": True}),
    ],
)
def test_what_strict_json_accepts(text: str, value: object) -> None:
    assert packets.loads(text) == value


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers(-(10**15), 10**15) | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=6,
    )
)
def test_what_is_written_reads_back_or_is_too_deep(value: Any) -> None:
    text = packets.dumps(value)
    try:
        assert packets.loads(text) == value
    except BadPacket as refusal:
        assert str(refusal) == "too deep"  # noqa: PT017


def test_chinese_is_sent_as_it_is_and_nan_is_never_sent() -> None:
    assert packets.dumps({"项": 1}) == '{"项":1}'
    assert packets.dumps([float("nan"), float("inf")]) == "[null,null]"
    with pytest.raises(UnicodeEncodeError):
        packets.dumps("\ud800")


@pytest.mark.parametrize("text", BAD_PACKETS)
def test_packets_of_other_shapes_are_bad(text: Any) -> None:
    packet = TextPacket()
    with pytest.raises(BadPacket):
        packet.decode(text)


def test_an_event_with_an_acknowledgement_is_read() -> None:
    packet = TextPacket(encoded_packet='2/live,1234567890123456["say",{"a":[1]}]')
    assert (packet.packet_type, packet.namespace, packet.id, packet.data) == (
        wire.EVENT,
        "/live",
        1_234_567_890_123_456,
        ["say", {"a": [1]}],
    )


def test_data_that_looks_like_an_attachment_is_only_data() -> None:
    packet = TextPacket(encoded_packet='2/live,["say",{"_placeholder":true,"num":0}]')
    assert packet.data == ["say", {"_placeholder": True, "num": 0}]


def test_an_answer_is_encoded_as_the_library_would() -> None:
    theirs = TextPacket(wire.ACK, namespace="/live", id=7, data=[{"ok": True}]).encode()
    assert packets.answer_text(7, {"ok": True}, "/live") == "4" + theirs


@pytest.mark.parametrize("text", [one for one in EVENTS_AND_OTHERS if isinstance(one, str)])
def test_the_short_way_reads_events_as_the_long_one_does(text: str) -> None:
    try:
        long = TextPacket(encoded_packet=text)
        expected: Any = (long.id, long.data)
    except BadPacket:
        expected = BadPacket
    if not text.startswith("2/live,"):
        return
    try:
        found: Any = packets.read_event(text, len("2/live,"))
    except BadPacket:
        found = BadPacket
    assert found == expected


def test_an_event_is_encoded_as_the_library_would() -> None:
    data = {"panels": {"poll": None}, "字": 1}
    ours = packets.event_text("changes", data, "/live")
    theirs = TextPacket(wire.EVENT, data=["changes", data], namespace="/live").encode()
    assert ours == "4" + theirs
    assert json.loads(ours.removeprefix("42/live,")) == ["changes", data]
