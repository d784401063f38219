"""The agenda as it stands."""

from dataclasses import dataclass
from typing import Literal

from server.domain.meeting.pass_rule import Outcome

ItemState = Literal["pending", "current", "finished"]


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """议程项 as it stands: ``motion`` is the text put to the room, if any (P4), ``outcome`` what was decided.

    ``is_debated`` once its queue was closed; ``is_draft`` while the text is still being written; ``referred`` is
    who deals with an urgent item and what was handed over.
    """

    id: str
    title: str
    minutes: int | None
    topic: str | None
    announced: bool
    state: ItemState = "pending"
    motion: str | None = None
    is_debated: bool = False
    outcome: Outcome | None = None
    is_draft: bool = False
    referred: tuple[str, str] | None = None

    @property
    def stands(self) -> bool:
        """Whether a motion stands before the room, not merely the draft of one."""
        return self.motion is not None and not self.is_draft
