"""Recusals, counted hands and dissent as they stand."""

from dataclasses import dataclass

from server.domain.meeting.commands.words import HandCount


@dataclass(frozen=True, slots=True)
class Recusal:
    """回避 of one seat in one item; ``by`` is ``self`` or ``desk``."""

    item: str
    seat: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class HandsCount:
    """Counted hands; ``is_confirmed`` once the chair said that they stand. ``counter`` and ``checker`` are seats."""

    counts: tuple[HandCount, ...]
    counter: int
    checker: int
    is_confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Dissent:
    """保留意见 of one seat to one poll."""

    poll: str
    seat: int
    text: str
