"""People of the laws' cast walking through a real server's door: what they wish, said over sockets."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.pass_rule import PartyCondition, PassRule
from server.domain.meeting.rules import PLAIN_SPEAKING_RULES
from tests.contract.client import Json, Socket
from tests.contract.hall import Hall
from tests.domain.cast import CALLED, LIN, PARTIES, REPRESENTATIVES, ZHENG, ZHOU

NAMES = {cls: name for name, cls in c.ROOM_COMMANDS.items()}
# The seeded hall deals its seats round-robin: the sixth belongs to the first party again.
DEALT = replace(
    CALLED,
    speaking_rules=PLAIN_SPEAKING_RULES,  # as a seeded hall has them
    seats=tuple(e.Seat(n, f"r{n}", PARTIES[(n - 1) % 5].id, f"{n:064x}") for n in range(1, 7)),
)


class Walkers:
    """The cast in a seeded hall of six seats; ids of the paper room become the hall's own on the way."""

    def __init__(self, hall: Hall) -> None:
        self.hall = hall
        self._names: dict[str, str] = {f"r{seat}": hall.representative(seat - 1) for seat in range(1, 7)}
        self._names |= {f"i{place}": hall.item(place - 1) for place in range(1, 4)}
        parties = hall.chair.panels["presence"]["parties"]
        self._names |= {ours.id: theirs["id"] for ours, theirs in zip(PARTIES, parties, strict=True)}

    def socket(self, actor: Actor) -> Socket | None:
        """Return where this person taps; None for who is no part of the seeded hall."""
        if actor in REPRESENTATIVES:
            return self.hall.phone(REPRESENTATIVES.index(actor))
        found = {LIN.key: "chair", ZHOU.key: "secretary", ZHENG.key: "observer"}.get(actor.key)
        sockets: Mapping[str | None, Any] = {None: None}
        return sockets.get(found, None) if found is None else getattr(self.hall, found)  # type: ignore[no-any-return]

    def say(self, actor: Actor, command: c.RoomCommand) -> Json | None:
        """Send a command as this person; None where nobody of the hall is meant."""
        socket = self.socket(actor)
        return None if socket is None else socket.send(NAMES[type(command)], self.data(command))

    def data(self, command: c.RoomCommand) -> Json:
        """Return a command's data with the hall's own ids."""
        given = {field.name: getattr(command, field.name) for field in fields(command)}
        return {name: self._wire(value) for name, value in given.items() if value is not None}

    def _wire(self, value: Any) -> Any:
        if isinstance(value, PassRule):
            quorum = {"overall": value.quorum.overall, "per_party": value.quorum.per_party}
            return {
                "base": value.base,
                "fraction": value.fraction,
                "strict": value.strict,
                "quorum": quorum,
                "parties": _condition(value.parties),
            }
        if isinstance(value, tuple):
            return [self._wire(one) for one in value]
        if is_dataclass(value):
            return {field.name: getattr(value, field.name) for field in fields(value)}
        if isinstance(value, str):
            if value.startswith("m1."):
                return self.hall.id + value[2:]
            return self._names.get(value, value)
        return value


def _condition(condition: PartyCondition) -> Any:
    match condition.kind:
        case "at_least":
            return {"at_least": condition.count}
        case "must":
            return {"must": list(condition.parties)}
        case _:
            return condition.kind
