"""A phone made of one blocking socket: speaks HTTP, WebSocket, Engine.IO and Socket.IO byte by byte."""

import base64
import json
import os
import socket
import struct
from typing import Any

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def client_frame(
    opcode: int, payload: bytes, *, final: bool = True, masked: bool = True, rsv: int = 0
) -> bytes:
    """A client frame, with the wrong bits on request."""
    head = bytes(((0x80 if final else 0) | rsv | opcode,))
    mask_bit = 0x80 if masked else 0
    if len(payload) < 126:
        head += bytes((mask_bit | len(payload),))
    elif len(payload) < 65_536:
        head += bytes((mask_bit | 126,)) + struct.pack(">H", len(payload))
    else:
        head += bytes((mask_bit | 127,)) + struct.pack(">Q", len(payload))
    if not masked:
        return head + payload
    key = os.urandom(4)
    return head + key + bytes(byte ^ key[at % 4] for at, byte in enumerate(payload))


class Phone:
    """One connection; every read waits at most `timeout` seconds and then raises TimeoutError."""

    def __init__(self, port: int, timeout: float = 5.0, receive_buffer: int | None = None) -> None:
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(timeout)
        self.socket.connect(("127.0.0.1", port))
        self.buffer = b""

    def __enter__(self) -> "Phone":
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def shake(self, origin: str | None = "http://hall.test", **changed: str | None) -> str:
        """Sends the opening handshake with headers changed or, with None, left out; returns the answer's head."""
        headers: dict[str, str | None] = {
            "Host": "hall.test",
            "Upgrade": "websocket",
            "Connection": "keep-alive, Upgrade",
            "Sec-WebSocket-Version": "13",
            "Sec-WebSocket-Key": base64.b64encode(os.urandom(16)).decode(),
            "Origin": origin,
        }
        headers |= {name.replace("_", "-"): value for name, value in changed.items()}
        lines = [f"{name}: {value}" for name, value in headers.items() if value is not None]
        self.socket.sendall(
            (
                "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n" + "\r\n".join(lines) + "\r\n\r\n"
            ).encode()
        )
        return self.head()

    def head(self) -> str:
        while b"\r\n\r\n" not in self.buffer:
            self._more()
        head, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        return head.decode("latin-1")

    def join(self, **shake: Any) -> str:
        """Handshake, Engine.IO open, Socket.IO connect; returns the Socket.IO session id."""
        assert self.shake(**shake).startswith("HTTP/1.1 101")
        assert self.text().startswith("0{")
        self.say("40/live,")
        answer = self.text()
        assert answer.startswith("40/live,"), answer
        sid: str = json.loads(answer[len("40/live,") :])["sid"]
        return sid

    def say(self, text: str) -> None:
        self.frame(TEXT, text.encode())

    def frame(self, opcode: int, payload: bytes, **how: Any) -> None:
        self.socket.sendall(client_frame(opcode, payload, **how))

    def read_frame(self) -> tuple[int, bytes]:
        """The next frame as it stands; raises ConnectionError at the end of the stream."""
        first, second = self._take(2)
        assert first & 0x80, "server frames are not fragmented"
        assert not first & 0x70, "no extension was agreed to"
        assert not second & 0x80, "server frames are not masked"
        length = second & 0x7F
        if length == 126:
            length = struct.unpack(">H", self._take(2))[0]
        elif length == 127:
            length = struct.unpack(">Q", self._take(8))[0]
        return first & 0x0F, self._take(length)

    def text(self) -> str:
        """The next text message; answers Engine.IO's pings on the way."""
        while True:
            opcode, payload = self.read_frame()
            assert opcode == TEXT, (opcode, payload)
            if payload == b"2":
                self.say("3")
                continue
            return payload.decode()

    def close_code(self) -> int:
        """Reads to the close frame and returns its code."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == CLOSE:
                return int.from_bytes(payload[:2], "big")

    def is_ended(self) -> bool:
        """Reads until the server has ended the connection; False when it is still open after the timeout."""
        try:
            while self.socket.recv(65_536):
                pass
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return True

    def _take(self, size: int) -> bytes:
        while len(self.buffer) < size:
            self._more()
        taken, self.buffer = self.buffer[:size], self.buffer[size:]
        return taken

    def _more(self) -> None:
        data = self.socket.recv(65_536)
        if not data:
            raise ConnectionError("the server ended the stream")
        self.buffer += data
