"""The sitting's four acts: 开会, 休会, 复会, 散会."""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.ending import end_current_item
from server.domain.meeting.state import Meeting
from server.domain.refusal import RefusalCode, refuse


def decide_sitting(
    command: c.OpenMeeting | c.SuspendMeeting | c.ResumeMeeting | c.CloseMeeting,
    state: Meeting,
    actor: Actor,
    now: int,
) -> Decision:
    """Open, suspend, resume or close; the wrong state or an open question is INVALID_TRANSITION (CONTRACT, acts)."""
    if not actor.is_one_of(Role.CHAIR):
        return refuse(RefusalCode.NOT_ALLOWED)
    wrong = refuse(RefusalCode.INVALID_TRANSITION, state=state.state)
    match command:
        case c.OpenMeeting():
            return Decided((e.MeetingOpened(),)) if state.state == "called" else wrong
        case c.ResumeMeeting():
            return Decided((e.MeetingResumed(),)) if state.state == "suspended" else wrong
        case c.SuspendMeeting():
            if state.state != "open" or state.has_open_question:
                return wrong
            return Decided((e.MeetingSuspended(),))
        case c.CloseMeeting():
            if state.state not in ("open", "suspended") or state.has_open_question:
                return wrong
            return Decided((*end_current_item(state, now), e.MeetingClosed()))
