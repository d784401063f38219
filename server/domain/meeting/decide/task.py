"""办理事项 said in the room: who does what by when (T63)."""

from datetime import date

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.text import is_sound_text
from server.domain.meeting.state import Meeting
from server.domain.refusal import RefusalCode, refuse

LONGEST_TASK = 200
LONGEST_POST = 40


def draft_task(command: c.DraftTask, state: Meeting, actor: Actor) -> Decision:
    """Add a task to a valid resolution, with one accountable party, a post and a due date."""
    for field, text, longest in (("text", command.text, LONGEST_TASK), ("post", command.post, LONGEST_POST)):
        if not is_sound_text(text, longest):
            return refuse(RefusalCode.BAD_DATA, field=field)
    if not is_local_date(command.due):
        return refuse(RefusalCode.BAD_DATA, field="due")
    if all(party.id != command.accountable for party in state.parties):
        return refuse(RefusalCode.BAD_DATA, field="accountable")
    resolution = next((r for r in state.resolutions if r.id == command.resolution), None)
    if resolution is None:
        return refuse(RefusalCode.NOT_FOUND, what="resolution")
    if not actor.is_one_of(Role.CHAIR, Role.SECRETARY):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state == "called":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if resolution.void or state.minutes.state != "draft":
        return refuse(RefusalCode.INVALID_TRANSITION, state=state.minutes.state)
    drafted = e.TaskDrafted(
        f"{state.id}.t{state.tasks + 1}",
        command.resolution,
        command.text,
        command.accountable,
        command.post,
        command.due,
    )
    return Decided((drafted,))


def is_local_date(text: str) -> bool:
    """Tell whether a text is a calendar date ``YYYY-MM-DD``."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
