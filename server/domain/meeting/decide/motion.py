"""表决事项 and 修改意见: worded in view of all before anybody votes (P4), frozen from then on (R58, R59)."""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.amending import carry_over, is_amending
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.text import LONGEST_TEXT, is_sound_text
from server.domain.meeting.state import AgendaItem, Amendment, Meeting, Poll
from server.domain.refusal import Refusal, RefusalCode, refuse

LONGEST_REASON = 200
MOST_AMENDMENTS = 12


def decide_motion(
    command: c.WordMotion | c.AmendMotion | c.WithdrawAmendment | c.OrderAmendment,
    state: Meeting,
    actor: Actor,
) -> Decision:
    """Word, amend, take back, order; INVALID_TRANSITION while amendments wait, or without a motion to amend."""
    match command:
        case c.WordMotion():
            return _word(command, state, actor)
        case c.AmendMotion():
            return _amend(command, state, actor)
        case c.WithdrawAmendment():
            return _withdraw(command, state, actor)
        case c.OrderAmendment():
            return _order(command, state, actor)


def _item(item_id: str, state: Meeting, actor: Actor, *roles: Role) -> AgendaItem | Refusal:
    """Return the current item, free to be worded; what is asked of the room may not be touched (R59)."""
    item = state.item(item_id)
    if item is None:
        return refuse(RefusalCode.NOT_FOUND, what="item")
    if not actor.is_one_of(*roles):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if state.has_open_question:
        return refuse(RefusalCode.POLL_ALREADY_OPEN)
    if item.state != "current":
        return refuse(RefusalCode.ITEM_NOT_CURRENT)
    if is_amending(state):
        return refuse(RefusalCode.INVALID_TRANSITION, state="unpublished")
    return item


def _word(command: c.WordMotion, state: Meeting, actor: Actor) -> Decision:
    if not is_sound_text(command.text, LONGEST_TEXT):
        return refuse(RefusalCode.BAD_DATA, field="text")
    item = _item(command.item, state, actor, Role.CHAIR, Role.SECRETARY)
    if isinstance(item, Refusal):
        return item
    waiting = state.pending_amendments(item.id)
    if waiting:
        return refuse(RefusalCode.INVALID_TRANSITION, state="amendments", count=len(waiting))
    return Decided((e.MotionWorded(item.id, command.text, command.draft),))


def _amend(command: c.AmendMotion, state: Meeting, actor: Actor) -> Decision:
    if not is_sound_text(command.text, LONGEST_TEXT):
        return refuse(RefusalCode.BAD_DATA, field="text")
    seat = state.seat_of.get(command.representative)
    if seat is None:
        return refuse(RefusalCode.NOT_FOUND, what="representative")
    item = _item(command.item, state, actor, Role.CHAIR, Role.SECRETARY)
    if isinstance(item, Refusal):
        return item
    if not item.announced:
        return refuse(RefusalCode.ITEM_NOT_ANNOUNCED)
    if seat not in state.present:
        return refuse(RefusalCode.NOT_PRESENT)
    if item.motion is None or not item.stands or item.outcome == "passed":
        return refuse(RefusalCode.INVALID_TRANSITION, state="decided" if item.stands else "no_motion")
    waiting = state.pending_amendments(item.id)
    is_known = any(one.text == command.text for one in waiting)
    if command.text == item.motion or is_known or len(waiting) >= MOST_AMENDMENTS:
        return refuse(RefusalCode.BAD_DATA, field="text")
    amendment = f"{state.id}.a{len(state.amendments) + 1}"
    return Decided((e.MotionAmended(amendment, item.id, seat, item.motion, command.text),))


def _withdraw(command: c.WithdrawAmendment, state: Meeting, actor: Actor) -> Decision:
    if not is_sound_text(command.reason, LONGEST_REASON):
        return refuse(RefusalCode.BAD_DATA, field="reason")
    amendment = state.find_amendment(command.amendment)
    if amendment is None:
        return refuse(RefusalCode.NOT_FOUND, what="amendment")
    item = _item(amendment.item, state, actor, Role.CHAIR)
    if isinstance(item, Refusal):
        return item
    if amendment.state != "pending":
        return refuse(RefusalCode.INVALID_TRANSITION, state=amendment.state)
    return Decided((e.AmendmentSettled(amendment.id, "withdrawn", command.reason),))


