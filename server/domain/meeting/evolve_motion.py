"""How motions, amendments, procedure and what is handed on follow from their events."""

from dataclasses import replace
from typing import assert_never

from server.domain.meeting import events as e
from server.domain.meeting.state import AgendaItem, Amendment, Meeting, Procedure, Reconsideration


def evolve_motion(meeting: Meeting, event: e.MotionEvent) -> Meeting:
    """Return the meeting after something about its motions."""
    match event:
        case e.MotionWorded():
            return replace(meeting, items=with_motion(meeting.items, event.item, event.text, event.draft))
        case e.MotionAmended():
            number = 1 + sum(one.item == event.item for one in meeting.amendments)
            new = Amendment(event.amendment, event.item, number, event.seat, event.former, event.text)
            return replace(meeting, amendments=(*meeting.amendments, new))
        case e.AmendmentOrdered():
            return replace(meeting, amendments=_ordered(meeting, event))
        case e.AmendmentSettled():
            state = "pending" if event.outcome == "reopened" else event.outcome
            return _amended(meeting, event.amendment, state=state, reason=event.reason)
        case e.AmendmentCarried():
            return _amended(meeting, event.amendment, former=event.former, text=event.text)
        case e.ProcedureDecided():
            return replace(
                meeting, procedures=(*meeting.procedures, _procedure(meeting, event)), is_procedure_shown=True
            )
        case e.ItemReferred():
            items = tuple(
                replace(item, referred=(event.to, event.text)) if item.id == event.item else item
                for item in meeting.items
            )
            return replace(meeting, items=items)
        case e.ReconsiderationRequested():
            asked = Reconsideration(event.resolution, event.ground, event.seats, event.entitled, event.reason)
            return replace(meeting, reconsiderations=(*meeting.reconsiderations, asked))
        case _:
            assert_never(event)


def with_motion(
    items: tuple[AgendaItem, ...], item_id: str, text: str, is_draft: bool = False
) -> tuple[AgendaItem, ...]:
    """Return the items with this text before the room for one of them."""
    return tuple(
        replace(item, motion=text, is_draft=is_draft) if item.id == item_id else item for item in items
    )


def _amended(meeting: Meeting, amendment: str, **values: str) -> Meeting:
    changed = tuple(
        replace(one, **values) if one.id == amendment else one  # type: ignore[arg-type]
        for one in meeting.amendments
    )
    return replace(meeting, amendments=changed)


def _ordered(meeting: Meeting, event: e.AmendmentOrdered) -> tuple[Amendment, ...]:
    """Return all amendments, the named ones in the named order in the places they had."""
    by_id = {one.id: one for one in meeting.amendments}
    turn = iter(event.amendments)
    return tuple(by_id[next(turn)] if one.id in event.amendments else one for one in meeting.amendments)


def _procedure(meeting: Meeting, event: e.ProcedureDecided) -> Procedure:
    return Procedure(
        len(meeting.procedures) + 1,
        event.item,
        event.matter,
        event.text,
        event.seat,
        event.unopposed,
        event.in_favour,
        event.against,
        event.abstained,
        event.present,
        event.passed,
    )
