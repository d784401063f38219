"""Every code a person can meet has words, every word a code; every rule and fact is told in a test (H16)."""

import json
import re
from collections.abc import Iterable
from typing import Any, get_args

import pytest

from server.domain.actor import Role
from server.domain.meeting.commands import (
    ROOM_COMMANDS,
    Command,
    Nature,
    Secrecy,
    SignMinutes,
    Stance,
)
from server.domain.meeting.decide.poll import STANDARD_OPTIONS
from server.domain.meeting.events import EVENT_TYPES
from server.domain.meeting.pass_rule import Outcome
from server.domain.meeting.sentence import Seal
from server.domain.meeting.state import ItemState, Meeting, MeetingState, PollState
from server.domain.refusal import RefusalCode
from server.domain.task.life_cycle import Light, TaskState
from server.domain.topic.life_cycle import Channel, DeclineReason, TopicState
from server.screens import whole
from server.screens.card import RoomCard
from server.service.access.audit import GROUPS, Act, Result
from server.service.access.audit_reading import kinds_of_names
from server.service.upkeep.condition import Concern
from tests.shape.tree import ROOT, own_files

WORDS: dict[str, Any] = json.loads((ROOT / "web" / "words.json").read_text(encoding="utf-8"))
TICKETS = {"TICKET_UNKNOWN", "TICKET_EXPIRED", "TICKET_REVOKED"}
FAILURES = {"UNAVAILABLE", "DISK_FULL"}  # no rule said no: the server could not
ENUMERATIONS: dict[str, Iterable[str]] = {
    "refusals": {*RefusalCode, *TICKETS, *FAILURES},
    "commands": ROOM_COMMANDS,
    "stances": get_args(Stance),
    "options": [option.id for option in STANDARD_OPTIONS],
    "secrecy": get_args(Secrecy),
    "natures": get_args(Nature),
    "outcomes": get_args(Seal),
    "meeting_states": get_args(MeetingState),
    "item_states": get_args(ItemState),
    "poll_states": get_args(PollState),
    "presence": ("absent", "present", "left", "excused"),
    "roles": Role,
    "channels": Channel,
    "topic_states": TopicState,
    "decline_reasons": DeclineReason,
    "task_states": get_args(TaskState),
    "lights": get_args(Light),
    "audit_acts": Act,
    "audit_groups": GROUPS,
    "audit_results": get_args(Result),
    "audit_things": kinds_of_names(),
    "concerns": Concern,
    "signature_answers": get_args(SignMinutes.__annotations__["answer"]),
}
ROOM = list(RefusalCode)[: list(RefusalCode).index(RefusalCode.STALE_PROTOCOL) + 1]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("kind", ENUMERATIONS)
def test_every_value_of_an_enumeration_has_a_word(kind: str) -> None:
    assert [str(value) for value in ENUMERATIONS[kind] if value not in WORDS[kind]] == []


@pytest.mark.parametrize(
    "kind",
    ["refusals", "commands", "stances", "secrecy", "outcomes", "poll_states", "audit_acts", "concerns"],
)
def test_no_word_is_left_over(kind: str) -> None:
    assert [code for code in WORDS[kind] if code not in set(ENUMERATIONS[kind])] == []


def test_every_kind_of_act_is_found_under_one_group() -> None:
    assert sorted(act for acts in GROUPS.values() for act in acts) == sorted(Act)


def texts(value: Any) -> list[str]:
    """Every text below a value."""
    if isinstance(value, dict):
        return [text for entry in value.values() for text in texts(entry)]
    return [value]


def test_every_word_is_chinese() -> None:
    assert [text for text in texts(WORDS) if not CHINESE.search(text)] == []


@pytest.mark.parametrize("code", WORDS["concerns"])
def test_a_concern_says_what_is_the_case_and_what_to_do(code: str) -> None:
    assert set(WORDS["concerns"][code]) == {"sentence", "advice"}


@pytest.mark.parametrize("code", WORDS["refusals"])
def test_a_refusal_says_what_is_the_case_and_what_to_do(code: str) -> None:
    assert set(WORDS["refusals"][code]) == {"sentence", "advice"}


@pytest.mark.parametrize("code", ROOM)
def test_a_refusal_of_the_room_leaves_nothing_but_the_act_to_fill_in(code: str) -> None:
    """Phones fill in the act alone; any other mark would stand on the screen as it is."""
    entry = WORDS["refusals"][code]
    assert set(re.findall(r"\{(\w+)\}", entry["sentence"])) <= {"act"}
    assert "{" not in entry["advice"]


def test_every_step_of_the_guide_has_words_and_every_word_a_step() -> None:
    source = (ROOT / "server" / "screens" / "guide.py").read_text(encoding="utf-8")
    said = set(re.findall(r'_say\(\s*room,\s*"(\w+)"', source))
    assert said
    assert said <= set(WORDS["guide"])
    computed = {f"result_{outcome}" for outcome in get_args(Outcome)}
    assert [code for code in WORDS["guide"] if code not in computed and f'"{code}"' not in source] == []


def test_every_reason_to_end_a_session_has_words() -> None:
    reasons: set[str] = set()
    for path in own_files(".py", under="server"):
        reasons |= set(
            re.findall(r'end_sessions\(unit, now, "(\w+)"', (ROOT / path).read_text(encoding="utf-8"))
        )
    assert "revoked" in reasons
    assert reasons <= set(WORDS["retired"])


@pytest.mark.parametrize("screen", whole.SCREENS)
def test_every_panel_has_a_file_in_each_screen_that_shows_it(screen: whole.ScreenKind) -> None:
    card = RoomCard("", "", "", "", "", "", 0, {})
    panels = set(whole.draw(whole.View(Meeting("m"), {}, card, WORDS)).screens[screen])
    panels |= {"me"} if screen == "phone" else set()
    # What phones may do is looked up by their buttons and drawn by none.
    folder = ROOT / "web" / "static" / "live" / screen
    assert [panel for panel in sorted(panels - {"may"}) if not (folder / f"{panel}.js").is_file()] == []


def test_every_command_and_event_is_told_in_a_test_of_the_rules() -> None:
    told = "".join(
        (ROOT / path).read_text(encoding="utf-8") for path in own_files(".py", under="tests/domain")
    )
    commands = [cls.__name__ for cls in get_args(Command) if not re.search(rf"\bc\.{cls.__name__}\b", told)]
    events = [cls.__name__ for cls in EVENT_TYPES.values() if not re.search(rf"\be\.{cls.__name__}\b", told)]
    assert (commands, events) == ([], [])


def test_every_refusal_code_of_the_room_is_met_over_the_wire() -> None:
    """NOT_ENTITLED needs a seat outside a poll's list; in this procedure every seat is on it."""
    met = "".join(
        (ROOT / path).read_text(encoding="utf-8") for path in own_files(".py", under="tests/contract")
    )
    assert [str(code) for code in ROOM if f'"{code}"' not in met] == ["NOT_ENTITLED"]
