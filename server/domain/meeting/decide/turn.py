"""A running turn and its clock: pause, question, return, a start by mistake, a ruling (R12, R17, R19, R22, R35)."""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.gates import refuse_sitting
from server.domain.meeting.decide.text import is_sound_text
from server.domain.meeting.state import Meeting, Speech
from server.domain.refusal import Refusal, RefusalCode, refuse

CANCEL_MS = 10_000
LONGEST_RULING = 200

TurnCommand = c.PauseFloor | c.ResumeFloor | c.InterposeFloor | c.ReturnFloor | c.CancelFloor | c.RecordRuling


def decide_turn(command: TurnCommand, state: Meeting, actor: Actor, now: int) -> Decision:
    """Decide what the chair does with the running turn, or with the one that ended last."""
    match command:
        case c.PauseFloor() | c.ResumeFloor():
            return _clock(command, state, actor)
        case c.InterposeFloor():
            return _interpose(command, state, actor, now)
        case c.ReturnFloor():
            return _return(state, actor)
        case c.CancelFloor():
            return _cancel(state, actor, now)
        case c.RecordRuling():
            return _rule(command, state, actor)


def _running(state: Meeting, actor: Actor) -> Speech | Refusal:
    refusal = refuse_sitting(state, actor, Role.CHAIR)
    if refusal is not None:
        return refusal
    if state.speech is None:
        return refuse(RefusalCode.INVALID_TRANSITION, state="nobody_speaking")
    return state.speech


def _clock(command: c.PauseFloor | c.ResumeFloor, state: Meeting, actor: Actor) -> Decision:
    speech = _running(state, actor)
    if isinstance(speech, Refusal):
        return speech
    if isinstance(command, c.PauseFloor):
        if speech.is_held:
            return refuse(RefusalCode.INVALID_TRANSITION, state="held")
        return Decided((e.FloorPaused(speech.seat),))
    if not speech.is_held or state.interposed is not None:
        return refuse(RefusalCode.INVALID_TRANSITION, state="running" if not speech.is_held else "interposed")
    return Decided((e.FloorResumed(speech.seat),))


def _interpose(command: c.InterposeFloor, state: Meeting, actor: Actor, now: int) -> Decision:
    """No question to a question or to a point of order, none where the procedure has none (R19)."""
    seat = state.seat_of.get(command.representative)
    if seat is None:
        return refuse(RefusalCode.NOT_FOUND, what="representative")
    speech = _running(state, actor)
    if isinstance(speech, Refusal):
        return speech
    seconds = state.speaking_rules.question_seconds
    if seat not in state.present:
        return refuse(RefusalCode.NOT_PRESENT)
    if seconds is None:
        return refuse(RefusalCode.INVALID_TRANSITION, state="no_questions")
    if state.interposed is not None or speech.point_of_order or seat == speech.seat:
        return refuse(RefusalCode.INVALID_TRANSITION, state="interposed")
    return Decided((e.FloorInterposed(seat, now + seconds * 1000),))


def _return(state: Meeting, actor: Actor) -> Decision:
    refusal = refuse_sitting(state, actor, Role.CHAIR)
    if refusal is not None:
        return refusal
    last = state.last_speech
    if last is None or state.speech is not None or not state.queue_open or last.seat not in state.present:
        return refuse(RefusalCode.INVALID_TRANSITION, state="nobody_to_return")
    return Decided((e.FloorReturned(last.seat),))


def _cancel(state: Meeting, actor: Actor, now: int) -> Decision:
    speech = _running(state, actor)
    if isinstance(speech, Refusal):
        return speech
    if now - speech.began_at > CANCEL_MS or speech.hand is None:
        return refuse(RefusalCode.INVALID_TRANSITION, state="turn_under_way")
    if any(
        (hand.seat, hand.point_of_order) == (speech.seat, speech.point_of_order) for hand in state.waiting
    ):
        return refuse(RefusalCode.ALREADY_IN_QUEUE)
    return Decided((e.FloorCancelled(speech.seat),))


def _rule(command: c.RecordRuling, state: Meeting, actor: Actor) -> Decision:
    """A ruling is on the point of order that is being made, or on the last one of the item."""
    if command.reason and not is_sound_text(command.reason, LONGEST_RULING):
        return refuse(RefusalCode.BAD_DATA, field="reason")
    refusal = refuse_sitting(state, actor, Role.CHAIR)
    if refusal is not None:
        return refusal
    item, speech = state.current_item, state.speech
    if speech is not None and speech.point_of_order:
        return Decided((e.RulingRecorded(speech.seat, command.outcome, command.reason),))
    points = [
        turn
        for turn in state.past_speeches
        if item is not None and turn.item == item.id and turn.point_of_order
    ]
    if not points:
        return refuse(RefusalCode.INVALID_TRANSITION, state="no_point_of_order")
    return Decided((e.RulingRecorded(points[-1].seat, command.outcome, command.reason),))
