"""Calling a meeting: the notice freezes agenda, seats and procedure into the log's first line (T49, S42)."""

import hashlib
import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.meeting.events import Item, MeetingCalled, Party, Seat
from server.domain.meeting.state import Meeting
from server.domain.procedure.presets import procedure_of
from server.domain.refusal import RefusalCode
from server.service.refused import refused
from server.service.room.keeper import RoomKeeper
from server.store.log import NO_FORMER_ROOT, read_lines, root_of
from server.store.tables.areas import CouncilRow, PartyRow, RepresentativeRow
from server.store.tables.meetings import MeetingRow, PlannedItemRow, SeatNameRow
from server.store.writer import Unit


def call_meeting(unit: Unit, rooms: RoomKeeper, meeting_id: str, now: int) -> Meeting:
    """Freeze a planned meeting: agenda and seats cannot change afterwards.

    Refusals: NOT_FOUND, INVALID_TRANSITION when it was called already, BAD_DATA without an item or a representative.
    """
    row = unit.session.get(MeetingRow, meeting_id)
    if row is None:
        raise refused(RefusalCode.NOT_FOUND, what="meeting")
    if row.state != "planned":
        raise refused(RefusalCode.AGENDA_LOCKED)
    called = _called(unit.session, row)
    if not called.items or not called.seats:
        raise refused(RefusalCode.BAD_DATA, field="seats" if called.items else "items")
    row.last_hash = _former_root(unit.session, row.council_id)
    unit.session.flush()
    return rooms.append(unit, meeting_id, now, (called,))


def _former_root(session: Session, council: str) -> str:
    """Return the root of the council's last finished meeting, so that each record vouches for the one before."""
    former = session.scalar(
        select(MeetingRow.id)
        .where(MeetingRow.council_id == council, MeetingRow.state == "closed")
        .order_by(MeetingRow.closed_at.desc())
        .limit(1)
    )
    return root_of(read_lines(session, former)) if former is not None else NO_FORMER_ROOT


def _called(session: Session, row: MeetingRow) -> MeetingCalled:
    council = session.get_one(CouncilRow, row.council_id)
    procedure = procedure_of(council.procedure)
    parties = session.scalars(
        select(PartyRow).where(PartyRow.council_id == council.id).order_by(PartyRow.position)
    ).all()
    items = session.scalars(
        select(PlannedItemRow).where(PlannedItemRow.meeting_id == row.id).order_by(PlannedItemRow.position)
    )
    return MeetingCalled(
        council.id,
        procedure.id,
        procedure.rule,
        procedure.speaking_seconds,
        tuple(Party(party.id, party.name, party.mark, party.position) for party in parties),
        _seats(session, row),
        tuple(Item(item.id, item.title, item.minutes, item.topic_id) for item in items),
        procedure.speaking_rules,
        procedure.poll_rules,
    )


def _seats(session: Session, row: MeetingRow) -> tuple[Seat, ...]:
    """Number the seats 1…n in roster order; names stand beside, salted and hashed in the log."""
    people = session.scalars(
        select(RepresentativeRow)
        .where(RepresentativeRow.council_id == row.council_id, RepresentativeRow.left_at.is_(None))
        .order_by(RepresentativeRow.seat, RepresentativeRow.joined_at)
    ).all()
    seats = []
    for number, person in enumerate(people, 1):
        salt = secrets.token_hex(16)
        session.add(
            SeatNameRow(
                meeting_id=row.id,
                seat=number,
                representative_id=person.id,
                name=person.name,
                post=person.post,
                salt=salt,
            )
        )
        name_hash = hashlib.sha256(f"{salt}{person.name}".encode()).hexdigest()
        seats.append(Seat(number, person.id, person.party_id, name_hash))
    return tuple(seats)
