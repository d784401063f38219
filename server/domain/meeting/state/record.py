"""What follows from the meeting: resolutions, tasks, how far the minutes have come."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class DraftedTask:
    """办理事项 as it was said in the room."""

    id: str
    text: str
    accountable: str
    post: str
    due: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """决议 with its tasks; ``void`` after its poll was declared void."""

    id: str
    number: int
    item: str
    poll: str | None
    text: str
    sentence: str
    void: bool = False
    tasks: tuple[DraftedTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """One signatory's answer to the minutes."""

    signatory: str
    answer: str
    sha256: str
    text: str
    drawing: str
    by: str
    signed_at: int
    manner: str = "drawn"


@dataclass(frozen=True, slots=True)
class MinutesMilestones:
    """How far the minutes have come; the text itself lives in a table."""

    state: Literal["draft", "signing", "published"] = "draft"
    sha256: str = ""
    signatories: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    published_at: int | None = None


UNWRITTEN_MINUTES = MinutesMilestones()
