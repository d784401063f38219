"""WebSocket frames (RFC 6455): server frames are built once and shared, client frames are read strictly.

Wire bytes in, complete messages out; no sockets here. permessage-deflate is never agreed to, so every reserved
bit must be zero.
"""

from typing import Final, NamedTuple

CONTINUATION: Final = 0x0
TEXT: Final = 0x1
BINARY: Final = 0x2
CLOSE: Final = 0x8
PING: Final = 0x9
PONG: Final = 0xA

NORMAL: Final = 1000
GOING_AWAY: Final = 1001
PROTOCOL_ERROR: Final = 1002
UNSUPPORTED_DATA: Final = 1003
NO_CODE_GIVEN: Final = 1005
INVALID_TEXT: Final = 1007
TOO_BIG: Final = 1009
RESTARTING: Final = 1012

_FIN = 0x80
_RESERVED = 0x70
_OPCODE = 0x0F
_MASKED = 0x80
_LENGTH = 0x7F
_CONTROL_LIMIT = 125
_DATA_OPCODES = frozenset({CONTINUATION, TEXT, BINARY})
_CONTROL_OPCODES = frozenset({CLOSE, PING, PONG})
# Codes a peer may put into a close frame; 1004–1006 and 1015 are never sent (RFC 6455 section 7.4).
_CLOSE_CODES = frozenset({1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014})


class FrameViolation(Exception):
    """The peer broke RFC 6455 or a size limit; `code` is the close code it deserves."""

    def __init__(self, code: int) -> None:
        super().__init__(f"close code {code}")
        self.code = code


class Incoming(NamedTuple):
    """A complete message or control frame: `text` for TEXT, `payload` otherwise, `code` for CLOSE."""

    opcode: int
    text: str = ""
    payload: bytes = b""
    code: int = 0


def server_frame(opcode: int, payload: bytes) -> bytes:
    """One unfragmented, unmasked frame: the same bytes for every phone, so a broadcast builds it once."""
    length = len(payload)
    if length <= _CONTROL_LIMIT:
        return bytes((_FIN | opcode, length)) + payload
    if length < 1 << 16:
        return bytes((_FIN | opcode, 126)) + length.to_bytes(2, "big") + payload
    return bytes((_FIN | opcode, 127)) + length.to_bytes(8, "big") + payload


def text_frame(text: str) -> bytes:
    """A text frame; a lone surrogate raises UnicodeEncodeError before anything is sent."""
    return server_frame(TEXT, text.encode())


def close_frame(code: int) -> bytes:
    """A close frame with `code` and no reason; NO_CODE_GIVEN answers an empty close with an empty one."""
    return server_frame(CLOSE, b"" if code == NO_CODE_GIVEN else code.to_bytes(2, "big"))


def unmask(payload: bytes, key: bytes) -> bytes:
    """The payload with the four-byte client mask removed, as one long integer: no loop over bytes."""
    length = len(payload)
    stream = (key * (length // 4 + 1))[:length]
    plain = int.from_bytes(payload, "little") ^ int.from_bytes(stream, "little")
    return plain.to_bytes(length, "little")


class FrameReader:
    """Reads one client's byte stream into complete messages; at most `limit` payload bytes per message."""

    __slots__ = ("_at", "_buffer", "_fragment_bytes", "_fragment_opcode", "_fragments", "_limit")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._buffer = b""
        self._at = 0
        self._fragments: list[bytes] = []
        self._fragment_bytes = 0
        self._fragment_opcode = CONTINUATION

    def feed(self, data: bytes) -> None:
        """Takes what the socket gave; holds at most one unfinished frame and this piece."""
        self._buffer = data if self._at == len(self._buffer) else self._buffer[self._at :] + data
        self._at = 0

    def next(self) -> Incoming | None:
        """The next complete message or control frame, None when bytes are missing; raises FrameViolation."""
        while True:
            frame = self._next_frame()
            if frame is None:
                return None
            opcode, is_final, payload = frame
            if opcode in _CONTROL_OPCODES:
                return _control(opcode, payload)
            message = self._join(opcode, is_final, payload)
            if message is not None:
                return message

    def _next_frame(self) -> tuple[int, bool, bytes] | None:
        buffer, at = self._buffer, self._at
        if len(buffer) - at < 2:
            return None
        first, second = buffer[at], buffer[at + 1]
        opcode, length = first & _OPCODE, second & _LENGTH
        self._refuse_bad_head(first, second)
        at += 2
        if length >= 126:
            width = 2 if length == 126 else 8
            if len(buffer) - at < width:
                return None
            length = int.from_bytes(buffer[at : at + width], "big")
            at += width
        # Refused from the announced length alone: nobody makes us hold a frame that cannot be allowed.
        if self._fragment_bytes * (opcode not in _CONTROL_OPCODES) + length > self._limit:
            raise FrameViolation(TOO_BIG)
        if len(buffer) - at < 4 + length:
            return None
        end = at + 4 + length
        self._at = end
        return opcode, bool(first & _FIN), unmask(buffer[at + 4 : end], buffer[at : at + 4])

    def _refuse_bad_head(self, first: int, second: int) -> None:
        opcode = first & _OPCODE
        if first & _RESERVED or not second & _MASKED:
            raise FrameViolation(PROTOCOL_ERROR)
        if opcode in _CONTROL_OPCODES:
            if not first & _FIN or second & _LENGTH > _CONTROL_LIMIT:
                raise FrameViolation(PROTOCOL_ERROR)
        elif opcode not in _DATA_OPCODES or (opcode == CONTINUATION) == (not self._is_fragmented()):
            raise FrameViolation(PROTOCOL_ERROR)

    def _is_fragmented(self) -> bool:
        return self._fragment_opcode != CONTINUATION

    def _join(self, opcode: int, is_final: bool, payload: bytes) -> Incoming | None:
        if is_final and opcode != CONTINUATION:
            return _data(opcode, payload)
        if opcode != CONTINUATION:
            self._fragment_opcode = opcode
        if payload:
            self._fragments.append(payload)
            self._fragment_bytes += len(payload)
        if not is_final:
            return None
        whole = b"".join(self._fragments)
        opcode = self._fragment_opcode
        self._fragments.clear()
        self._fragment_bytes = 0
        self._fragment_opcode = CONTINUATION
        return _data(opcode, whole)


def _data(opcode: int, payload: bytes) -> Incoming:
    if opcode == BINARY:
        return Incoming(BINARY, payload=payload)
    try:
        return Incoming(TEXT, text=payload.decode())
    except UnicodeDecodeError as bad:
        raise FrameViolation(INVALID_TEXT) from bad


def _control(opcode: int, payload: bytes) -> Incoming:
    if opcode != CLOSE:
        return Incoming(opcode, payload=payload)
    if not payload:
        return Incoming(CLOSE, code=NO_CODE_GIVEN)
    code = int.from_bytes(payload[:2], "big")
    if len(payload) == 1 or not (code in _CLOSE_CODES or 3000 <= code <= 4999):
        raise FrameViolation(PROTOCOL_ERROR)
    try:
        payload[2:].decode()
    except UnicodeDecodeError as bad:
        raise FrameViolation(INVALID_TEXT) from bad
    return Incoming(CLOSE, payload=payload[2:], code=code)
