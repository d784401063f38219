"""Entry links of one meeting: for its chair, its secretary, and people who sit in (列席)."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.actor import Actor, Role, may_work_in_office
from server.domain.meeting.decide.text import is_sound_name
from server.domain.refusal import RefusalCode
from server.service.access.sessions import NewSession, issue_ticket, redeem_ticket, revoke_tickets
from server.service.clock import DAY_MS
from server.service.meetings.plans import find_meeting
from server.service.refused import refused
from server.store.tables.access import TicketRow
from server.store.tables.meetings import MeetingRow
from server.store.writer import Unit

ENTRY_ROLES = (Role.CHAIR, Role.SECRETARY, Role.OBSERVER)
# Minutes are signed on the spot or in the days after (P8).
_AFTER_MS = 3 * DAY_MS
LONGEST_HOLDER = 40


def issue_entry(unit: Unit, now: int, meeting_id: str, role: Role, actor: Actor, holder: str = "") -> str:
    """Return the secret of a new entry link; a chair's or secretary's former links of this meeting end.

    Observers have a link each. Refusals: NOT_ALLOWED, NOT_FOUND, BAD_DATA, INVALID_TRANSITION before the notice.
    """
    row = _entered(unit.session, meeting_id, actor, role)
    if role is not Role.OBSERVER:
        for former in list_entries(unit.session, meeting_id, now):
            if former.kind == role.value:
                revoke_tickets(unit, now, ticket_id=former.id)
    return _issue(unit, now, row, role, holder)


def enter_room(unit: Unit, now: int, meeting_id: str, role: Role, actor: Actor) -> NewSession:
    """Open a session of the meeting's chair or secretary in the browser that asks; links handed out stay valid."""
    row = _entered(unit.session, meeting_id, actor, role)
    token = _issue(unit, now, row, role, "")
    unit.session.flush()
    return redeem_ticket(unit, now, token)


def revoke_entry(unit: Unit, now: int, meeting_id: str, ticket_id: str) -> None:
    """Revoke one link; its sessions end at once."""
    row = unit.session.get(TicketRow, ticket_id)
    if row is None or row.meeting_id != meeting_id:
        raise refused(RefusalCode.NOT_FOUND, what="ticket")
    revoke_tickets(unit, now, ticket_id=ticket_id)


def list_entries(session: Session, meeting_id: str, now: int) -> Sequence[TicketRow]:
    """Return the valid links of a meeting, oldest first."""
    chosen = select(TicketRow).where(
        TicketRow.meeting_id == meeting_id, TicketRow.revoked_at.is_(None), TicketRow.expires_at > now
    )
    return session.scalars(chosen.order_by(TicketRow.created_at)).all()


def _entered(session: Session, meeting_id: str, actor: Actor, role: Role) -> MeetingRow:
    if not may_work_in_office(actor):
        raise refused(RefusalCode.NOT_ALLOWED)
    if role not in ENTRY_ROLES:
        raise refused(RefusalCode.BAD_DATA, field="role")
    row = find_meeting(session, meeting_id)
    if row.state == "planned":
        raise refused(RefusalCode.INVALID_TRANSITION)
    return row


def _issue(unit: Unit, now: int, row: MeetingRow, role: Role, holder: str) -> str:
    written = {Role.CHAIR: row.chair, Role.SECRETARY: row.secretary}.get(role, "")
    name = holder or written
    if not is_sound_name(name, LONGEST_HOLDER, shortest=0):
        raise refused(RefusalCode.BAD_DATA, field="holder")
    return issue_ticket(
        unit.session,
        now,
        role,
        holder=name,
        expires_at=max(now, row.starts_at) + _AFTER_MS,
        meeting=row.id,
    )
