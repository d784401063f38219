"""A hall in a thread of its own: the real server on a free port, driven from the test's thread."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from typing import Any

import pytest
from flask import Flask
from gevent.event import Event
from gevent.pywsgi import WSGIServer

from server.live import serving, socket_server
from server.live.wakeup import LoopPost
from server.live.websocket import SocketLimits
from tests.live.wire import Phone


class Hall:
    """The server under test; `call` runs a function in its loop and returns the result."""

    def __init__(self, prepare: Callable[[Flask], None] = lambda app: None, **options: Any) -> None:
        self._prepare = prepare
        self.options: dict[str, Any] = {"allowed_origins": {"http://hall.test"}, **options}
        self.app = Flask("hall")
        self.heard: list[tuple[Any, ...]] = []
        self.left: list[tuple[str, str]] = []
        self.phones: list[Phone] = []
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def start(self) -> "Hall":
        self._thread.start()
        assert self._ready.wait(5)
        return self

    def _run(self) -> None:
        self._prepare(self.app)
        live: Any = socket_server.create_socket_server(self.app, **self.options)
        self.server = live.server
        self.server.on("connect", lambda sid, environ, auth: None, namespace="/live")
        self.server.on("disconnect", lambda sid, why: self.left.append((sid, why)), namespace="/live")
        self.server.on("say", self._say, namespace="/live")
        self.post = LoopPost()
        self._stop = Event()
        listener = serving.listen("127.0.0.1", 0)
        self.port = listener.getsockname()[1]
        web = WSGIServer(
            listener, self.app.wsgi_app, log=None, error_log=None, handler_class=serving.HallHandler
        )
        web.start()
        self._ready.set()
        self._stop.wait()
        socket_server.close_all(self.server)
        web.stop(timeout=1)
        self.post.close()

    def _say(self, sid: str, *said: Any) -> Any:
        self.heard.append((sid, *said))
        return {"ok": True}

    def call(self, function: Callable[[], Any]) -> Any:
        result: Future[Any] = Future()

        def run() -> None:
            try:
                result.set_result(function())
            except BaseException as error:
                result.set_exception(error)

        self.post.post(run)
        return result.result(5)

    def broadcast(self, sids: list[str], event: str, data: dict[str, Any]) -> None:
        self.call(lambda: socket_server.broadcast(self.server, sids, socket_server.framed(event, data)))

    def phone(self, **how: Any) -> Phone:
        self.phones.append(Phone(self.port, **how))
        return self.phones[-1]

    def stop(self) -> None:
        self.post.post(self._stop.set)
        self._thread.join(10)
        assert not self._thread.is_alive()
        for phone in self.phones:
            phone.socket.close()


@pytest.fixture
def open_hall() -> Iterator[Callable[..., Hall]]:
    """Opens halls with options; all are closed at the end."""
    opened: list[Hall] = []

    def open_one(*arguments: Any, **options: Any) -> Hall:
        opened.append(Hall(*arguments, **options).start())
        return opened[-1]

    yield open_one
    for hall in opened:
        hall.stop()


@pytest.fixture
def hall(open_hall: Callable[..., Hall]) -> Hall:
    """A hall with ordinary limits that lingers only briefly."""
    return open_hall(limits=SocketLimits(linger_seconds=0.2))
