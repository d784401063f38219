"""办理事项: written from resolutions and referred topics, and read for lists and pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.meeting.decide.task import LONGEST_POST, LONGEST_TASK, is_local_date
from server.domain.meeting.decide.text import is_sound_text
from server.domain.refusal import RefusalCode
from server.domain.task.life_cycle import Signal, TaskState, signal
from server.service.clock import local_date
from server.service.ids import new_id, next_number
from server.service.refused import refused
from server.store.tables.areas import PartyRow
from server.store.tables.tasks import PhotoRow, TaskEntryRow, TaskRow
from server.store.writer import Unit

LONGEST_ACCOUNTABLE = 40


@dataclass(frozen=True, slots=True)
class Photo:
    """What a page needs to show a photo; its bytes come by ``read_photo``."""

    id: str
    caption: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Entry:
    """进展: ``kind`` is created, progress, done or voided; ``cost`` in hundredths of a yuan."""

    at: int
    kind: str
    text: str
    cost: int | None
    photos: tuple[Photo, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """办理事项 as lists show it: a unit and a post, never a person (P12).

    ``mark`` and ``order`` draw the party's sign, None for a unit outside the council; ``note`` is the last entry's.
    """

    number: str
    council_id: str
    text: str
    accountable: str
    mark: str | None
    order: int | None
    post: str
    due: str
    state: TaskState
    signal: Signal
    done_at: int | None
    note: str
    noted_at: int
    topic_id: str | None
    meeting_id: str | None
    resolution_id: str | None


def read_tasks(session: Session, council_id: str, today: date) -> tuple[Task, ...]:
    """Return a council's tasks by due date, the overdue ones first, the closed ones last. Cost: two queries."""
    rows = session.scalars(select(TaskRow).where(TaskRow.council_id == council_id)).all()
    urgency = {"red": 0, "yellow": 1, "green": 2, "grey": 3}
    tasks = _with_notes(session, rows, today)
    return tuple(sorted(tasks, key=lambda task: (urgency[task.signal.colour], _within(task), task.number)))


def _within(task: Task) -> str:
    """Order open tasks by due date, closed ones by the day they were closed, newest first."""
    return task.due if task.state == "open" else f"{10**15 - (task.done_at or task.noted_at):016d}"


def read_task(session: Session, number: str, today: date) -> Task | None:
    """Return one task by its number, also without the sign before it (2026-001)."""
    chosen = select(TaskRow).where(TaskRow.number.in_((number, f"办-{number}")))
    row = session.scalars(chosen).first()
    return _with_notes(session, [row], today)[0] if row is not None else None


def tasks_of_topic(session: Session, topic_id: str, today: date) -> tuple[Task, ...]:
    """Return the tasks that serve one topic, in order of their numbers."""
    rows = session.scalars(select(TaskRow).where(TaskRow.topic_id == topic_id).order_by(TaskRow.number)).all()
    return tuple(_with_notes(session, rows, today))


def read_entries(session: Session, number: str) -> tuple[Entry, ...]:
    """Return a task's dated lines with their photos, newest first."""
    rows = session.scalars(
        select(TaskEntryRow)
        .join(TaskRow, TaskRow.id == TaskEntryRow.task_id)
        .where(TaskRow.number == number)
        .order_by(TaskEntryRow.id.desc())
    ).all()
    columns = (PhotoRow.task_entry_id, PhotoRow.id, PhotoRow.caption, PhotoRow.width, PhotoRow.height)
    photos = session.execute(
        select(*columns).where(PhotoRow.task_entry_id.in_([row.id for row in rows])).order_by(PhotoRow.id)
    ).all()
    return tuple(
        Entry(
            row.at,
            row.kind,
            row.text,
            row.cost,
            tuple(Photo(p.id, p.caption, p.width, p.height) for p in photos if p.task_entry_id == row.id),
        )
        for row in rows
    )


