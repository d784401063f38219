"""登录设备: on which devices somebody is signed in, how long an unused sign-in lasts, who may end it (S81, S82)."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, bindparam, case, delete, or_, select, update
from sqlalchemy.orm import Session

from server.domain.refusal import RefusalCode
from server.service.access.sessions import IDLE_MS, SESSION_MS, NewSession, end_sessions
from server.service.clock import DAY_MS
from server.service.refused import refused
from server.store.tables.access import SessionRow, TicketRow
from server.store.tables.areas import PartyRow, RepresentativeRow
from server.store.tables.meetings import MeetingRow, SeatNameRow
from server.store.tables.registry import plain
from server.store.writer import Unit

# Use is written down this often; an idle sign-in therefore lasts at most this much longer than it should.
TOUCH_MS = 5 * 60_000
KEPT_MS = 30 * DAY_MS
LONGEST_DEVICE = 60
_SESSIONS = plain(SessionRow).c
# Written once: it runs for every phone that comes in.
_USED_ON = update(plain(SessionRow)).where(_SESSIONS.id == bindparam("of")).values(device=bindparam("words"))


@dataclass(frozen=True, slots=True)
class Device:
    """One live sign-in; ``handle`` names it in a form and opens nothing."""

    handle: str
    words: str
    since: int
    seen_at: int
    is_this: bool


@dataclass(frozen=True, slots=True)
class SeatDevice:
    """A seat of a meeting and the device its card is used on, None when it is not in use."""

    representative: str
    seat: int
    name: str
    party: str
    device: Device | None
    has_card: bool


def remember_device(unit: Unit, opened: NewSession, words: str) -> NewSession:
    """Note beside a session just opened what it is used on; returns the session again."""
    unit.session.connection().execute(
        _USED_ON, {"of": opened.signed_in.session, "words": words[:LONGEST_DEVICE]}
    )
    return opened


def touch(unit: Unit, now: int, ids: Collection[str]) -> None:
    """Note that these sessions are in use: they last IDLE_MS from now, and no longer than SESSION_MS in all (S81)."""
    later = now + IDLE_MS
    longest = _SESSIONS.created_at + SESSION_MS
    until = case((longest < later, longest), else_=later)
    unit.session.connection().execute(
        update(plain(SessionRow))
        .where(_SESSIONS.id.in_(list(ids)), _SESSIONS.ended_at.is_(None), _SESSIONS.expires_at > now)
        .values(
            seen_at=now, expires_at=case((until > _SESSIONS.expires_at, until), else_=_SESSIONS.expires_at)
        )
    )


def shorten_after_meeting(session: Session, meeting_id: str, now: int) -> None:
    """Let the sign-ins of a meeting that ended last IDLE_MS more unless they are used (S81: meeting + 30 min)."""
    seated = select(SeatNameRow.representative_id).where(SeatNameRow.meeting_id == meeting_id)
    tickets = select(TicketRow.id).where(
        or_(TicketRow.meeting_id == meeting_id, TicketRow.representative_id.in_(seated))
    )
    session.connection().execute(
        update(plain(SessionRow))
        .where(
            _SESSIONS.ticket_id.in_(tickets),
            _SESSIONS.ended_at.is_(None),
            _SESSIONS.expires_at > now + IDLE_MS,
        )
        .values(expires_at=now + IDLE_MS)
    )


def devices_of_account(session: Session, account_id: str, now: int, this: str = "") -> tuple[Device, ...]:
    """Return where an account is signed in, the session that asks first, then the newest."""
    rows = session.scalars(_live(now).where(SessionRow.account_id == account_id))
    devices = [_device(row, this) for row in rows]
    return tuple(sorted(devices, key=lambda device: (not device.is_this, -device.since)))


def count_devices(session: Session, now: int) -> dict[str, int]:
    """Return account id → on how many devices it is signed in."""
    return dict(Counter(row.account_id or "" for row in session.scalars(_live(now)) if row.account_id))


def devices_of_seats(session: Session, meeting_id: str, now: int) -> tuple[SeatDevice, ...]:
    """Return every seat of a called meeting in order, with the device its card is used on."""
    seats = session.execute(
        select(SeatNameRow, PartyRow.name)
        .join(RepresentativeRow, RepresentativeRow.id == SeatNameRow.representative_id)
        .join(PartyRow, PartyRow.id == RepresentativeRow.party_id)
        .where(SeatNameRow.meeting_id == meeting_id)
        .order_by(SeatNameRow.seat)
    ).all()
    cards = {
        representative: ticket
        for ticket, representative in session.execute(
            select(TicketRow.id, TicketRow.representative_id).where(
                TicketRow.representative_id.in_([seat.representative_id for seat, _ in seats]),
                TicketRow.revoked_at.is_(None),
                TicketRow.expires_at > now,
            )
        )
    }
    live = {
        row.ticket_id: _device(row, "")
        for row in session.scalars(_live(now).where(SessionRow.ticket_id.in_(list(cards.values()))))
    }
    return tuple(
        SeatDevice(
            seat.representative_id,
            seat.seat,
            seat.name,
            party,
            live.get(cards.get(seat.representative_id)),
            seat.representative_id in cards,
        )
        for seat, party in seats
    )


def signed_in_representatives(session: Session, council_id: str, now: int) -> set[str]:
    """Return which representatives of a council are signed in at the moment."""
    chosen = (
        select(RepresentativeRow.id)
        .join(TicketRow, TicketRow.representative_id == RepresentativeRow.id)
        .join(SessionRow, SessionRow.ticket_id == TicketRow.id)
        .where(
            RepresentativeRow.council_id == council_id,
            SessionRow.ended_at.is_(None),
            SessionRow.expires_at > now,
        )
    )
    return set(session.scalars(chosen))


def end_device(unit: Unit, now: int, account_id: str, handle: str) -> None:
    """End one sign-in of an account; NOT_FOUND when it has none of this handle (or no more)."""
    rows = unit.session.scalars(_live(now).where(SessionRow.account_id == account_id)).all()
    found = [row.id for row in rows if handle and _handle(row.id) == handle]
    if not found:
        raise refused(RefusalCode.NOT_FOUND, what="device")
    for session_id in found:
        end_sessions(unit, now, "ended", session_id=session_id)


def end_other_devices(unit: Unit, now: int, account_id: str, keep: str = "") -> None:
    """End every sign-in of an account but one."""
    for row in unit.session.scalars(_live(now).where(SessionRow.account_id == account_id)).all():
        if row.id != keep:
            end_sessions(unit, now, "ended", session_id=row.id)


def end_representative(unit: Unit, now: int, representative_id: str) -> None:
    """End a representative's sign-ins; the card stays valid."""
    tickets: Sequence[str] = unit.session.scalars(
        select(TicketRow.id).where(TicketRow.representative_id == representative_id)
    ).all()
    for ticket in tickets:
        end_sessions(unit, now, "ended", ticket_id=ticket)


