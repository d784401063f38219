"""Areas (辖区) and councils (议事会) with their parties: the standing things an office keeps."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.meeting.decide.text import is_sound_name, is_sound_text
from server.domain.procedure.presets import FIVE_PARTIES, FIVE_PARTY_V1, PROCEDURES, PartyPreset
from server.domain.refusal import RefusalCode
from server.service.ids import new_id
from server.service.refused import refused
from server.store.tables.areas import AreaRow, CouncilRow, PartyRow, RepresentativeRow
from server.store.writer import Unit

AREA_LEVELS = (
    "district",
    "subdistrict",
    "community",
    "estate",
    "section",
    "building",
    "group",
    "unit",
    "neighbourhood",
)
MOST_PARTIES = 7
MOST_SEATS = 200
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class CouncilFacts:
    """What an office writes about a council; lengths in characters: 60, 60, 60, 40, 20, 600."""

    name: str
    organisation: str
    venue: str = ""
    telephone: str = ""
    document_sign: str = ""
    introduction: str = ""


@dataclass(frozen=True, slots=True)
class PartyFacts:
    """One party as entered; ``id`` is None for a new one."""

    name: str
    mark: str
    seats: int
    id: str | None = None


def add_area(unit: Unit, *, parent_id: str | None, level: str, name: str) -> str:
    """Write an area under another one (or as a root) and return its id; NAME_TAKEN among its siblings."""
    if level not in AREA_LEVELS:
        raise refused(RefusalCode.BAD_DATA, field="level")
    if parent_id is not None:
        find_area(unit.session, parent_id)
    _check_area_name(unit.session, parent_id, name, but=None)
    siblings = select(func.count()).select_from(AreaRow).where(AreaRow.parent_id == parent_id)
    row = AreaRow(
        id=new_id(),
        parent_id=parent_id,
        level=level,
        name=name,
        position=unit.session.scalar(siblings) or 0,
    )
    unit.session.add(row)
    unit.session.flush()
    return row.id


def rename_area(unit: Unit, area_id: str, name: str) -> None:
    """Give an area another name."""
    row = find_area(unit.session, area_id)
    _check_area_name(unit.session, row.parent_id, name, but=area_id)
    row.name = name


def _check_area_name(session: Session, parent_id: str | None, name: str, *, but: str | None) -> None:
    if not is_sound_name(name, LONGEST_NAME):
        raise refused(RefusalCode.BAD_DATA, field="name")
    taken = select(AreaRow.id).where(AreaRow.parent_id == parent_id, AreaRow.name == name)
    if any(found != but for found in session.scalars(taken)):
        raise refused(RefusalCode.NAME_TAKEN, name=name)


def find_area(session: Session, area_id: str) -> AreaRow:
    """Return an area; Refused NOT_FOUND when there is none."""
    row = session.get(AreaRow, area_id)
    if row is None:
        raise refused(RefusalCode.NOT_FOUND, what="area")
    return row


def create_council(
    unit: Unit,
    now: int,
    *,
    area_id: str,
    facts: CouncilFacts,
    parties: Sequence[PartyPreset] = FIVE_PARTIES,
    procedure: str = FIVE_PARTY_V1.id,
) -> str:
    """Write a council with its parties (五方 by default) and return its id."""
    find_area(unit.session, area_id)
    if procedure not in PROCEDURES:
        raise refused(RefusalCode.BAD_DATA, field="procedure")
    _check_facts(unit.session, facts, but=None)
    row = CouncilRow(id=new_id(), area_id=area_id, procedure=procedure, created_at=now, **_columns(facts))
    unit.session.add(row)
    unit.session.flush()
    _write_parties(unit.session, row.id, [PartyFacts(p.name, p.mark, p.seats) for p in parties])
    return row.id


def edit_council(unit: Unit, council_id: str, facts: CouncilFacts, parties: Sequence[PartyFacts]) -> None:
    """Change what stands about a council; a party with representatives stays and keeps seats enough for them.

    Refusals: NAME_TAKEN, BAD_DATA, PARTY_FULL when seats are fewer than people.
    """
    row = find_council(unit.session, council_id)
    _check_facts(unit.session, facts, but=council_id)
    for column, value in _columns(facts).items():
        setattr(row, column, value)
    _write_parties(unit.session, council_id, parties)


def _columns(facts: CouncilFacts) -> dict[str, str]:
    return {
        "name": facts.name,
        "organisation": facts.organisation,
        "venue": facts.venue,
        "telephone": facts.telephone,
        "document_sign": facts.document_sign,
        "introduction": facts.introduction,
    }


def _check_facts(session: Session, facts: CouncilFacts, *, but: str | None) -> None:
    for field, value, longest, shortest in (
        ("name", facts.name, LONGEST_NAME, 1),
        ("organisation", facts.organisation, LONGEST_NAME, 1),
        ("venue", facts.venue, LONGEST_NAME, 0),
        ("telephone", facts.telephone, 40, 0),
        ("document_sign", facts.document_sign, 20, 0),
        ("introduction", facts.introduction, 600, 0),
    ):
        if not is_sound_text(value, longest, shortest=shortest):
            raise refused(RefusalCode.BAD_DATA, field=field)
    taken = session.scalars(select(CouncilRow.id).where(CouncilRow.name == facts.name))
    if any(found != but for found in taken):
        raise refused(RefusalCode.NAME_TAKEN, name=facts.name)


def _write_parties(session: Session, council_id: str, parties: Sequence[PartyFacts]) -> None:
    """Bring the parties of a council to what was entered, in this order."""
    names = [party.name for party in parties]
    if not 1 <= len(parties) <= MOST_PARTIES or len(set(names)) != len(names):
        raise refused(RefusalCode.BAD_DATA, field="parties")
    standing = {row.id: row for row in list_parties(session, council_id)}
    people = count_people(session, council_id)
    for position, party in enumerate(parties, 1):
        if not (
            is_sound_name(party.name, 20) and is_sound_name(party.mark, 2) and 1 <= party.seats <= MOST_SEATS
        ):
            raise refused(RefusalCode.BAD_DATA, field="parties")
        row = standing.pop(party.id or "", None)
        if row is None:
            row = PartyRow(id=new_id(), council_id=council_id)
            session.add(row)
        if party.seats < people.get(row.id, 0):
            raise refused(RefusalCode.PARTY_FULL, party=party.name, seats=party.seats)
        row.name, row.mark, row.seats, row.position = party.name, party.mark, party.seats, position
    for row in standing.values():
        ever = select(RepresentativeRow.id).where(RepresentativeRow.party_id == row.id).limit(1)
        if session.scalar(ever) is not None:
            raise refused(RefusalCode.PARTY_FULL, party=row.name, seats=people.get(row.id, 0))
        session.delete(row)
    session.flush()


def find_council(session: Session, council_id: str) -> CouncilRow:
    """Return a council; Refused NOT_FOUND when there is none."""
    row = session.get(CouncilRow, council_id)
    if row is None:
        raise refused(RefusalCode.NOT_FOUND, what="council")
    return row


def list_parties(session: Session, council_id: str) -> Sequence[PartyRow]:
    """Return a council's parties in their order."""
    chosen = select(PartyRow).where(PartyRow.council_id == council_id)
    return session.scalars(chosen.order_by(PartyRow.position)).all()


def count_people(session: Session, council_id: str) -> dict[str, int]:
    """Return how many sit in each party now, by party id."""
    rows = session.execute(
        select(RepresentativeRow.party_id, func.count())
        .where(RepresentativeRow.council_id == council_id, RepresentativeRow.left_at.is_(None))
        .group_by(RepresentativeRow.party_id)
    )
    return dict(rows.all())
