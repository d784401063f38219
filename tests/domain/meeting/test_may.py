"""What phones may do now: every offer is one the rules would grant to somebody."""

import pytest

from server.domain.meeting import events as e
from server.domain.meeting.commands import ROOM_COMMANDS
from server.domain.meeting.may import commands_for_absent, commands_for_present
from tests.domain.cast import ARRIVED, BEGUN, DEBATED, OPENED, POLLED, SPEAKING
from tests.domain.given import given

CLOSED = (*OPENED, e.MeetingClosed())
SUSPENDED = (*OPENED, e.MeetingSuspended())


@pytest.mark.parametrize(
    ("before", "present"),
    [
        (ARRIVED, {"presence.leave"}),
        (BEGUN, {"presence.leave"}),
        (SUSPENDED, {"presence.leave"}),
        (CLOSED, set()),
        (DEBATED, {"presence.leave", "floor.request", "floor.withdraw", "floor.change"}),
        (SPEAKING, {"presence.leave", "floor.request", "floor.withdraw", "floor.change", "floor.yield"}),
        (POLLED, {"presence.leave", "ballot.cast"}),
        ((*POLLED, e.PollVoided("m1.p1", "念错了")), {"presence.leave"}),
    ],
)
def test_what_is_offered_to_those_present(before: tuple[e.Event, ...], present: set[str]) -> None:
    assert set(commands_for_present(given(*before).state)) == present


@pytest.mark.parametrize("before", [(), OPENED, SUSPENDED, POLLED])
def test_who_is_not_there_may_check_in(before: tuple[e.Event, ...]) -> None:
    assert commands_for_absent(given(*before).state) == ("presence.check_in",)


def test_a_closed_meeting_offers_nothing() -> None:
    assert commands_for_absent(given(*CLOSED).state) == commands_for_present(given(*CLOSED).state) == ()


def test_every_offer_is_a_command() -> None:
    everything = {*commands_for_present(given(*SPEAKING).state), *commands_for_present(given(*POLLED).state)}
    assert everything <= set(ROOM_COMMANDS)
