"""A damaged file and a touched record are found; a check that takes too long says that it did not end."""

import os
from pathlib import Path

import pytest
from sqlalchemy import select, text

from server.service.upkeep.backups import BackupPlace, take_backup
from server.service.upkeep.integrity import (
    DatabaseDamaged,
    Records,
    check_pages,
    check_records,
    refuse_damaged,
)
from server.store import backups
from server.store.database import Database, open_database
from server.store.tables.meetings import MeetingRow

NOW = 1_775_610_000_000


def damage(file: Path) -> None:
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.seek(size // 2)
        opened.write(os.urandom(size // 4))


def test_a_whole_database_is_found_whole(database: Database, place: BackupPlace) -> None:
    assert check_pages(database) is True
    assert check_records(database, newest=2) == Records(2, ())
    refuse_damaged(database, place)


def test_a_damaged_file_is_refused_with_the_way_back(database: Database, place: BackupPlace) -> None:
    kept = take_backup(database, place, NOW)
    database.close()
    damage(place.data / "council.sqlite")
    damaged = open_database(f"sqlite:///{place.data / 'council.sqlite'}")
    with pytest.raises(DatabaseDamaged, match="已损坏") as caught:
        refuse_damaged(damaged, place)
    assert f"restore {kept} --key {place.key}" in str(caught.value)
    damaged.close()


def test_a_new_folder_has_nothing_to_be_damaged(place: BackupPlace) -> None:
    refuse_damaged(open_database(f"sqlite:///{place.data / 'new.sqlite'}"), place)
    assert not (place.data / "new.sqlite").exists()


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
    assert check_records(database, newest=2) == Records(2, (newest,))


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
