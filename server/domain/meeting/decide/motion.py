"""表决事项: its wording, in view of all before anybody votes on it (P4)."""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.poll import LONGEST_TEXT
from server.domain.meeting.decide.text import is_sound_text
from server.domain.meeting.state import Meeting
from server.domain.refusal import RefusalCode, refuse


def word_motion(command: c.WordMotion, state: Meeting, actor: Actor) -> Decision:
    """Put a text before the room for the current item; an open question may not be reworded (R59)."""
    if not is_sound_text(command.text, LONGEST_TEXT):
        return refuse(RefusalCode.BAD_DATA, field="text")
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
    return Decided((e.MotionWorded(item.id, command.text),))
