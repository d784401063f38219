"""Whether the database and the newest records are whole; looked at when the server starts and by the doctor."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from server.store.backups import is_sound
from server.store.database import Database
from server.store.log import ChainFault, verify_log
from server.store.tables.meetings import MeetingRow

NEWEST = 3
CHECK_SECONDS = 3.0
READ_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Integrity:
    """What a check found. ``is_sound`` is None where time did not suffice; ``touched`` names the meetings whose
    record does not verify."""

    is_sound: bool | None
    checked: int
    touched: tuple[str, ...]


def check_integrity(
    database: Database, limit_seconds: float = CHECK_SECONDS, newest: int = NEWEST
) -> Integrity:
    """Check the pages of a SQLite file for at most ``limit_seconds``, and the chains of the newest meetings.

    PostgreSQL looks after its own pages.
    """
    sound: bool | None = True
    if database.kind == "sqlite":
        sound = is_sound(Path(database.writing.url.database or ""), limit_seconds, thorough=False)
    if sound is False:
        return Integrity(False, 0, ())
    touched = []
    with database.reader(READ_SECONDS) as session:
        chosen = select(MeetingRow).where(MeetingRow.last_seq >= 0)
        meetings = session.scalars(chosen.order_by(MeetingRow.starts_at.desc()).limit(newest)).all()
        for meeting in meetings:
            try:
                verify_log(session, meeting.id)
            except ChainFault:
                touched.append(meeting.id)
    return Integrity(sound, len(meetings), tuple(touched))
