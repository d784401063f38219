"""What is said in one turn leaves together, in order, and before a broadcast."""

import gevent
import pytest

from server.live import socket_server
from server.live.outbox import Outbox
from server.live.websocket import LiveSocket
from tests.live.conftest import Hall
from tests.live.test_websocket import eventually
from tests.live.wire import client_frame


def test_calls_run_once_at_the_end_of_the_turn() -> None:
    outbox = Outbox()
    ran: list[str] = []
    outbox.add(lambda: ran.append("first"))
    outbox.add(lambda: ran.append("second"))
    assert ran == []
    gevent.sleep(0)
    assert ran == ["first", "second"]
    gevent.sleep(0)
    assert ran == ["first", "second"]


def test_a_call_added_while_emptying_runs_in_the_next_turn() -> None:
    outbox = Outbox()
    ran: list[str] = []
    outbox.add(lambda: outbox.add(lambda: ran.append("later")))
    outbox.empty()
    assert ran == []
    gevent.sleep(0)
    assert ran == ["later"]


def test_one_turn_is_one_send_in_the_order_of_the_calls(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    with hall.phone() as phone:
        sid = phone.join()
        sends: list[int] = []
        link_type = LiveSocket
        real = link_type.write

        def counting(link: LiveSocket, data: bytes) -> None:
            sends.append(len(data))
            real(link, data)

        monkeypatch.setattr(link_type, "write", counting)

        def say() -> None:
            for number in range(3):
                socket_server.send_one(hall.server, sid, "mine", {"n": number})

        hall.call(say)
        assert [phone.text() for _ in range(3)] == [f'42/live,["mine",{{"n":{n}}}]' for n in range(3)]
        assert len(sends) == 1


def test_an_answer_leaves_before_the_broadcast_of_the_same_turn(hall: Hall) -> None:
    with hall.phone() as first, hall.phone() as second:
        sids = [first.join(), second.join()]

        def say() -> None:
            socket_server.send_one(hall.server, sids[0], "mine", {})
            socket_server.broadcast(hall.server, sids, socket_server.framed("changes", {}))
            socket_server.send_one(hall.server, sids[0], "mine", {"again": True})

        hall.call(say)
        said = [first.text() for _ in range(3)]
        assert said == ['42/live,["mine",{}]', '42/live,["changes",{}]', '42/live,["mine",{"again":true}]']
        assert second.text() == '42/live,["changes",{}]'


def test_a_burst_of_commands_can_be_handed_on_together(hall: Hall) -> None:
    turns: list[list[int]] = []
    turn: list[int] = []

    def hand_on() -> None:
        turns.append(turn.copy())
        turn.clear()

    def take(sid: str, number: int) -> None:
        if not turn:
            socket_server.at_end_of_turn(hall.server, hand_on)
        turn.append(number)

    hall.server.on("take", take, namespace="/live")
    with hall.phone() as phone:
        phone.join()
        phone.socket.sendall(b"".join(client_frame(1, f'42/live,["take",{n}]'.encode()) for n in range(20)))
        assert eventually(lambda: sum(map(len, turns)) == 20)
    assert [number for one in turns for number in one] == list(range(20))
    assert len(turns) < 20
