"""From one version of the program to the next: nothing is changed before it is kept, nothing during a poll."""

from sqlalchemy import Connection, inspect, text

from server.service.schedule.jobs import JobFailed
from server.service.upkeep.backups import BackupPlace, take_backup
from server.store.database import Database
from server.store.migrations import migrate, revision_of, revisions
from server.store.portable import is_empty


class UpgradeRefused(Exception):
    """Why the database cannot be used by this program now; its text is the sentence for the terminal."""


def upgrade_safely(database: Database, place: BackupPlace, now: int) -> str | None:
    """Bring the database to this program's version and return what was done, None when nothing was to be done.

    A database with data is backed up first. UpgradeRefused, with nothing changed: the database belongs to a newer
    program, a poll is open, or the backup could not be written.
    """
    known = revisions()
    with database.writing.connect() as connection:
        found = revision_of(connection)
        if found is not None and found not in known:
            raise UpgradeRefused(
                "数据库是更新版本的议事厅建的，这个版本看不懂，没有动它：请换回新版本，或者用 --data 另选一个文件夹。"
            )
        if found == known[-1]:
            return None
        is_new = found is None or is_empty(connection)
        polls = 0 if is_new else open_polls(connection)
    if polls:
        raise UpgradeRefused(
            f"有{polls}项表决正在进行，现在不能升级：请用原来的版本先截止表决，再启动新版本。"
        )
    if is_new:
        migrate(database)
        return None
    try:
        kept = take_backup(database, place, now, "before-upgrade")
    except (JobFailed, OSError) as error:
        reason = str(error) if isinstance(error, JobFailed) else f"备份写不进 {place.folder}。"
        raise UpgradeRefused(f"升级前要先备份，备份没有做成，数据库没有动：{reason}") from None
    migrate(database)
    return f"数据库已从 {found} 升级到 {known[-1]}；升级前的备份：{kept}"


def is_newest(database: Database) -> bool:
    """Tell whether a database is of this very version."""
    with database.reading.connect() as connection:
        return revision_of(connection) == revisions()[-1]


def open_polls(connection: Connection) -> int:
    """Count the meetings with an open poll, in the tables of any version: the log alone is asked."""
    if "event" not in inspect(connection).get_table_names():
        return 0
    last = text(
        "SELECT count(*) FROM event AS opened JOIN meeting ON meeting.id = opened.meeting_id"
        " WHERE opened.type = 'poll.opened' AND meeting.state IN ('open', 'suspended') AND NOT EXISTS ("
        "SELECT 1 FROM event AS later WHERE later.meeting_id = opened.meeting_id AND later.seq > opened.seq"
        " AND later.type IN ('poll.opened', 'poll.closed', 'poll.voided'))"
    )
    return connection.scalar(last) or 0
