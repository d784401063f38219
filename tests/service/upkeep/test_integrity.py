"""A damaged file and a touched record are found; a check that takes too long says that it did not end."""

import os

from sqlalchemy import select, text

from server.service.upkeep.backups import BackupPlace
from server.service.upkeep.integrity import Integrity, check_integrity
from server.store import backups
from server.store.database import Database, open_database
from server.store.tables.meetings import MeetingRow


def test_a_whole_database_is_found_whole(database: Database) -> None:
    assert check_integrity(database, newest=2) == Integrity(True, 2, ())


def test_a_damaged_file_is_found(database: Database, place: BackupPlace) -> None:
    database.close()
    file = place.data / "council.sqlite"
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.seek(size // 2)
        opened.write(os.urandom(size // 4))
    damaged = open_database(f"sqlite:///{file}")
    assert check_integrity(damaged).is_sound is False
    damaged.close()


def test_a_touched_record_is_named(database: Database) -> None:
    with database.reader(5) as session:
        newest = session.scalar(
            select(MeetingRow.id)
            .where(MeetingRow.last_seq >= 0)
            .order_by(MeetingRow.starts_at.desc())
            .limit(1)
        )
    assert newest is not None
    with database.writing.begin() as connection:
        connection.execute(
            text("UPDATE event SET line = replace(line, '1', '2') WHERE meeting_id = :m AND seq = 0"),
            {"m": newest},
        )
    assert check_integrity(database, newest=2) == Integrity(True, 2, (newest,))


def test_a_check_without_time_is_neither_good_nor_bad(database: Database, place: BackupPlace) -> None:
    file = place.data / "council.sqlite"
    with database.writing.begin() as connection:
        connection.execute(text("CREATE TABLE many (a INTEGER PRIMARY KEY, b TEXT)"))
        connection.execute(
            text(
                "INSERT INTO many (b) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400000)"
                " SELECT hex(randomblob(20)) FROM n"
            )
        )
    assert backups.is_sound(file) is True
    assert backups.is_sound(file, 0.0001) is None