def _order(command: c.OrderAmendment, state: Meeting, actor: Actor) -> Decision:
    item = _item(command.item, state, actor, Role.CHAIR)
    if isinstance(item, Refusal):
        return item
    waiting = [one.id for one in state.pending_amendments(item.id)]
    if sorted(command.amendments) != sorted(waiting):
        return refuse(RefusalCode.BAD_DATA, field="amendments")
    if list(command.amendments) == waiting:
        return refuse(RefusalCode.INVALID_TRANSITION, state="ordered")
    return Decided((e.AmendmentOrdered(item.id, command.amendments),))


def refuse_order(state: Meeting, item_id: str, amendment_id: str | None, text: str) -> Refusal | None:
    """Return why this question may not be put before the others: amendments first, in their order.

    The first of them alone may be put, with the text that all have read; the motion only when none is undecided.
    """
    if is_amending(state):
        return refuse(RefusalCode.INVALID_TRANSITION, state="unpublished")
    waiting = state.pending_amendments(item_id)
    if amendment_id is None:
        if waiting:
            return refuse(RefusalCode.INVALID_TRANSITION, state="amendments", count=len(waiting))
        return None
    if not waiting or waiting[0].id != amendment_id:
        return refuse(RefusalCode.INVALID_TRANSITION, state="order")
    return None if waiting[0].text == text else refuse(RefusalCode.TEXT_CHANGED)


def settle_amendment(state: Meeting, amendment_id: str, *, adopted: bool) -> tuple[e.Event, ...]:
    """Return what follows from the room's answer: an adopted amendment rewrites the motion.

    The other undecided ones start from the new text; one that changes the same words has fallen with it.
    """
    amendment = state.find_amendment(amendment_id)
    if amendment is None or amendment.state != "pending":
        return ()
    if not adopted:
        return (e.AmendmentSettled(amendment.id, "rejected"),)
    settled = (e.AmendmentSettled(amendment.id, "adopted"), e.MotionWorded(amendment.item, amendment.text))
    others = [one for one in state.pending_amendments(amendment.item) if one.id != amendment.id]
    return (*settled, *(_carried(one, amendment.text) for one in others))


def _carried(amendment: Amendment, present: str) -> e.AmendmentCarried | e.AmendmentSettled:
    text = carry_over(amendment.former, present, amendment.text)
    if text is None or text == present or not is_sound_text(text, LONGEST_TEXT):
        return e.AmendmentSettled(amendment.id, "lapsed")
    return e.AmendmentCarried(amendment.id, present, text)


def undo_amendment(state: Meeting, poll: Poll) -> tuple[e.Event, ...] | Refusal:
    """Return what else happens when an amendment's published poll is declared void: it is undecided again.

    INVALID_TRANSITION once something was built upon it: the motion was decided or amended further.
    """
    amendment = state.find_amendment(poll.amendment) if poll.amendment is not None else None
    if amendment is None or poll.state != "published" or amendment.state not in ("adopted", "rejected"):
        return ()
    item = state.item(amendment.item)
    if item is None or item.outcome == "passed":
        return refuse(RefusalCode.INVALID_TRANSITION, state="decided")
    reopened = e.AmendmentSettled(amendment.id, "reopened")
    if amendment.state == "rejected":
        # Since it was rejected, another one may have changed the text it started from.
        if item.motion is None or item.motion == amendment.former:
            return (reopened,)
        carried = _carried(amendment, item.motion)
        return (carried,) if isinstance(carried, e.AmendmentSettled) else (reopened, carried)
    if item.motion != amendment.text:
        return refuse(RefusalCode.INVALID_TRANSITION, state="amended_since")
    others = tuple(_carried(one, amendment.former) for one in state.pending_amendments(amendment.item))
    return (reopened, e.MotionWorded(amendment.item, amendment.former), *others)
