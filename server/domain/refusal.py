"""A refusal (界面说「现在不能……」): a rule said no, as a value with a code and facts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class RefusalCode(StrEnum):
    """What is the case, in the order in which a contract test meets them (CONTRACT, order of refusals)."""

    NOT_SIGNED_IN = "NOT_SIGNED_IN"
    TOO_OFTEN = "TOO_OFTEN"
    BAD_DATA = "BAD_DATA"
    NOT_FOUND = "NOT_FOUND"
    NOT_ALLOWED = "NOT_ALLOWED"
    MEETING_NOT_OPEN = "MEETING_NOT_OPEN"
    POLL_ALREADY_OPEN = "POLL_ALREADY_OPEN"
    ITEM_NOT_CURRENT = "ITEM_NOT_CURRENT"
    ITEM_NOT_ANNOUNCED = "ITEM_NOT_ANNOUNCED"
    NO_QUORUM = "NO_QUORUM"
    DEBATE_OPEN = "DEBATE_OPEN"
    POLL_NOT_OPEN = "POLL_NOT_OPEN"
    NOT_ENTITLED = "NOT_ENTITLED"
    NOT_PRESENT = "NOT_PRESENT"
    ALREADY_VOTED = "ALREADY_VOTED"
    QUEUE_CLOSED = "QUEUE_CLOSED"
    ALREADY_IN_QUEUE = "ALREADY_IN_QUEUE"
    ALREADY_PRESENT = "ALREADY_PRESENT"
    NOT_IN_QUEUE = "NOT_IN_QUEUE"
    NOBODY_WAITING = "NOBODY_WAITING"
    INVALID_TRANSITION = "INVALID_TRANSITION"
    BY_HANDS = "BY_HANDS"
    ON_PAPER = "ON_PAPER"
    COUNT_TOO_HIGH = "COUNT_TOO_HIGH"
    HEADCOUNT_DIFFERS = "HEADCOUNT_DIFFERS"
    STALE_PROTOCOL = "STALE_PROTOCOL"
    # life cycles outside the room
    REASON_MISSING = "REASON_MISSING"
    TEXT_CHANGED = "TEXT_CHANGED"
    ALREADY_SIGNED = "ALREADY_SIGNED"
    SIGNATURES_MISSING = "SIGNATURES_MISSING"
    AGENDA_LOCKED = "AGENDA_LOCKED"
    # the office
    NAME_TAKEN = "NAME_TAKEN"
    LAST_ADMINISTRATOR = "LAST_ADMINISTRATOR"
    LINK_USED = "LINK_USED"
    PARTY_FULL = "PARTY_FULL"
    AGENDA_EMPTY = "AGENDA_EMPTY"
    ROSTER_EMPTY = "ROSTER_EMPTY"
    ROSTER_CHANGED = "ROSTER_CHANGED"
    PERSON_NEEDED = "PERSON_NEEDED"


Fact = str | int | bool | None


@dataclass(frozen=True, slots=True)
class Refusal:
    """A rule said no; ``facts`` fill the sentence of the word list."""

    code: RefusalCode
    facts: Mapping[str, Fact] = field(default_factory=dict)


def refuse(code: RefusalCode, **facts: Fact) -> Refusal:
    """Return a refusal with its facts."""
    return Refusal(code, facts)
