"""The load client: thousands of phones in one thread, speaking the wire format itself over epoll.

Every byte is read and every frame delimited, but nothing is parsed that need not be: a frame is told apart by
its first bytes, and one that equals the last byte for byte is known already, as in a broadcast all but the first
are. It keeps count of its own processor time, because a load client that is the bottleneck measures nothing.
"""

import base64
import json
import os
import select
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

NO_MASK: Final = b"\x00\x00\x00\x00"  # a legal mask that leaves the payload as it is
EVENT: Final = b'42/live,["changes"'
ANSWER: Final = b"43/live,"
_RECEIVE_BYTES: Final = 65_536
# Frames that trickle in one by one cost a system call of waiting each. A large crowd lets a few gather, which moves
# what is measured there, tens of milliseconds, by a fifth of one.
_GATHERED: Final = 500
_GATHER_SECONDS: Final = 0.000_2
_PONG: Final = b"\x81\x81" + NO_MASK + b"3"


class LoadFailed(RuntimeError):
    """The server did not do what the load needs; the sentence says what."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How one phone comes in: where to, with which cookie, and what it says hello with."""

    port: int
    cookie: str | None
    hello: dict[str, Any]


class Phone:
    """One connection and what it is waiting for; plain attributes, because there are thousands."""

    __slots__ = (
        "answer", "answered_at", "buffer", "descriptor", "entry", "ready_at", "sent_at", "socket", "stage",
    )  # fmt: skip

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        self.buffer = b""
        self.stage = "shaking"
        self.answer: bytes = b""
        self.ready_at = self.sent_at = self.answered_at = 0.0
        self.socket = socket.socket()
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.setblocking(False)
        self.descriptor = self.socket.fileno()
        self.socket.connect_ex(("127.0.0.1", entry.port))


def frame(text: str) -> bytes:
    """One masked client frame."""
    payload = text.encode()
    length = len(payload)
    if length < 126:
        return bytes((0x81, 0x80 | length)) + NO_MASK + payload
    return bytes((0x81, 0xFE)) + length.to_bytes(2, "big") + NO_MASK + payload


def command(name: str, data: dict[str, Any], number: int = 1) -> bytes:
    """One command with a fresh id, to be acknowledged under `number`."""
    envelope = {"id": os.urandom(16).hex(), "name": name, "data": data}
    return frame(f"42/live,{number}{json.dumps(['command', envelope], ensure_ascii=False)}")


