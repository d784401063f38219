"""The agenda: begin, finish and add items."""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.ending import end_current_item
from server.domain.meeting.decide.text import is_sound_text
from server.domain.meeting.state import Meeting
from server.domain.refusal import RefusalCode, refuse

LONGEST_TITLE = 80
MOST_ITEMS = 60


def decide_agenda(
    command: c.BeginItem | c.FinishItem | c.AddItem, state: Meeting, actor: Actor, now: int
) -> Decision:
    """Begin (finishing the previous one), finish or add an item; an open question forbids leaving an item."""
    if isinstance(command, c.AddItem):
        return _add(command, state, actor)
    item = state.item(command.item)
    if item is None:
        return refuse(RefusalCode.NOT_FOUND, what="item")
    if not actor.is_one_of(Role.CHAIR):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if isinstance(command, c.FinishItem):
        if item.state != "current":
            return refuse(RefusalCode.ITEM_NOT_CURRENT)
        if state.has_open_question:
            return refuse(RefusalCode.INVALID_TRANSITION, state="poll")
        return Decided(end_current_item(state, now))
    if item.state != "pending" or state.has_open_question:
        return refuse(RefusalCode.INVALID_TRANSITION, state=item.state)
    return Decided((*end_current_item(state, now), e.ItemBegun(item.id)))


def _add(command: c.AddItem, state: Meeting, actor: Actor) -> Decision:
    if not is_sound_text(command.title, LONGEST_TITLE):
        return refuse(RefusalCode.BAD_DATA, field="title")
    if not actor.is_one_of(Role.CHAIR):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if len(state.items) >= MOST_ITEMS:
        return refuse(RefusalCode.BAD_DATA, field="title")
    return Decided((e.ItemAdded(f"{state.id}.i{len(state.items) + 1}", command.title),))
