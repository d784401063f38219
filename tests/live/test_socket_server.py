"""Who may connect, what reaches handlers, how answers come back."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from server.live import packets, socket_server
from server.live.packets import PendingReply
from tests.live.conftest import Hall
from tests.live.test_websocket import eventually
from tests.live.wire import Phone

OpenHall = Callable[..., Hall]


def ask_to_join(phone: Phone, origin: str | None) -> str:
    phone.shake(origin=origin)
    phone.text()
    phone.say("40/live,")
    return phone.text()


@pytest.mark.rule("S2")
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "http://evil.test",
        "http://sub.hall.test",
        "http://hall.test:8000",
        "https://hall.test",
        "http://hall.test/",
        "http://hall.test.evil.test",
        "HTTP://HALL.TEST",
        "",
    ],
)
def test_a_missing_or_foreign_origin_is_not_signed_in(hall: Hall, origin: str | None) -> None:
    called = []
    hall.server.on("connect", lambda *_: called.append(1), namespace="/live")
    with hall.phone() as phone:
        assert ask_to_join(phone, origin) == '44/live,{"message":"NOT_SIGNED_IN"}'
        assert phone.is_ended()
    assert called == []
    assert eventually(lambda: hall.call(lambda: len(hall.server.eio.sockets)) == 0)


def test_before_its_connect_a_foreign_page_can_do_nothing(hall: Hall) -> None:
    with hall.phone() as phone:
        phone.shake(origin="http://evil.test")
        phone.text()
        phone.say('42/live,1["say"]')
        phone.say("40/live,[]")
        phone.say("40/live,")
        assert phone.text().startswith("44/live,")
    assert hall.heard == []


def test_origins_are_asked_anew_at_each_handshake(open_hall: OpenHall) -> None:
    served = {"http://hall.test"}
    hall = open_hall(allowed_origins=lambda: served)
    with hall.phone() as before, hall.phone() as after:
        assert ask_to_join(before, "http://192.168.1.5:8000").startswith("44/live,")
        served.add("http://192.168.1.5:8000")
        assert ask_to_join(after, "http://192.168.1.5:8000").startswith("40/live,")


def test_a_connect_handler_sees_cookie_and_address_and_may_refuse(hall: Hall) -> None:
    seen = []

    def connect(sid: str, environ: dict[str, str], auth: object) -> None:
        seen.append((environ["HTTP_COOKIE"], environ["REMOTE_ADDR"]))
        raise ConnectionRefusedError

    hall.server.on("connect", connect, namespace="/live")
    with hall.phone() as phone:
        phone.shake(Cookie="sid=abc")
        phone.text()
        phone.say("40/live,")
        assert phone.text().startswith("44/live,")
    assert seen == [("sid=abc", "127.0.0.1")]


def test_only_the_live_namespace_exists(hall: Hall) -> None:
    with hall.phone() as phone:
        phone.shake()
        phone.text()
        for namespace in ("", "/other,"):
            phone.say("40" + namespace)
            assert phone.text().startswith("44")


@pytest.mark.rule("S1")
@pytest.mark.parametrize(
    "query", ["EIO=4&transport=polling", "EIO=4", "transport=websocket&sid=abc", "EIO=3&transport=websocket"]
)
def test_there_is_no_polling(hall: Hall, query: str) -> None:
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(f"http://127.0.0.1:{hall.port}/socket.io/?{query}", timeout=5)
    assert caught.value.code == 400
    caught.value.close()


@pytest.mark.parametrize(
    "bad",
    [
        '451-/live,["say",{"_placeholder":true,"num":0}]',
        "461-/live,1[]",
        "44/live,{}",
        "42/live,",
        "42/live,{}",
        '42/live,["connect",{}]',
        '42/live,["disconnect"]',
        '42/live,["say",NaN]',
        '42/live,["say",{"a":1,"a":2}]',
        '42/live,["say","\\ud800"]',
        '42/live,["say",12345678901234567]',
        '42/live,["say",[[[[[[1]]]]]]]',
        '4{"a":1}',
        "4",
        "4x",
    ],
)
def test_bad_packets_are_dropped_before_the_handler(
    hall: Hall, bad: str, caplog: pytest.LogCaptureFixture
) -> None:
    with hall.phone() as phone:
        phone.join()
        phone.say(bad)
        phone.say('42/live,5["say",{"a":1}]')
        assert phone.text() == '43/live,5[{"ok":true}]'
    assert [said[1:] for said in hall.heard] == [({"a": 1},)]
    assert caplog.text == ""


@pytest.mark.rule("S5")
def test_announced_attachments_gather_no_memory(hall: Hall) -> None:
    with hall.phone() as phone:
        phone.join()
        phone.say('451000000000-/live,["say",{"_placeholder":true,"num":0}]')
        phone.say('42/live,1["say"]')
        assert phone.text() == '43/live,1[{"ok":true}]'
        assert hall.call(lambda: len(hall.server._binary_packet)) == 0


def test_an_acknowledgement_may_come_after_the_handler(hall: Hall) -> None:
    waiting: list[PendingReply] = []

    def later(sid: str, data: object) -> PendingReply:
        waiting.append(PendingReply(sid))
        return waiting[-1]

    hall.server.on("later", later, namespace="/live")
    with hall.phone() as phone:
        phone.join()
        phone.say('42/live,1["later",{}]')
        phone.say('42/live,2["later",{}]')
        phone.say('42/live,["later",{}]')
        assert eventually(lambda: len(waiting) == 3)
        for number in (2, 1, 0):
            hall.call(partial(socket_server.acknowledge, hall.server, waiting[number], {"n": number}))
        assert phone.text() == '43/live,2[{"n":1}]'
        assert phone.text() == '43/live,1[{"n":0}]'
    assert eventually(lambda: len(hall.left) == 1)
    hall.call(lambda: socket_server.acknowledge(hall.server, waiting[0], {"late": True}))


def test_an_acknowledgement_given_inside_the_handler_arrives(hall: Hall) -> None:
    def at_once(sid: str, data: object) -> PendingReply:
        reply = PendingReply(sid)
        socket_server.acknowledge(hall.server, reply, {"ok": 1})
        return reply

    hall.server.on("now", at_once, namespace="/live")
    with hall.phone() as phone:
        phone.join()
        phone.say('42/live,9["now",{}]')
        assert phone.text() == '43/live,9[{"ok":1}]'


def test_one_phone_alone_is_spoken_to(hall: Hall) -> None:
    with hall.phone() as first, hall.phone() as second:
        sid, _ = first.join(), second.join()
        hall.call(lambda: socket_server.send_one(hall.server, sid, "mine", {"panels": {}}))
        hall.call(lambda: hall.server.emit("all", {}, namespace="/live"))
        assert first.text() == '42/live,["mine",{"panels":{}}]'
        assert second.text() == '42/live,["all",{}]'


def test_a_broadcast_is_encoded_once(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    phones = [hall.phone() for _ in range(4)]
    sids = [phone.join() for phone in phones]
    encoded = []
    real = packets.event_text

    def counting(*arguments: Any) -> str:
        encoded.append(arguments)
        return real(*arguments)

    monkeypatch.setattr(packets, "event_text", counting)
    hall.broadcast(sids, "tick", {"text": "议"})
    for phone in phones:
        assert json.loads(phone.text().removeprefix("42/live,")) == ["tick", {"text": "议"}]
        phone.socket.close()
    assert len(encoded) == 1


def test_at_the_end_everyone_hears_1012(hall: Hall) -> None:
    with hall.phone() as phone:
        phone.join()
        hall.call(lambda: socket_server.close_all(hall.server))
        assert phone.close_code() == 1012
        assert phone.is_ended()
