"""What console, desk and wall are told of a poll beyond the contract."""

from dataclasses import replace

import pytest

from server.domain.meeting import events as e
from server.domain.meeting.state import BallotBox
from server.domain.meeting.tally import count_poll
from tests.domain.cast import BEGUN, OPENED, POLLED, POLLED_IN_SECRET, ballot, poll_opened
from tests.domain.given import given
from tests.screens.drawn import screen

CAME_AT_DESK = e.PresenceCheckedIn(6, "desk")


@pytest.mark.rule("R69")
def test_the_silent_are_told_apart_by_party_and_seat() -> None:
    silent = screen("console", *POLLED, CAME_AT_DESK, ballots=(ballot(1), ballot(2)))["poll"]["silent"]
    assert [(one["seat"], one["name"], one["party"], one["at_desk"]) for one in silent] == [
        (3, "孙芳", "社区", False),
        (4, "李敏", "邻长", False),
        (5, "吴伟", "业主", False),
        (6, "吴伟", "业主", True),
    ]
    assert [one["representative"] for one in silent] == ["r3", "r4", "r5", "r6"]


def test_a_record_that_waits_names_its_seat() -> None:
    waiting = ballot(6, "against", is_recorded=True, is_counted=False)
    (record,) = screen("console", *POLLED, CAME_AT_DESK, ballots=(waiting,))["poll"]["unconfirmed"]
    assert (record["seat"], record["party"], record["choice"]) == (6, "业主", "against")


def test_nobody_but_the_console_learns_who_is_silent() -> None:
    for events in (POLLED, POLLED_IN_SECRET):
        assert "silent" not in screen("projector", *events)["poll"]
        assert "silent" not in screen("phone", *events)["poll"]
    assert screen("console", *POLLED_IN_SECRET)["poll"]["silent"] == []


def test_a_secret_result_tells_how_many_were_silent() -> None:
    state = given(*POLLED_IN_SECRET).state
    assert state.poll is not None
    box = BallotBox({seat: ballot(seat, None) for seat in (1, 2, 3)}, {"for": 2, "against": 1})
    closed = count_poll(state, state.poll, box)
    result = screen("projector", *POLLED_IN_SECRET, closed, e.PollPublished("m1.p1"))["result"]
    assert (result["entitled"], result["present"], result["cast"], result["parties"]) == (6, 5, 3, None)


@pytest.mark.rule("R55", "P1")
def test_a_sounding_is_sealed_as_a_sounding_however_many_were_for_it() -> None:
    sounding = (*BEGUN, poll_opened(nature="sounding"))
    state = given(*sounding).state
    assert state.poll is not None
    closed = count_poll(state, state.poll, BallotBox({seat: ballot(seat) for seat in (1, 2, 3, 4, 5)}))
    for kind in ("projector", "console", "phone"):
        result = screen(kind, *sounding, closed, e.PollPublished("m1.p1"))["result"]
        assert (result["outcome"], result["seal"]) == ("passed", "sounding")
    nobody = count_poll(state, state.poll, BallotBox())
    assert screen("phone", *sounding, nobody, e.PollPublished("m1.p1"))["result"]["seal"] == "void"


def test_a_void_poll_tells_its_reason_on_every_screen() -> None:
    events = (*POLLED, e.PollVoided("m1.p1", "念错了"))
    for kind in ("projector", "console", "phone"):
        assert screen(kind, *events)["poll"]["void_reason"] == "念错了"
    assert screen("phone", *POLLED)["poll"]["void_reason"] is None


def test_the_roster_tells_leave_from_absence() -> None:
    roster = screen("console", e.PresenceExcused(2, True), e.PresenceCheckedIn(3, "self"))["roster"]
    assert [row["presence"] for row in roster[:4]] == ["absent", "excused", "present", "absent"]
    gone = screen("console", *OPENED, e.PresenceLeft(1, "self"))["roster"]
    assert gone[0]["presence"] == "left"


def test_an_adoption_has_the_figures_of_a_result() -> None:
    adopted = e.ConsentRecorded("i1", "每晚十点熄灯", False, 5, 6)
    result = screen("projector", *BEGUN, e.ConsentAsked("i1", "每晚十点熄灯"), adopted)["result"]
    assert (result["entitled"], result["present"], result["cast"]) == (6, 5, 0)
    assert set(result) == set(_published())


def _published() -> dict[str, object]:
    state = given(*POLLED).state
    assert state.poll is not None
    closed = count_poll(state, state.poll, BallotBox({1: replace(ballot(1), choice="for")}))
    return dict(screen("projector", *POLLED, closed, e.PollPublished("m1.p1"))["result"])
