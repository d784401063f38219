"""Wishes about the sitting itself: its four acts, who is there, the agenda."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenMeeting:
    """开会."""


@dataclass(frozen=True, slots=True)
class SuspendMeeting:
    """休会."""


@dataclass(frozen=True, slots=True)
class ResumeMeeting:
    """复会."""


@dataclass(frozen=True, slots=True)
class CloseMeeting:
    """散会."""


@dataclass(frozen=True, slots=True)
class CheckIn:
    """签到, for oneself or (``representative``) at the desk."""

    representative: str | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """离会, for oneself or (``representative``) at the desk."""

    representative: str | None = None


@dataclass(frozen=True, slots=True)
class Excuse:
    """请假 for a seat that asked for leave, entered at the desk; ``excused`` false takes it back."""

    representative: str
    excused: bool = True


@dataclass(frozen=True, slots=True)
class BeginItem:
    """Take up an agenda item; the previous one is finished."""

    item: str


@dataclass(frozen=True, slots=True)
class FinishItem:
    """Finish the current agenda item."""

    item: str


@dataclass(frozen=True, slots=True)
class AddItem:
    """Add an unannounced item (临时议题): discussed, never decided."""

    title: str


SittingCommand = (
    OpenMeeting
    | SuspendMeeting
    | ResumeMeeting
    | CloseMeeting
    | CheckIn
    | Leave
    | Excuse
    | BeginItem
    | FinishItem
    | AddItem
)

SITTING_COMMANDS: dict[str, type[SittingCommand]] = {
    "meeting.open": OpenMeeting,
    "meeting.suspend": SuspendMeeting,
    "meeting.resume": ResumeMeeting,
    "meeting.close": CloseMeeting,
    "presence.check_in": CheckIn,
    "presence.leave": Leave,
    "presence.excuse": Excuse,
    "agenda.begin": BeginItem,
    "agenda.finish": FinishItem,
    "agenda.add": AddItem,
}
