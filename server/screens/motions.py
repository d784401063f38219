"""The panels of what lies before the room: the motion with its amendments, a procedural motion's answer."""

from functools import lru_cache
from typing import Any

from server.domain.meeting.state import Amendment, Meeting
from server.domain.minutes.difference import mark_changes
from server.screens.card import RoomCard
from server.screens.panels import Panel, person_in_seat


@lru_cache(maxsize=512)
def _pieces(former: str, text: str) -> tuple[tuple[str, str], ...]:
    """Screens are drawn at every tap; texts are compared once."""
    return tuple((piece.kind, piece.text) for piece in mark_changes(former, text))


def changed_words(amendment: Amendment) -> list[dict[str, str]]:
    """Return the motion with what goes and what comes marked (``same``, ``gone``, ``new``)."""
    return [{"kind": kind, "text": text} for kind, text in _pieces(amendment.former, amendment.text)]


def motion_panel(state: Meeting, card: RoomCard) -> Panel:
    """Return the panel ``motion``: the text before the room for the current item, and what would change it.

    ``draft`` while it is still being written. The undecided amendments come first, in the order they are decided.
    """
    item = state.current_item
    if item is None or item.motion is None:
        return None
    amendments = [one for one in state.amendments if one.item == item.id]
    amendments.sort(key=lambda one: one.state != "pending")
    return {
        "item": item.id,
        "text": item.motion,
        "draft": item.is_draft,
        "amendments": [_amendment(state, card, one) for one in amendments],
    }


def _amendment(state: Meeting, card: RoomCard, amendment: Amendment) -> dict[str, Any]:
    return {
        "id": amendment.id,
        "number": amendment.number,
        "proposer": person_in_seat(state, card, amendment.seat),
        "text": amendment.text,
        "state": amendment.state,
        "reason": amendment.reason,
        "changes": changed_words(amendment),
    }


def asked_amendment(state: Meeting, amendment_id: str | None) -> Panel:
    """Return the amendment a question is about: its number and the marked words; None for the motion itself."""
    amendment = state.find_amendment(amendment_id) if amendment_id is not None else None
    if amendment is None:
        return None
    return {"id": amendment.id, "number": amendment.number, "changes": changed_words(amendment)}


def procedure_panel(state: Meeting, card: RoomCard) -> Panel:
    """Return the panel ``procedure``: the last procedural motion until the next thing happens (P18)."""
    if not state.is_procedure_shown:
        return None
    last = state.procedures[-1]
    return {
        "number": last.number,
        "matter": last.matter,
        "text": last.text,
        "proposer": person_in_seat(state, card, last.seat) if last.seat is not None else None,
        "unopposed": last.unopposed,
        "in_favour": last.in_favour,
        "against": last.against,
        "abstained": last.abstained,
        "present": last.present,
        "passed": last.passed,
    }


def consent_panel(state: Meeting) -> Panel:
    """Return the panel ``consent``: the question that waits for its answer."""
    asked = state.consent
    if asked is None:
        return None
    amendment = asked_amendment(state, asked.amendment)
    question = {"item": asked.item, "text": asked.text}
    return question if amendment is None else {**question, "amendment": amendment}
