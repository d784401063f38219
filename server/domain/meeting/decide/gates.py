"""The gates a question to the room has to pass, in the contract's order (R58)."""

from server.domain.actor import Actor, Role
from server.domain.meeting.pass_rule import Quorum
from server.domain.meeting.presence import count_presence
from server.domain.meeting.state import Meeting
from server.domain.refusal import Refusal, RefusalCode, refuse


def refuse_sitting(state: Meeting, actor: Actor, *roles: Role) -> Refusal | None:
    """Return why an act of these roles in an open meeting may not be done now, or None."""
    if not actor.is_one_of(*roles):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    return None


def refuse_question(
    state: Meeting, actor: Actor, item_id: str, *, decides: bool, quorum: Quorum, confirmed: bool
) -> Refusal | None:
    """Return why a poll or consent may not be put now, or None.

    ``decides`` is false for 意向征询, which needs neither announcement nor quorum; ``confirmed`` passes over an
    unfinished debate alone.
    """
    item = state.item(item_id)
    if item is None:
        return refuse(RefusalCode.NOT_FOUND, what="item")
    if not actor.is_one_of(Role.CHAIR):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if state.has_open_question:
        return refuse(RefusalCode.POLL_ALREADY_OPEN)
    if item.state != "current":
        return refuse(RefusalCode.ITEM_NOT_CURRENT)
    if decides and not item.announced:
        return refuse(RefusalCode.ITEM_NOT_ANNOUNCED)
    if decides:
        presence = count_presence(state, quorum)
        if not presence.is_reached:
            return refuse(RefusalCode.NO_QUORUM, present=presence.present, needed=presence.needed)
    if is_debate_open(state) and not confirmed:
        return refuse(RefusalCode.DEBATE_OPEN, waiting=len(state.waiting))
    return None


def is_debate_open(state: Meeting) -> bool:
    """Tell whether somebody waits or speaks in an open queue (先议后决)."""
    return state.queue_open and (bool(state.waiting) or state.speech is not None)
