"""Wishes about what follows from the meeting: tasks and minutes."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class DraftTask:
    """Say who does what by when because of a resolution (T63); ``due`` is a local date ``YYYY-MM-DD``."""

    resolution: str
    text: str
    accountable: str
    post: str
    due: str


@dataclass(frozen=True, slots=True)
class FinaliseMinutes:
    """Freeze the text that was read out; ``sha256`` is its digest in lower-case hex."""

    sha256: str


@dataclass(frozen=True, slots=True)
class SignMinutes:
    """Answer for one signatory: a seat number as text, ``chair`` or ``secretary``.

    ``sha256`` is the digest of the text the signer saw; ``drawing`` the digest of the stored strokes, or "".
    ``manner`` is ``typed`` where the signer's own device takes no handwriting and the name was typed instead.
    """

    signatory: str
    answer: Literal["signed", "signed_with_reservation", "refused", "absent"]
    sha256: str
    text: str = ""
    drawing: str = ""
    manner: Literal["drawn", "typed"] = "drawn"


@dataclass(frozen=True, slots=True)
class ReopenMinutes:
    """Take the text up again; every signature becomes void, visibly (T90)."""

    reason: str


@dataclass(frozen=True, slots=True)
class PublishMinutes:
    """公开; ``confirmed`` prints signatories without an answer as unsigned (未签字)."""

    confirmed: bool = False


MinutesCommand = FinaliseMinutes | SignMinutes | ReopenMinutes | PublishMinutes

RECORD_COMMANDS: dict[str, type[DraftTask]] = {"task.draft": DraftTask}
