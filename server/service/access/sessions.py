"""Sessions, tickets and accounts: who somebody is, read again for every wish (S3, S66, S81)."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from server.domain.actor import Actor, Role
from server.domain.meeting.state import Meeting
from server.service.community.reach import reachable_councils
from server.service.ids import digest, new_id, new_token
from server.store.tables.access import AccountRow, SessionRow, TicketRow
from server.store.tables.registry import plain
from server.store.writer import Unit

SESSION_MS = 12 * 3600 * 1000

# Which roles an office account has in a room; an organiser keeps the record where no secretary was named.
_ACCOUNT_ROLES = {
    Role.CHAIR: frozenset({Role.CHAIR}),
    Role.SECRETARY: frozenset({Role.SECRETARY}),
    Role.ORGANISER: frozenset({Role.SECRETARY}),
    Role.ADMINISTRATOR: frozenset({Role.SUPERVISOR}),
    Role.SUPERVISOR: frozenset({Role.SUPERVISOR}),
}


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A live session as it stands in the database: an account's or a ticket's.

    ``meeting`` is set for tickets of one meeting, ``representative`` for cards. ``key`` names the person.
    ``councils`` are those an account with an area may work with, None for all (S80).
    """

    session: str
    csrf: str
    key: str
    role: Role
    name: str
    account: str | None = None
    area: str | None = None
    councils: frozenset[str] | None = None
    meeting: str | None = None
    representative: str | None = None


@dataclass(frozen=True, slots=True)
class SessionEnded:
    """An announcement: sockets of this session are to be retired."""

    session: str
    reason: str


@dataclass(frozen=True, slots=True)
class NewSession:
    """What a sign-in hands out: the cookie's value (a secret), the CSRF token, and who it is."""

    cookie: str
    csrf: str
    signed_in: SignedIn


def read_sessions(session: Session, ids: Collection[str], now: int) -> dict[str, SignedIn]:
    """Return the live ones among these session ids, in one query, and two more for an account with an area.

    Left out: ended or expired sessions, revoked tickets, disabled accounts.
    """
    rows = session.execute(
        select(SessionRow, AccountRow, TicketRow)
        .outerjoin(AccountRow, AccountRow.id == SessionRow.account_id)
        .outerjoin(TicketRow, TicketRow.id == SessionRow.ticket_id)
        .where(SessionRow.id.in_(list(ids)), SessionRow.ended_at.is_(None), SessionRow.expires_at > now)
    )
    found: dict[str, SignedIn] = {}
    for row, account, ticket in rows:
        signed_in = _read_row(session, row, account, ticket, now)
        if signed_in is not None:
            found[row.id] = signed_in
    return found


def _read_row(
    session: Session, row: SessionRow, account: AccountRow | None, ticket: TicketRow | None, now: int
) -> SignedIn | None:
    if account is not None and account.disabled_at is None:
        return _by_account(session, row, account)
    if ticket is not None and ticket.revoked_at is None and ticket.expires_at > now:
        return _by_ticket(row, ticket)
    return None


_SESSIONS, _ACCOUNTS, _TICKETS = plain(SessionRow), plain(AccountRow), plain(TicketRow)
_LIVE = (
    select(_SESSIONS.c.id)
    .outerjoin(_ACCOUNTS, _ACCOUNTS.c.id == _SESSIONS.c.account_id)
    .outerjoin(_TICKETS, _TICKETS.c.id == _SESSIONS.c.ticket_id)
    .where(
        _SESSIONS.c.id.in_(bindparam("ids", expanding=True)),
        _SESSIONS.c.ended_at.is_(None),
        _SESSIONS.c.expires_at > bindparam("now"),
        _ACCOUNTS.c.disabled_at.is_(None),
        _TICKETS.c.revoked_at.is_(None),
        or_(_TICKETS.c.id.is_(None), _TICKETS.c.expires_at > bindparam("now")),
    )
)


def check_sessions(session: Session, ids: Collection[str], now: int) -> set[str]:
    """Return which of these session ids are still live: the light query of every batch of wishes (S3).

    Cost: one query of ids alone; what a session says of a person does not change while it lives.
    """
    return set(session.connection().execute(_LIVE, {"ids": list(ids), "now": now}).scalars())


def _by_account(session: Session, row: SessionRow, account: AccountRow) -> SignedIn:
    councils = None
    if account.area_id is not None:
        councils = frozenset(council.id for council in reachable_councils(session, account.area_id))
    return SignedIn(
        row.id,
        row.csrf,
        f"account:{account.id}",
        Role(account.role),
        account.display_name,
        account=account.id,
        area=account.area_id,
        councils=councils,
    )


def _by_ticket(row: SessionRow, ticket: TicketRow) -> SignedIn:
    return SignedIn(
        row.id,
        row.csrf,
        f"ticket:{ticket.id}",
        Role(ticket.kind),
        ticket.holder,
        meeting=ticket.meeting_id,
        representative=ticket.representative_id,
    )


