"""The transport: text packets, strict JSON, sizes; whatever is wrong harms nobody and changes nothing."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest
import websocket

from tests.contract.client import Json, Participant, Socket, new_id, refusal_of
from tests.contract.hall import Hall

CHECK_IN = '{"id":"x","name":"presence.check_in","data":{}}'


@pytest.fixture
def hall(begun_hall: Hall) -> Hall:
    """A meeting that nothing here may change."""
    return begun_hall


@pytest.fixture
def phone(hall: Hall) -> Iterator[Socket]:
    """The phone of a seat that is not checked in; it has said hello."""
    opened = hall.participant(8).show(hall.id, "phone")
    time.sleep(0.3)  # one session for all of these tests: let its allowance of commands grow back
    before = hall.chair.hello(hall.id, "console")["version"]
    yield opened
    assert hall.chair.hello(hall.id, "console")["version"] == before


def still_works(hall: Hall, phone: Socket) -> None:
    """The connection goes on, and nothing was changed by what was sent."""
    answer = phone.hello(hall.id, "phone")
    assert answer["ok"]
    assert answer["panels"]["me"]["present"] is False
    assert phone.refused("presence.leave") == "NOT_PRESENT"


def is_gone(phone: Socket) -> bool:
    return phone.is_ended(5)


@pytest.mark.parametrize(
    "packet",
    [
        f'42/live,7["command",{CHECK_IN}',
        '42/live,7["command",{"id":"x","name":"presence.check_in","data":{},"data":{}}]',
        '42/live,7["command",{"id":"x","name":"presence.check_in","data":{"n":NaN}}]',
        '42/live,7["command",{"id":"x","name":"presence.check_in","data":{"n":Infinity}}]',
        '42/live,7["command",{"id":"x","name":"presence.check_in","data":{"n":1e999}}]',
        '42/live,7["command",{"id":"\\ud800","name":"presence.check_in","data":{}}]',
        '42/live,7["command",{"id":"x","name":"presence.check_in","data":{"n":' + "9" * 400 + "}}]",
        '42/live,7["command",' + "[" * 200 + "]" * 200 + "]",
        "42/live,7[]",
        "42/live,7{}",
        "42/live,7",
        '42/other,7["command",{}]',
        '42["command",{}]',
        '42/live,99999999999999999999["command",{}]',
        "",
        "4",
        "9",
        "hello",
        '43/live,7["x"]',
        '48/live,["x"]',
    ],
)
def test_a_packet_that_cannot_be_read_changes_nothing(hall: Hall, phone: Socket, packet: str) -> None:
    phone.wire.send(packet)
    try:
        phone.hello(hall.id, "phone")
    except (ConnectionError, websocket.WebSocketException, OSError):
        phone = hall.participant(8).show(hall.id, "phone")
    still_works(hall, phone)


@pytest.mark.rule("S5")
@pytest.mark.parametrize(
    "packet",
    [
        '451-/live,7["command",{"_placeholder":true,"num":0}]',
        '451000000000-/live,["command",{"_placeholder":true,"num":0}]',
        '461-/live,7[{"_placeholder":true,"num":0}]',
    ],
)
def test_a_binary_packet_is_never_accepted(hall: Hall, phone: Socket, packet: str) -> None:
    try:
        phone.wire.send(packet)
        phone.wire.send_binary(b"\x00" * 1000)
        gone = is_gone(phone)
    except OSError:
        gone = True
    fresh = hall.participant(8).show(hall.id, "phone")
    still_works(hall, fresh)
    assert gone


@pytest.mark.rule("S7")
def test_a_packet_of_twenty_kilobytes_ends_its_connection_alone(hall: Hall, phone: Socket) -> None:
    other = hall.phone(1)
    envelope = {"id": "x", "name": "presence.check_in", "data": {}, "pad": "长" * 7_000}
    phone.wire.send("42/live,7" + json.dumps(["command", envelope], ensure_ascii=False))
    assert is_gone(phone)
    assert other.hello(hall.id, "phone")["ok"]
    still_works(hall, hall.participant(8).show(hall.id, "phone"))


def test_a_packet_just_below_the_limit_is_read(hall: Hall, phone: Socket) -> None:
    envelope: Json = {"id": "x", "name": "presence.check_in", "data": {"representative": "x" * 16_000}}
    assert refusal_of(phone.call("command", envelope)) == "NOT_FOUND"
    still_works(hall, phone)


def test_more_arguments_than_expected_are_of_no_use(hall: Hall, phone: Socket) -> None:
    envelope = {"id": new_id(), "name": "presence.leave", "data": {}}
    assert refusal_of(phone.call("command", envelope, {"role": "chair"}, "x")) == "NOT_PRESENT"
    still_works(hall, phone)


@pytest.mark.parametrize("event", ["disconnect", "connect", "message", "__proto__", "changes", ""])
def test_an_event_nobody_listens_to_is_left_unanswered(hall: Hall, phone: Socket, event: str) -> None:
    phone.emit(event, {})
    still_works(hall, phone)


@pytest.mark.rule("S4")
def test_the_actor_is_never_taken_from_the_message(hall: Hall, phone: Socket) -> None:
    envelope: dict[str, Any] = {
        "id": new_id(),
        "name": "meeting.open",
        "data": {},
        "role": "chair",
        "actor": "chair",
    }
    assert refusal_of(phone.call("command", envelope)) == "NOT_ALLOWED"


@pytest.mark.rule("S1")
def test_long_polling_is_not_served(hall: Hall) -> None:
    participant: Participant = hall.participant(8)
    for method in ("GET", "POST"):
        answer = hall.house.ask(
            method, "/socket.io/?EIO=4&transport=polling", b"40/live,", participant.cookies
        )
        assert answer.status == 400


def test_other_protocol_versions_are_not_spoken(hall: Hall) -> None:
    answer = hall.house.ask(
        "GET", "/socket.io/?EIO=3&transport=websocket", cookies=hall.participant(8).cookies
    )
    assert answer.status == 400


def test_a_stale_page_is_told_so(hall: Hall, phone: Socket) -> None:
    answer = phone.call("hello", {"protocol": 99, "meeting": hall.id, "screen": "phone"})
    assert refusal_of(answer) == "STALE_PROTOCOL"
    still_works(hall, phone)
