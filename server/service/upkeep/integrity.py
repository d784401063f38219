"""Whether the database and the newest records are whole; looked at when the server starts and by the doctor."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from server.service.upkeep.backups import BackupPlace, list_backups
from server.store.backups import is_sound
from server.store.database import Database
from server.store.log import ChainFault, verify_log
from server.store.tables.meetings import MeetingRow

NEWEST = 3
CHECK_SECONDS = 1.5
READ_SECONDS = 5.0


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
