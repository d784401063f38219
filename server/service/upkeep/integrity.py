"""Whether the database and the records are whole: the newest at the start and by the doctor, all of them at night."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from server.service.clock import DAY_MS, local_time
from server.service.schedule.jobs import Job, JobFailed
from server.service.upkeep.backups import BackupPlace, list_backups
from server.store.backups import is_sound
from server.store.database import Database
from server.store.failures import is_away
from server.store.log import ChainFault, verify_log
from server.store.tables.meetings import MeetingRow

NEWEST = 3
CHECK_SECONDS = 1.5
READ_SECONDS = 5.0
RECORDS = "records"
NIGHT_HOUR = 3
# All records together; a schedule takes a job for dead after an hour.
ALL_SECONDS = 1800.0
AGAIN_MS = 3_600_000
# Between two meetings, so that whoever meets at night hardly notices.
PAUSE_SECONDS = 0.005
_NAMED = 3


class DatabaseDamaged(Exception):
    """The database file is damaged; the text says what to do, for the terminal."""


@dataclass(frozen=True, slots=True)
class Records:
    """How many records were looked at, and the meetings whose record does not verify."""

    checked: int
    touched: tuple[str, ...]


def check_pages(database: Database, limit_seconds: float = CHECK_SECONDS) -> bool | None:
    """Tell whether a SQLite file is whole, None where the time did not suffice; PostgreSQL looks after its own."""
    if database.kind != "sqlite":
        return True
    return is_sound(Path(database.writing.url.database or ""), limit_seconds, thorough=False)


def refuse_damaged(database: Database, place: BackupPlace) -> None:
    """Raise DatabaseDamaged, with the way back to the newest backup, when the file is not whole."""
    file = Path(database.writing.url.database or "")
    if database.kind != "sqlite" or not file.exists() or check_pages(database) is not False:
        return
    backups = list_backups(place)
    way = "这个文件夹里没有备份：请找出拷到别处的备份。"
    if backups:
        way = f"再恢复最近的备份：python3 run.py restore {backups[0].path} --key {place.key} --data 新文件夹"
    raise DatabaseDamaged(f"数据库文件 {file} 已损坏，没有启动，也没有动它。请把它原样留好，{way}")


def check_records(database: Database, newest: int = NEWEST) -> Records:
    """Verify the records of the newest meetings."""
    touched = []
    with database.reader(READ_SECONDS) as session:
        chosen = select(MeetingRow).where(MeetingRow.last_seq >= 0)
        meetings = session.scalars(chosen.order_by(MeetingRow.starts_at.desc()).limit(newest)).all()
        for meeting in meetings:
            try:
                verify_log(session, meeting.id)
            except ChainFault:
                touched.append(meeting.id)
    return Records(len(meetings), tuple(touched))


def records_job(database: Database, now: int) -> Job:
    """Return the check of every meeting's record (S42), at three in the morning; after a fault hourly."""
    return Job(RECORDS, DAY_MS, lambda _: check_all_records(database), until_night(now), AGAIN_MS)


def until_night(now: int) -> int:
    """Return the milliseconds until it is NIGHT_HOUR in Shanghai the next time."""
    local = local_time(now)
    since_midnight = ((local.hour * 60 + local.minute) * 60 + local.second) * 1000 + local.microsecond // 1000
    return (NIGHT_HOUR * 3_600_000 - since_midnight) % DAY_MS or DAY_MS


def check_all_records(database: Database) -> str:
    """Verify every record, each in a snapshot of its own for at most READ_SECONDS, and say how many there are.

    JobFailed with the meetings whose record does not verify, or when not all could be read.
    """
    try:
        with database.reader(READ_SECONDS) as session:
            meetings = session.scalars(select(MeetingRow.id).order_by(MeetingRow.starts_at.desc())).all()
        return _verdict(*_check_each(database, meetings))
    except SQLAlchemyError as error:
        if is_away(error):
            raise JobFailed("数据库没有应答，议事日志没有核对完。") from None
        raise


def _check_each(database: Database, meetings: Sequence[str]) -> tuple[int, list[str], int]:
    """Return how many records are whole, which are not, and how many were not read in time."""
    whole, unread, begun = 0, 0, time.monotonic()
    touched: list[str] = []
    for meeting in meetings:
        if time.monotonic() - begun > ALL_SECONDS:
            return whole, touched, len(meetings) - whole - len(touched)
        try:
            with database.reader(READ_SECONDS) as session:
                verify_log(session, meeting)
            whole += 1
        except ChainFault:
            touched.append(meeting)
        except SQLAlchemyError as error:
            if is_away(error):
                raise
            unread += 1
        time.sleep(PAUSE_SECONDS)
    return whole, touched, unread


def _verdict(whole: int, touched: Sequence[str], unread: int) -> str:
    if touched:
        more = "等" if len(touched) > _NAMED else ""
        raise JobFailed(
            f"{len(touched)}场会议的议事日志和防改校验码对不上（{'、'.join(touched[:_NAMED])}{more}），{whole}场完整。"
        )
    if unread:
        raise JobFailed(f"{unread}场会议的议事日志没有读完，{whole}场完整。")
    return f"全部{whole}场会议的议事日志都完整。"