def actor_in(meeting: Meeting, signed_in: SignedIn) -> Actor | None:
    """Return who a signed-in person is in a meeting, or None for a stranger to it."""
    if signed_in.representative is not None:
        seat = meeting.seat_of.get(signed_in.representative)
        if seat is None:
            return None
        return Actor(f"seat:{seat}", frozenset({Role.REPRESENTATIVE}), seat)
    if signed_in.account is not None:
        if signed_in.councils is not None and meeting.council not in signed_in.councils:
            return None
        return Actor(signed_in.key, _ACCOUNT_ROLES.get(signed_in.role, frozenset()))
    if signed_in.meeting != meeting.id:
        return None
    return Actor(signed_in.key, frozenset({signed_in.role}))


def open_session(
    unit: Unit, now: int, *, account: AccountRow | None = None, ticket: TicketRow | None = None
) -> NewSession:
    """Open a session; a ticket's former sessions end, an account may have several (S10, S82)."""
    cookie, csrf = new_token(), new_token()
    if ticket is not None:
        end_sessions(unit, now, "replaced", ticket_id=ticket.id)
    row = SessionRow(
        id=digest(cookie),
        csrf=csrf,
        account_id=account.id if account is not None else None,
        ticket_id=ticket.id if ticket is not None else None,
        created_at=now,
        expires_at=now + SESSION_MS,
        ended_reason="",
    )
    unit.session.add(row)
    unit.session.flush()
    if account is not None:
        return NewSession(cookie, csrf, _by_account(unit.session, row, account))
    if ticket is None:
        raise ValueError("a session needs an account or a ticket")
    return NewSession(cookie, csrf, _by_ticket(row, ticket))


def end_sessions(
    unit: Unit,
    now: int,
    reason: str,
    *,
    session_id: str | None = None,
    ticket_id: str | None = None,
    account_id: str | None = None,
) -> None:
    """End the sessions of one kind of owner and announce each, so that their sockets go at once (S11)."""
    chosen = select(SessionRow.id).where(SessionRow.ended_at.is_(None))
    for column, value in (
        (SessionRow.id, session_id),
        (SessionRow.ticket_id, ticket_id),
        (SessionRow.account_id, account_id),
    ):
        if value is not None:
            chosen = chosen.where(column == value)
    ids = list(unit.session.scalars(chosen))
    if ids:
        unit.session.execute(
            update(SessionRow).where(SessionRow.id.in_(ids)).values(ended_at=now, ended_reason=reason)
        )
        unit.announcements.extend(SessionEnded(session, reason) for session in ids)


def issue_ticket(
    session: Session,
    now: int,
    kind: Role,
    *,
    holder: str,
    expires_at: int,
    representative: str | None = None,
    meeting: str | None = None,
    token: str | None = None,
) -> str:
    """Write a new ticket and return its secret, which is kept nowhere else (S66); ``token`` is one already printed."""
    token = token or new_token()
    session.add(
        TicketRow(
            id=new_id(),
            token_hash=digest(token),
            kind=kind.value,
            representative_id=representative,
            meeting_id=meeting,
            holder=holder,
            created_at=now,
            expires_at=expires_at,
            redemptions=0,
        )
    )
    return token


def revoke_tickets(
    unit: Unit, now: int, *, representative: str | None = None, ticket_id: str | None = None
) -> None:
    """Revoke the tickets of a representative, or one ticket, and end their sessions."""
    chosen = select(TicketRow).where(TicketRow.revoked_at.is_(None))
    if representative is not None:
        chosen = chosen.where(TicketRow.representative_id == representative)
    if ticket_id is not None:
        chosen = chosen.where(TicketRow.id == ticket_id)
    for ticket in unit.session.scalars(chosen):
        ticket.revoked_at = now
        end_sessions(unit, now, "revoked", ticket_id=ticket.id)


class TicketRefused(Exception):
    """A ticket that opens nothing: TICKET_UNKNOWN, TICKET_EXPIRED or TICKET_REVOKED."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def redeem_ticket(unit: Unit, now: int, token: str) -> NewSession:
    """Open a session by ticket; each redemption ends the former one. TicketRefused when it opens nothing."""
    ticket = unit.session.scalar(select(TicketRow).where(TicketRow.token_hash == digest(token)))
    if ticket is None:
        raise TicketRefused("TICKET_UNKNOWN")
    if ticket.revoked_at is not None:
        raise TicketRefused("TICKET_REVOKED")
    if ticket.expires_at <= now:
        raise TicketRefused("TICKET_EXPIRED")
    ticket.redeemed_at = now
    ticket.redemptions += 1
    return open_session(unit, now, ticket=ticket)
