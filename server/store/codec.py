"""Events ↔ canonical JSON lines (S40)."""

import json
from typing import Any

import msgspec

from server.domain.meeting.events import EVENT_TYPES, Event

_TYPE_OF = {cls: name for name, cls in EVENT_TYPES.items()}


def canonical(value: Any) -> str:
    """Return canonical JSON: sorted keys, no spaces, no escapes beyond JSON's own (S40)."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def type_of(event: Event) -> str:
    """Return the stored type of an event."""
    return _TYPE_OF[type(event)]


def event_line(seq: int, prev: str, at: int, event: Event) -> str:
    """Return the line of the record for one event, without its line feed."""
    return canonical(
        {"seq": seq, "prev": prev, "type": type_of(event), "at": at, "data": msgspec.to_builtins(event)}
    )


def read_line(line: str) -> tuple[Event, int]:
    """Return the event of a line and its instant; ValueError when the line is not ours."""
    record = json.loads(line)
    if not isinstance(record, dict) or not {"type", "data", "at"} <= record.keys():
        raise ValueError("not a line of the record")
    cls = EVENT_TYPES.get(record["type"])
    if cls is None:
        raise ValueError(record["type"])
    return msgspec.convert(record["data"], cls), record["at"]
