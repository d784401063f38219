"""What happens to a task after it was written: progress with photos, its end, and what that means for its topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import func, select

from server.domain.actor import Actor, may_work_in_office
from server.domain.meeting.decide.text import is_sound_text
from server.domain.refusal import Refusal, RefusalCode, refuse
from server.domain.task.life_cycle import TaskAct, TaskState, act_on
from server.domain.topic.life_cycle import LONGEST_SENTENCE
from server.service.ids import new_id
from server.service.matters import topics
from server.service.matters.tasks import add_entry
from server.service.refused import Refused, refused
from server.store.tables.tasks import PhotoRow, TaskRow
from server.store.writer import Unit

LONGEST_ENTRY = 600
LONGEST_CAPTION = 80
MOST_PHOTOS = 3
# 9,999,999 yuan: more than a neighbourhood council ever spends on one thing.
LARGEST_COST = 999_999_900


@dataclass(frozen=True, slots=True)
class NewPhoto:
    """A re-encoded photo for an entry (S63): JPEG bytes, size in pixels, what it shows."""

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int
    caption: str = ""


def add_progress(
    unit: Unit,
    now: int,
    number: str,
    actor: Actor,
    *,
    text: str,
    cost: int | None = None,
    photos: Sequence[NewPhoto] = (),
) -> None:
    """Add a dated entry with photos to an open task (T129); ``cost`` in hundredths of a yuan.

    Refused: NOT_FOUND, NOT_ALLOWED, INVALID_TRANSITION on a closed task, REASON_MISSING, BAD_DATA with the field.
    """
    row = _enter(unit, now, number, actor, "progress", text, cost, photos)
    if row.topic_id is not None:
        topics.mark_doing(unit, now, row.topic_id)


def mark_done(
    unit: Unit,
    now: int,
    number: str,
    actor: Actor,
    *,
    text: str,
    photos: Sequence[NewPhoto] = (),
) -> None:
    """Close a task with a sentence on its result; with the last one its topic is done. Refused as ``add_progress``."""
    row = _enter(unit, now, number, actor, "finish", text, None, photos)
    row.done_at = now
    if row.topic_id is None:
        return
    unit.session.flush()
    still_open = select(func.count()).where(TaskRow.topic_id == row.topic_id, TaskRow.state == "open")
    if not unit.session.scalar(still_open):
        topics.mark_doing(unit, now, row.topic_id)
        topics.mark_done(unit, now, row.topic_id, text[:LONGEST_SENTENCE])


def void_task(unit: Unit, now: int, number: str, actor: Actor, *, reason: str) -> None:
    """Declare a task void with a reason; it stays visible and keeps its number (T127). Refused as ``add_progress``."""
    _enter(unit, now, number, actor, "void", reason, None, ())


_ENTRY_KINDS: dict[TaskAct, str] = {"progress": "progress", "finish": "done", "void": "voided"}


def _enter(
    unit: Unit,
    now: int,
    number: str,
    actor: Actor,
    act: TaskAct,
    text: str,
    cost: int | None,
    photos: Sequence[NewPhoto],
) -> TaskRow:
    row = unit.session.scalar(select(TaskRow).where(TaskRow.number == number))
    if row is None:
        raise refused(RefusalCode.NOT_FOUND, what="task")
    if not may_work_in_office(actor):
        raise refused(RefusalCode.NOT_ALLOWED)
    following = act_on(cast(TaskState, row.state), act)
    if isinstance(following, Refusal):
        raise Refused(following)
    wrong = _wrong_field(text, cost, photos)
    if wrong is not None:
        raise Refused(wrong)
    row.state = following
    entry = add_entry(unit, now, row, _ENTRY_KINDS[act], text, actor.key, cost)
    unit.session.add_all(_photo_row(photo, entry.id, now) for photo in photos)
    return row


def _wrong_field(text: str, cost: int | None, photos: Sequence[NewPhoto]) -> Refusal | None:
    if not text.strip():
        return refuse(RefusalCode.REASON_MISSING, field="text")
    if not is_sound_text(text, LONGEST_ENTRY):
        return refuse(RefusalCode.BAD_DATA, field="text")
    if cost is not None and not 0 <= cost <= LARGEST_COST:
        return refuse(RefusalCode.BAD_DATA, field="cost")
    captions = (is_sound_text(photo.caption, LONGEST_CAPTION, shortest=0) for photo in photos)
    if len(photos) > MOST_PHOTOS or not all(captions):
        return refuse(RefusalCode.BAD_DATA, field="photos")
    return None


def _photo_row(photo: NewPhoto, entry: int, now: int) -> PhotoRow:
    return PhotoRow(
        id=new_id(),
        task_entry_id=entry,
        caption=photo.caption,
        width=photo.width,
        height=photo.height,
        jpeg=photo.jpeg,
        thumbnail=photo.thumbnail,
        added_at=now,
    )
