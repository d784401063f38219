"""A2: hostile sockets beside an honest hall: every shape in every place, mutated frames, floods, and a long walk."""

import random
import socket as sockets
import time
from collections.abc import Iterator
from itertools import islice

import pytest
import websocket

from tests.abuse.conftest import Count
from tests.abuse.live import MIB, LiveHouse
from tests.abuse.shapes import mutated, packets
from tests.contract.client import Socket, refusal_of
from tests.contract.hall import Hall
from tests.live.wire import BINARY, CLOSE, PING, PONG, TEXT, Phone, client_frame

GROWTH = 20 * MIB
# What honest people feel meanwhile: a wish is answered within so many seconds, this busy machine included.
PATIENCE = 3.0


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveHouse]:
    house = LiveHouse(tmp_path_factory.mktemp("sockets"), 24)
    yield house
    house.server.stop()
    assert not house.complaints()


@pytest.fixture
def hall(live: LiveHouse) -> Iterator[Hall]:
    ours = live.hall()
    ours.begin()
    yield ours
    ours.hang_up()


def is_served(hall: Hall) -> None:
    """Somebody else in the room is heard, and everybody sees it."""
    began = time.monotonic()
    hall.chair.hello(hall.id, "console")
    act = "queue.close" if hall.chair.panels["speaker_queue"]["open"] else "queue.open"
    version = hall.chair.do(act)
    for other in (hall.chair, hall.projector):
        other.until_version(version)
    assert time.monotonic() - began < PATIENCE


@pytest.mark.parametrize("who", ["chair", "secretary", "observer", 8])
def test_every_shape_in_every_place(live: LiveHouse, hall: Hall, count: Count, who: str | int) -> None:
    screen = "console" if who in ("chair", "secretary") else "phone"
    hostile = hall.participant(who).show(hall.id, screen)
    sent = packets(random.Random(f"shapes {who}"), count(1_500, 10**6), hall.id)
    before = hall.secretary.hello(hall.id, "console")["version"]
    granted, answered = 0, 0
    while batch := list(islice(sent, 100)):
        answers = _answers(hostile, batch)
        answered += len(answers)
        for answer in answers:
            if answer["ok"]:
                granted += "panels" not in answer
            else:
                assert refusal_of(answer) not in ("TOO_OFTEN", "NOT_SIGNED_IN")
    after = hall.secretary.hello(hall.id, "console")["version"]
    # Whatever was not granted changed nothing: the version rises once for each act and never besides.
    assert after - before <= granted
    assert answered > 100
    if who == "observer":
        assert granted == 0
    if who == 8:
        # Among a million shapes is one that a seat may say: that it is here. All share its id, and its answer.
        assert after - before <= 1
    is_served(hall)


def _answers(hostile: Socket, batch: list[str]) -> list[dict[str, object]]:
    """Send packets and return the answers of those that were read at all."""
    numbers = [next(hostile._numbers) for _ in batch]
    for number, packet in zip(numbers, batch, strict=True):
        hostile.wire.send(f"42/live,{number}{packet}")
    # Two echoes: one that is answered at once, one that goes through the writer behind all the others.
    hostile.call("hello", {"protocol": 99})
    hostile.call("command", {"id": "echo", "name": "poll.close", "data": {"poll": "nowhere"}})
    return [hostile._acks.pop(str(number)) for number in numbers if str(number) in hostile._acks]


CORPUS = [
    b"40/live,",
    b"41/live,",
    b'42/live,7["hello",{"protocol":1,"meeting":"MEETING","screen":"phone","version":3}]',
    b'42/live,8["command",{"id":"x","name":"presence.check_in","data":{}}]',
    '42/live,9["command",{"id":"y","name":"poll.open","data":{"item":"i","text":"是否","secrecy":"open"}}]'.encode(),
    b'43/live,7["x"]',
    b'451-/live,7["command",{"_placeholder":true,"num":0}]',
    b'459999999999-/live,["command",{"_placeholder":true,"num":0}]',
    b'461-/live,7[{"_placeholder":true,"num":0}]',
    b"3probe",
    b"2",
    b"5",
    b"6",
    b"1",
    b'0{"sid":"x","upgrades":[],"pingInterval":1}',
]


def test_mutated_frames_harm_nobody(live: LiveHouse, hall: Hall, count: Count) -> None:
    chance = random.Random("frames")
    cookie = f"sid={hall.participant(8).cookies['sid']}"
    corpus = [text.replace(b"MEETING", hall.id.encode()) for text in CORPUS]
    is_served(hall)
    began = live.memory()
    phone = _joined(live, cookie)
    for number in range(count(6_000, 100_000)):
        try:
            _send_one(phone, chance, corpus)
        except (OSError, ConnectionError):
            phone.socket.close()
            phone = _joined(live, cookie)
        if number % 500 == 499:
            is_served(hall)
    phone.socket.close()
    is_served(hall)
    assert live.memory() - began < GROWTH
    assert not live.complaints()


def _joined(live: LiveHouse, cookie: str) -> Phone:
    phone = Phone(live.server.port)
    phone.join(origin=live.server.url, Cookie=cookie, Host=f"127.0.0.1:{live.server.port}")
    phone.socket.settimeout(0.5)
    return phone


