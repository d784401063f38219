"""Facts of the idea board; an idea's author is a seat number."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BoardOpened:
    """A board of the item was opened: everybody may post so many ideas on the question."""

    item: str
    question: str
    per_person: int
    named: bool


@dataclass(frozen=True, slots=True)
class BoardClosed:
    """The board takes no more ideas."""

    item: str


@dataclass(frozen=True, slots=True)
class IdeaPosted:
    """An idea arrived; ``by`` is ``self`` or ``desk``, what the desk enters is approved with it."""

    idea: str
    seat: int
    text: str
    by: str


@dataclass(frozen=True, slots=True)
class IdeaApproved:
    """All may see these ideas (R104)."""

    ideas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class IdeaRemoved:
    """An idea was taken off, with the reason."""

    idea: str
    reason: str


@dataclass(frozen=True, slots=True)
class IdeaGrouped:
    """These ideas belong together under a name; "" is no group."""

    ideas: tuple[str, ...]
    group: str


@dataclass(frozen=True, slots=True)
class IdeaRaised:
    """A topic is made of a group of ideas; its number is given outside the log."""

    item: str
    group: str
    title: str
    texts: tuple[str, ...]


IdeaEvent = BoardOpened | BoardClosed | IdeaPosted | IdeaApproved | IdeaRemoved | IdeaGrouped | IdeaRaised

IDEA_TYPES: dict[str, type[IdeaEvent]] = {
    "board.opened": BoardOpened,
    "board.closed": BoardClosed,
    "idea.posted": IdeaPosted,
    "idea.approved": IdeaApproved,
    "idea.removed": IdeaRemoved,
    "idea.grouped": IdeaGrouped,
    "idea.raised": IdeaRaised,
}
