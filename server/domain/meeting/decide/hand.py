"""A waiting hand and the queue's order: stance, mode, moves (R6, R10, R11)."""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.gates import refuse_sitting
from server.domain.meeting.decide.presence import seat_acted_for
from server.domain.meeting.state import Meeting
from server.domain.refusal import Refusal, RefusalCode, refuse


def change_floor(command: c.ChangeFloor, state: Meeting, actor: Actor) -> Decision:
    """Give the hand that is up another stance, until it is called; NOT_IN_QUEUE without one."""
    seat = seat_acted_for(command.representative, state, actor)
    if isinstance(seat, Refusal):
        return seat
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if not _waits(state, seat):
        return refuse(RefusalCode.NOT_IN_QUEUE)
    return Decided((e.FloorChanged(seat, command.stance),))


def order_queue(command: c.OrderQueue, state: Meeting, actor: Actor) -> Decision:
    """Choose the mode of the current item's queue; those who wait stay (R11)."""
    refusal = refuse_sitting(state, actor, Role.CHAIR)
    if refusal is not None:
        return refusal
    item = state.current_item
    if item is None:
        return refuse(RefusalCode.ITEM_NOT_CURRENT)
    if command.order == state.order_of_queue:
        return refuse(RefusalCode.INVALID_TRANSITION, state="same_order")
    return Decided((e.QueueOrdered(item.id, command.order),))


def move_queue(command: c.MoveQueue, state: Meeting, actor: Actor) -> Decision:
    """Put one ordinary hand before another one, or before all; both have to wait."""
    named = [who for who in (command.representative, command.before) if who is not None]
    if any(who not in state.seat_of for who in named):
        return refuse(RefusalCode.NOT_FOUND, what="representative")
    refusal = refuse_sitting(state, actor, Role.CHAIR)
    if refusal is not None:
        return refusal
    seats = [state.seat_of[who] for who in named]
    if not all(_waits(state, seat) for seat in seats):
        return refuse(RefusalCode.NOT_IN_QUEUE)
    if len(set(seats)) < len(seats):
        return refuse(RefusalCode.INVALID_TRANSITION, state="same_hand")
    return Decided((e.QueueMoved(seats[0], seats[1] if len(seats) > 1 else None),))


def _waits(state: Meeting, seat: int) -> bool:
    return any(hand.seat == seat and not hand.point_of_order for hand in state.waiting)
