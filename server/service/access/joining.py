"""入会: a ticket becomes a session and leads to the screen its holder needs now (CONTRACT, tickets)."""

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from server.domain.actor import Role
from server.service.access.audit import Act, note
from server.service.access.sessions import NewSession, SignedIn, TicketRefused, redeem_ticket
from server.store.tables.areas import RepresentativeRow
from server.store.tables.meetings import MeetingRow, SeatNameRow
from server.store.tables.registry import plain
from server.store.writer import Unit

LONGEST_TYPED = 200
_TICKET = re.compile(r"[A-Za-z0-9_-]{1,64}")
_MEETINGS, _SEATS = plain(MeetingRow), plain(SeatNameRow)
_SEATED = (
    select(_MEETINGS.c.id, _MEETINGS.c.state, _MEETINGS.c.starts_at)
    .join(_SEATS, _SEATS.c.meeting_id == _MEETINGS.c.id)
    .where(_SEATS.c.representative_id == bindparam("representative"))
)


@dataclass(frozen=True, slots=True)
class Entered:
    """A session just opened and where it leads: ``meeting`` is None when the council has none at the moment."""

    opened: NewSession
    meeting: str | None


def enter(unit: Unit, now: int, ticket: str) -> Entered:
    """Redeem a ticket; TicketRefused with the contract's code when it opens nothing."""
    token = typed_ticket(ticket)
    if not _TICKET.fullmatch(token):
        raise TicketRefused("TICKET_UNKNOWN")
    opened = redeem_ticket(unit, now, token)
    note(unit, now, opened.signed_in.key, Act.JOIN)
    return Entered(opened, meeting_of(unit.session, opened.signed_in, now))


def typed_ticket(text: str) -> str:
    """Return a ticket as it was printed: without the blanks between its groups, in half-width letters.

    Hyphens and the case of letters are part of a ticket (base64url) and stay.
    """
    plain = unicodedata.normalize("NFKC", text[:LONGEST_TYPED])
    return "".join(
        character
        for character in plain
        if not character.isspace() and unicodedata.category(character) != "Cf"
    )


def screen_of(role: Role) -> str:
    """Return the live screen a role works at."""
    return "console" if role in (Role.CHAIR, Role.SECRETARY) else "phone"


def meeting_of(session: Session, signed_in: SignedIn, now: int) -> str | None:
    """Return the meeting a ticket opens now.

    A card opens its council's running meeting, else the called one nearest in time, else the last closed one,
    whose minutes wait for signatures; always one in which its holder has a seat.
    """
    if signed_in.meeting is not None or signed_in.representative is None:
        return signed_in.meeting
    rows = session.connection().execute(_SEATED, {"representative": signed_in.representative}).all()
    if not rows:
        return None
    order = {"open": 0, "suspended": 0, "called": 1, "closed": 2}
    nearest = min(rows, key=lambda row: (order.get(row.state, 3), abs(row.starts_at - now)))
    meeting: str = nearest.id
    return meeting


def council_of_person(session: Session, signed_in: SignedIn) -> str | None:
    """Return the council a card belongs to."""
    if signed_in.representative is None:
        return None
    return session.scalar(
        select(RepresentativeRow.council_id).where(RepresentativeRow.id == signed_in.representative)
    )
