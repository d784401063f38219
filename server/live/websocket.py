"""The WebSocket that Engine.IO's gevent driver is configured with: it owns framing and sending.

Engine.IO queues every packet and wakes one greenlet per phone to frame and send it. A broadcast here is
framed once and written straight to every socket whose queue is empty (reference performance.md, section 2).
"""

import base64
import binascii
import hashlib
import inspect
import logging
import socket
import struct
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final

import gevent
from engineio.packet import MESSAGE, Packet
from gevent.hub import get_hub

from server.live import frames

ENGINE_VERSION: Final = "4.15.1"
_DRIVER_KEYS = frozenset({"thread", "queue", "queue_empty", "event", "websocket", "sleep"})
_ACCEPT_SALT = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
# What a phone may say to Engine.IO: close, pong, and a text message. Everything else is dropped unread.
_ENGINE_PACKETS = frozenset("134")
_RECEIVE_BYTES = 8_192  # a phone says little; a larger buffer costs more to allocate than a second read
_SEND_BUFFER_BYTES = 65_536
_log = logging.getLogger(__name__)
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class DriverChanged(RuntimeError):
    """Engine.IO is not the one this driver was written against."""


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """What one phone may cost: bytes per message, bytes waiting to be sent, seconds to say hello and goodbye."""

    message_bytes: int = 16_384
    backlog_bytes: int = 262_144
    admission_seconds: float = 20.0
    linger_seconds: float = 1.0


class SocketWoken(Exception):
    """Tells a reader that its socket is closing; never leaves this module."""


