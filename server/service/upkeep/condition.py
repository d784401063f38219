"""How the installation is doing, as its administrators see it: backups, disk, records, clock, schedule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from server.service.clock import DAY_MS
from server.service.schedule.jobs import JobHealth, read_job_health
from server.service.schedule.lease import read_lease
from server.service.spoken import spoken_minute
from server.service.upkeep.backups import Backup, BackupPlace, list_backups, locked_backups
from server.service.upkeep.integrity import RECORDS, Records
from server.service.upkeep.space import LEAST_FREE, WARN_FREE, free_bytes
from server.store.database import Database
from server.store.tables.access import SessionRow
from server.store.tables.meetings import MeetingRow

OLDEST_BACKUP_MS = 36 * 3_600_000
# What a new installation may take until its first backup, and a runner until it has the lease.
_FIRST_MS = 15 * 60_000
_CLOCK_MS = 10 * 60_000


class Concern(StrEnum):
    """What is not as it should be; the words are in web/words.json, section concerns."""

    RECORD_TOUCHED = "RECORD_TOUCHED"
    RECORD_CHECK_FAILED = "RECORD_CHECK_FAILED"
    DISK_FULL = "DISK_FULL"
    DISK_LOW = "DISK_LOW"
    BACKUP_OLD = "BACKUP_OLD"
    BACKUP_NONE = "BACKUP_NONE"
    BACKUP_FAILED = "BACKUP_FAILED"
    BACKUP_KEY_LOST = "BACKUP_KEY_LOST"
    BACKUP_KEY_OTHER = "BACKUP_KEY_OTHER"
    SCHEDULE_STOPPED = "SCHEDULE_STOPPED"
    CLOCK_BACK = "CLOCK_BACK"


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What is known about the installation since it started."""

    database: Database
    place: BackupPlace
    records: Records
    started_at: int


@dataclass(frozen=True, slots=True)
class Condition:
    """The present condition; ``concerns`` carry the facts their sentences are filled with."""

    backup_at: int | None
    free_bytes: int
    database_bytes: int
    jobs: tuple[JobHealth, ...]
    runner_until: int | None
    concerns: Mapping[Concern, Mapping[str, str]]

    @property
    def records_at(self) -> int | None:
        """When all records were last found whole."""
        return next((job.succeeded_at for job in self.jobs if job.name == RECORDS), None)


def read_condition(session: Session, upkeep: Upkeep, now: int) -> Condition:
    """Return the condition. Cost: three small reads and a look at two folders and every backup's head."""
    backups = list_backups(upkeep.place)
    lease = read_lease(session)
    found = Condition(
        backup_at=backups[0].taken_at if backups else None,
        free_bytes=min(free_bytes(upkeep.place.data), free_bytes(upkeep.place.folder)),
        database_bytes=upkeep.database.size(),
        jobs=tuple(read_job_health(session)),
        runner_until=lease.until if lease is not None else None,
        concerns={},
    )
    concerns = dict(_concerns(found, upkeep, now)) | key_concerns(upkeep.place, backups)
    if newest_instant(session) > now + _CLOCK_MS:
        concerns[Concern.CLOCK_BACK] = {}
    return Condition(
        found.backup_at, found.free_bytes, found.database_bytes, found.jobs, found.runner_until, concerns
    )


def condition_if_any(upkeep: Upkeep, now: int) -> Condition | None:
    """Return the condition, None when the database does not answer."""
    try:
        with upkeep.database.reader(1.0) as session:
            return read_condition(session, upkeep, now)
    except SQLAlchemyError:
        return None


def newest_instant(session: Session) -> int:
    """Return the latest instant anything was written at; a clock behind it was set back."""
    opened = session.scalar(select(func.max(MeetingRow.opened_at))) or 0
    return max(opened, session.scalar(select(func.max(SessionRow.created_at))) or 0)


def _concerns(found: Condition, upkeep: Upkeep, now: int) -> list[tuple[Concern, dict[str, str]]]:
    concerns: list[tuple[Concern, dict[str, str]]] = []
    if upkeep.records.touched:
        concerns.append((Concern.RECORD_TOUCHED, {"meetings": "、".join(upkeep.records.touched)}))
    checked = next((job for job in found.jobs if job.name == RECORDS and job.outcome == "failed"), None)
    if checked is not None:
        concerns.append((Concern.RECORD_CHECK_FAILED, {"words": checked.words.removesuffix("。")}))
    free = {"free": f"{found.free_bytes >> 20}"}
    if found.free_bytes < LEAST_FREE:
        concerns.append((Concern.DISK_FULL, free))
    elif found.free_bytes < WARN_FREE:
        concerns.append((Concern.DISK_LOW, free))
    has_settled = now - upkeep.started_at > _FIRST_MS
    failed = next((job for job in found.jobs if job.name == "backup" and job.outcome == "failed"), None)
    if failed is not None:
        concerns.append((Concern.BACKUP_FAILED, {"words": failed.words}))
    elif found.backup_at is None and has_settled:
        concerns.append((Concern.BACKUP_NONE, {}))
    elif found.backup_at is not None and now - found.backup_at > OLDEST_BACKUP_MS:
        concerns.append((Concern.BACKUP_OLD, {"age": spoken_age(now - found.backup_at)}))
    if has_settled and (found.runner_until or 0) < now - _FIRST_MS:
        concerns.append((Concern.SCHEDULE_STOPPED, {}))
    return concerns


def key_concerns(place: BackupPlace, backups: Sequence[Backup]) -> dict[Concern, dict[str, str]]:
    """Return what is to be said about backups the present key does not open; a lost key must not go unnoticed."""
    locked = locked_backups(place, backups)
    if not locked:
        return {}
    if not place.key.exists():
        return {Concern.BACKUP_KEY_LOST: {"count": f"{len(locked)}"}}
    newest = max(backup.taken_at for backup in locked)
    return {Concern.BACKUP_KEY_OTHER: {"count": f"{len(locked)}", "newest": spoken_minute(newest)}}


def spoken_age(milliseconds: int) -> str:
    """Return 3小时 or 2天."""
    if milliseconds < 2 * DAY_MS:
        return f"{max(0, milliseconds) // 3_600_000}小时" if milliseconds >= 3_600_000 else "不到1小时"
    return f"{milliseconds // DAY_MS}天"
