"""Facts of the ways of voting besides the phone: recusal, show of hands, paper, dissent."""

from dataclasses import dataclass

from server.domain.meeting.commands.words import HandCount


@dataclass(frozen=True, slots=True)
class RecusalRecorded:
    """A seat stands aside (回避) in one item; ``by`` is ``self`` or ``desk``, ``reason`` as it was given."""

    item: str
    seat: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class RecusalWithdrawn:
    """A recusal was taken back before the question."""

    item: str
    seat: int


@dataclass(frozen=True, slots=True)
class HandsCounted:
    """Raised hands as two counted them: no voter is named; ``counter`` (计票人) and ``checker`` (监票人) are seats."""

    poll: str
    counts: tuple[HandCount, ...]
    counter: int
    checker: int


@dataclass(frozen=True, slots=True)
class HandsReturned:
    """The count of hands was sent back: the hands are counted again."""

    poll: str


@dataclass(frozen=True, slots=True)
class HandsConfirmed:
    """The chair read the count out and it stands."""

    poll: str


@dataclass(frozen=True, slots=True)
class DissentRecorded:
    """A seat that did not agree leaves its opinion on record (保留意见); a later one takes its place."""

    poll: str
    seat: int
    text: str


@dataclass(frozen=True, slots=True)
class PaperHandedOut:
    """A seat votes on paper in this poll (已领纸质票): its phone is locked (R63)."""

    poll: str
    seat: int


@dataclass(frozen=True, slots=True)
class PaperTakenBack:
    """The empty paper came back: the phone is free again."""

    poll: str
    seat: int


WaysEvent = (
    RecusalRecorded
    | RecusalWithdrawn
    | HandsCounted
    | HandsReturned
    | HandsConfirmed
    | DissentRecorded
    | PaperHandedOut
    | PaperTakenBack
)

WAYS_TYPES: dict[str, type[WaysEvent]] = {
    "recusal.recorded": RecusalRecorded,
    "recusal.withdrawn": RecusalWithdrawn,
    "hands.counted": HandsCounted,
    "hands.returned": HandsReturned,
    "hands.confirmed": HandsConfirmed,
    "dissent.recorded": DissentRecorded,
    "paper.handed_out": PaperHandedOut,
    "paper.taken_back": PaperTakenBack,
}
