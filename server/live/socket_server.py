"""Flask-SocketIO set up for one hall: WebSocket only, our socket class, strict packets, exact Origin."""

import sys
from collections.abc import Callable, Iterable
from functools import partial
from typing import Any, Final, cast

import gevent
from flask import Flask
from flask_socketio import SocketIO

from server.live import frames, packets
from server.live.engine import PacketQueue, background_task, check_driver
from server.live.guard import NAMESPACE, Guard, Origins
from server.live.outbox import Outbox
from server.live.websocket import LiveSocket, SocketLimits, is_websocket_request
from server.live.workers import Workers

PATH: Final = "/socket.io/"
_OPTIONS: Final[dict[str, Any]] = {
    "async_mode": "gevent",
    "transports": ["websocket"],
    "allow_upgrades": False,
    "namespaces": [NAMESPACE],
    "async_handlers": False,
    "manage_session": False,
    "monitor_clients": False,  # each phone's own timer does (engine.py)
    "cors_allowed_origins": [],  # the library lets a missing Origin through; Guard does not
    "json": packets.TextPacket.json,
    "serializer": packets.TextPacket,
    "logger": False,
    "engineio_logger": False,
}


def create_socket_server(
    app: Flask,
    *,
    allowed_origins: Origins,
    ping_interval: float = 25,
    ping_timeout: float = 20,
    limits: SocketLimits | None = None,
) -> SocketIO:
    """Makes the live server and puts it in front of `app.wsgi_app`; handlers are registered on its `.server`.

    `allowed_origins` are exact origins such as `http://192.168.1.5:8000`, asked anew at each handshake when it is
    callable. A missing or foreign Origin gets CONNECT_ERROR NOT_SIGNED_IN before any handler runs (S2).
    """
    limits = limits or SocketLimits()
    timing: dict[str, Any] = {"ping_interval": ping_interval, "ping_timeout": ping_timeout}
    live: Any = SocketIO(app, max_http_buffer_size=limits.message_bytes, **timing, **_OPTIONS)
    server = live.server
    check_driver(server.eio._async)
    outbox = Outbox()
    # A copy: the library's table stays as it is for whoever else uses it in this process.
    server.eio._async = {
        **server.eio._async,
        "websocket": partial(LiveSocket, limits=limits, workers=Workers(), outbox=outbox),
        "queue": PacketQueue,
        "thread": background_task,
    }
    # Socket.IO session id → its socket, while joined: what a broadcast looks up, once per phone.
    server.live_links = {}
    server.live_outbox = outbox
    Guard(server, allowed_origins).stand()
    app.wsgi_app = _gate(app.wsgi_app, server, limits.sockets)  # type: ignore[method-assign]
    return cast(SocketIO, live)


def framed(event: str, data: dict[str, Any]) -> bytes:
    """One event as every phone is sent it: encoded and framed once."""
    return frames.text_frame(packets.event_text(event, data, NAMESPACE))


def broadcast(server: Any, sids: Iterable[str], frame: bytes, patience: int | None = None) -> list[str]:
    """Sends a frame to many phones, written at once, never switching greenlets; returns who was passed over.

    Passed over are phones for which more than `patience` bytes wait already; without it, none. Unknown and dying
    phones are skipped. Cost per phone: one non-blocking send.
    """
    most = sys.maxsize if patience is None else patience
    passed_over: list[str] = []
    server.live_outbox.empty()
    links: dict[str, LiveSocket] = server.live_links
    for sid in sids:
        link = links.get(sid)
        if link is None:
            continue
        if link.backlog_bytes > most:
            passed_over.append(sid)
        else:
            link.write(frame)
    return passed_over


def is_behind(server: Any, sid: str) -> bool:
    """Whether anything waits to be sent to a phone."""
    link: LiveSocket | None = server.live_links.get(sid)
    return link is not None and link.backlog_bytes > 0


def send_one(server: Any, sid: str, event: str, data: dict[str, Any]) -> None:
    """Sends one event to one phone, in order with everything sent to it before, in this turn of the loop."""
    link: LiveSocket | None = server.live_links.get(sid)
    if link is not None:
        link.write_soon(framed(event, data))


def acknowledge(server: Any, reply: packets.PendingReply, answer: dict[str, Any]) -> None:
    """Answers a command whose handler returned `reply`; harmless when the phone is gone or asked for no answer."""
    reply.answer = answer
    if reply.ack_id is None:
        return  # the handler has not returned yet and will carry the answer, or none was asked for
    link: LiveSocket | None = server.live_links.get(reply.sid)
    if link is not None:
        link.write_soon(frames.text_frame(packets.answer_text(reply.ack_id, answer, NAMESPACE)))


def at_end_of_turn(server: Any, call: Callable[[], None]) -> None:
    """Runs `call` once what the loop has read in this turn is handled: a whole burst can be handed on together."""
    server.live_outbox.add(call)


def disconnect(server: Any, sid: str) -> None:
    """Ends a phone's connection after what was sent to it; its disconnect handler runs before this returns."""
    engine = server.eio.sockets.get(server.manager.eio_sid_from_sid(sid, NAMESPACE))
    if engine is not None:
        engine.close(wait=False, reason=server.reason.SERVER_DISCONNECT)


def close_all(server: Any, seconds: float = 1.0) -> None:
    """Says goodbye to every phone with close code 1012 (restarting) and waits up to `seconds` till they are gone."""
    for engine in tuple(server.eio.sockets.values()):
        link = getattr(engine, "live_socket", None)
        if link is not None:
            link.close(frames.RESTARTING)
    with gevent.Timeout(seconds, False):  # type: ignore[arg-type]
        while server.eio.sockets:
            gevent.sleep(0.01)


def _gate(wsgi_app: Callable[..., Any], server: Any, most: int) -> Callable[..., Any]:
    """Lets only complete WebSocket handshakes through to Engine.IO, and at most `most` of them at a time."""

    def refuse(start_response: Callable[..., Any], status: str, why: bytes) -> list[bytes]:
        start_response(status, [("Content-Type", "text/plain"), ("Connection", "close")])
        return [why]

    def gate(environ: dict[str, Any], start_response: Callable[..., Any]) -> Any:
        if environ["PATH_INFO"].startswith(PATH):
            # Engine.IO would leave half-made sessions behind.
            if not is_websocket_request(environ):
                return refuse(start_response, "400 Bad Request", b"WebSocket only\n")
            if len(server.eio.sockets) >= most:
                return refuse(start_response, "503 Service Unavailable", b"Full\n")
        return wsgi_app(environ, start_response)

    return gate
