"""The agenda as it stands."""

from dataclasses import dataclass
from typing import Literal

from server.domain.meeting.pass_rule import Outcome

ItemState = Literal["pending", "current", "finished"]


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """议程项 as it stands: ``motion`` is the text put to the room, if any (P4), ``outcome`` what was decided.

    ``is_debated`` once its queue was closed.
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
