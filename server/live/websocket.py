"""The WebSocket that Engine.IO's gevent driver is configured with: it owns framing, sending and reading.

Engine.IO queues every packet and wakes one greenlet per phone to frame and send it. Here a broadcast is framed
once and written straight to every socket (reference performance.md, section 2), and a quiet phone costs no
greenlet at all: the driver's table gets our WebSocket, queue and thread.
"""

import base64
import binascii
import hashlib
import logging
import os
import socket
import struct
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import gevent
from gevent.hub import get_hub

from server.live import frames
from server.live.outbox import Outbox
from server.live.workers import Workers

_ACCEPT_SALT = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_RECEIVE_BYTES = 8_192  # a phone says little; a larger buffer costs more to allocate than a second read
_SEND_BUFFER_BYTES = 65_536
_log = logging.getLogger(__name__)
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """What one phone may cost: bytes per message, bytes waiting to be sent, seconds to say hello and goodbye.

    A phone is dropped when more is to be sent while over `backlog_bytes` wait behind the message under way.
    `sockets` is the number of phones one process takes.
    """

    message_bytes: int = 16_384
    backlog_bytes: int = 262_144
    admission_seconds: float = 20.0
    linger_seconds: float = 1.0
    sockets: int = 20_000


def is_websocket_request(environ: Mapping[str, Any]) -> bool:
    """True for a complete RFC 6455 opening handshake; anything less never reaches Engine.IO."""
    connection = {word.strip() for word in environ.get("HTTP_CONNECTION", "").lower().split(",")}
    if environ["REQUEST_METHOD"] != "GET" or environ.get("HTTP_UPGRADE", "").lower() != "websocket":
        return False
    try:
        key = base64.b64decode(environ.get("HTTP_SEC_WEBSOCKET_KEY", ""), validate=True)
    except (binascii.Error, ValueError):
        return False
    return "upgrade" in connection and environ.get("HTTP_SEC_WEBSOCKET_VERSION") == "13" and len(key) == 16


def handshake_answer(key: str) -> bytes:
    """The 101 response; extensions and subprotocols are never agreed to, so compression stays off."""
    digest = hashlib.sha1(key.encode() + _ACCEPT_SALT, usedforsecurity=False).digest()
    head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return f"{head}Sec-WebSocket-Accept: {base64.b64encode(digest).decode()}\r\n\r\n".encode()


