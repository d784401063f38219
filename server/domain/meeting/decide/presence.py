"""签到 and 离会, for oneself or at the desk, while the meeting is called, open or suspended."""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.ending import end_question, end_speech
from server.domain.meeting.state import Meeting
from server.domain.refusal import Refusal, RefusalCode, refuse


def seat_acted_for(representative: str | None, state: Meeting, actor: Actor) -> int | Refusal:
    """Return the seat a command speaks of: one's own, or the named one when the secretary acts.

    NOT_FOUND for a stranger's id, BAD_DATA when the secretary names nobody, NOT_ALLOWED for anybody else.
    """
    if representative is not None and representative not in state.seat_of:
        return refuse(RefusalCode.NOT_FOUND, what="representative")
    if actor.is_one_of(Role.SECRETARY):
        if representative is None:
            return refuse(RefusalCode.BAD_DATA, field="representative")
        return state.seat_of[representative]
    if not actor.is_one_of(Role.REPRESENTATIVE) or actor.seat is None:
        return refuse(RefusalCode.NOT_ALLOWED)
    if representative is not None and state.seat_of[representative] != actor.seat:
        return refuse(RefusalCode.NOT_ALLOWED)
    return actor.seat


def acted_by(actor: Actor) -> str:
    """Return ``desk`` for the secretary, ``self`` otherwise."""
    return "desk" if actor.is_one_of(Role.SECRETARY) else "self"


def check_in(command: c.CheckIn, state: Meeting, actor: Actor) -> Decision:
    """Record an arrival; ALREADY_PRESENT when the seat is taken already."""
    seat = seat_acted_for(command.representative, state, actor)
    if isinstance(seat, Refusal):
        return seat
    if state.state == "closed":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if seat in state.present:
        return refuse(RefusalCode.ALREADY_PRESENT)
    return Decided((e.PresenceCheckedIn(seat, acted_by(actor)),))


def leave(command: c.Leave, state: Meeting, actor: Actor, now: int) -> Decision:
    """Record a departure; a hand that is up goes down and a running turn ends with it."""
    seat = seat_acted_for(command.representative, state, actor)
    if isinstance(seat, Refusal):
        return seat
    if state.state == "closed":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if seat not in state.present:
        return refuse(RefusalCode.NOT_PRESENT)
    ended: tuple[e.Event, ...] = ()
    if state.speech is not None and state.speech.seat == seat:
        ended = end_speech(state, now)
    elif state.interposed is not None and state.interposed.seat == seat:
        ended = end_question(state, now)
    if any(hand.seat == seat for hand in state.waiting):
        ended = (*ended, e.FloorWithdrawn(seat))
    return Decided((*ended, e.PresenceLeft(seat, acted_by(actor))))


def excuse(command: c.Excuse, state: Meeting, actor: Actor) -> Decision:
    """Mark a seat as excused (请假), or take that back; who came at all was not excused, even after leaving.

    ALREADY_PRESENT while the person is there, INVALID_TRANSITION when nothing would change or the person had come.
    """
    seat = state.seat_of.get(command.representative)
    if seat is None:
        return refuse(RefusalCode.NOT_FOUND, what="representative")
    if not actor.is_one_of(Role.SECRETARY):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state == "closed":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if seat in state.present:
        return refuse(RefusalCode.ALREADY_PRESENT)
    if seat in state.attended:
        return refuse(RefusalCode.INVALID_TRANSITION, state="left")
    if command.excused == (seat in state.excused):
        return refuse(RefusalCode.INVALID_TRANSITION, state="excused" if command.excused else "absent")
    return Decided((e.PresenceExcused(seat, command.excused),))
