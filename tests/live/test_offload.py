"""Whole requests on native threads: bodies in, complete answers out, bounded in size, time and number."""

import http.client
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import flask
import pytest
from flask import Flask

from server.live import offload as offload_module
from server.live.offload import offload
from tests.live.conftest import Hall
from tests.live.test_websocket import eventually

OpenHall = Callable[..., Hall]
LIMIT = 100_000


class Pages:
    """A hall whose pages note the thread they ran on."""

    hall: Hall

    def __init__(self) -> None:
        self.threads: set[int] = set()
        self.running = 0
        self.gate = threading.Event()
        self.closed: list[str] = []

    def register(self, app: Flask) -> None:
        app.add_url_rule("/echo", view_func=self.echo, methods=["POST", "PUT"])
        app.add_url_rule("/wait", view_func=self.wait)
        app.add_url_rule("/boom", view_func=self.boom)
        app.add_url_rule("/stream", view_func=self.stream)
        app.config["PROPAGATE_EXCEPTIONS"] = True

    def echo(self) -> Any:
        self.threads.add(threading.get_ident())
        return flask.request.get_data(), 201, {"X-Length": str(flask.request.content_length)}

    def wait(self) -> str:
        self.running += 1
        self.gate.wait(5)
        return "waited"

    def boom(self) -> str:
        raise RuntimeError("secret detail")

    def stream(self) -> Any:
        def pieces() -> Iterator[str]:
            yield "一"
            yield "二"

        response = flask.Response(pieces())
        response.call_on_close(lambda: self.closed.append("closed"))
        return response

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.hall.port, timeout=5)
        try:
            connection.request(
                method, path, body, {name.replace("_", "-"): value for name, value in headers.items()}
            )
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()


@pytest.fixture
def pages(open_hall: OpenHall) -> Pages:
    """Pages behind two threads and room for two more requests."""
    pages = Pages()

    def put_behind_threads(app: Flask) -> None:
        pages.register(app)
        app.wsgi_app = offload(app.wsgi_app, threads=2, waiting=2, body_limit=LIMIT)  # type: ignore[method-assign]

    pages.hall = open_hall(put_behind_threads)
    return pages


def test_a_request_runs_on_a_native_thread_and_comes_back_whole(pages: Pages) -> None:
    body = bytes(range(256)) * 100
    status, headers, answer = pages.ask("POST", "/echo", body)
    assert (status, answer, headers["X-Length"]) == (201, body, "25600")
    loop_thread = pages.hall.call(threading.get_ident)
    assert pages.threads
    assert loop_thread not in pages.threads


def test_one_request_after_the_other_is_run_by_the_same_threads(pages: Pages) -> None:
    for _ in range(12):
        assert pages.ask("POST", "/echo", b"again")[0] == 201
    assert len(pages.threads) <= 2


def test_a_chunked_body_arrives_with_its_length(pages: Pages) -> None:
    status, headers, answer = pages.ask("PUT", "/echo", iter([b"abc", b"def"]))
    assert (status, answer, headers["X-Length"]) == (201, b"abcdef", "6")


def test_a_streamed_answer_is_complete_and_closed(pages: Pages) -> None:
    status, _, answer = pages.ask("GET", "/stream")
    assert (status, answer.decode()) == (200, "一二")
    assert pages.closed == ["closed"]


def test_while_a_page_blocks_the_hall_stays_live(pages: Pages) -> None:
    waiting = threading.Thread(target=pages.ask, args=("GET", "/wait"))
    waiting.start()
    assert eventually(lambda: pages.running == 1)
    with pages.hall.phone() as phone:
        phone.join()
        phone.say('42/live,1["say"]')
        assert phone.text() == '43/live,1[{"ok":true}]'
    pages.gate.set()
    waiting.join()


def test_an_exception_becomes_a_500_page_without_details(
    pages: Pages, caplog: pytest.LogCaptureFixture
) -> None:
    status, headers, answer = pages.ask("GET", "/boom")
    assert status == 500
    assert "服务器出错了" in answer.decode()
    assert "secret" not in answer.decode()
    assert headers["Cache-Control"] == "no-store"
    assert "secret detail" in caplog.text


@pytest.mark.rule("S64")
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_over_the_limit_gets_413(pages: Pages, chunked: bool) -> None:
    body = b"a" * (LIMIT + 1)
    status, _, answer = pages.ask("POST", "/echo", iter([body]) if chunked else body)
    assert status == 413
    assert "内容太大" in answer.decode()
    assert pages.threads == set()
    assert pages.ask("POST", "/echo", body[:LIMIT])[0] == 201


def test_a_huge_announcement_without_a_body_is_answered_soon(
    pages: Pages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offload_module, "_DRAIN_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", pages.hall.port), timeout=3) as sender:
        sender.sendall(b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 4294967296\r\n\r\nabc")
        answer = b""
        while piece := sender.recv(65_536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 413 ")


def test_a_body_that_never_ends_gets_408(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(offload_module, "BODY_SECONDS", 0.2)
    with socket.create_connection(("127.0.0.1", pages.hall.port), timeout=3) as sender:
        sender.sendall(b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc")
        assert sender.recv(65_536).startswith(b"HTTP/1.1 408 ")


def test_a_client_that_leaves_harms_nothing(pages: Pages, caplog: pytest.LogCaptureFixture) -> None:
    with socket.create_connection(("127.0.0.1", pages.hall.port)) as half:
        half.sendall(b"POST /echo HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\nabc")
    with socket.create_connection(("127.0.0.1", pages.hall.port)) as impatient:
        impatient.sendall(b"GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
        assert eventually(lambda: pages.running == 1)
    pages.gate.set()
    assert pages.ask("POST", "/echo", b"next")[2] == b"next"
    assert caplog.text == ""


def test_more_requests_than_may_wait_get_503(pages: Pages) -> None:
    waiting = [threading.Thread(target=pages.ask, args=("GET", "/wait")) for _ in range(4)]
    for thread in waiting:
        thread.start()
    assert eventually(lambda: pages.running == 2)
    time.sleep(0.1)
    status, _, answer = pages.ask("POST", "/echo", b"one too many")
    pages.gate.set()
    for thread in waiting:
        thread.join()
    assert status == 503
    assert "服务器忙" in answer.decode()
    assert pages.running == 4