class LiveSocket:
    """One phone's WebSocket, driven by the loop's callbacks: no greenlet and no WSGI request stays behind it.

    Writing never blocks, never raises and never runs a handler. Bytes leave in the order of the calls: what the
    kernel does not take at once waits in a bounded backlog, and a phone whose backlog overflows is dropped and
    will ask for the whole screen again. Handlers run one at a time per phone, in a greenlet that may wait; while
    one waits, the phone is not read from. `backlog_bytes` is what waits to be sent.
    """

    __slots__ = (
        "_backlog", "_deadline", "_engine", "_hub", "_is_closing", "_is_dead", "_is_handling",
        "_is_told", "_limits", "_outbox", "_readable", "_reader", "_socket", "_soon", "_workers", "_writable",
        "backlog_bytes",
    )  # fmt: skip

    def __init__(
        self,
        handler: Callable[["LiveSocket"], Any],
        server: Any,
        limits: SocketLimits,
        workers: Workers,
        outbox: Outbox,
    ) -> None:
        del server  # Engine.IO's calling convention; everything needed hangs on its socket
        self._engine: Any = handler.__self__  # type: ignore[attr-defined]
        self._limits = limits
        self._workers = workers
        self._outbox = outbox
        self._soon: list[bytes] = []
        self._hub: Any = get_hub()
        self._reader = frames.FrameReader(limits.message_bytes)
        self._backlog: deque[bytes | memoryview] = deque()
        self.backlog_bytes = 0
        self._is_closing = self._is_dead = self._is_handling = self._is_told = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        """Answers the handshake and takes the connection away from the web server; returns at once."""
        del start_response  # the 101 goes out as bytes: the web server is not asked to answer
        self._take_over(environ["wsgi.input"])
        self._engine.connected = self._engine.upgraded = True
        self._engine.live_socket = self
        self.write(handshake_answer(environ["HTTP_SEC_WEBSOCKET_KEY"]))
        self._engine.queue.lead_to(self)
        self._handle()  # frames that came together with the handshake
        return []

    def _take_over(self, stream: Any) -> None:
        """Duplicates the descriptor, so that the web server can close its own and forget the request."""
        loop_socket = stream.raw._sock
        loop_socket.settimeout(0.0)
        self._reader.feed(stream.peek())
        descriptor = os.dup(loop_socket.fileno())
        self._socket = socket.socket(loop_socket.family, loop_socket.type, loop_socket.proto, descriptor)
        self._socket.setblocking(False)
        loop_socket.close()
        stream.close()
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # The kernel would hold megabytes for a stalled phone; what exceeds this is ours to bound.
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        self._readable = self._hub.loop.io(descriptor, 1)
        self._writable = self._hub.loop.io(descriptor, 2)
        self._readable.start(self._on_readable)
        self._deadline = self._hub.loop.timer(self._limits.admission_seconds)
        self._deadline.start(self.drop)

    def admit(self) -> None:
        """The phone has joined its namespace: it may stay."""
        if not self._is_closing:
            self._deadline.close()

    def send(self, message: str | bytes) -> None:
        """Sends one encoded Engine.IO packet."""
        if isinstance(message, str):
            self.write(frames.text_frame(message))
        else:
            self.write(frames.server_frame(frames.BINARY, message))

    def write(self, data: bytes) -> None:
        """Hands bytes to the kernel or to the backlog; one non-blocking send, no switch of greenlets."""
        if self._is_dead or self._is_closing:
            return
        if self._soon:
            data = b"".join(self._soon) + data
            self._soon.clear()
        sent = 0
        if not self._backlog:
            try:
                sent = self._socket.send(data)
            except BlockingIOError:
                pass
            except OSError:
                self._die()
                return
            if sent == len(data):
                return
            self._writable.start(self._on_writable)
        elif self.backlog_bytes - len(self._backlog[0]) > self._limits.backlog_bytes:
            # The one under way may be large, as a hall's whole roster is; what waits behind it is bounded.
            self.drop()
            return
        self._backlog.append(memoryview(data)[sent:] if sent else data)
        self.backlog_bytes += len(data) - sent

    def write_soon(self, data: bytes) -> None:
        """Writes at the end of this turn of the loop, or earlier together with the next `write`."""
        if not self._soon:
            self._outbox.add(self._write_rest)
        self._soon.append(data)

    def _write_rest(self) -> None:
        if self._soon:
            rest = b"".join(self._soon)
            self._soon.clear()
            self.write(rest)

    def _on_writable(self) -> None:
        """Called by the loop while there is a backlog; must not block."""
        try:
            while self._backlog:
                piece = self._backlog[0]
                sent = self._socket.send(piece)
                self.backlog_bytes -= sent
                if sent < len(piece):
                    self._backlog[0] = memoryview(piece)[sent:]
                    return
                self._backlog.popleft()
        except BlockingIOError:
            return
        except OSError:
            self._die()
            return
        self._writable.stop()
        if self._is_closing:
            self._say_no_more()

    def _on_readable(self) -> None:
        """Called by the loop; hands what came to a working greenlet, where handlers may wait."""
        try:
            data = self._socket.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._die()
        elif not self._is_closing:
            self._reader.feed(data)
            self._workers.run(self._handle)
            if self._is_waiting():
                self._readable.stop()

    def _is_waiting(self) -> bool:
        """The handler has been started and has not come back: the phone is not read from till it does."""
        return self._is_handling and not self._is_dead

    def _handle(self) -> None:
        """Works through the frames that are complete; one greenlet per phone at a time."""
        self._is_handling = True
        try:
            while not self._is_over() and (incoming := self._reader.next()):
                self._take(incoming)
        except frames.FrameViolation as violation:
            self.close(violation.code)
        except Exception:
            _log.exception("a live socket ended with an error")
            self.drop()
        self._is_handling = False
        if self._is_over():
            self._tell_engine()
        if not self._is_dead and not self._readable.active:
            self._readable.start(self._on_readable)

    def _is_over(self) -> bool:
        return self._is_dead or self._is_closing

    def _take(self, incoming: frames.Incoming) -> None:
        if incoming.opcode == frames.TEXT:
            kind = incoming.text[:1]
            if kind == "4":
                self._engine.server._trigger_event("message", self._engine.sid, incoming.text[1:])
            elif kind == "3":
                self._engine.schedule_ping()
            elif kind == "1":
                self._engine.close(
                    wait=False, abort=True, reason=self._engine.server.reason.CLIENT_DISCONNECT
                )
            # Nothing else is a phone's to say: dropped.
        elif incoming.opcode == frames.PING:
            self.write(frames.server_frame(frames.PONG, incoming.payload))
        elif incoming.opcode == frames.CLOSE:
            self.close(incoming.code)
        elif incoming.opcode == frames.BINARY:
            self.close(frames.UNSUPPORTED_DATA)

    def close(self, code: int = frames.NORMAL) -> None:
        """Sends what waits and a close frame, then gives the peer a moment to hang up; later writes are ignored."""
        if self._is_over():
            return
        self.write(frames.close_frame(code))
        if self._is_over():
            return
        self._is_closing = True
        self._deadline.close()
        self._deadline = self._hub.loop.timer(self._limits.linger_seconds)
        self._deadline.start(self._die)
        if not self._backlog:
            self._say_no_more()
        self._tell_engine_soon()

    def _say_no_more(self) -> None:
        # Closing with unread bytes would make the kernel reset what we have just sent: the peer hangs up first.
        try:
            self._socket.shutdown(socket.SHUT_WR)
        except OSError:
            self._die()

    def drop(self) -> None:
        """Ends the connection at once with a reset: for a phone that reads too slowly or never says hello."""
        if self._is_dead:
            return
        with suppress(OSError):
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._die()

    def _die(self) -> None:
        if self._is_dead:
            return
        self._is_dead = True
        for watcher in (self._readable, self._writable, self._deadline):
            watcher.close()
        self._socket.close()
        self._backlog.clear()
        self._soon.clear()
        self._tell_engine_soon()

    def _tell_engine_soon(self) -> None:
        """Disconnect handlers never run inside somebody's broadcast, nor beside a handler of the same phone."""
        if not self._is_handling and not self._is_told:
            gevent.spawn(self._tell_engine)

    def _tell_engine(self) -> None:
        if self._is_told:
            return
        self._is_told = True
        engine = self._engine
        if not engine.closed:
            engine.close(wait=False, abort=True, reason=engine.server.reason.TRANSPORT_CLOSE)
        engine.server.sockets.pop(engine.sid, None)
        # No reference cycle is left: the collector, tuned for thousands of phones, comes by seldom.
        engine.ping_task.stop()
        engine.ping_task = None
        engine.queue.lead_to(None)
        engine.live_socket = None
