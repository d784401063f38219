"""Which areas and councils an account may work with: its own area and everything below it (S80)."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.refusal import RefusalCode
from server.service.refused import refused
from server.store.tables.areas import AreaRow, CouncilRow


def may_reach(session: Session, area_id: str | None, council_id: str) -> bool:
    """Tell whether a council lies in an account's area; an account without an area reaches all.

    Raises Refused NOT_FOUND when there is no such council.
    """
    council = session.get(CouncilRow, council_id)
    if council is None:
        raise refused(RefusalCode.NOT_FOUND)
    return area_id is None or area_id in line_of(session, council.area_id)


def line_of(session: Session, area_id: str) -> tuple[str, ...]:
    """Return the ids from an area up to the root of its tree, itself first."""
    line: list[str] = []
    current: str | None = area_id
    while current is not None and current not in line:
        line.append(current)
        row = session.get(AreaRow, current)
        current = row.parent_id if row is not None else None
    return tuple(line)


def reachable_areas(session: Session, area_id: str | None) -> list[AreaRow]:
    """Return the areas an account may work with, in order of their place among their siblings."""
    rows = list(session.scalars(select(AreaRow).order_by(AreaRow.position, AreaRow.name)))
    if area_id is None:
        return rows
    inside = {area_id}
    grew = True
    while grew:
        found = {row.id for row in rows if row.parent_id in inside} - inside
        inside |= found
        grew = bool(found)
    return [row for row in rows if row.id in inside]


def reachable_councils(session: Session, area_id: str | None) -> list[CouncilRow]:
    """Return the councils an account may work with, by name."""
    rows = session.scalars(select(CouncilRow).order_by(CouncilRow.name))
    if area_id is None:
        return list(rows)
    inside = {area.id for area in reachable_areas(session, area_id)}
    return [row for row in rows if row.area_id in inside]
