"""Wire names, stored types and classes: one-to-one, each derived from the other (N1–N4)."""

import re
from typing import get_args

import pytest

from server.domain.meeting.commands import ROOM_COMMANDS, Command, RoomCommand
from server.domain.meeting.events import EVENT_TYPES, Event

# Verb and noun as the glossary says them where the wire word is not the class's own.
WIRE = {
    "agenda.begin": "BeginItem",
    "agenda.finish": "FinishItem",
    "agenda.add": "AddItem",
    "agenda.refer": "ReferItem",
    "idea.open": "OpenBoard",
    "idea.close": "CloseBoard",
    "consent.ask": "AskConsent",
    "presence.check_in": "CheckIn",
    "presence.leave": "Leave",
    "presence.excuse": "Excuse",
}


def pascal(name: str) -> str:
    return "".join(word.capitalize() for word in re.split("[._]", name))


@pytest.mark.parametrize("name", ROOM_COMMANDS)
def test_a_commands_wire_name_is_noun_and_verb_of_its_class(name: str) -> None:
    noun, verb = name.split(".")
    assert ROOM_COMMANDS[name].__name__ == WIRE.get(name, pascal(verb) + pascal(noun))


@pytest.mark.parametrize("name", EVENT_TYPES)
def test_an_events_stored_type_is_noun_and_participle_of_its_class(name: str) -> None:
    assert EVENT_TYPES[name].__name__ == pascal(name)


def test_every_command_and_event_class_is_registered_once() -> None:
    assert set(ROOM_COMMANDS.values()) == set(get_args(RoomCommand))
    assert set(EVENT_TYPES.values()) == set(get_args(Event))
    assert len(set(ROOM_COMMANDS.values())) == len(ROOM_COMMANDS)
    assert len(set(EVENT_TYPES.values())) == len(EVENT_TYPES)
    assert set(get_args(RoomCommand)) < set(get_args(Command))
