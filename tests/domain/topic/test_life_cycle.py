"""The life of a topic: who answers, what an answer must hold, where it may go, how long it waits."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.actor import Actor, Role
from server.domain.refusal import Refusal, RefusalCode
from server.domain.topic.life_cycle import (
    ANSWER_DAYS,
    Answer,
    DeclineReason,
    TopicState,
    answer_clock,
    may_screen,
    move,
    next_states,
    screen,
)

ORGANISER = Actor("account:1", frozenset({Role.ORGANISER}))
STATES = st.sampled_from(TopicState)


def code_of(settled: TopicState | Refusal) -> RefusalCode | None:
    return settled.code if isinstance(settled, Refusal) else None


@given(STATES, STATES)
def test_a_topic_goes_only_where_it_may_go(state: TopicState, target: TopicState) -> None:
    settled = move(state, target)
    if target in next_states(state):
        assert settled is target
    else:
        assert code_of(settled) is RefusalCode.INVALID_TRANSITION


@pytest.mark.parametrize("state", [TopicState.DECLINED, TopicState.WITHDRAWN])
def test_declined_and_withdrawn_topics_stay_so(state: TopicState) -> None:
    assert not next_states(state)


def test_every_state_can_be_reached_from_received() -> None:
    reached = {TopicState.RECEIVED}
    while True:
        wider = reached.union(*(next_states(state) for state in reached))
        if wider == reached:
            break
        reached = wider
    assert reached == set(TopicState)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.ORGANISER, Role.SECRETARY])
def test_the_office_answers_topics(role: Role) -> None:
    assert may_screen(Actor("account:1", frozenset({role})))


@pytest.mark.parametrize("role", [Role.CHAIR, Role.REPRESENTATIVE, Role.OBSERVER, Role.SUPERVISOR])
def test_nobody_else_answers_topics(role: Role) -> None:
    actor = Actor("someone", frozenset({role}))
    settled = screen(TopicState.RECEIVED, actor, Answer(TopicState.ACCEPTED, "好。"))
    assert code_of(settled) is RefusalCode.NOT_ALLOWED


@given(st.sampled_from([TopicState.ACCEPTED, TopicState.REFERRED, TopicState.DECLINED]), st.text(" \n\t"))
def test_silence_is_no_answer(target: TopicState, blank: str) -> None:
    reason = DeclineReason.OUTSIDE if target is TopicState.DECLINED else None
    settled = screen(TopicState.RECEIVED, ORGANISER, Answer(target, blank, reason))  # type: ignore[arg-type]
    assert code_of(settled) is RefusalCode.REASON_MISSING


def test_a_decline_needs_a_coded_reason_and_no_other_answer_has_one() -> None:
    bare = screen(TopicState.RECEIVED, ORGANISER, Answer(TopicState.DECLINED, "不归社区管。"))
    assert code_of(bare) is RefusalCode.REASON_MISSING
    odd = Answer(TopicState.ACCEPTED, "好。", DeclineReason.OUTSIDE)
    assert code_of(screen(TopicState.RECEIVED, ORGANISER, odd)) is RefusalCode.REASON_MISSING
    whole = Answer(TopicState.DECLINED, "不归社区管。", DeclineReason.OUTSIDE)
    assert screen(TopicState.RECEIVED, ORGANISER, whole) is TopicState.DECLINED


def test_an_answer_is_given_once() -> None:
    again = Answer(TopicState.ACCEPTED, "好。")
    assert code_of(screen(TopicState.ACCEPTED, ORGANISER, again)) is RefusalCode.INVALID_TRANSITION


@pytest.mark.parametrize(
    ("today", "day", "left", "light"),
    [
        (date(2026, 4, 1), 1, 7, "green"),
        (date(2026, 4, 6), 6, 2, "green"),
        (date(2026, 4, 7), 7, 1, "yellow"),
        (date(2026, 4, 8), 8, 0, "yellow"),
        (date(2026, 4, 9), 9, -1, "red"),
    ],
)
def test_the_clock_counts_calendar_days(today: date, day: int, left: int, light: str) -> None:
    clock = answer_clock(date(2026, 4, 1), today)
    assert (clock.day, clock.left, clock.light) == (day, left, light)


@given(st.dates(), st.integers(0, 400))
def test_the_clock_is_red_exactly_when_the_days_are_over(raised_on: date, days: int) -> None:
    if raised_on.toordinal() + days > date.max.toordinal():
        return
    clock = answer_clock(raised_on, date.fromordinal(raised_on.toordinal() + days))
    assert (clock.light == "red") == (days > ANSWER_DAYS)
