"""Live protocol 1: reading envelopes strictly, writing answers (CONTRACT, live protocol 1)."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

import msgspec

from server.domain.meeting.commands import ROOM_COMMANDS, OpenPoll, RoomCommand
from server.domain.meeting.decide.text import is_storable
from server.domain.meeting.pass_rule import parse_pass_rule
from server.domain.refusal import Refusal, RefusalCode, refuse
from server.screens.whole import SCREENS, ScreenKind
from server.screens.words import Words, refusal_as_data
from server.store.failures import StorageFull

PROTOCOL = 1
LONGEST_ID = 64

_FIELDS = {cls: frozenset(field.name for field in fields(cls)) for cls in ROOM_COMMANDS.values()}


@dataclass(frozen=True, slots=True)
class Hello:
    """What a screen says first."""

    meeting: str
    screen: ScreenKind


@dataclass(frozen=True, slots=True)
class Envelope:
    """A command as read from the wire."""

    id: str
    name: str
    command: RoomCommand


def read_hello(message: Any) -> Hello | Refusal:
    """Read a ``hello``; BAD_DATA for another shape, STALE_PROTOCOL for another protocol number."""
    if not isinstance(message, dict):
        return refuse(RefusalCode.BAD_DATA)
    protocol, version = message.get("protocol"), message.get("version")
    if not isinstance(protocol, int) or isinstance(protocol, bool):
        return refuse(RefusalCode.BAD_DATA, field="protocol")
    if protocol != PROTOCOL:
        return refuse(RefusalCode.STALE_PROTOCOL, protocol=PROTOCOL)
    meeting, screen = message.get("meeting"), message.get("screen")
    if not isinstance(meeting, str) or not is_storable(meeting) or screen not in SCREENS:
        return refuse(RefusalCode.BAD_DATA, field="screen")
    if version is not None and (not isinstance(version, int) or isinstance(version, bool)):
        return refuse(RefusalCode.BAD_DATA, field="version")
    return Hello(meeting, screen)


def read_envelope(message: Any) -> Envelope | Refusal:
    """Read ``{id, name, data}`` into its command; BAD_DATA for any other shape, field or type."""
    if not isinstance(message, dict):
        return refuse(RefusalCode.BAD_DATA)
    command_id, name, data = message.get("id"), message.get("name"), message.get("data")
    if (
        not isinstance(command_id, str)
        or not 1 <= len(command_id) <= LONGEST_ID
        or not is_storable(command_id)
    ):
        return refuse(RefusalCode.BAD_DATA, field="id")
    cls = ROOM_COMMANDS.get(name) if isinstance(name, str) else None
    if cls is None:
        return refuse(RefusalCode.BAD_DATA, field="name")
    if not isinstance(data, dict) or not data.keys() <= _FIELDS[cls]:
        return refuse(RefusalCode.BAD_DATA, field="data")
    try:
        return Envelope(command_id, str(name), _command(cls, _composed(data)))
    except (msgspec.ValidationError, ValueError, TypeError):
        return refuse(RefusalCode.BAD_DATA, field="data")


def _command(cls: type[RoomCommand], data: dict[str, Any]) -> RoomCommand:
    rule = data.pop("rule", None) if cls is OpenPoll else None
    command = msgspec.convert(data, cls, strict=True)
    if rule is not None and isinstance(command, OpenPoll):
        return replace(command, rule=parse_pass_rule(rule))
    return command


def _composed(value: Any) -> Any:
    """Return the value with every text in composed form (NFC), as the record holds it (S84).

    Raises ValueError for a text no database can hold: one such id would fail the batch it is written with.
    """
    if isinstance(value, str):
        if not is_storable(value):
            raise ValueError("a text that cannot be stored")
        return value if value.isascii() else unicodedata.normalize("NFC", value)
    if isinstance(value, dict):
        return {key: _composed(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_composed(entry) for entry in value]
    return value


def accepted(version: int) -> dict[str, Any]:
    """Return the answer to a command that was carried out."""
    return {"ok": True, "version": version}


def refused_answer(words: Words, refusal: Refusal, command: str = "") -> dict[str, Any]:
    """Return the answer to a command or hello that was refused."""
    return {"ok": False, "refusal": refusal_as_data(words, refusal, command)}


def failed_answer(words: Words, error: Exception | None = None) -> dict[str, Any]:
    """Return the answer to a command the server could not carry out: nothing of it is kept, the phone asks again."""
    code = "DISK_FULL" if isinstance(error, StorageFull) else "UNAVAILABLE"
    return {
        "ok": False,
        "refusal": {"code": code, "facts": {}, "sentence": words["refusals"][code]["sentence"]},
    }


def hello_answer(version: int, now: int, panels: Mapping[str, Any]) -> dict[str, Any]:
    """Return the answer to ``hello``: always the whole screen."""
    return {"ok": True, "version": version, "now": now, "panels": dict(panels)}


def changes_message(since: int, version: int, now: int, panels: Mapping[str, Any]) -> dict[str, Any]:
    """Return a ``changes`` message."""
    return {"since": since, "version": version, "now": now, "panels": dict(panels)}