def _send_one(phone: Phone, chance: random.Random, corpus: list[bytes]) -> None:
    """Send one mutated message; now and then the frame around it is wrong as well. Read what has come meanwhile."""
    text = mutated(chance, corpus)
    kind = chance.random()
    if kind < 0.8:
        phone.frame(TEXT, text)
    elif kind < 0.9:
        opcode = chance.choice((0, TEXT, BINARY, 3, 7, CLOSE, PING, PONG, 11, 15))
        phone.frame(
            opcode,
            text,
            final=chance.random() < 0.5,
            masked=chance.random() < 0.8,
            rsv=chance.choice((0, 0, 0x40, 0x30)),
        )
    else:
        raw = bytearray(client_frame(TEXT, text))
        raw[chance.randrange(min(len(raw), 10))] ^= 1 << chance.randrange(8)
        phone.socket.sendall(bytes(raw))
    phone.socket.setblocking(False)
    try:
        while phone.socket.recv(65_536):
            pass
        raise ConnectionError
    except BlockingIOError:
        return
    finally:
        phone.socket.settimeout(0.5)


@pytest.mark.parametrize(
    "flood", [b"3", b"3probe", b"2", b"", b"6", b'43/live,7["x"]', b"40/live,", b'42/live,["ghost",1]']
)
def test_a_flood_of_small_packets_gathers_nothing(
    live: LiveHouse, hall: Hall, count: Count, flood: bytes
) -> None:
    cookie = f"sid={hall.participant(8).cookies['sid']}"
    is_served(hall)
    memory, threads = live.memory(), live.threads()
    frame = client_frame(TEXT, flood) * 100
    with _joined(live, cookie) as phone:
        phone.socket.settimeout(10)
        try:
            for _ in range(count(20, 2_000)):
                phone.socket.sendall(frame)
                is_heard = hall.projector.listen(0.001)
                assert is_heard in (True, False)
        except OSError:
            pass  # refused to go on: as good
        is_served(hall)
    assert live.memory() - memory < GROWTH
    assert live.threads() <= threads + 2


def test_pings_and_pongs_of_the_frame_layer_gather_nothing(live: LiveHouse, hall: Hall, count: Count) -> None:
    cookie = f"sid={hall.participant(8).cookies['sid']}"
    is_served(hall)
    memory = live.memory()
    for opcode in (PING, PONG):
        with _joined(live, cookie) as phone:
            phone.socket.settimeout(10)
            frame = client_frame(opcode, b"x" * 100) * 50
            try:
                for _ in range(count(40, 2_000)):
                    phone.socket.sendall(frame)
            except OSError:
                pass  # its own answers were not read: it was dropped
            is_served(hall)
    assert live.memory() - memory < GROWTH


def test_handshakes_that_never_connect_and_half_open_sockets(
    live: LiveHouse, hall: Hall, count: Count
) -> None:
    is_served(hall)
    memory, files, threads = live.memory(), live.files(), live.threads()
    idle = []
    for number in range(count(300, 10_000)):
        phone = Phone(live.server.port)
        kind = number % 3
        if kind == 0:
            phone.shake(origin=live.server.url, Host=f"127.0.0.1:{live.server.port}")
        elif kind == 1:
            phone.socket.sendall(b"GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nUpgr")
        idle.append(phone)
        if len(idle) >= 300:
            is_served(hall)
            for one in idle:
                one.socket.close()
            idle.clear()
    is_served(hall)
    for one in idle:
        # Half of them vanish without a word, as when a phone's battery dies.
        one.socket.setsockopt(sockets.SOL_SOCKET, sockets.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        one.socket.close()
    until = time.monotonic() + 30
    while live.files() > files + 20:
        assert time.monotonic() < until, (live.files(), files)
        time.sleep(0.1)
    assert live.memory() - memory < GROWTH
    assert live.threads() <= threads + 2
    is_served(hall)


def test_somebody_who_never_reads_is_dropped_and_the_hall_goes_on(
    live: LiveHouse, hall: Hall, count: Count
) -> None:
    is_served(hall)
    memory = live.memory()
    slow = []
    for seat in range(count(6, 9)):
        phone = Phone(live.server.port, receive_buffer=4_096)
        cookie = f"sid={hall.participant(seat).cookies['sid']}"
        phone.join(origin=live.server.url, Cookie=cookie, Host=f"127.0.0.1:{live.server.port}")
        phone.say(f'42/live,1["hello",{{"protocol":1,"meeting":"{hall.id}","screen":"phone"}}]')
        slow.append(phone)
    ask = f'["hello",{{"protocol":1,"meeting":"{hall.id}","screen":"phone"}}]'
    for number in range(count(120, 2_000)):
        for phone in slow:
            try:
                phone.say(f"42/live,{number}{ask}")
            except OSError:
                continue
    for _ in range(count(5, 50)):
        is_served(hall)
    assert live.memory() - memory < GROWTH
    for phone in slow:
        phone.socket.close()


@pytest.mark.parametrize("size", [16 * 1024 + 200, 2**20])
def test_a_large_message_ends_its_connection_and_no_other(live: LiveHouse, hall: Hall, size: int) -> None:
    hostile = hall.participant(8).show(hall.id, "phone")
    memory = live.memory()
    try:
        hostile.wire.send('42/live,1["command",{"id":"' + "x" * size + '"}]')
        gone = hostile.is_ended(5)
    except (OSError, websocket.WebSocketException):
        gone = True
    assert gone
    is_served(hall)
    assert live.memory() - memory < GROWTH
