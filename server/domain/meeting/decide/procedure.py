"""Procedure and what leaves the room: procedural motions, urgent items handed over, reconsideration (P18, P20)."""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.text import is_sound_text
from server.domain.meeting.state import Meeting
from server.domain.refusal import RefusalCode, refuse

LONGEST_PROCEDURE = 120
LONGEST_RECEIVER = 40
LONGEST_ORDER = 300
LONGEST_GROUND = 300
MOST_PROCEDURES = 100


def decide_procedure(command: c.DecideProcedure, state: Meeting, actor: Actor) -> Decision:
    """Record a procedural motion; more for than against passes, a tie does not (R95, R96), quorum is not asked.

    BAD_DATA when more hands were counted than people are there, or hands beside 无异议.
    """
    hands = (command.in_favour, command.against, command.abstained)
    if not is_sound_text(command.text, LONGEST_PROCEDURE) or len(state.procedures) >= MOST_PROCEDURES:
        return refuse(RefusalCode.BAD_DATA, field="text")
    if min(hands) < 0 or (command.unopposed and any(hands)) or not (command.unopposed or any(hands)):
        return refuse(RefusalCode.BAD_DATA, field="in_favour")
    if command.representative is not None and command.representative not in state.seat_of:
        return refuse(RefusalCode.NOT_FOUND, what="representative")
    if not actor.is_one_of(Role.CHAIR):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if state.has_open_question:
        return refuse(RefusalCode.POLL_ALREADY_OPEN)
    if sum(hands) > len(state.present):
        return refuse(RefusalCode.BAD_DATA, field="in_favour", present=len(state.present))
    item = state.current_item
    decided = e.ProcedureDecided(
        item.id if item is not None else None,
        command.matter,
        command.text,
        state.seat_of[command.representative] if command.representative is not None else None,
        command.unopposed,
        *hands,
        present=len(state.present),
        passed=command.unopposed or command.in_favour > command.against,
    )
    return Decided((decided,))


def refer_item(command: c.ReferItem, state: Meeting, actor: Actor) -> Decision:
    """Hand the current unannounced item to who deals with it; a second time is INVALID_TRANSITION."""
    for field, text, longest in (("to", command.to, LONGEST_RECEIVER), ("text", command.text, LONGEST_ORDER)):
        if not is_sound_text(text, longest):
            return refuse(RefusalCode.BAD_DATA, field=field)
    item = state.item(command.item)
    if item is None:
        return refuse(RefusalCode.NOT_FOUND, what="item")
    if not actor.is_one_of(Role.CHAIR, Role.SECRETARY):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if item.state != "current":
        return refuse(RefusalCode.ITEM_NOT_CURRENT)
    if item.announced or item.referred is not None:
        return refuse(RefusalCode.INVALID_TRANSITION, state="announced" if item.announced else "referred")
    return Decided((e.ItemReferred(item.id, command.to, command.text),))


def request_reconsideration(command: c.RequestReconsideration, state: Meeting, actor: Actor) -> Decision:
    """Record that a resolution is to be taken up again: a third of all seats ask, or new facts are named (P20).

    BAD_DATA for more seats than are there; INVALID_TRANSITION for fewer than a third, a void or a known one.
    """
    if not is_sound_text(command.reason, LONGEST_GROUND):
        return refuse(RefusalCode.BAD_DATA, field="reason")
    if not 1 <= command.seats <= len(state.seats):
        return refuse(RefusalCode.BAD_DATA, field="seats")
    resolution = next((one for one in state.resolutions if one.id == command.resolution), None)
    if resolution is None:
        return refuse(RefusalCode.NOT_FOUND, what="resolution")
    if not actor.is_one_of(Role.CHAIR, Role.SECRETARY):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state == "called" or state.minutes.state != "draft":
        return refuse(RefusalCode.INVALID_TRANSITION, state=state.state)
    if resolution.void or any(one.resolution == resolution.id for one in state.reconsiderations):
        return refuse(RefusalCode.INVALID_TRANSITION, state="void" if resolution.void else "requested")
    needed = -(-len(state.seats) // 3)
    if command.ground == "seats" and command.seats < needed:
        return refuse(RefusalCode.INVALID_TRANSITION, state="too_few", needed=needed)
    return Decided(
        (
            e.ReconsiderationRequested(
                resolution.id, command.ground, command.seats, len(state.seats), command.reason
            ),
        )
    )