def check_driver(driver: Mapping[str, Any]) -> None:
    """Raises DriverChanged unless Engine.IO and its private gevent table have the shape known here."""
    found = version("python-engineio")
    if found != ENGINE_VERSION:
        raise DriverChanged(f"python-engineio {found} instead of {ENGINE_VERSION}")
    if driver.keys() != _DRIVER_KEYS:
        raise DriverChanged(f"driver table has {sorted(driver)}")
    if list(inspect.signature(driver["websocket"]).parameters) != ["handler", "server"]:
        raise DriverChanged("the driver's WebSocket is made differently")


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
    """One phone's WebSocket. Writing never blocks and never raises; only the reading greenlet closes it.

    Bytes leave in the order of the calls: what the kernel does not take at once waits in a bounded backlog,
    and a phone whose backlog overflows is dropped and will ask for the whole screen again.
    """

    __slots__ = (
        "_admission", "_backlog", "_backlog_bytes", "_closing", "_dead", "_engine", "_handler", "_hub", "_limits",
        "_raw", "_readable", "_reader", "_socket", "_writable",
    )  # fmt: skip

    def __init__(self, handler: Callable[["LiveSocket"], Any], server: Any, limits: SocketLimits) -> None:
        del server  # Engine.IO's calling convention; everything needed hangs on its socket
        self._handler = handler
        self._engine: Any = handler.__self__  # type: ignore[attr-defined]
        self._limits = limits
        self._hub = get_hub()
        self._reader = frames.FrameReader(limits.message_bytes)
        self._backlog: deque[bytes | memoryview] = deque()
        self._backlog_bytes = 0
        self._closing = False
        self._dead = False

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        """Runs the connection to its end in the caller's greenlet; the WSGI answer is empty."""
        del start_response  # the 101 goes out as bytes: the WSGI server is not asked to answer
        self._take_over(environ["wsgi.input"])
        try:
            self.write(handshake_answer(environ["HTTP_SEC_WEBSOCKET_KEY"]))
            self._handler(self)
        except Exception:
            _log.exception("a live socket ended with an error")
        finally:
            self._admission.close()
            self._close_engine()
            self._finish()
            environ["wsgi.input"].close()  # the buffered reader holds the descriptor open otherwise
            self._engine.live_socket = None  # no reference cycle is left for the collector
        return []

    def _take_over(self, stream: Any) -> None:
        self._socket: Any = stream.raw._sock
        self._raw: Any = self._socket._sock
        self._socket.settimeout(0.0)
        self._reader.feed(stream.peek())  # frames sent together with the handshake
        self._raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        # The kernel would hold megabytes for a stalled phone; what exceeds this is ours to bound.
        self._raw.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        loop: Any = self._hub.loop
        self._readable = loop.io(self._raw.fileno(), 1)
        self._writable = loop.io(self._raw.fileno(), 2)
        self._admission = loop.timer(self._limits.admission_seconds)
        self._admission.start(self.drop)
        self._engine.live_socket = self

    def admit(self) -> None:
        """The phone has joined its namespace: it may stay."""
        self._admission.stop()

    def send(self, message: str | bytes) -> None:
        """Sends one packet from Engine.IO's queue."""
        if isinstance(message, str):
            self.write(frames.text_frame(message))
        else:
            self.write(frames.server_frame(frames.BINARY, message))

    def send_direct(self, frame: bytes, text: str) -> None:
        """Writes a shared frame past Engine.IO's queue, or queues its text behind what already waits there."""
        queue = self._engine.queue
        if queue.empty():
            self.write(frame)
        else:
            queue.put(Packet(MESSAGE, data=text[1:]))  # Engine.IO writes the type itself

    def write(self, data: bytes) -> None:
        """Hands bytes to the kernel or to the backlog; one non-blocking send, no switch of greenlets."""
        if self._dead or self._closing:
            return
        sent = 0
        if not self._backlog:
            try:
                sent = self._raw.send(data)
            except BlockingIOError:
                pass
            except OSError:
                self._die()
                return
            if sent == len(data):
                return
            self._writable.start(self._flush)
        self._backlog.append(memoryview(data)[sent:] if sent else data)
        self._backlog_bytes += len(data) - sent
        if self._backlog_bytes > self._limits.backlog_bytes:
            self.drop()

    def _flush(self) -> None:
        """Runs in the loop whenever the socket becomes writable; must not block."""
        try:
            while self._backlog:
                piece = self._backlog[0]
                sent = self._raw.send(piece)
                self._backlog_bytes -= sent
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

    def wait(self) -> str | None:
        """The next Engine.IO packet as text, None when the connection is over."""
        while not self._dead and not self._closing:
            try:
                incoming = self._reader.next()
            except frames.FrameViolation as violation:
                self.close(violation.code)
                return None
            if incoming is None:
                if not self._receive():
                    return None
            elif incoming.opcode == frames.TEXT:
                if incoming.text[:1] in _ENGINE_PACKETS:
                    return incoming.text
            elif incoming.opcode == frames.PING:
                self.write(frames.server_frame(frames.PONG, incoming.payload))
            elif incoming.opcode == frames.CLOSE:
                self.close(incoming.code)
            elif incoming.opcode == frames.BINARY:
                self.close(frames.UNSUPPORTED_DATA)
        return None

    def _receive(self) -> bool:
        try:
            self._hub.wait(self._readable)
            data = self._raw.recv(_RECEIVE_BYTES)
        except BlockingIOError:
            return True
        except (OSError, SocketWoken):
            return False
        self._reader.feed(data)
        return bool(data)

    def close(self, code: int = frames.NORMAL) -> None:
        """Sends a close frame and lets the reading greenlet end the connection; later writes are ignored."""
        if self._dead or self._closing:
            return
        self.write(frames.close_frame(code))
        self._closing = True
        self._hub.cancel_wait(self._readable, SocketWoken)

    def drop(self) -> None:
        """Ends the connection at once with a reset: for a phone that reads too slowly or never says hello."""
        if self._dead:
            return
        with suppress(OSError):
            self._raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
        self._die()

    def _die(self) -> None:
        self._dead = True
        self._backlog.clear()
        self._backlog_bytes = 0
        self._writable.stop()
        self._hub.cancel_wait(self._readable, SocketWoken)

    def _finish(self) -> None:
        """Sends the rest, waits a moment for the peer's goodbye, frees the watchers and the descriptor."""
        self._readable.close()
        self._writable.close()
        if not self._dead:
            self._socket.settimeout(None)
            with suppress(OSError, SocketWoken), gevent.Timeout(self._limits.linger_seconds, SocketWoken):
                self._socket.sendall(b"".join(self._backlog))
                self._socket.shutdown(socket.SHUT_WR)
                # Unread bytes at the close would make the kernel reset what we have just sent.
                while self._socket.recv(_RECEIVE_BYTES):
                    pass
        self._dead = True
        self._backlog.clear()
        self._socket.close()

    def _close_engine(self) -> None:
        """After an unexpected error in Engine.IO: nothing of this phone may stay behind."""
        if not self._engine.closed:
            self._engine.queue.put(None)
            self._engine.close(wait=False, abort=True, reason=self._engine.server.reason.TRANSPORT_ERROR)
