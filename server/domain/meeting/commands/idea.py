"""Wishes about the idea board (意见征集): open, post, approve, take off, group, raise as a topic."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenBoard:
    """Open a board for the current item with the question ideas answer."""

    item: str
    question: str


@dataclass(frozen=True, slots=True)
class CloseBoard:
    """Take no more ideas; what is there stays."""


@dataclass(frozen=True, slots=True)
class PostIdea:
    """One short idea, for oneself or entered at the desk for somebody without a phone."""

    text: str
    representative: str | None = None


@dataclass(frozen=True, slots=True)
class ApproveIdea:
    """Let ideas be seen by all (R104)."""

    ideas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveIdea:
    """Take an idea off the board, with a reason its author reads."""

    idea: str
    reason: str


@dataclass(frozen=True, slots=True)
class GroupIdea:
    """Put ideas into a named group, which also approves them; "" takes them out of theirs."""

    ideas: tuple[str, ...]
    group: str


@dataclass(frozen=True, slots=True)
class RaiseIdea:
    """Make a topic of a group of ideas, so that a later meeting can take it up."""

    group: str
    title: str


IdeaCommand = OpenBoard | CloseBoard | PostIdea | ApproveIdea | RemoveIdea | GroupIdea | RaiseIdea

IDEA_COMMANDS: dict[str, type[IdeaCommand]] = {
    "idea.open": OpenBoard,
    "idea.close": CloseBoard,
    "idea.post": PostIdea,
    "idea.approve": ApproveIdea,
    "idea.remove": RemoveIdea,
    "idea.group": GroupIdea,
    "idea.raise": RaiseIdea,
}
