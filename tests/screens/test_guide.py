"""The guide's calm word about matters of the owners, and what it asks once more."""

from typing import Any

import pytest

from server.domain.meeting import events as e
from server.domain.meeting.state import BallotBox
from server.domain.meeting.tally import count_poll
from tests.domain.cast import BEGUN, DEBATED, OPENED, SPEAKING, ballot, poll_opened
from tests.domain.given import given
from tests.screens.drawn import screen

OWNERS = "同意用公共收益购置健身器材6件。"


def guide(*events: e.Event) -> dict[str, Any]:
    panel: dict[str, Any] = screen("console", *events)["guide"]
    return panel


def action(panel: dict[str, Any], name: str) -> dict[str, Any]:
    return next(one for one in panel["actions"] if one["name"] == name)


@pytest.mark.parametrize("events", [BEGUN, DEBATED, (*BEGUN, e.MotionWorded("i1", "同意更换楼道灯11盏。"))])
def test_an_ordinary_matter_gets_no_word(events: tuple[e.Event, ...]) -> None:
    assert guide(*events)["hint"] is None


def test_a_title_or_a_motion_that_names_an_owners_matter_gets_one() -> None:
    for panel, matter in (
        (guide(*OPENED, e.ItemBegun("i3")), "改建"),
        (guide(*BEGUN, e.MotionWorded("i1", OWNERS)), "公共收益"),
    ):
        assert f"“{matter}”" in panel["hint"]
        assert "业主共同决定" in panel["hint"]


def test_a_sounding_is_offered_first_and_a_decision_still_possible() -> None:
    panel = guide(*BEGUN, e.MotionWorded("i1", OWNERS))
    first, second = (one for one in panel["actions"] if one["name"] == "poll.open")
    assert (first["weight"], first["data"]["nature"]) == ("primary", "sounding")
    assert (second["weight"], second["blocked"], "nature" in second["data"]) == ("second", None, False)
    assert "只征求各位的意向" in panel["say"]


def test_the_word_goes_once_the_room_is_asked() -> None:
    motion = e.MotionWorded("i1", OWNERS)
    assert guide(*BEGUN, motion, poll_opened(nature="sounding"))["hint"] is None
    assert guide(*BEGUN, motion, e.ConsentAsked("i1", OWNERS))["hint"] is None


def test_the_end_of_a_debate_is_asked_when_somebody_loses_the_floor() -> None:
    waits = e.FloorRequested(2, "for", False, "self")
    assert action(guide(*DEBATED), "queue.close")["confirm"] is None
    assert action(guide(*DEBATED, waits), "queue.close")["confirm"] == (
        "还有1人等候发言。结束讨论，他们的申请就取消。"
    )
    assert (
        action(guide(*SPEAKING), "queue.close")["confirm"] == "赵国庆还在发言。结束讨论，这次发言也就停下。"
    )
    assert "还有1人等候" in action(guide(*SPEAKING, waits), "queue.close")["confirm"]


def published(number: int, outcome: str, **how: Any) -> tuple[e.Event, ...]:
    """A poll on the first item was opened, counted and published."""
    state = given(*BEGUN, poll_opened(number, **how)).state
    poll = state.polls[-1]
    choices = ("for",) * 5 if outcome == "passed" else ("for", *("against",) * 4)
    box = BallotBox({seat: ballot(seat, choice) for seat, choice in enumerate(choices, 1)})
    closed = count_poll(state, poll, box)
    assert closed.verdict.outcome == outcome
    events: tuple[e.Event, ...] = (poll_opened(number, **how), closed, e.PollPublished(poll.id))
    if outcome == "passed" and poll.nature != "sounding":
        events += (e.ResolutionAdopted("m1.r1", 1, "i1", poll.id, poll.text, "表决通过。"),)
    return events


def test_after_a_second_question_the_words_are_its_own() -> None:
    first, second = published(1, "passed"), published(2, "failed")
    assert guide(*BEGUN, *first)["code"] == "result_passed"
    panel = guide(*BEGUN, *first, *second)
    assert panel["code"] == "result_failed"
    assert "反对4票" in panel["say"]


def test_what_was_decided_stands_on_the_agenda_whatever_is_asked_later() -> None:
    for later in (published(2, "failed"), published(2, "failed", nature="sounding")):
        agenda = screen("projector", *BEGUN, *published(1, "passed"), *later)["agenda"]
        assert agenda["items"][0]["outcome"] == "passed"
    agenda = screen("projector", *BEGUN, *published(1, "failed"))["agenda"]
    assert agenda["items"][0]["outcome"] == "failed"


def test_a_text_is_read_out_as_a_sentence() -> None:
    for text in ("是否放在凉亭边", "是否放在凉亭边。"):
        assert "“是否放在凉亭边。”请在手机上投票" in guide(*BEGUN, e.MotionWorded("i1", text))["say"]
        assert "“是否放在凉亭边。”大家有没有异议" in guide(*BEGUN, e.ConsentAsked("i1", text))["say"]


def test_many_missing_parties_are_counted_and_few_are_named() -> None:
    assert guide()["step"] == "等代表签到，还差4人，5方没有到够"
    came = tuple(e.PresenceCheckedIn(seat, "self") for seat in (1, 2, 3))
    assert guide(*came)["step"] == "等代表签到，还差1人，邻长至少1人，业主至少1人"
