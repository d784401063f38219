"""The shared panels of every screen but voting: plain dictionaries ready for the wire (CONTRACT, panels)."""

from typing import Any

from server.domain.meeting.events import Party
from server.domain.meeting.may import commands_for_absent, commands_for_present
from server.domain.meeting.presence import Presence
from server.domain.meeting.sentence import threshold_words
from server.domain.meeting.state import Meeting
from server.screens.card import RoomCard
from server.screens.ways import recused_in

Panel = dict[str, Any] | None


def party_sign(party: Party) -> dict[str, Any]:
    """Return how a party is shown: id, name, mark, order."""
    return {"id": party.id, "name": party.name, "mark": party.mark, "order": party.order}


def person_in_seat(state: Meeting, card: RoomCard, seat: int) -> dict[str, Any]:
    """Return a seat's person as rows show it."""
    holder = state.seat(seat)
    party = state.party(holder.party)
    return {
        "representative": holder.representative,
        "seat": seat,
        "name": card.name(seat),
        "party": party.name,
        "party_id": party.id,
        "order": party.order,
        "mark": party.mark,
    }


def meeting_panel(state: Meeting, card: RoomCard) -> Panel:
    """Return the panel ``meeting``."""
    return {
        "id": state.id,
        "title": card.title,
        "state": state.state,
        "opened_at": state.opened_at,
        "suspended_at": state.suspended_at,
        "closed_at": state.closed_at,
        "council": card.council,
        "number": card.number,
        "place": card.place,
        "starts_at": card.starts_at,
        "chair": card.chair or None,
        "speaking_seconds": state.speaking_seconds,
        "rule": threshold_words(state.rule),
    }


def agenda_panel(state: Meeting, card: RoomCard) -> Panel:
    """Return the panel ``agenda``; ``recused`` are those who stand aside in the current item."""
    return {
        "items": [
            {
                "id": item.id,
                "title": item.title,
                "state": item.state,
                "announced": item.announced,
                "position": position,
                "minutes": item.minutes,
                "has_motion": item.stands,
                "referred": item.referred[0] if item.referred is not None else None,
                "outcome": item.outcome,
            }
            for position, item in enumerate(state.items, 1)
        ],
        "recused": recused_in(state, card),
    }


def presence_panel(presence: Presence) -> Panel:
    """Return the panel ``presence``; ``reached`` of the quorum means overall and every party."""
    return {
        "entitled": presence.entitled,
        "present": presence.present,
        "quorum": {"needed": presence.needed, "reached": presence.is_reached},
        "parties": [
            {
                **party_sign(row.party),
                "entitled": row.entitled,
                "present": row.present,
                "needed": row.needed,
                "reached": row.is_reached,
            }
            for row in presence.parties
        ],
    }


def roster_panel(state: Meeting, card: RoomCard) -> list[dict[str, Any]]:
    """Return the panel ``roster`` (console): every seat with its state of presence."""
    parties = {party.id: party for party in state.parties}
    rows: list[dict[str, Any]] = []
    for seat in state.seats:
        party = parties[seat.party]
        rows.append(
            {
                "representative": seat.representative,
                "seat": seat.number,
                "name": card.name(seat.number),
                "party": party.name,
                "party_id": party.id,
                "order": party.order,
                "presence": _presence_of(state, seat.number),
            }
        )
    return rows


def roster_after(former: list[dict[str, Any]], before: Meeting, state: Meeting) -> list[dict[str, Any]]:
    """Return the panel ``roster`` again after people came or went: only their rows are new."""
    roster = list(former)
    moved = (before.present ^ state.present) | (before.attended ^ state.attended)
    for number in moved | (before.excused ^ state.excused):
        roster[number - 1] = {**roster[number - 1], "presence": _presence_of(state, number)}
    return roster


def _presence_of(state: Meeting, seat: int) -> str:
    if seat in state.present:
        return "present"
    if seat in state.attended:
        return "left"
    return "excused" if seat in state.excused else "absent"


def may_panel(state: Meeting) -> Panel:
    """Return the panel ``may``: what each kind of phone may do now."""
    return {
        "present": list(commands_for_present(state)),
        "absent": list(commands_for_absent(state)),
        "observer": [],
    }


def minutes_panel(state: Meeting) -> Panel:
    """Return the panel ``minutes``: how far the record is, and where to read and sign it."""
    if state.state != "closed":
        return None
    minutes = state.minutes
    return {
        "state": minutes.state,
        "url": f"/minutes/{state.id}" if minutes.state == "published" else f"/minutes/{state.id}/sign",
        "signed": len(minutes.signatures),
        "signatories": len(minutes.signatories),
    }
