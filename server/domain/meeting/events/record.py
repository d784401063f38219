"""Facts of what follows: resolutions, tasks, milestones of the minutes."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ResolutionAdopted:
    """决议 / 协商意见, numbered within the meeting, with its verdict sentence; ``poll`` is None after 无异议."""

    resolution: str
    number: int
    item: str
    poll: str | None
    text: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TaskDrafted:
    """Who does what by when (T63); ``due`` is a local date."""

    task: str
    resolution: str
    text: str
    accountable: str
    post: str
    due: str


@dataclass(frozen=True, slots=True)
class MinutesFinalised:
    """The text read out is frozen for signing; later signatures refer to ``sha256``."""

    sha256: str
    signatories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MinutesSigned:
    """One signatory's answer; ``by`` is ``self`` or ``desk``; ``drawing`` is the digest of the strokes or "".

    ``manner`` is ``typed`` where a name was typed on a device that takes no handwriting.
    """

    signatory: str
    answer: str
    sha256: str
    text: str
    drawing: str
    by: str
    manner: str = "drawn"


@dataclass(frozen=True, slots=True)
class MinutesReopened:
    """The text is edited again; all signatures are void (因修改失效)."""

    reason: str
    voided: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MinutesPublished:
    """公开; ``unanswered`` are signatories without an answer, printed as unsigned (未签字)."""

    sha256: str
    unanswered: tuple[str, ...]


RecordEvent = (
    ResolutionAdopted | TaskDrafted | MinutesFinalised | MinutesSigned | MinutesReopened | MinutesPublished
)

RECORD_TYPES: dict[str, type[RecordEvent]] = {
    "resolution.adopted": ResolutionAdopted,
    "task.drafted": TaskDrafted,
    "minutes.finalised": MinutesFinalised,
    "minutes.signed": MinutesSigned,
    "minutes.reopened": MinutesReopened,
    "minutes.published": MinutesPublished,
}
