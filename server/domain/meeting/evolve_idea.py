"""How idea boards follow from their events."""

from dataclasses import replace
from typing import assert_never

from server.domain.meeting import events as e
from server.domain.meeting.state import Idea, IdeaBoard, Meeting


def evolve_idea(meeting: Meeting, event: e.IdeaEvent) -> Meeting:
    """Return the meeting after something on its newest idea board."""
    if isinstance(event, e.BoardOpened):
        board = IdeaBoard(event.item, event.question, event.per_person, event.named)
        return replace(meeting, boards=(*meeting.boards, board))
    if not meeting.boards:
        return meeting
    after = replace(meeting, boards=(*meeting.boards[:-1], _after(meeting.boards[-1], event)))
    return replace(after, ideas_posted=after.ideas_posted + 1) if isinstance(event, e.IdeaPosted) else after


def _after(
    board: IdeaBoard,
    event: e.BoardClosed | e.IdeaPosted | e.IdeaApproved | e.IdeaRemoved | e.IdeaGrouped | e.IdeaRaised,
) -> IdeaBoard:
    match event:
        case e.BoardClosed():
            return replace(board, is_open=False)
        case e.IdeaPosted():
            # The secretary has read what the secretary writes.
            state = "shown" if event.by == "desk" else "waiting"
            return replace(board, ideas=(*board.ideas, Idea(event.idea, event.seat, event.text, state)))  # type: ignore[arg-type]
        case e.IdeaApproved():
            return board.with_ideas(frozenset(event.ideas), state="shown")
        case e.IdeaRemoved():
            return board.with_ideas(frozenset((event.idea,)), state="removed", reason=event.reason, group="")
        case e.IdeaGrouped():
            return board.with_ideas(frozenset(event.ideas), state="shown", group=event.group)
        case e.IdeaRaised():
            return replace(board, raised=(*board.raised, event.group))
        case _:
            assert_never(event)
