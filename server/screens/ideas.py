"""The panels of the idea board: what all see, what the desk sees, what is mine (R104)."""

from typing import Any

from server.domain.meeting.state import Idea, IdeaBoard, Meeting
from server.screens.card import RoomCard
from server.screens.panels import Panel, person_in_seat


def ideas_panel(state: Meeting, card: RoomCard) -> Panel:
    """Return the panel ``ideas``: shown ideas by group, ungrouped ones last; names only if the procedure says so."""
    board = state.board
    if board is None:
        return None
    shown = [idea for idea in board.ideas if idea.state == "shown"]
    names = sorted({idea.group for idea in shown if idea.group}, key=[i.group for i in shown].index)
    if any(not idea.group for idea in shown):
        names.append("")
    return {
        "item": board.item,
        "question": board.question,
        "open": board.is_open,
        "per_person": board.per_person,
        "shown": len(shown),
        "waiting": sum(idea.state == "waiting" for idea in board.ideas),
        "groups": [
            {
                "name": name,
                "raised": name in board.raised,
                "ideas": [_idea(state, card, board, idea) for idea in shown if idea.group == name],
            }
            for name in names
        ],
    }


def _idea(state: Meeting, card: RoomCard, board: IdeaBoard, idea: Idea) -> dict[str, Any]:
    said = {"id": idea.id, "text": idea.text}
    if not board.is_named:
        return said
    person = person_in_seat(state, card, idea.seat)
    return {**said, "name": person["name"], "party": person["party"]}


def desk_ideas(state: Meeting, card: RoomCard, shared: Panel) -> Panel:
    """Return the same with what the desk alone sees: the ideas that wait, with who wrote them."""
    if state.board is None or shared is None:
        return None
    waiting = [idea for idea in state.board.ideas if idea.state == "waiting"]
    return {
        **shared,
        "to_approve": [
            {"id": idea.id, "text": idea.text, **_author(person_in_seat(state, card, idea.seat))}
            for idea in waiting
        ],
    }


def _author(person: dict[str, Any]) -> dict[str, Any]:
    return {key: person[key] for key in ("seat", "name", "party")}


def my_ideas(state: Meeting, seat: int) -> list[dict[str, str]]:
    """Return a seat's own ideas on the present board with what became of them."""
    if state.board is None:
        return []
    return [
        {"id": idea.id, "text": idea.text, "state": idea.state, "reason": idea.reason}
        for idea in state.board.of_seat(seat)
    ]