def read_photo(session: Session, photo_id: str, *, small: bool) -> bytes | None:
    """Return the JPEG of a photo that hangs on a task; such photos are public."""
    column = PhotoRow.thumbnail if small else PhotoRow.jpeg
    return session.scalar(select(column).where(PhotoRow.id == photo_id, PhotoRow.task_entry_id.is_not(None)))


def _with_notes(session: Session, rows: Sequence[TaskRow], today: date) -> list[Task]:
    councils = {row.council_id for row in rows}
    parties = {
        (party.council_id, party.name): party
        for party in session.scalars(select(PartyRow).where(PartyRow.council_id.in_(councils)))
    }
    last = (
        select(func.max(TaskEntryRow.id))
        .where(TaskEntryRow.task_id.in_([row.id for row in rows]))
        .group_by(TaskEntryRow.task_id)
    )
    notes = {
        entry.task_id: entry
        for entry in session.scalars(select(TaskEntryRow).where(TaskEntryRow.id.in_(last)))
    }
    return [_task(row, notes[row.id], parties.get((row.council_id, row.accountable)), today) for row in rows]


def _task(row: TaskRow, note: TaskEntryRow, party: PartyRow | None, today: date) -> Task:
    state = cast(TaskState, row.state)
    return Task(
        row.number,
        row.council_id,
        row.text,
        row.accountable,
        party.mark if party is not None else None,
        party.position if party is not None else None,
        row.post,
        row.due,
        state,
        signal(state, date.fromisoformat(row.due), today),
        row.done_at,
        note.text,
        note.at,
        row.topic_id,
        row.meeting_id,
        row.resolution_id,
    )


def create_task(
    unit: Unit,
    now: int,
    *,
    council_id: str,
    text: str,
    accountable: str,
    post: str,
    due: str,
    by: str,
    topic_id: str | None = None,
    meeting_id: str | None = None,
    resolution_id: str | None = None,
) -> str:
    """Write a new task and return its number, for instance 办-2026-001, which is never reused (T126).

    ``accountable`` is a party's id or the name of a unit; ``due`` a local date; ``by`` the key of who said so.
    BAD_DATA names the field that cannot be.
    """
    unit_name = _accountable_name(unit.session, council_id, accountable)
    _check(text, unit_name, post, due)
    year = local_date(now).year
    row = TaskRow(
        id=new_id(),
        number=f"办-{year}-{next_number(unit.session, f'task.{year}'):03d}",
        council_id=council_id,
        meeting_id=meeting_id,
        resolution_id=resolution_id,
        topic_id=topic_id,
        text=text,
        accountable=unit_name,
        post=post,
        due=due,
        state="open",
        created_at=now,
    )
    unit.session.add(row)
    unit.session.flush()
    add_entry(unit, now, row, "created", "", by)
    return row.number


def _check(text: str, accountable: str, post: str, due: str) -> None:
    for field, value, longest in (
        ("text", text, LONGEST_TASK),
        ("accountable", accountable, LONGEST_ACCOUNTABLE),
        ("post", post, LONGEST_POST),
    ):
        if not is_sound_text(value, longest):
            raise refused(RefusalCode.BAD_DATA, field=field)
    if not is_local_date(due):
        raise refused(RefusalCode.BAD_DATA, field="due")


def _accountable_name(session: Session, council_id: str, accountable: str) -> str:
    """Return a party's name for its id: the public page shows the unit as it was called at the time."""
    party = session.get(PartyRow, accountable) if len(accountable) <= LONGEST_ACCOUNTABLE else None
    return party.name if party is not None and party.council_id == council_id else accountable


def add_entry(
    unit: Unit, now: int, row: TaskRow, kind: str, text: str, by: str, cost: int | None = None
) -> TaskEntryRow:
    """Write one dated line of a task and return it with its id."""
    entry = TaskEntryRow(task_id=row.id, at=now, kind=kind, text=text, cost=cost, by=by)
    unit.session.add(entry)
    unit.session.flush()
    return entry
