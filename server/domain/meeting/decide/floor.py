"""发言权 and 发言队列: entering the queue is a request, only the chair starts a turn (R3, R8, R21)."""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.ending import end_question, end_queue, end_speech
from server.domain.meeting.decide.gates import refuse_sitting
from server.domain.meeting.decide.hand import change_floor, move_queue, order_queue
from server.domain.meeting.decide.presence import acted_by, seat_acted_for
from server.domain.meeting.decide.text import is_sound_text
from server.domain.meeting.decide.turn import TurnCommand, decide_turn
from server.domain.meeting.queue import speaking_order
from server.domain.meeting.state import Meeting, Speech
from server.domain.refusal import Refusal, RefusalCode, refuse

LONGEST_EXTENSION_SECONDS = 600
LONGEST_NOTE = 60


def decide_floor(command: c.FloorCommand, state: Meeting, actor: Actor, now: int) -> Decision:
    """Decide a command of the queue or the floor."""
    if isinstance(command, TurnCommand):
        return decide_turn(command, state, actor, now)
    match command:
        case c.RequestFloor():
            return _request(command, state, actor)
        case c.WithdrawFloor():
            return _withdraw(command, state, actor)
        case c.GrantFloor():
            return _grant(command, state, actor, now)
        case c.YieldFloor():
            return _yield(state, actor, now)
        case c.ExtendFloor():
            return _extend(command, state, actor)
        case c.OpenQueue() | c.CloseQueue():
            return _queue(command, state, actor, now)
        case c.ChangeFloor():
            return change_floor(command, state, actor)
        case c.OrderQueue():
            return order_queue(command, state, actor)
        case c.MoveQueue():
            return move_queue(command, state, actor)


def _queue(command: c.OpenQueue | c.CloseQueue, state: Meeting, actor: Actor, now: int) -> Decision:
    refusal = refuse_sitting(state, actor, Role.CHAIR)
    if refusal is not None:
        return refusal
    item = state.current_item
    if item is None:
        return refuse(RefusalCode.ITEM_NOT_CURRENT)
    if isinstance(command, c.OpenQueue):
        if state.queue_open:
            return refuse(RefusalCode.INVALID_TRANSITION, state="queue_open")
        return Decided((e.QueueOpened(item.id),))
    if not state.queue_open:
        return refuse(RefusalCode.INVALID_TRANSITION, state="queue_closed")
    return Decided(end_queue(state, now))


def _request(command: c.RequestFloor, state: Meeting, actor: Actor) -> Decision:
    if not _is_sound_point(command):
        return refuse(RefusalCode.BAD_DATA, field="note")
    seat = seat_acted_for(command.representative, state, actor)
    if isinstance(seat, Refusal):
        return seat
    if actor.is_one_of(Role.CHAIR):
        return refuse(RefusalCode.NOT_ALLOWED)  # a chair who also holds a seat votes but does not queue (R29)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if seat not in state.present:
        return refuse(RefusalCode.NOT_PRESENT)
    if not state.queue_open:
        return refuse(RefusalCode.QUEUE_CLOSED)
    # One ordinary hand and one point of order per seat (R5).
    if any(hand.seat == seat and hand.point_of_order == command.point_of_order for hand in state.waiting):
        return refuse(RefusalCode.ALREADY_IN_QUEUE)
    if command.point_of_order and not _may_raise_another(state, seat):
        return refuse(RefusalCode.INVALID_TRANSITION, state="points_of_order")
    requested = e.FloorRequested(
        seat, command.stance, command.point_of_order, acted_by(actor), command.reason, command.note
    )
    return Decided((requested,))


def _is_sound_point(command: c.RequestFloor) -> bool:
    """Reason and note belong to points of order alone (R15)."""
    if not command.point_of_order:
        return command.reason is None and not command.note
    return not command.note or is_sound_text(command.note, LONGEST_NOTE)


def _may_raise_another(state: Meeting, seat: int) -> bool:
    limit, item = state.speaking_rules.points_of_order_per_item, state.current_item
    if limit is None or item is None:
        return True
    speaks = state.speech is not None and state.speech.point_of_order and state.speech.seat == seat
    made = sum(
        turn.point_of_order and (turn.seat, turn.item) == (seat, item.id) for turn in state.past_speeches
    )
    return made + speaks < limit


def _withdraw(command: c.WithdrawFloor, state: Meeting, actor: Actor) -> Decision:
    seat = seat_acted_for(command.representative, state, actor)
    if isinstance(seat, Refusal):
        return seat
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if not any(hand.seat == seat for hand in state.waiting):
        return refuse(RefusalCode.NOT_IN_QUEUE)
    return Decided((e.FloorWithdrawn(seat),))


def _grant(command: c.GrantFloor, state: Meeting, actor: Actor, now: int) -> Decision:
    if command.representative is not None and command.representative not in state.seat_of:
        return refuse(RefusalCode.NOT_FOUND, what="representative")
    refusal = refuse_sitting(state, actor, Role.CHAIR)
    if refusal is not None:
        return refusal
    order = suggested = speaking_order(state)
    if command.representative is not None:
        seat = state.seat_of[command.representative]
        order = tuple(hand for hand in order if hand.seat == seat)
        if not order:
            return refuse(RefusalCode.NOT_IN_QUEUE)
    if not order:
        return refuse(RefusalCode.NOBODY_WAITING)
    hand = order[0]
    seconds = state.speaking_rules.point_of_order_seconds if hand.point_of_order else None
    deadline = now + (seconds or state.speaking_seconds) * 1000
    by_name = hand != suggested[0]
    granted = e.FloorGranted(hand.seat, hand.stance, hand.point_of_order, deadline, by_name)
    return Decided((*end_speech(state, now), granted))


def _yield(state: Meeting, actor: Actor, now: int) -> Decision:
    """End the turn, or the question put into it: chair and asker end the question first."""
    asks = _speaks(state.interposed, actor)
    if not asks and not _speaks(state.speech, actor) and not actor.is_one_of(Role.CHAIR):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if state.speech is None:
        return refuse(RefusalCode.INVALID_TRANSITION, state="nobody_speaking")
    if asks or (state.interposed is not None and actor.is_one_of(Role.CHAIR)):
        return Decided(end_question(state, now))
    return Decided(end_speech(state, now))


def _speaks(speech: Speech | None, actor: Actor) -> bool:
    return speech is not None and actor.seat is not None and actor.seat == speech.seat


def _extend(command: c.ExtendFloor, state: Meeting, actor: Actor) -> Decision:
    if not 1 <= command.seconds <= LONGEST_EXTENSION_SECONDS:
        return refuse(RefusalCode.BAD_DATA, field="seconds")
    refusal = refuse_sitting(state, actor, Role.CHAIR)
    if refusal is not None:
        return refusal
    if state.speech is None:
        return refuse(RefusalCode.INVALID_TRANSITION, state="nobody_speaking")
    return Decided((e.FloorExtended(state.speech.seat, command.seconds),))
