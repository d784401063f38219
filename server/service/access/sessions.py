"""Sessions, tickets and accounts: who somebody is, read again for every wish (S3, S66, S81)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, insert, or_, select, update
from sqlalchemy.orm import Session

from server.domain.actor import Actor, Role
from server.domain.meeting.state import Meeting
from server.service.community.reach import reachable_councils
from server.service.ids import digest, new_id, new_token
from server.store.tables.access import AccountRow, SessionRow, TicketRow
from server.store.tables.registry import plain
from server.store.writer import Unit

SESSION_MS = 12 * 3600 * 1000
# An account that is not used leaves by itself; a card's sign-in lasts as long as its meeting may (S81).
IDLE_MS = 30 * 60_000

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


_SESSIONS, _ACCOUNTS, _TICKETS = plain(SessionRow), plain(AccountRow), plain(TicketRow)
# Written once, without the unit of work: these run for every arrival and in every batch of wishes.
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
_PEOPLE = _LIVE.add_columns(
    _SESSIONS.c.csrf,
    *(_ACCOUNTS.c.id.label("account"), _ACCOUNTS.c.role, _ACCOUNTS.c.display_name, _ACCOUNTS.c.area_id),
    *(_TICKETS.c.id.label("ticket"), _TICKETS.c.kind, _TICKETS.c.holder, _TICKETS.c.meeting_id),
    _TICKETS.c.representative_id,
)
_REPRESENTATIVE = frozenset({Role.REPRESENTATIVE})
_TICKET = select(_TICKETS).where(_TICKETS.c.token_hash == bindparam("hash"))
_REDEEMED = (
    update(_TICKETS)
    .where(_TICKETS.c.id == bindparam("ticket"))
    .values(redeemed_at=bindparam("now"), redemptions=_TICKETS.c.redemptions + 1)
)
_OPENED = insert(_SESSIONS)
_OPEN_OF = {
    owner: select(_SESSIONS.c.id).where(column == bindparam("owner"), _SESSIONS.c.ended_at.is_(None))
    for owner, column in (
        ("session", _SESSIONS.c.id),
        ("ticket", _SESSIONS.c.ticket_id),
        ("account", _SESSIONS.c.account_id),
    )
}
_ENDED = (
    update(_SESSIONS)
    .where(_SESSIONS.c.id.in_(bindparam("ids", expanding=True)))
    .values(ended_at=bindparam("now"), ended_reason=bindparam("reason"))
)


def read_sessions(session: Session, ids: Collection[str], now: int) -> dict[str, SignedIn]:
    """Return the live ones among these session ids, in one query, and two more for an account with an area.

    Left out: ended or expired sessions, revoked tickets, disabled accounts.
    """
    rows = session.connection().execute(_PEOPLE, {"ids": list(ids), "now": now})
    return {row.id: _person(session, row.id, row.csrf, row) for row in rows}


def check_sessions(session: Session, ids: Collection[str], now: int) -> set[str]:
    """Return which of these session ids are still live: the light query of every batch of wishes (S3).

    Cost: one query of ids alone; what a session says of a person does not change while it lives.
    """
    return set(session.connection().execute(_LIVE, {"ids": list(ids), "now": now}).scalars())


def _person(session: Session, session_id: str, csrf: str, row: Any) -> SignedIn:
    if row.ticket is not None:
        return _by_ticket(session_id, csrf, row.ticket, row)
    return _by_account(session, session_id, csrf, row.account, row)


def _by_account(session: Session, session_id: str, csrf: str, account_id: str, account: Any) -> SignedIn:
    councils = None
    if account.area_id is not None:
        councils = frozenset(council.id for council in reachable_councils(session, account.area_id))
    return SignedIn(
        session_id,
        csrf,
        f"account:{account_id}",
        Role(account.role),
        account.display_name,
        account=account_id,
        area=account.area_id,
        councils=councils,
    )


def _by_ticket(session_id: str, csrf: str, ticket_id: str, ticket: Any) -> SignedIn:
    return SignedIn(
        session_id,
        csrf,
        f"ticket:{ticket_id}",
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
        return Actor(f"seat:{seat}", _REPRESENTATIVE, seat)
    if signed_in.account is not None:
        if signed_in.councils is not None and meeting.council not in signed_in.councils:
            return None
        return Actor(signed_in.key, _ACCOUNT_ROLES.get(signed_in.role, frozenset()))
    if signed_in.meeting != meeting.id:
        return None
    return Actor(signed_in.key, frozenset({signed_in.role}))


def open_session(
    unit: Unit, now: int, *, account: AccountRow | None = None, ticket: Any = None
) -> NewSession:
    """Open a session; a ticket's former sessions end, an account may have several (S10, S82).

    ``ticket`` is a row of the ticket table, typed or plain.
    """
    if (account is None) == (ticket is None):
        raise ValueError("a session needs an account or a ticket")
    cookie, csrf = new_token(), new_token()
    key = digest(cookie)
    unit.session.flush()
    if ticket is not None:
        end_sessions(unit, now, "replaced", ticket_id=ticket.id)
    unit.session.connection().execute(
        _OPENED,
        {
            "id": key,
            "csrf": csrf,
            "account_id": account.id if account is not None else None,
            "ticket_id": ticket.id if ticket is not None else None,
            "created_at": now,
            "expires_at": now + (IDLE_MS if ticket is None else SESSION_MS),
            "ended_at": None,
            "ended_reason": "",
        },
    )
    if account is not None:
        return NewSession(cookie, csrf, _by_account(unit.session, key, csrf, account.id, account))
    return NewSession(cookie, csrf, _by_ticket(key, csrf, ticket.id, ticket))


def end_sessions(
    unit: Unit,
    now: int,
    reason: str,
    *,
    session_id: str | None = None,
    ticket_id: str | None = None,
    account_id: str | None = None,
) -> None:
    """End the sessions of one owner and announce each, so that their sockets go at once (S11)."""
    owners = {"session": session_id, "ticket": ticket_id, "account": account_id}
    ((owner, key),) = ((owner, key) for owner, key in owners.items() if key is not None)
    connection = unit.session.connection()
    ids = list(connection.execute(_OPEN_OF[owner], {"owner": key}).scalars())
    if ids:
        connection.execute(_ENDED, {"ids": ids, "now": now, "reason": reason})
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
    unit.session.flush()
    connection = unit.session.connection()
    ticket = connection.execute(_TICKET, {"hash": digest(token)}).first()
    if ticket is None:
        raise TicketRefused("TICKET_UNKNOWN")
    if ticket.revoked_at is not None:
        raise TicketRefused("TICKET_REVOKED")
    if ticket.expires_at <= now:
        raise TicketRefused("TICKET_EXPIRED")
    connection.execute(_REDEEMED, {"ticket": ticket.id, "now": now})
    return open_session(unit, now, ticket=ticket)