def is_seated(session: Session, meeting_id: str, representative_id: str) -> bool:
    """Tell whether a representative has a seat in a meeting."""
    chosen = select(SeatNameRow.seat).join(MeetingRow, MeetingRow.id == SeatNameRow.meeting_id)
    return (
        session.scalar(
            chosen.where(
                SeatNameRow.meeting_id == meeting_id, SeatNameRow.representative_id == representative_id
            )
        )
        is not None
    )


def forget_sessions(unit: Unit, now: int) -> int:
    """Delete sessions that ended a month ago and return how many went: devices and times are personal data (S86)."""
    gone = unit.session.connection().execute(
        delete(plain(SessionRow)).where(
            or_(_SESSIONS.ended_at < now - KEPT_MS, _SESSIONS.expires_at < now - KEPT_MS)
        )
    )
    return gone.rowcount


def _live(now: int) -> Select[SessionRow]:
    return select(SessionRow).where(SessionRow.ended_at.is_(None), SessionRow.expires_at > now)


def _device(row: SessionRow, this: str) -> Device:
    return Device(
        _handle(row.id),
        row.device or "没有说明的设备",
        row.created_at,
        row.seen_at or row.created_at,
        row.id == this,
    )


def _handle(session_id: str) -> str:
    return session_id[:16]
