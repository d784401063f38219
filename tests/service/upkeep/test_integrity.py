"""A damaged file and a touched record are found; a check that takes too long says that it did not end."""

import os
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from server.service.schedule.jobs import LONGEST_WORDS, JobFailed
from server.service.upkeep import integrity
from server.service.upkeep.backups import BackupPlace, take_backup
from server.service.upkeep.integrity import (
    DatabaseDamaged,
    Records,
    check_all_records,
    check_pages,
    check_records,
    records_job,
    refuse_damaged,
    until_night,
)
from server.store import backups
from server.store.database import Database, open_database
from server.store.tables.meetings import MeetingRow

NOW = 1_775_610_000_000
HOUR = 3_600_000


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


def meetings_of(database: Database) -> list[str]:
    """The meetings that have a record, the newest first."""
    with database.reader(5) as session:
        chosen = select(MeetingRow.id).where(MeetingRow.last_seq >= 0).order_by(MeetingRow.starts_at.desc())
        return list(session.scalars(chosen))


def order(database: Database, said: str, **values: object) -> None:
    with database.writing.begin() as connection:
        connection.execute(text(said), values)


@pytest.mark.rule("S42")
def test_at_night_every_record_is_verified_not_only_the_newest(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = records_job(database, NOW)
    meetings = meetings_of(database)
    assert job.run(NOW) == f"全部{len(meetings)}场会议的议事日志都完整。"
    assert len(meetings) > 1
    oldest = meetings[-1]
    order(
        database,
        "UPDATE event SET line = replace(line, '1', '2') WHERE meeting_id = :m AND seq = 1",
        m=oldest,
    )
    assert check_records(database, newest=1).touched == ()  # what the start looks at
    with pytest.raises(
        JobFailed, match=f"1场会议的议事日志和防改校验码对不上（{oldest}），{len(meetings) - 1}场完整"
    ):
        job.run(NOW)
    order(database, "UPDATE event SET line = line || ' '")
    monkeypatch.setattr(integrity, "_NAMED", 1)
    with pytest.raises(JobFailed, match=rf"^{len(meetings)}场.*等），0场完整。$") as failed:
        job.run(NOW)
    assert len(str(failed.value)) <= LONGEST_WORDS


def test_a_record_that_was_taken_out_of_sight_is_found(database: Database) -> None:
    hidden = meetings_of(database)[0]
    order(database, "UPDATE meeting SET last_seq = -1 WHERE id = :m", m=hidden)
    with pytest.raises(JobFailed, match=hidden):
        check_all_records(database)


def test_a_meeting_that_goes_on_meanwhile_is_no_fault(database: Database) -> None:
    """The lines and how far they should reach are read of one moment, whatever is committed in between."""
    running = meetings_of(database)[0]
    taken: list[str] = []

    @event.listens_for(database.reading, "after_cursor_execute")
    def go_on(connection: object, cursor: object, statement: str, *_: object) -> None:
        if "FROM event" in statement and not taken:
            taken.append(statement)
            order(
                database,
                "UPDATE meeting SET last_seq = last_seq + 1, last_hash = 'next' WHERE id = :m",
                m=running,
            )

    check_all_records(database)
    assert taken
    with pytest.raises(JobFailed, match=running):  # now the next line is missing indeed
        check_all_records(database)


def test_what_cannot_be_read_in_time_is_said(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    meetings = meetings_of(database)

    def verify(session: object, meeting: str) -> str:
        if meeting == meetings[1]:
            raise OperationalError("SELECT", None, sqlite3.OperationalError("interrupted"))
        return ""

    monkeypatch.setattr(integrity, "verify_log", verify)
    with pytest.raises(JobFailed, match=r"^1场会议的议事日志没有读完，"):
        check_all_records(database)
    monkeypatch.setattr(integrity, "ALL_SECONDS", -1.0)
    with pytest.raises(JobFailed, match="议事日志没有读完，0场完整"):
        check_all_records(database)


def test_a_database_that_is_away_is_no_touched_record(tmp_path: Path) -> None:
    away = open_database(f"postgresql+psycopg:///none?host={tmp_path}")
    with pytest.raises(JobFailed, match="数据库没有应答"):
        check_all_records(away)
    away.close()


def test_the_night_comes_once_a_day() -> None:
    assert until_night(NOW) == 18 * HOUR  # nine in the morning
    assert until_night(NOW + 18 * HOUR) == 24 * HOUR
    assert until_night(NOW + 18 * HOUR - 1) == 1
    assert until_night(NOW - 7 * HOUR) == HOUR


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
