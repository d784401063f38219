"""Socket.IO packets as text: strict JSON (S6), no attachments (S5), answers that may come later.

`dumps` and `loads` make this module the JSON module of Socket.IO and Engine.IO.
"""

import json
import math
import re
import sys
from typing import Any, Final

import msgspec
from socketio import packet as wire

JSON_CHARACTERS: Final = 16_384
JSON_DEPTH: Final = 6
INTEGER_DIGITS: Final = 16
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)
# A phone that could send these names would run the server's own connect and disconnect handlers.
_RESERVED_EVENTS = frozenset({"connect", "disconnect", "connect_error"})
_ACCEPTED_TYPES = frozenset("0123")  # CONNECT, DISCONNECT, EVENT, ACK


class BadPacket(ValueError):
    """The text is not a packet we accept; it is dropped and the connection stays usable."""


class PendingReply:
    """Returned by a handler that acknowledges later, after the commit; `acknowledge` sends the answer."""

    __slots__ = ("ack_id", "answer", "sid")

    def __init__(self, sid: str) -> None:
        self.sid = sid
        self.ack_id: int | None = None
        self.answer: Any = None


class Encoded(str):
    """An answer that is JSON text already, because most of it was the same for everybody."""

    __slots__ = ()


def loads(text: str, **_: Any) -> Any:
    """Strict JSON (S6); raises BadPacket. Bounded by JSON_CHARACTERS, JSON_DEPTH and INTEGER_DIGITS."""
    if len(text) > JSON_CHARACTERS:
        raise BadPacket("too long")
    _refuse_depth(text)
    try:
        value = _DECODER.decode(text)
        # Escapes can spell half a surrogate pair, which neither SQLite nor a PDF can hold.
        if "\\u" in text or not text.isascii():
            dumps(value)
    except UnicodeEncodeError as bad:
        raise BadPacket("not encodable as UTF-8") from bad
    except BadPacket:
        raise
    except ValueError as bad:
        raise BadPacket("not JSON") from bad
    return value


def dumps(value: Any, **_: Any) -> str:
    """Compact JSON; Chinese stays Chinese, a number that is none becomes null, half a surrogate raises."""
    return _ENCODER.encode(value).decode()


def event_text(event: str, data: Any, namespace: str) -> str:
    """The text of one Engine.IO message carrying one Socket.IO event."""
    return f"42{namespace},{dumps([event, data])}"


def answer_text(ack_id: int, answer: Any, namespace: str) -> str:
    """The text of one Engine.IO message carrying the acknowledgement a client waits for."""
    text = answer if isinstance(answer, Encoded) else dumps(answer)
    return f"43{namespace},{ack_id}[{text}]"


def read_event(text: str, start: int) -> tuple[int | None, list[Any]]:
    """Reads an event packet from `start`, behind its type and namespace: ack id, then name and arguments.

    Raises BadPacket, as TextPacket does; this is the short way for what comes by the thousand.
    """
    bracket = text.find("[", start)
    digits = text[start:bracket]
    if (
        bracket < 0
        or len(digits) > INTEGER_DIGITS
        or (digits and not (digits.isascii() and digits.isdigit()))
    ):
        raise BadPacket("not an event")
    said = loads(text[bracket:])
    if not said or not isinstance(said[0], str) or said[0] in _RESERVED_EVENTS:
        raise BadPacket("not an event")
    return int(digits) if digits else None, said


class TextPacket(wire.Packet):  # type: ignore[misc]
    """Socket.IO's packet with decoding closed to everything but well-formed text.

    Subclassed because Socket.IO takes its serializer as a class.
    """

    json = sys.modules[__name__]
    uses_binary_events = False
    data: Any
    id: int | None

    def decode(self, encoded_packet: Any) -> int:
        """Reads one packet; raises BadPacket for attachments, odd shapes and reserved event names."""
        if not isinstance(encoded_packet, str) or encoded_packet[:1] not in _ACCEPTED_TYPES:
            raise BadPacket("packet type not accepted")
        try:
            attachments = super().decode(encoded_packet)
        except ValueError as bad:
            raise BadPacket("not a packet") from bad
        if attachments or len(str(self.id or "")) > INTEGER_DIGITS or not self._has_known_shape():
            raise BadPacket("packet shape not accepted")
        return 0

    def _has_known_shape(self) -> bool:
        data = self.data
        if self.packet_type == wire.EVENT:
            has_name = isinstance(data, list) and bool(data) and isinstance(data[0], str)
            return has_name and data[0] not in _RESERVED_EVENTS
        if self.packet_type == wire.ACK:
            return isinstance(data, list) and self.id is not None
        return data is None or (self.packet_type == wire.CONNECT and isinstance(data, dict))


def _refuse_depth(text: str) -> None:
    if text.count("[") + text.count("{") <= JSON_DEPTH:
        return
    depth = 0
    for token in _TOKENS.finditer(text):
        mark = token.group()
        if mark in "[{":
            depth += 1
            if depth > JSON_DEPTH:
                raise BadPacket("too deep")
        elif mark in "]}":
            depth -= 1


def _integer(digits: str) -> int:
    if len(digits.lstrip("-")) > INTEGER_DIGITS:
        raise BadPacket("integer too long")
    return int(digits)


def _fraction(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise BadPacket("number not finite")
    return number


def _constant(name: str) -> Any:
    raise BadPacket(f"{name} is not JSON")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise BadPacket("duplicate key")
    return members


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_fraction, parse_constant=_constant
)
# Every ballot is told its owner: a tenth of a full hall's time went into the standard library's encoder.
_ENCODER = msgspec.json.Encoder()
