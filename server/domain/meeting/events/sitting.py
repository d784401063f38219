"""Facts of the sitting itself: its four acts, who was there, the agenda."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MeetingOpened:
    """开会."""


@dataclass(frozen=True, slots=True)
class MeetingSuspended:
    """休会; a running turn keeps its remaining time."""


@dataclass(frozen=True, slots=True)
class MeetingResumed:
    """复会."""


@dataclass(frozen=True, slots=True)
class MeetingClosed:
    """散会."""


@dataclass(frozen=True, slots=True)
class PresenceCheckedIn:
    """A seat's holder arrived; ``by`` is ``self`` or ``desk``."""

    seat: int
    by: str


@dataclass(frozen=True, slots=True)
class PresenceLeft:
    """A seat's holder left."""

    seat: int
    by: str


@dataclass(frozen=True, slots=True)
class PresenceExcused:
    """A seat's holder asked for leave (请假) and the desk entered it; ``excused`` false takes that back."""

    seat: int
    excused: bool


@dataclass(frozen=True, slots=True)
class ItemBegun:
    """An item became the current one."""

    item: str


@dataclass(frozen=True, slots=True)
class ItemFinished:
    """The current item ended."""

    item: str


@dataclass(frozen=True, slots=True)
class ItemAdded:
    """An unannounced item joined the agenda (临时议题)."""

    item: str
    title: str


SittingEvent = (
    MeetingOpened
    | MeetingSuspended
    | MeetingResumed
    | MeetingClosed
    | PresenceCheckedIn
    | PresenceLeft
    | PresenceExcused
    | ItemBegun
    | ItemFinished
    | ItemAdded
)

SITTING_TYPES: dict[str, type[SittingEvent]] = {
    "meeting.opened": MeetingOpened,
    "meeting.suspended": MeetingSuspended,
    "meeting.resumed": MeetingResumed,
    "meeting.closed": MeetingClosed,
    "presence.checked_in": PresenceCheckedIn,
    "presence.left": PresenceLeft,
    "presence.excused": PresenceExcused,
    "item.begun": ItemBegun,
    "item.finished": ItemFinished,
    "item.added": ItemAdded,
}
