"""Shapes a hostile client gives to a value, as JSON text: half of them no JSON library would write."""

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import fields

from server.domain.meeting.commands import ROOM_COMMANDS

SHAPES: Sequence[str] = (
    "null", "true", "false", "0", "-0", "-1", "1", "1.5", "-1e-7", "9007199254740993", "-9007199254740993",
    "9" * 5_000, "1" + "0" * 300, "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "0x10", "01", "+1",
    '""', '"x"', '" "', '"\\u0000"', '"\\ud800"', '"\\udc00\\ud800"', '"\\u202eevil"', '"\\uFEFF"',
    '"' + "长" * 4_000 + '"',
    '"__proto__"', '"constructor"', '"../../etc/passwd"', '"\' OR 1=1 --"', '"{{7*7}}"', '"%s%n"', "'x'",
    "[]", "[null]", "[[]]", '["x","x"]', "[" * 10 + "]" * 10, "[" * 7_000 + "]" * 7_000, "[" * 50,
    "{}", '{"":1}', '{"__proto__":{"chair":true}}', '{"constructor":{}}', '{"_placeholder":true,"num":0}',
    '{"a":1,"a":2}', '{"id":"x","id":"y"}', '{"a":{"b":{"c":{"d":{"e":{"f":{"g":1}}}}}}}',
    '{"a":' * 2_000 + "1" + "}" * 2_000,
    '{"toJSON":1}', '{"length":4294967295}', "undefined", "", "//", "{]", '{"a":1,}', '{"a" 1}', "\x00", "\x7f",
)  # fmt: skip


MARKS = (b"0123456789", b"-", b"/live,", b"[", b"}", b'"', b"\xed\xa0\x80", b"9" * 30)


def packets(random_source: random.Random, many: int | None, meeting: str) -> Iterator[str]:
    """Yield event packets without their ack id: every event with every shape in every place, or a sample of them."""
    every = list(_every(meeting))
    yield from every if many is None or many >= len(every) else random_source.sample(every, many)


def _every(meeting: str) -> Iterator[str]:
    for shape in SHAPES:
        for event in ("command", "hello", "changes", "ghost", "__proto__", ""):
            yield f"[{json.dumps(event)},{shape}]"
        yield f"[{shape}]"
        if len(shape.encode()) < 5_000:  # more than 16 KiB would rightly end the connection
            yield f'["command",{{"id":"a","name":"queue.open","data":{{}}}},{shape},{shape}]'
        yield f'["command",{{"id":{shape},"name":"queue.open","data":{{}}}}]'
        yield f'["command",{{"id":"b","name":{shape},"data":{{}}}}]'
        yield f'["command",{{"id":"c","name":"queue.open","data":{shape}}}]'
        for name, value in (("protocol", shape), ("meeting", shape), ("screen", shape), ("version", shape)):
            said = {"protocol": "1", "meeting": json.dumps(meeting), "screen": '"phone"', name: value}
            yield f'["hello",{{{",".join(f"{json.dumps(key)}:{text}" for key, text in said.items())}}}]'
        for command, cls in ROOM_COMMANDS.items():
            for field in fields(cls):
                yield _command(command, cls, field.name, shape)


def _command(command: str, cls: type, changed: str, shape: str) -> str:
    """Return a command whose other fields are texts that mean nothing."""
    data = {field.name: '"x"' for field in fields(cls) if field.name not in ("rule", "options", "confirmed")}
    data[changed] = shape
    body = ",".join(f"{json.dumps(name)}:{text}" for name, text in data.items())
    return f'["command",{{"id":"d","name":{json.dumps(command)},"data":{{{body}}}}}]'


def mutated(random_source: random.Random, seed_texts: Sequence[bytes]) -> bytes:
    """Return one of the texts with a few bytes flipped, taken out, doubled, moved or borrowed from another."""
    text = bytearray(random_source.choice(seed_texts))
    for _ in range(random_source.randint(1, 4)):
        at = random_source.randrange(len(text) + 1)
        act = random_source.randrange(6)
        if act == 0 and at < len(text):
            text[at] ^= 1 << random_source.randrange(8)
        elif act == 1:
            text[at:at] = random_source.randbytes(random_source.randint(1, 8))
        elif act == 2:
            del text[at : at + random_source.randint(1, 16)]
        elif act == 3:
            text[at:at] = text[at : at + 32] * random_source.randint(1, 20)
        elif act == 4:
            text[at:at] = random_source.choice(
                (b"0123456789", b"-", b"/live,", b"[", b"}", b'"', b"\xed\xa0\x80", b"9" * 30)
            )
        else:
            other = random_source.choice(seed_texts)
            text[at:] = other[random_source.randrange(len(other)) :]
    return bytes(text[:20_000])
