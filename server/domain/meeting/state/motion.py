"""What lies before the room beside the motion: amendments, procedure, the idea board."""

from dataclasses import dataclass, replace
from typing import Literal

from server.domain.meeting.commands.words import Matter, ReconsiderGround

AmendmentState = Literal["pending", "adopted", "rejected", "withdrawn", "lapsed"]
IdeaState = Literal["waiting", "shown", "removed"]


@dataclass(frozen=True, slots=True)
class Amendment:
    """修改意见 of a seat: the motion ``former`` would read ``text``; ``number`` counts within its item."""

    id: str
    item: str
    number: int
    seat: int
    former: str
    text: str
    state: AmendmentState = "pending"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Procedure:
    """程序性动议 with the room's answer."""

    number: int
    item: str | None
    matter: Matter
    text: str
    seat: int | None
    unopposed: bool
    in_favour: int
    against: int
    abstained: int
    present: int
    passed: bool


@dataclass(frozen=True, slots=True)
class Reconsideration:
    """复议 that was asked for."""

    resolution: str
    ground: ReconsiderGround
    seats: int
    entitled: int
    reason: str


@dataclass(frozen=True, slots=True)
class Idea:
    """一条意见 of a seat; only a ``shown`` one is seen by all."""

    id: str
    seat: int
    text: str
    state: IdeaState = "waiting"
    group: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class IdeaBoard:
    """意见征集 of one item; ``raised`` are the groups a topic was made of."""

    item: str
    question: str
    per_person: int
    is_named: bool
    is_open: bool = True
    ideas: tuple[Idea, ...] = ()
    raised: tuple[str, ...] = ()

    def of_seat(self, seat: int) -> tuple[Idea, ...]:
        """Return a seat's ideas in the order they came."""
        return tuple(idea for idea in self.ideas if idea.seat == seat)

    def with_ideas(self, ids: frozenset[str], **values: str) -> "IdeaBoard":
        """Return the board with these ideas changed."""
        changed = tuple(replace(i, **values) if i.id in ids else i for i in self.ideas)  # type: ignore[arg-type]
        return replace(self, ideas=changed)
