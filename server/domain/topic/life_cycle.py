"""The life of a topic (议题): its states, who may answer it, what an answer must hold, the clock (T16–T19)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from server.domain.actor import Actor, may_work_in_office
from server.domain.refusal import Refusal, RefusalCode, refuse

ANSWER_DAYS = 7  # T17: a screening answer within seven days
LONGEST_SENTENCE = 500


class TopicState(StrEnum):
    """Where a topic stands; every topic ends in a state with a sentence for the resident (T16)."""

    RECEIVED = "received"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    REFERRED = "referred"
    SCHEDULED = "scheduled"
    DISCUSSED = "discussed"
    DOING = "doing"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class DeclineReason(StrEnum):
    """The coded reasons of T19; a code without a sentence cannot be saved."""

    OUTSIDE = "outside"
    LEGAL_CHANNEL = "legal_channel"
    OWNERS_DECIDE = "owners_decide"
    UNCLEAR = "unclear"
    ABUSIVE = "abusive"
    DUPLICATE = "duplicate"
    PRIVATE = "private"


class Channel(StrEnum):
    """来源渠道: how a topic arrived (T1)."""

    ONLINE = "online"
    BOX = "box"
    BOOK = "book"
    WECHAT = "wechat"
    VISIT = "visit"
    TELEPHONE = "telephone"
    PATROL = "patrol"
    MEETING = "meeting"


_NEXT: dict[TopicState, frozenset[TopicState]] = {
    TopicState.RECEIVED: frozenset(
        {TopicState.ACCEPTED, TopicState.DECLINED, TopicState.REFERRED, TopicState.WITHDRAWN}
    ),
    # An accepted topic may still turn out to need no meeting; a declined one comes back only by review (T20).
    TopicState.ACCEPTED: frozenset(
        {TopicState.SCHEDULED, TopicState.DECLINED, TopicState.REFERRED, TopicState.WITHDRAWN}
    ),
    TopicState.DECLINED: frozenset(),
    TopicState.REFERRED: frozenset({TopicState.DOING, TopicState.DONE}),
    TopicState.SCHEDULED: frozenset({TopicState.DISCUSSED, TopicState.DOING, TopicState.ACCEPTED}),
    # 续议: what was not settled goes back to the pool (T52).
    TopicState.DISCUSSED: frozenset({TopicState.DOING, TopicState.DONE, TopicState.ACCEPTED}),
    TopicState.DOING: frozenset({TopicState.DONE}),
    TopicState.DONE: frozenset({TopicState.DOING}),
    TopicState.WITHDRAWN: frozenset(),
}

# Topics the office still owes an answer.
UNANSWERED = frozenset({TopicState.RECEIVED})


def next_states(state: TopicState) -> frozenset[TopicState]:
    """Return the states a topic may go to from here."""
    return _NEXT[state]


def move(state: TopicState, target: TopicState) -> TopicState | Refusal:
    """Return the target when the step is allowed, else INVALID_TRANSITION."""
    if target in _NEXT[state]:
        return target
    return refuse(RefusalCode.INVALID_TRANSITION, state=state.value, target=target.value)


def may_screen(actor: Actor) -> bool:
    """Tell whether the person may answer topics and enter them for residents."""
    return may_work_in_office(actor)


@dataclass(frozen=True, slots=True)
class Answer:
    """筛选: the office's answer with one plain sentence; ``reason`` belongs to a decline alone."""

    target: Literal[TopicState.ACCEPTED, TopicState.DECLINED, TopicState.REFERRED]
    sentence: str
    reason: DeclineReason | None = None


def screen(state: TopicState, actor: Actor, answer: Answer) -> TopicState | Refusal:
    """Decide a screening answer (T16, T19).

    Refusals: NOT_ALLOWED, REASON_MISSING without a sentence or, for a decline, without a code,
    INVALID_TRANSITION when the topic was already answered.
    """
    if not may_screen(actor):
        return refuse(RefusalCode.NOT_ALLOWED)
    declines = answer.target is TopicState.DECLINED
    if not answer.sentence.strip() or declines != (answer.reason is not None):
        return refuse(RefusalCode.REASON_MISSING)
    return move(state, answer.target)


@dataclass(frozen=True, slots=True)
class AnswerClock:
    """How long a topic waits: ``day`` 1 on the day it came, ``left`` days until the date (negative when over)."""

    day: int
    left: int
    light: Literal["red", "yellow", "green"]


def answer_clock(raised_on: date, today: date, days: int = ANSWER_DAYS) -> AnswerClock:
    """Return the open clock of an unanswered topic in calendar days (T17): red when over, yellow on the last two."""
    waited = (today - raised_on).days
    left = days - waited
    light: Literal["red", "yellow", "green"] = "red" if left < 0 else "yellow" if left <= 1 else "green"
    return AnswerClock(waited + 1, left, light)
