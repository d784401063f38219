"""操作记录 as its page shows it: filtered, page by page, keys turned into the names of today."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from server.service.access.audit import GROUPS
from server.store.tables.access import AccountRow, TicketRow
from server.store.tables.areas import AreaRow, CouncilRow, RepresentativeRow
from server.store.tables.audit import AuditRow
from server.store.tables.meetings import MeetingRow
from server.store.tables.topics import TopicRow

PER_PAGE = 50
# An entry link without a name is known by its office.
_HOLDERS = {"chair": "主持人", "secretary": "记录人", "observer": "列席"}


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to show; empty means everything. ``since`` and ``until`` are instants, ``until`` not included."""

    group: str = ""
    result: str = ""
    who: str = ""
    since: int | None = None
    until: int | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One row with names: ``kind`` and ``thing`` are the parts of its key, ``name`` is empty when nothing bears it."""

    id: int
    at: int
    act: str
    result: str
    who: str
    who_name: str
    kind: str
    name: str


def read_audit(
    session: Session, chosen: AuditFilter, *, before: int | None = None, after: int | None = None
) -> tuple[list[AuditLine], bool, bool]:
    """Return a page of lines, the newest first, and whether there are newer and older ones.

    ``before`` and ``after`` are ids of the line the page begins beyond. Cost: one query, and one for each kind of name.
    """
    query = select(AuditRow).where(*_conditions(chosen))
    if after is not None:
        newest_last = session.scalars(
            query.where(AuditRow.id > after).order_by(AuditRow.id).limit(PER_PAGE + 1)
        ).all()
        rows, has_newer = list(newest_last[:PER_PAGE])[::-1], len(newest_last) > PER_PAGE
        return _named(session, rows), has_newer, True
    if before is not None:
        query = query.where(AuditRow.id < before)
    found = session.scalars(query.order_by(AuditRow.id.desc()).limit(PER_PAGE + 1)).all()
    return _named(session, found[:PER_PAGE]), before is not None, len(found) > PER_PAGE


def _conditions(chosen: AuditFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if chosen.group:
        conditions.append(AuditRow.act.in_([act.value for act in GROUPS[chosen.group]]))
    if chosen.result:
        conditions.append(AuditRow.result == "done" if chosen.result == "done" else AuditRow.result != "done")
    if chosen.who:
        conditions.append(AuditRow.who == chosen.who)
    if chosen.since is not None:
        conditions.append(AuditRow.at >= chosen.since)
    if chosen.until is not None:
        conditions.append(AuditRow.at < chosen.until)
    return conditions


def _named(session: Session, rows: Sequence[AuditRow]) -> list[AuditLine]:
    names = _names(session, {key for row in rows for key in (row.who, row.about) if ":" in key})
    return [
        AuditLine(
            row.id,
            row.at,
            row.act,
            row.result,
            row.who,
            names.get(row.who, ""),
            row.about.split(":", 1)[0],
            names.get(row.about, ""),
        )
        for row in rows
    ]


def _names(session: Session, keys: Collection[str]) -> dict[str, str]:
    by_kind: dict[str, list[str]] = {}
    for key in keys:
        kind, _, key_id = key.partition(":")
        by_kind.setdefault(kind, []).append(key_id)
    names: dict[str, str] = {}
    for kind, (row, spoken) in _KINDS.items():
        if kind in by_kind:
            found = session.scalars(select(row).where(row.id.in_(by_kind[kind])))
            names |= {f"{kind}:{entry.id}": spoken(entry) for entry in found}
    return names


def _meeting_words(row: Any) -> str:
    return f"{row.year}年第{row.ordinal}次会议"


_KINDS: Mapping[str, tuple[Any, Any]] = {
    "account": (AccountRow, lambda row: row.display_name),
    "ticket": (TicketRow, lambda row: row.holder or _HOLDERS.get(row.kind, "")),
    "representative": (RepresentativeRow, lambda row: row.name),
    "council": (CouncilRow, lambda row: row.name),
    "area": (AreaRow, lambda row: row.name),
    "meeting": (MeetingRow, _meeting_words),
    "topic": (TopicRow, lambda row: row.number),
}


def kinds_of_names() -> Iterable[str]:
    """Return the kinds of keys whose names are known; the word list has a word for each."""
    return _KINDS
