"""RFC 6455, read byte by byte: what a client may send and which close code each breach deserves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.live import frames
from server.live.frames import FrameReader, FrameViolation, Incoming
from tests.live.wire import BINARY, CLOSE, PING, PONG, TEXT, client_frame

LIMIT = 1_000


def read(data: bytes, limit: int = LIMIT) -> list[Incoming]:
    reader = FrameReader(limit)
    reader.feed(data)
    found = []
    while (incoming := reader.next()) is not None:
        found.append(incoming)
    return found


def code_for(data: bytes, limit: int = LIMIT) -> int:
    with pytest.raises(FrameViolation) as caught:
        read(data, limit)
    return caught.value.code


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 128, 65_535, 65_536])
def test_a_text_of_any_length_class_arrives_whole(size: int) -> None:
    assert read(client_frame(TEXT, b"a" * size), 70_000) == [Incoming(TEXT, text="a" * size)]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65_535, 65_536])
def test_server_frames_use_the_shortest_length_and_no_mask(size: int) -> None:
    frame = frames.text_frame("a" * size)
    head = 2 if size < 126 else 4 if size < 65_536 else 10
    assert frame[0] == 0x81
    assert frame[1] == (size if size < 126 else 126 if size < 65_536 else 127)
    assert len(frame) == head + size


@given(st.lists(st.text(max_size=60), min_size=1, max_size=5), st.integers(1, 7))
def test_texts_survive_any_cut_of_the_stream(texts: list[str], step: int) -> None:
    stream = b"".join(client_frame(TEXT, text.encode()) for text in texts)
    reader = FrameReader(LIMIT)
    found = []
    for at in range(0, len(stream), step):
        reader.feed(stream[at : at + step])
        while (incoming := reader.next()) is not None:
            found.append(incoming.text)
    assert found == texts


@given(st.binary(max_size=40), st.binary(min_size=4, max_size=4))
def test_unmasking_twice_changes_nothing(payload: bytes, key: bytes) -> None:
    assert frames.unmask(frames.unmask(payload, key), key) == payload
    assert frames.unmask(payload, key) == bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))


def test_fragments_are_joined_and_control_frames_may_stand_between_them() -> None:
    found = read(
        client_frame(TEXT, "议".encode()[:2], final=False)
        + client_frame(PING, b"still there?")
        + client_frame(0, b"", final=False)
        + client_frame(0, "议".encode()[2:] + b"!")
        + client_frame(TEXT, b"next")
    )
    assert found == [
        Incoming(PING, payload=b"still there?"),
        Incoming(TEXT, text="议!"),
        Incoming(TEXT, text="next"),
    ]


def test_binary_messages_are_told_apart() -> None:
    assert read(client_frame(BINARY, b"\x00\xff")) == [Incoming(BINARY, payload=b"\x00\xff")]


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(client_frame(TEXT, b"a", masked=False), id="unmasked"),
        pytest.param(client_frame(TEXT, b"a", rsv=0x40), id="compressed"),
        pytest.param(client_frame(TEXT, b"a", rsv=0x20), id="second reserved bit"),
        pytest.param(client_frame(TEXT, b"a", rsv=0x10), id="third reserved bit"),
        *[
            pytest.param(client_frame(opcode, b""), id=f"opcode {opcode}")
            for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15)
        ],
        pytest.param(client_frame(PING, b"a", final=False), id="fragmented ping"),
        pytest.param(client_frame(CLOSE, b"\x03\xe8", final=False), id="fragmented close"),
        pytest.param(client_frame(PING, b"a" * 126), id="ping over 125 bytes"),
        pytest.param(client_frame(0, b"a"), id="continuation of nothing"),
        pytest.param(
            client_frame(TEXT, b"a", final=False) + client_frame(TEXT, b"b"), id="new text inside fragments"
        ),
        pytest.param(client_frame(CLOSE, b"\x03"), id="close of one byte"),
        *[
            pytest.param(client_frame(CLOSE, code.to_bytes(2, "big")), id=f"close code {code}")
            for code in (0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535)
        ],
    ],
)
def test_breaches_of_the_protocol_are_answered_with_1002(data: bytes) -> None:
    assert code_for(data) == 1002


@pytest.mark.parametrize(
    "code", [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999]
)
def test_close_codes_a_client_may_send_are_accepted(code: int) -> None:
    reason = "再见".encode()
    assert read(client_frame(CLOSE, code.to_bytes(2, "big") + reason)) == [
        Incoming(CLOSE, payload=reason, code=code)
    ]


def test_an_empty_close_has_no_code() -> None:
    assert read(client_frame(CLOSE, b"")) == [Incoming(CLOSE, code=1005)]
    assert frames.close_frame(1005) == b"\x88\x00"
    assert frames.close_frame(1000) == b"\x88\x02\x03\xe8"


@pytest.mark.parametrize(
    "bad",
    [b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", "议".encode()[:2], b"ok\x80"],
)
def test_text_that_is_not_utf8_is_answered_with_1007(bad: bytes) -> None:
    assert code_for(client_frame(TEXT, bad)) == 1007
    assert code_for(client_frame(TEXT, bad[:1], final=False) + client_frame(0, bad[1:])) == 1007
    assert code_for(client_frame(CLOSE, b"\x03\xe8" + bad)) == 1007


def test_a_long_message_is_refused_from_its_announced_length() -> None:
    whole = client_frame(TEXT, b"a" * (LIMIT + 1))
    assert code_for(whole[:4]) == 1009
    assert len(read(client_frame(TEXT, b"a" * LIMIT))) == 1


def test_fragments_count_together_and_control_frames_do_not_count() -> None:
    half = client_frame(TEXT, b"a" * 600, final=False)
    assert code_for(half + client_frame(0, b"a" * 401)) == 1009
    fitting = half + client_frame(PONG, b"p" * 125) + client_frame(0, b"a" * 400)
    assert [incoming.opcode for incoming in read(fitting)] == [PONG, TEXT]


def test_messages_before_a_breach_are_still_delivered() -> None:
    reader = FrameReader(LIMIT)
    reader.feed(client_frame(TEXT, b"first") + client_frame(TEXT, b"second", masked=False))
    first = reader.next()
    assert first is not None
    assert first.text == "first"
    with pytest.raises(FrameViolation):
        reader.next()
