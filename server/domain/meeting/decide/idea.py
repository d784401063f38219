"""意见征集: short ideas from phones and the desk; nothing is seen by all before the secretary let it (R104)."""

from typing import assert_never

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.presence import acted_by, seat_acted_for
from server.domain.meeting.decide.text import is_sound_name, is_sound_text
from server.domain.meeting.state import IdeaBoard, Meeting
from server.domain.refusal import Refusal, RefusalCode, refuse

LONGEST_IDEA = 60
LONGEST_GROUP = 20
LONGEST_QUESTION = 80
LONGEST_REASON = 200
LONGEST_TITLE = 80
MOST_GROUPS = 12
MOST_IDEAS = 2_000


def decide_idea(command: c.IdeaCommand, state: Meeting, actor: Actor) -> Decision:
    """Decide a command of the idea board of the current item."""
    match command:
        case c.PostIdea():
            return _post(command, state, actor)
        case c.OpenBoard():
            return _open(command, state, actor)
        case c.CloseBoard():
            board = _board(state, actor)
            if isinstance(board, Refusal):
                return board
            if not board.is_open:
                return refuse(RefusalCode.INVALID_TRANSITION, state="closed")
            return Decided((e.BoardClosed(board.item),))
        case c.ApproveIdea():
            return _approve(command, state, actor)
        case c.RemoveIdea():
            return _remove(command, state, actor)
        case c.GroupIdea():
            return _group(command, state, actor)
        case c.RaiseIdea():
            return _raise(command, state, actor)
        case _:
            assert_never(command)


def _board(state: Meeting, actor: Actor) -> IdeaBoard | Refusal:
    """Return the board chair and secretary keep, open or not."""
    if not actor.is_one_of(Role.CHAIR, Role.SECRETARY):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if state.board is None:
        return refuse(RefusalCode.INVALID_TRANSITION, state="no_board")
    return state.board


def _open(command: c.OpenBoard, state: Meeting, actor: Actor) -> Decision:
    if not is_sound_text(command.question, LONGEST_QUESTION):
        return refuse(RefusalCode.BAD_DATA, field="question")
    item = state.item(command.item)
    if item is None:
        return refuse(RefusalCode.NOT_FOUND, what="item")
    if not actor.is_one_of(Role.CHAIR, Role.SECRETARY):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if state.has_open_question:
        return refuse(RefusalCode.POLL_ALREADY_OPEN)
    if item.state != "current":
        return refuse(RefusalCode.ITEM_NOT_CURRENT)
    if state.board is not None and state.board.is_open:
        return refuse(RefusalCode.INVALID_TRANSITION, state="open")
    rules = state.speaking_rules
    return Decided((e.BoardOpened(item.id, command.question, rules.ideas_per_person, rules.ideas_named),))


def _post(command: c.PostIdea, state: Meeting, actor: Actor) -> Decision:
    if not is_sound_name(command.text, LONGEST_IDEA):
        return refuse(RefusalCode.BAD_DATA, field="text")
    seat = seat_acted_for(command.representative, state, actor)
    if isinstance(seat, Refusal):
        return seat
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    board = state.board
    if board is None or not board.is_open:
        return refuse(RefusalCode.INVALID_TRANSITION, state="board_closed")
    if seat not in state.present:
        return refuse(RefusalCode.NOT_PRESENT)
    mine = [idea for idea in board.of_seat(seat) if idea.state != "removed"]
    if any(idea.text == command.text for idea in mine):
        return refuse(RefusalCode.INVALID_TRANSITION, state="posted")
    # What was taken off makes room again, but nobody fills the log by way of it.
    if len(mine) >= board.per_person or len(board.of_seat(seat)) >= 3 * board.per_person:
        return refuse(RefusalCode.INVALID_TRANSITION, state="enough", count=board.per_person)
    if len(board.ideas) >= MOST_IDEAS:
        return refuse(RefusalCode.INVALID_TRANSITION, state="full")
    idea = f"{state.id}.d{state.ideas_posted + 1}"
    return Decided((e.IdeaPosted(idea, seat, command.text, acted_by(actor)),))


def _named(board: IdeaBoard, ids: tuple[str, ...]) -> Refusal | None:
    """Return why these are no ideas that stand on the board, or None."""
    known = {idea.id: idea for idea in board.ideas}
    if not ids or len(set(ids)) != len(ids):
        return refuse(RefusalCode.BAD_DATA, field="ideas")
    if any(one not in known for one in ids):
        return refuse(RefusalCode.NOT_FOUND, what="idea")
    if any(known[one].state == "removed" for one in ids):
        return refuse(RefusalCode.INVALID_TRANSITION, state="removed")
    return None


def _approve(command: c.ApproveIdea, state: Meeting, actor: Actor) -> Decision:
    board = _board(state, actor)
    if isinstance(board, Refusal):
        return board
    refusal = _named(board, command.ideas)
    if refusal is not None:
        return refusal
    waiting = {idea.id for idea in board.ideas if idea.state == "waiting"}
    if not waiting.issuperset(command.ideas):
        return refuse(RefusalCode.INVALID_TRANSITION, state="shown")
    return Decided((e.IdeaApproved(command.ideas),))


def _remove(command: c.RemoveIdea, state: Meeting, actor: Actor) -> Decision:
    if not is_sound_text(command.reason, LONGEST_REASON):
        return refuse(RefusalCode.BAD_DATA, field="reason")
    board = _board(state, actor)
    if isinstance(board, Refusal):
        return board
    refusal = _named(board, (command.idea,))
    return refusal if refusal is not None else Decided((e.IdeaRemoved(command.idea, command.reason),))


def _group(command: c.GroupIdea, state: Meeting, actor: Actor) -> Decision:
    if command.group and not is_sound_name(command.group, LONGEST_GROUP):
        return refuse(RefusalCode.BAD_DATA, field="group")
    board = _board(state, actor)
    if isinstance(board, Refusal):
        return board
    refusal = _named(board, command.ideas)
    if refusal is not None:
        return refusal
    groups = {idea.group for idea in board.ideas if idea.group and idea.state == "shown"} | {command.group}
    if len(groups - {""}) > MOST_GROUPS:
        return refuse(RefusalCode.BAD_DATA, field="group")
    return Decided((e.IdeaGrouped(command.ideas, command.group),))


def _raise(command: c.RaiseIdea, state: Meeting, actor: Actor) -> Decision:
    if not is_sound_name(command.title, LONGEST_TITLE):
        return refuse(RefusalCode.BAD_DATA, field="title")
    board = _board(state, actor)
    if isinstance(board, Refusal):
        return board
    texts = tuple(idea.text for idea in board.ideas if (idea.group, idea.state) == (command.group, "shown"))
    if not command.group or not texts:
        return refuse(RefusalCode.NOT_FOUND, what="group")
    if command.group in board.raised:
        return refuse(RefusalCode.INVALID_TRANSITION, state="raised")
    return Decided((e.IdeaRaised(board.item, command.group, command.title, texts),))
