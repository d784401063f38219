"""The socket class against a real Engine.IO: handshake, order, backlog, silence, endings."""

import gc
import random
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import gevent
import pytest
from engineio.async_drivers import gevent as driver

from server.live import engine, socket_server
from server.live.engine import DriverChanged, PacketQueue, PingTask
from server.live.websocket import LiveSocket, SocketLimits
from tests.live.conftest import Hall
from tests.live.wire import BINARY, CLOSE, PING, PONG, TEXT, client_frame

OpenHall = Callable[..., Hall]


def eventually(check: Callable[[], bool], seconds: float = 3.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.01)
    return check()


def test_the_pinned_engine_has_the_known_driver() -> None:
    engine.check_driver(driver._async)


def test_another_driver_is_refused_at_start(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(DriverChanged, match="driver table"):
        engine.check_driver({**driver._async, "more": None})
    with pytest.raises(DriverChanged, match="made differently"):
        engine.check_driver({**driver._async, "websocket": lambda handler: None})
    monkeypatch.setattr(engine, "version", lambda _: "4.15.2")
    with pytest.raises(DriverChanged, match=r"4\.15\.2"):
        engine.check_driver(driver._async)


def test_the_handshake_is_answered_with_the_right_key_and_no_extension(hall: Hall) -> None:
    with hall.phone() as phone:
        head = phone.shake(
            Sec_WebSocket_Key="dGhlIHNhbXBsZSBub25jZQ==",
            Sec_WebSocket_Extensions="permessage-deflate; client_max_window_bits",
            Sec_WebSocket_Protocol="chat",
        )
    assert head.startswith("HTTP/1.1 101 ")
    assert "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
    assert "extensions" not in head.lower()
    assert "protocol:" not in head.lower()


@pytest.mark.parametrize(
    "changed",
    [
        {"Upgrade": None},
        {"Upgrade": "h2c"},
        {"Connection": "keep-alive"},
        {"Connection": None},
        {"Sec_WebSocket_Version": "8"},
        {"Sec_WebSocket_Key": None},
        {"Sec_WebSocket_Key": "dGhlIHNhbXBsZQ=="},
        {"Sec_WebSocket_Key": "not base64 at all!"},
    ],
)
def test_half_a_handshake_gets_400_and_leaves_nothing_behind(hall: Hall, changed: dict[str, Any]) -> None:
    with hall.phone() as phone:
        assert phone.shake(**changed).startswith("HTTP/1.1 400")
    assert hall.call(lambda: len(hall.server.eio.sockets)) == 0


def test_frames_sent_together_with_the_handshake_are_heard(hall: Hall) -> None:
    with hall.phone() as phone:
        phone.socket.sendall(
            b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: h\r\nUpgrade: websocket\r\n"
            b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\nOrigin: http://hall.test\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" + client_frame(TEXT, b"40/live,")
        )
        phone.head()
        assert phone.text().startswith("0{")
        assert phone.text().startswith("40/live,")


def test_a_ping_is_answered_with_its_payload(hall: Hall) -> None:
    with hall.phone() as phone:
        phone.join()
        phone.frame(PING, b"abc")
        assert phone.read_frame() == (PONG, b"abc")


@pytest.mark.parametrize(
    ("opcode", "payload", "how", "code"),
    [
        (TEXT, b"4" + b"a" * 16_384, {}, 1009),
        (TEXT, b"a", {"masked": False}, 1002),
        (TEXT, b"a", {"rsv": 0x40}, 1002),
        (TEXT, b"4\xff", {}, 1007),
        (BINARY, b"4abc", {}, 1003),
        (CLOSE, b"\x03\xe8bye", {}, 1000),
        (CLOSE, b"\x0f\xa0", {}, 4000),
    ],
)
def test_each_ending_has_its_close_code(
    hall: Hall, opcode: int, payload: bytes, how: dict[str, Any], code: int
) -> None:
    with hall.phone() as phone:
        phone.join()
        phone.frame(opcode, payload, **how)
        assert phone.close_code() == code
        assert phone.is_ended()
    assert eventually(lambda: len(hall.left) == 1)
    assert hall.call(lambda: len(hall.server.eio.sockets)) == 0


def test_a_message_of_exactly_16_kib_is_heard(hall: Hall) -> None:
    with hall.phone() as phone:
        phone.join()
        frame = '42/live,["say","' + "a" * 16_366 + '"]'
        assert len(frame) == 16_384
        phone.say(frame)
        assert eventually(lambda: len(hall.heard) == 1)


@pytest.mark.parametrize("text", ["", "0", "2probe", "5", "6", "b4AAAA", "x", "议"])
def test_other_engine_packets_are_dropped_and_the_connection_stays(hall: Hall, text: str) -> None:
    with hall.phone() as phone:
        phone.join()
        phone.say(text)
        phone.say('42/live,1["say"]')
        assert phone.text() == '43/live,1[{"ok":true}]'


def test_a_shared_frame_reaches_everyone_in_order_with_what_is_queued(hall: Hall) -> None:
    phones = [hall.phone() for _ in range(5)]
    sids = [phone.join() for phone in phones]

    def mixed() -> None:
        for number in range(50):
            if number % 7 == 3:
                hall.server.emit("tick", {"n": number}, namespace="/live")
            else:
                socket_server.broadcast(hall.server, sids, socket_server.framed("tick", {"n": number}))

    hall.call(mixed)
    for phone in phones:
        assert [phone.text() for _ in range(50)] == [f'42/live,["tick",{{"n":{n}}}]' for n in range(50)]
        phone.socket.close()


def test_a_stalled_phone_gets_every_byte_in_order_once_it_reads_again(open_hall: OpenHall) -> None:
    hall = open_hall(limits=SocketLimits(backlog_bytes=8_000_000, linger_seconds=0.2))
    with hall.phone(receive_buffer=4_096) as phone:
        sid = phone.join()
        for number in range(40):
            hall.broadcast([sid], "big", {"n": number, "fill": "x" * 50_000})
        assert (
            hall.call(lambda: next(iter(hall.server.eio.sockets.values())).live_socket.backlog_bytes)
            > 100_000
        )
        for number in range(40):
            assert phone.text().startswith(f'42/live,["big",{{"n":{number},"fill":"xxx')
        hall.broadcast([sid], "after", {})
        assert phone.text() == '42/live,["after",{}]'


@pytest.mark.rule("S9")
def test_a_phone_that_reads_too_slowly_is_dropped_and_costs_nobody_else(hall: Hall) -> None:
    with hall.phone(receive_buffer=4_096) as slow, hall.phone() as quick:
        sids = [slow.join(), quick.join()]
        for _ in range(40):
            hall.broadcast(sids, "big", {"fill": "x" * 50_000})
            assert quick.text().startswith('42/live,["big"')
        assert eventually(lambda: [sid for sid, _ in hall.left] == [sids[0]])
        assert slow.is_ended()
        hall.broadcast(sids, "after", {})
        assert quick.text() == '42/live,["after",{}]'


def test_one_message_may_be_larger_than_the_backlog_a_phone_is_allowed(open_hall: OpenHall) -> None:
    hall = open_hall(limits=SocketLimits(backlog_bytes=10_000, linger_seconds=0.2))
    with hall.phone(receive_buffer=4_096) as phone:
        sid = phone.join()
        roster = {"fill": "x" * 2_000_000}
        hall.broadcast([sid], "roster", roster)
        assert len(phone.text()) > 2_000_000
        for number in range(40):  # the next one is too many
            hall.broadcast([sid], "roster", {**roster, "n": number})
        assert eventually(lambda: [left for left, _ in hall.left] == [sid])


def test_a_dead_phone_never_raises_into_the_broadcast(hall: Hall) -> None:
    with hall.phone() as dead, hall.phone() as alive:
        sids = [dead.join(), alive.join()]
        dead.socket.setsockopt(1, 13, b"\x01\x00\x00\x00\x00\x00\x00\x00")  # SO_LINGER 0: a reset, no goodbye
        dead.socket.close()

        def many() -> None:
            for _ in range(3):
                socket_server.broadcast(hall.server, [*sids, "unknown"], socket_server.framed("tick", {}))

        hall.call(many)
        assert [alive.text() for _ in range(3)] == ['42/live,["tick",{}]'] * 3
    assert eventually(lambda: len(hall.left) == 2)
    assert eventually(lambda: hall.call(lambda: len(hall.server.eio.sockets)) == 0)


def test_long_silence_with_only_direct_writes_keeps_the_connection(open_hall: OpenHall) -> None:
    """76 s at 25 + 20 s is 1.7 times interval and timeout; this waits three times both."""
    hall = open_hall(ping_interval=0.4, ping_timeout=0.3)
    with hall.phone() as phone:
        sid = phone.join()
        until = time.monotonic() + 2.1
        ticks = 0
        while time.monotonic() < until:
            hall.broadcast([sid], "tick", {})
            assert phone.text() == '42/live,["tick",{}]'
            ticks += 1
            time.sleep(0.05)
        assert ticks > 20
        assert hall.left == []


@pytest.mark.rule("S9")
def test_a_phone_that_stops_answering_pings_is_let_go(open_hall: OpenHall) -> None:
    hall = open_hall(ping_interval=0.2, ping_timeout=0.2)
    with hall.phone() as phone:
        phone.join()
        assert phone.read_frame() == (TEXT, b"2")
        assert phone.is_ended()
    assert eventually(lambda: [why for _, why in hall.left] == ["ping timeout"])


@pytest.mark.rule("S9")
def test_a_handshake_without_a_connect_is_ended(open_hall: OpenHall) -> None:
    hall = open_hall(limits=SocketLimits(admission_seconds=0.3))
    with hall.phone() as idle, hall.phone() as joined:
        idle.shake()
        joined.join()
        idle.text()
        assert idle.is_ended()
        joined.say('42/live,1["say"]')
        assert joined.text() == '43/live,1[{"ok":true}]'


def test_when_the_server_disconnects_the_phone_hears_it(hall: Hall) -> None:
    with hall.phone() as phone:
        sid = phone.join()
        hall.call(lambda: socket_server.broadcast(hall.server, [sid], socket_server.framed("last", {})))
        hall.call(lambda: socket_server.disconnect(hall.server, sid))
        hall.broadcast([sid], "too late", {})
        assert phone.text() == '42/live,["last",{}]'
        assert phone.text() == "1"
        assert phone.close_code() == 1000
        assert phone.is_ended()
    assert hall.left == [(sid, "server disconnect")]


def test_watchers_and_descriptors_are_freed(hall: Hall) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    with hall.phone() as phone:
        phone.join()
    assert eventually(lambda: len(hall.left) == 1)
    before = descriptors()
    for _ in range(50):
        with hall.phone() as phone:
            phone.join()
    assert eventually(lambda: len(hall.left) == 51)
    assert eventually(lambda: descriptors() <= before)


def test_an_error_inside_the_engine_leaves_nothing_behind(
    hall: Hall, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    real = hall.server.eio._trigger_event

    def failing(event: str, *arguments: Any, **options: Any) -> Any:
        return 1 / 0 if event == "message" else real(event, *arguments, **options)

    monkeypatch.setattr(hall.server.eio, "_trigger_event", failing)
    with hall.phone() as phone:
        phone.shake()
        phone.text()
        phone.say("40/live,")
        assert phone.is_ended()
    assert eventually(lambda: hall.call(lambda: len(hall.server.eio.sockets)) == 0)
    assert "a live socket ended with an error" in caplog.text


def test_a_phone_is_not_read_from_while_its_handler_waits(hall: Hall) -> None:
    done: list[str] = []

    def slow(sid: str, name: str) -> str:
        gevent.sleep(0.1)
        done.append(name)
        return name

    hall.server.on("slow", slow, namespace="/live")
    with hall.phone() as waiting, hall.phone() as other:
        waiting.join()
        other.join()
        for name in ("a", "b"):
            waiting.say(f'42/live,1["slow","{name}"]')
        other.say('42/live,1["say"]')
        assert other.text() == '43/live,1[{"ok":true}]'
        assert done == []
        assert [waiting.text(), waiting.text()] == ['43/live,1["a"]', '43/live,1["b"]']
        waiting.say('42/live,2["say"]')
        assert waiting.text() == '43/live,2[{"ok":true}]'


def test_a_disconnect_waits_for_the_handler_that_runs(hall: Hall) -> None:
    order: list[str] = []

    def slow(sid: str) -> None:
        gevent.sleep(0.2)
        order.append("handler")

    hall.server.on("slow", slow, namespace="/live")
    hall.server.on("disconnect", lambda sid, why: order.append("disconnect"), namespace="/live")
    with hall.phone(receive_buffer=4_096) as phone:
        sid = phone.join()
        phone.say('42/live,["slow"]')
        time.sleep(0.05)
        for _ in range(20):
            hall.broadcast([sid], "big", {"fill": "x" * 50_000})
    assert eventually(lambda: len(order) == 2)
    assert order == ["handler", "disconnect"]


@pytest.mark.rule("S10")
def test_a_full_house_gets_503(open_hall: OpenHall) -> None:
    hall = open_hall(limits=SocketLimits(sockets=2, linger_seconds=0.2))
    with hall.phone() as first, hall.phone() as second, hall.phone() as third:
        first.join()
        second.join()
        assert third.shake().startswith("HTTP/1.1 503")
    assert eventually(lambda: len(hall.left) == 2)
    with hall.phone() as next_one:
        next_one.join()


def test_a_phone_that_left_leaves_nothing_for_the_collector(open_hall: OpenHall) -> None:
    hall = open_hall(ping_timeout=0.2, limits=SocketLimits(linger_seconds=0.2))

    def kept() -> set[type]:
        return {type(known) for known in gc.get_objects()} & {LiveSocket, PacketQueue, PingTask}

    gc.collect()
    gc.disable()
    try:
        for _ in range(10):
            with hall.phone() as phone:
                phone.join()
                phone.say('42/live,1["say"]')
                phone.text()
        assert eventually(lambda: len(hall.left) == 10)
        assert eventually(lambda: hall.call(kept) == set())
    finally:
        gc.enable()


def test_garbage_of_all_kinds_harms_nobody_else(hall: Hall, caplog: pytest.LogCaptureFixture) -> None:
    dice = random.Random(20260101)
    texts = ["40/live,", '42/live,1["say",{"a":1}]', "3", "1", "2probe", "41/live,", '451-/live,["say"]', ""]
    with hall.phone() as honest:
        sid = honest.join()
        for _ in range(150):
            with hall.phone() as rogue:
                rogue.shake()
                for _ in range(dice.randrange(1, 6)):
                    frame = bytearray(
                        client_frame(
                            dice.choice([TEXT, TEXT, TEXT, BINARY, 0, CLOSE, PING, PONG]),
                            dice.choice(texts).encode(),
                            final=dice.random() < 0.9,
                        )
                    )
                    if dice.random() < 0.5:
                        frame[dice.randrange(len(frame))] = dice.randrange(256)
                    with suppress(OSError):
                        rogue.socket.sendall(frame)
        honest.say('42/live,7["say"]')
        assert honest.text() == '43/live,7[{"ok":true}]'
        assert eventually(lambda: hall.call(lambda: len(hall.server.eio.sockets)) == 1)
        hall.broadcast([sid], "still", {})
        assert honest.text() == '42/live,["still",{}]'
    assert caplog.text == ""
