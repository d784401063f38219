"""Flask-SocketIO set up for one hall: WebSocket only, our socket class, strict packets, exact Origin."""

from collections.abc import Callable, Collection, Iterable
from functools import partial
from typing import Any, Final, cast

import gevent
from flask import Flask
from flask_socketio import SocketIO
from socketio import packet as wire

from server.live import frames, packets
from server.live.engine import PacketQueue, background_task, check_driver
from server.live.outbox import Outbox
from server.live.websocket import LiveSocket, SocketLimits, is_websocket_request
from server.live.workers import Workers

NAMESPACE: Final = "/live"
PATH: Final = "/socket.io/"
_EVENT: Final = f"2{NAMESPACE},"
Origins = Collection[str] | Callable[[], Collection[str]]

# All a connect handler may look at; the rest of the request is not kept for the life of the connection.
_KEPT_ENVIRON = (
    "HTTP_COOKIE", "HTTP_HOST", "HTTP_ORIGIN", "HTTP_USER_AGENT", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO",
    "REMOTE_ADDR", "wsgi.url_scheme",
)  # fmt: skip


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
    options: dict[str, Any] = {
        "async_mode": "gevent",
        "transports": ["websocket"],
        "allow_upgrades": False,
        "namespaces": [NAMESPACE],
        "async_handlers": False,
        "manage_session": False,
        "cors_allowed_origins": [],  # the library lets a missing Origin through; _guard does not
        "json": packets.TextPacket.json,
        "serializer": packets.TextPacket,
        "ping_interval": ping_interval,
        "ping_timeout": ping_timeout,
        "max_http_buffer_size": limits.message_bytes,
        "logger": False,
        "engineio_logger": False,
    }
    live: Any = SocketIO(app, **options)
    server = live.server
    check_driver(server.eio._async)
    # A copy: the library's table stays as it is for whoever else uses it in this process.
    server.eio._async = {
        **server.eio._async,
        "websocket": partial(LiveSocket, limits=limits, workers=Workers(), outbox=Outbox()),
        "queue": PacketQueue,
        "thread": background_task,
    }
    # Socket.IO session id → its socket, while joined: what a broadcast looks up, once per phone.
    server.live_links = {}
    _guard(server, allowed_origins)
    app.wsgi_app = _gate(app.wsgi_app, server, limits.sockets)  # type: ignore[method-assign]
    return cast(SocketIO, live)


def broadcast(server: Any, sids: Iterable[str], event: str, data: dict[str, Any]) -> None:
    """Sends one event to many phones: encoded and framed once, written at once, never switching greenlets.

    Unknown and dying phones are skipped. Cost per phone: one non-blocking send.
    """
    frame = frames.text_frame(packets.event_text(event, data, NAMESPACE))
    links: dict[str, LiveSocket] = server.live_links
    for sid in sids:
        link = links.get(sid)
        if link is not None:
            link.write(frame)


def send_one(server: Any, sid: str, event: str, data: dict[str, Any]) -> None:
    """Sends one event to one phone, in order with everything sent to it before, in this turn of the loop."""
    link: LiveSocket | None = server.live_links.get(sid)
    if link is not None:
        link.write_soon(frames.text_frame(packets.event_text(event, data, NAMESPACE)))


def acknowledge(server: Any, reply: packets.PendingReply, answer: dict[str, Any]) -> None:
    """Answers a command whose handler returned `reply`; harmless when the phone is gone or asked for no answer."""
    reply.answer = answer
    if reply.ack_id is None:
        return  # the handler has not returned yet and will carry the answer, or none was asked for
    link: LiveSocket | None = server.live_links.get(reply.sid)
    if link is not None:
        link.write_soon(frames.text_frame(packets.answer_text(reply.ack_id, answer, NAMESPACE)))


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


def _guard(server: Any, allowed_origins: Origins) -> None:
    """Puts Origin, packet and admission checks before Socket.IO's own handling of Engine.IO events."""
    foreign: set[str] = set()
    joined: dict[str, str] = {}  # Engine.IO's session id → Socket.IO's

    def on_connect(engine_sid: str, environ: dict[str, Any]) -> None:
        origins = allowed_origins() if callable(allowed_origins) else allowed_origins
        if environ.get("HTTP_ORIGIN") not in origins:
            foreign.add(engine_sid)
        kept = {name: environ[name] for name in _KEPT_ENVIRON if name in environ}
        server._handle_eio_connect(engine_sid, kept)

    def on_message(engine_sid: str, data: Any) -> None:
        try:
            if engine_sid in joined and data.startswith(_EVENT):
                _take_event(server, joined[engine_sid], data)
                return
            if engine_sid in foreign:
                _refuse_foreign(server, engine_sid, data)
                return
            server._handle_eio_message(engine_sid, data)
        except packets.BadPacket:
            return
        if data[0] in "01":
            note_joining(engine_sid)

    def note_joining(engine_sid: str) -> None:
        server.live_links.pop(joined.pop(engine_sid, None), None)
        sid = server.manager.sid_from_eio_sid(engine_sid, NAMESPACE)
        engine = server.eio.sockets.get(engine_sid)
        if sid is not None and engine is not None and not engine.closed:
            joined[engine_sid] = sid
            server.live_links[sid] = engine.live_socket
            engine.live_socket.admit()

    def on_disconnect(engine_sid: str, reason: str) -> None:
        foreign.discard(engine_sid)
        server.live_links.pop(joined.pop(engine_sid, None), None)
        server._handle_eio_disconnect(engine_sid, reason)

    server.eio.on("connect", on_connect)
    server.eio.on("message", on_message)
    server.eio.on("disconnect", on_disconnect)


def _take_event(server: Any, sid: str, text: str) -> None:
    """Calls the handler registered on Socket.IO's server and answers: its own way does the same in thrice the time."""
    ack_id, said = packets.read_event(text, len(_EVENT))
    handler = server.handlers[NAMESPACE].get(said[0])
    if handler is None:
        return
    answer = handler(sid, *said[1:])
    if ack_id is None:
        return
    if isinstance(answer, packets.PendingReply):
        answer.ack_id = ack_id
        answer = answer.answer
    link: LiveSocket | None = server.live_links.get(sid)
    if answer is not None and link is not None:
        link.write_soon(frames.text_frame(packets.answer_text(ack_id, answer, NAMESPACE)))


def _refuse_foreign(server: Any, engine_sid: str, data: Any) -> None:
    asked = packets.TextPacket(encoded_packet=data)
    if asked.packet_type != wire.CONNECT:
        return
    refusal = packets.TextPacket(
        wire.CONNECT_ERROR, data={"message": "NOT_SIGNED_IN"}, namespace=asked.namespace
    )
    server._send_packet(engine_sid, refusal)
    server.eio.sockets[engine_sid].close(wait=False, reason=server.reason.SERVER_DISCONNECT)


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
