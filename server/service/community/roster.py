"""The roster (名册): representatives with their seats, added one by one or from a spreadsheet, and their cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.actor import Role
from server.domain.meeting.decide.text import is_sound_name
from server.domain.refusal import RefusalCode
from server.service.access.sessions import issue_ticket, revoke_tickets
from server.service.clock import DAY_MS
from server.service.community.councils import count_people, list_parties
from server.service.ids import new_id
from server.service.refused import refused
from server.store.tables.access import TicketRow
from server.store.tables.areas import PartyRow, RepresentativeRow
from server.store.writer import Unit

LONGEST_NAME = 40
LONGEST_POST = 40
LONGEST_TELEPHONE = 40
CARD_MS = 366 * DAY_MS


@dataclass(frozen=True, slots=True)
class NewRepresentative:
    """A person as entered; ``post`` is what the public may see (5栋邻长), ``telephone`` only the office."""

    party_id: str
    name: str
    post: str = ""
    telephone: str = ""
    appointment: str = "recommended"


def add_representative(unit: Unit, now: int, council_id: str, person: NewRepresentative) -> str:
    """Give a person the lowest free seat of a council and return the representative's id.

    Refusals: BAD_DATA with the fact ``field``, NOT_FOUND for a party of another council, PARTY_FULL, NAME_TAKEN
    for the same name in the same party.
    """
    return add_representatives(unit, now, council_id, [person])[0]


def add_representatives(
    unit: Unit, now: int, council_id: str, people: Sequence[NewRepresentative]
) -> list[str]:
    """Add several people in order, all or none; returns their ids. Refusals as ``add_representative``."""
    parties = {row.id: row for row in list_parties(unit.session, council_id)}
    sitting = list_representatives(unit.session, council_id)
    taken = {row.seat for row in sitting}
    names = {(row.party_id, row.name) for row in sitting}
    counts = count_people(unit.session, council_id)
    ids = []
    for person in people:
        party = parties.get(person.party_id)
        _check(person, party, names, counts)
        seat = next(number for number in range(1, len(taken) + 2) if number not in taken)
        taken.add(seat)
        names.add((person.party_id, person.name))
        counts[person.party_id] = counts.get(person.party_id, 0) + 1
        row = RepresentativeRow(
            id=new_id(),
            council_id=council_id,
            party_id=person.party_id,
            seat=seat,
            name=person.name,
            post=person.post,
            telephone=person.telephone,
            appointment=person.appointment,
            joined_at=now,
        )
        unit.session.add(row)
        ids.append(row.id)
    unit.session.flush()
    return ids


def _check(
    person: NewRepresentative,
    party: PartyRow | None,
    names: set[tuple[str, str]],
    counts: Mapping[str, int],
) -> None:
    if party is None:
        raise refused(RefusalCode.NOT_FOUND, what="party")
    for field, value, longest, shortest in (
        ("name", person.name, LONGEST_NAME, 1),
        ("post", person.post, LONGEST_POST, 0),
        ("telephone", person.telephone, LONGEST_TELEPHONE, 0),
    ):
        if not is_sound_name(value, longest, shortest=shortest):
            raise refused(RefusalCode.BAD_DATA, field=field)
    if counts.get(party.id, 0) >= party.seats:
        raise refused(RefusalCode.PARTY_FULL, party=party.name, seats=party.seats)
    if (party.id, person.name) in names:
        raise refused(RefusalCode.NAME_TAKEN, name=person.name)


def leave(unit: Unit, now: int, representative_id: str) -> None:
    """离任: free the seat and revoke the card; what the person did in meetings stays."""
    row = find_representative(unit.session, representative_id)
    if row.left_at is not None:
        return
    row.left_at = now
    row.seat = None
    revoke_tickets(unit, now, representative=representative_id)


def revoke_card(unit: Unit, now: int, representative_id: str) -> None:
    """Revoke a lost card; its sessions end at once."""
    find_representative(unit.session, representative_id)
    revoke_tickets(unit, now, representative=representative_id)


def replace_cards(unit: Unit, now: int, council_id: str, tokens: Mapping[str, str]) -> None:
    """Make printed cards valid and all former ones of these people void.

    ``tokens`` maps a representative's id to the secret on the new card, which was printed before this is called,
    so that a paper that could not be made leaves the old cards valid. ROSTER_CHANGED when somebody left meanwhile.
    """
    people = {row.id: row for row in list_representatives(unit.session, council_id)}
    if not tokens or not tokens.keys() <= people.keys():
        raise refused(RefusalCode.ROSTER_CHANGED)
    for representative_id, token in tokens.items():
        revoke_tickets(unit, now, representative=representative_id)
        issue_ticket(
            unit.session,
            now,
            Role.REPRESENTATIVE,
            holder=people[representative_id].name,
            expires_at=now + CARD_MS,
            representative=representative_id,
            token=token,
        )


def find_representative(session: Session, representative_id: str) -> RepresentativeRow:
    """Return a representative; Refused NOT_FOUND when there is none."""
    row = session.get(RepresentativeRow, representative_id)
    if row is None:
        raise refused(RefusalCode.NOT_FOUND, what="representative")
    return row


def list_representatives(session: Session, council_id: str) -> Sequence[RepresentativeRow]:
    """Return those who sit in a council now, in order of their seats."""
    chosen = select(RepresentativeRow).where(
        RepresentativeRow.council_id == council_id, RepresentativeRow.left_at.is_(None)
    )
    return session.scalars(chosen.order_by(RepresentativeRow.seat)).all()


@dataclass(frozen=True, slots=True)
class CardState:
    """A valid card: when it was printed, when it was last used, how often."""

    printed_at: int
    expires_at: int
    used_at: int | None
    uses: int


def list_cards(session: Session, council_id: str, now: int) -> dict[str, CardState]:
    """Return the valid card of each representative, by id."""
    rows = session.execute(
        select(
            TicketRow.representative_id,
            TicketRow.created_at,
            TicketRow.expires_at,
            TicketRow.redeemed_at,
            TicketRow.redemptions,
        )
        .join(RepresentativeRow, RepresentativeRow.id == TicketRow.representative_id)
        .where(
            RepresentativeRow.council_id == council_id,
            TicketRow.revoked_at.is_(None),
            TicketRow.expires_at > now,
        )
    )
    return {row[0]: CardState(row[1], row[2], row[3], row[4]) for row in rows if row[0] is not None}