class Crowd:
    """All phones of one server and the one loop that serves them."""

    def __init__(self) -> None:
        self.phones: dict[int, Phone] = {}
        self._poll = select.epoll()
        self._received = bytearray(_RECEIVE_BYTES)
        self._last, self._last_text = b"", b""

    def arrive(self, entries: Sequence[Entry], seconds: float, limit: float = 60.0) -> list[Phone]:
        """Lets phones arrive evenly over `seconds`; returns when all have had their hello answered."""
        made: list[Phone] = []
        started = time.perf_counter()

        def admit(now: float) -> float:
            due = (
                len(entries)
                if not seconds
                else min(len(entries), int((now - started) / seconds * len(entries)) + 1)
            )
            while len(made) < due:
                phone = Phone(entries[len(made)])
                made.append(phone)
                self.phones[phone.descriptor] = phone
                self._poll.register(phone.descriptor, select.EPOLLOUT)
            return 0.002 if len(made) < len(entries) else 0.2

        ready = 0

        def on_text(phone: Phone, text: bytes, now: float) -> None:
            nonlocal ready
            if phone.stage == "opened" and text.startswith(b"0{"):
                phone.stage = "joining"
                phone.socket.send(frame("40/live,"))
            elif phone.stage == "joining":
                if not text.startswith(b"40/live,"):
                    raise LoadFailed(f"connect refused: {text[:200].decode()}")
                phone.stage = "greeting"
                phone.socket.send(frame(f"42/live,0{json.dumps(['hello', phone.entry.hello])}"))
            elif phone.stage == "greeting" and text.startswith(b"43/live,0["):
                if b'"ok":true' not in text[:40].replace(b" ", b""):
                    raise LoadFailed(f"hello refused: {text[:200].decode()}")
                phone.stage = "ready"
                phone.answer, phone.ready_at = text, now
                ready += 1

        self.pump(on_text, lambda: ready == len(entries), limit, admit)
        return made

    def send_all(self, sends: Sequence[tuple[Phone, bytes]], seconds: float, limit: float = 60.0) -> None:
        """Sends each phone's command, evenly over `seconds`; returns when all are answered with ok."""
        sent, answered = 0, 0
        started = time.perf_counter()

        def send_due(now: float) -> float:
            nonlocal sent
            due = (
                len(sends)
                if not seconds
                else min(len(sends), int((now - started) / seconds * len(sends)) + 1)
            )
            # Between batches the answers are read, or the client's own queue would be measured.
            for phone, data in sends[sent : min(due, sent + 50)]:
                phone.sent_at = time.perf_counter()
                phone.socket.send(data)
                sent += 1
            if sent < due:
                return 0.0
            self.between(now)
            return 0.001 if sent < len(sends) else 0.2

        waiting = {phone.descriptor for phone, _ in sends}

        def on_text(phone: Phone, text: bytes, now: float) -> None:
            nonlocal answered
            if text.startswith(ANSWER) and phone.descriptor in waiting:
                if b'"ok":true' not in text[:60]:
                    raise LoadFailed(f"command refused: {text[:300].decode()}")
                phone.answered_at = now
                answered += 1
            elif text.startswith(EVENT):
                self.notice(phone, text, now)

        self.pump(on_text, lambda: answered == len(sends), limit, send_due)

    def notice(self, phone: Phone, text: bytes, now: float) -> None:
        """Called for every `changes` during send_all; scenarios replace it."""

    def between(self, now: float) -> None:
        """Called between two reads during send_all; scenarios replace it."""

    def pump(
        self,
        on_text: Callable[[Phone, bytes, float], None],
        is_done: Callable[[], bool],
        limit: float,
        between: Callable[[float], float] = lambda now: 0.2,
    ) -> None:
        """Reads from everybody until `is_done`; LoadFailed after `limit` seconds or when a phone is lost."""
        until = time.perf_counter() + limit
        wait = between(time.perf_counter())
        while not is_done():
            events = self._poll.poll(wait)
            if 0 < len(events) * _GATHERED < len(self.phones):
                time.sleep(_GATHER_SECONDS)
            for descriptor, mask in events:
                phone = self.phones[descriptor]
                if mask & select.EPOLLOUT:
                    self._shake(phone)
                    continue
                try:
                    size = phone.socket.recv_into(self._received)
                except BlockingIOError:
                    continue
                except OSError as error:
                    raise LoadFailed(f"a phone was cut off: {error}") from error
                if (
                    size
                    and size == len(self._last)
                    and not phone.buffer
                    and self._received.startswith(self._last)
                ):
                    on_text(phone, self._last_text, time.perf_counter())
                else:
                    self._read(phone, bytes(self._received[:size]), on_text)
            now = time.perf_counter()
            if now > until:
                raise LoadFailed("the server did not finish in time")
            wait = between(now)

    def _shake(self, phone: Phone) -> None:
        error = phone.socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise LoadFailed(f"connect: {os.strerror(error)}")
        port = phone.entry.port
        cookie = f"Cookie: {phone.entry.cookie}\r\n" if phone.entry.cookie else ""
        phone.socket.send(
            (
                "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
                f"Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n{cookie}"
                "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n"
            ).encode()
        )
        self._poll.modify(phone.descriptor, select.EPOLLIN)

    def _read(self, phone: Phone, data: bytes, on_text: Callable[[Phone, bytes, float], None]) -> None:
        if not data:
            raise LoadFailed(f"the server closed a phone while {phone.stage}")
        now = time.perf_counter()
        if phone.buffer:
            data = phone.buffer + data
            phone.buffer = b""
        if phone.stage == "shaking":
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                phone.buffer = head
                return
            if not head.startswith(b"HTTP/1.1 101"):
                raise LoadFailed(f"handshake refused: {head[:200].decode('latin-1')}")
            phone.stage = "opened"
        at, end = 0, len(data)
        if end > 4 and data[1] == 126 and end == int.from_bytes(data[2:4], "big") + 4:
            self._last, self._last_text = data, data[4:]  # by far the most frequent: one event, one frame
            on_text(phone, self._last_text, now)
            return
        while end - at >= 2:
            length, start = data[at + 1], at + 2
            if length == 126:
                length, start = int.from_bytes(data[at + 2 : at + 4], "big"), at + 4
            elif length == 127:
                length, start = int.from_bytes(data[at + 2 : at + 10], "big"), at + 10
            if start + length > end:
                break
            text = data[start : start + length]
            at = start + length
            if text == b"2":
                phone.socket.send(_PONG)
            else:
                on_text(phone, text, now)
        phone.buffer = data[at:]

    def pause(self, phones: Sequence[Phone]) -> None:
        """These phones stop reading; the kernel is told to keep little for them."""
        for phone in phones:
            phone.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
            self._poll.unregister(phone.descriptor)

    def resume(
        self,
        phones: Sequence[Phone],
        on_text: Callable[[Phone, bytes, float], None],
        quiet_seconds: float = 0.3,
    ) -> int:
        """They read on, until nothing more comes; returns how many the server had let go meanwhile."""
        gone = 0
        for phone in phones:
            phone.socket.settimeout(quiet_seconds)
            try:
                while data := phone.socket.recv(_RECEIVE_BYTES):
                    self._read(phone, data, on_text)
                raise ConnectionResetError
            except TimeoutError:
                phone.socket.setblocking(False)
                self._poll.register(phone.descriptor, select.EPOLLIN)
            except ConnectionError:
                gone += 1
                del self.phones[phone.descriptor]
                phone.socket.close()
        return gone

    def part(self, phones: Sequence[Phone]) -> None:
        """Closes some connections."""
        for phone in phones:
            self._poll.unregister(phone.descriptor)
            del self.phones[phone.descriptor]
            phone.socket.close()

    def leave(self) -> None:
        """Closes every connection."""
        self.part(list(self.phones.values()))


class Busy:
    """Adds up how busy this client was while something was measured."""

    def __init__(self) -> None:
        self.processor_seconds = 0.0
        self.wall_seconds = 0.0

    def __enter__(self) -> "Busy":
        self._processor, self._wall = time.process_time(), time.perf_counter()
        return self

    def __exit__(self, *_: object) -> None:
        self.processor_seconds += time.process_time() - self._processor
        self.wall_seconds += time.perf_counter() - self._wall

    @property
    def share(self) -> float:
        """Part of one core, 0 to 1."""
        return self.processor_seconds / self.wall_seconds if self.wall_seconds else 0.0
