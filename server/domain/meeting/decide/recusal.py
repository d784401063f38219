"""回避: a seat with an interest of its own stands aside in one item, before its question is put (P2).

A recused seat is there and counts in the quorum, for it came; it is neither entitled nor in any base (R60, R91).
"""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.text import is_sound_text
from server.domain.meeting.state import Meeting
from server.domain.refusal import Refusal, RefusalCode, refuse

LONGEST_REASON = 100
_OFFICE = (Role.CHAIR, Role.SECRETARY)


def decide_recusal(command: c.RecordRecusal | c.WithdrawRecusal, state: Meeting, actor: Actor) -> Decision:
    """Record a recusal or take it back; whoever enters it for a seat gives the reason."""
    is_for_another = command.representative is not None
    if isinstance(command, c.RecordRecusal):
        shortest = 1 if is_for_another else 0
        if not is_sound_text(command.reason, LONGEST_REASON, shortest=shortest):
            return refuse(RefusalCode.BAD_DATA, field="reason")
    seat = _seat(command.item, command.representative, state, actor)
    if isinstance(seat, Refusal):
        return seat
    refusal = _refuse_time(command.item, state)
    if refusal is not None:
        return refusal
    former = state.recusal_of(command.item, seat)
    if isinstance(command, c.RecordRecusal):
        if former is not None:
            return refuse(RefusalCode.INVALID_TRANSITION, state="recused")
        by = "desk" if is_for_another and not _is_own(state, actor, seat) else "self"
        return Decided((e.RecusalRecorded(command.item, seat, by, command.reason),))
    if former is None:
        return refuse(RefusalCode.INVALID_TRANSITION, state="not_recused")
    # What the office entered is not for the seat itself to undo.
    if former.by == "desk" and not actor.is_one_of(*_OFFICE):
        return refuse(RefusalCode.NOT_ALLOWED)
    return Decided((e.RecusalWithdrawn(command.item, seat),))


def _is_own(state: Meeting, actor: Actor, seat: int) -> bool:
    return actor.seat == seat and not actor.is_one_of(*_OFFICE)


def _seat(item_id: str, representative: str | None, state: Meeting, actor: Actor) -> int | Refusal:
    if state.item(item_id) is None:
        return refuse(RefusalCode.NOT_FOUND, what="item")
    if representative is not None:
        seat = state.seat_of.get(representative)
        if seat is None:
            return refuse(RefusalCode.NOT_FOUND, what="representative")
        if not actor.is_one_of(*_OFFICE) and actor.seat != seat:
            return refuse(RefusalCode.NOT_ALLOWED)
        return seat
    if actor.seat is not None and actor.is_one_of(Role.REPRESENTATIVE):
        return actor.seat
    if actor.is_one_of(*_OFFICE):
        return refuse(RefusalCode.BAD_DATA, field="representative")
    return refuse(RefusalCode.NOT_ALLOWED)


def _refuse_time(item_id: str, state: Meeting) -> Refusal | None:
    """A recusal may be said before the meeting too; never while a question stands or after the item ended."""
    if state.state == "closed":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    item = state.item(item_id)
    if state.has_open_question and item is not None and item.state == "current":
        return refuse(RefusalCode.POLL_ALREADY_OPEN)
    if item is not None and item.state == "finished":
        return refuse(RefusalCode.ITEM_NOT_CURRENT)
    return None
