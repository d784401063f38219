"""办理事项: created from resolutions and referred topics, with dated progress, photos and an end."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.meeting.decide.task import LONGEST_POST, LONGEST_TASK, is_local_date
from server.domain.meeting.decide.text import is_sound_text
from server.domain.refusal import Refusal, RefusalCode
from server.domain.task.life_cycle import TaskAct, TaskState, act_on
from server.service.clock import local_date
from server.service.ids import new_id, next_number
from server.service.refused import Refused, refused
from server.store.tables.areas import PartyRow
from server.store.tables.tasks import PhotoRow, TaskEntryRow, TaskRow
from server.store.writer import Unit

LONGEST_ENTRY = 600
LONGEST_ACCOUNTABLE = 40
LONGEST_CAPTION = 80
MOST_PHOTOS = 3


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A re-encoded photo for an entry (S63): JPEG bytes, size in pixels, what it shows."""

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    caption: str = ""


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
    for field, value, longest in (
        ("text", text, LONGEST_TASK),
        ("accountable", unit_name, LONGEST_ACCOUNTABLE),
        ("post", post, LONGEST_POST),
    ):
        if not is_sound_text(value, longest):
            raise refused(RefusalCode.BAD_DATA, field=field)
    if not is_local_date(due):
        raise refused(RefusalCode.BAD_DATA, field="due")
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
    _add_entry(unit, now, row, "created", "", by)
    return row.number


def _accountable_name(session: Session, council_id: str, accountable: str) -> str:
    """Return a party's name for its id: the public page shows the unit as it was called at the time."""
    party = session.get(PartyRow, accountable) if len(accountable) <= LONGEST_ACCOUNTABLE else None
    return party.name if party is not None and party.council_id == council_id else accountable


def add_progress(
    unit: Unit,
    now: int,
    number: str,
    *,
    text: str,
    by: str,
    cost: int | None = None,
    photos: Sequence[NewPhoto] = (),
) -> None:
    """Add a dated entry with photos to an open task (T129); ``cost`` in hundredths of a yuan."""
    _enter(unit, now, number, "progress", text, by, cost, photos)


def mark_done(
    unit: Unit,
    now: int,
    number: str,
    *,
    text: str,
    by: str,
    photos: Sequence[NewPhoto] = (),
) -> None:
    """Close a task with a sentence on its result."""
    row = _enter(unit, now, number, "finish", text, by, None, photos)
    row.done_at = now


def void_task(unit: Unit, now: int, number: str, *, reason: str, by: str) -> None:
    """Declare a task void with a reason; it stays visible and keeps its number (T127)."""
    _enter(unit, now, number, "void", reason, by, None, ())


_ENTRY_KINDS: dict[TaskAct, str] = {"progress": "progress", "finish": "done", "void": "voided"}


def _enter(
    unit: Unit,
    now: int,
    number: str,
    act: TaskAct,
    text: str,
    by: str,
    cost: int | None,
    photos: Sequence[NewPhoto],
) -> TaskRow:
    row = unit.session.scalar(select(TaskRow).where(TaskRow.number == number))
    if row is None:
        raise refused(RefusalCode.NOT_FOUND, what="task")
    following = act_on(cast(TaskState, row.state), act)
    if isinstance(following, Refusal):
        raise Refused(following)
    if not text.strip():
        raise refused(RefusalCode.REASON_MISSING, field="text")
    if not is_sound_text(text, LONGEST_ENTRY):
        raise refused(RefusalCode.BAD_DATA, field="text")
    if cost is not None and not 0 <= cost < 10**12:
        raise refused(RefusalCode.BAD_DATA, field="cost")
    if len(photos) > MOST_PHOTOS or not all(
        is_sound_text(photo.caption, LONGEST_CAPTION, shortest=0) for photo in photos
    ):
        raise refused(RefusalCode.BAD_DATA, field="photos")
    row.state = following
    entry = _add_entry(unit, now, row, _ENTRY_KINDS[act], text, by, cost)
    for photo in photos:
        unit.session.add(
            PhotoRow(
                id=new_id(),
                task_entry_id=entry.id,
                caption=photo.caption,
                width=photo.width,
                height=photo.height,
                jpeg=photo.jpeg,
                thumbnail=photo.thumbnail,
                added_at=now,
            )
        )
    return row


def _add_entry(
    unit: Unit, now: int, row: TaskRow, kind: str, text: str, by: str, cost: int | None = None
) -> TaskEntryRow:
    entry = TaskEntryRow(task_id=row.id, at=now, kind=kind, text=text, cost=cost, by=by)
    unit.session.add(entry)
    unit.session.flush()
    return entry
