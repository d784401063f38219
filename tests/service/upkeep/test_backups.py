"""Backups: whole, encrypted, a few of them kept; put back on either kind of database."""

import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, inspect, select, text

from server.service.clock import DAY_MS, instant_of, local_date
from server.service.schedule.jobs import JobFailed
from server.service.upkeep import backups
from server.service.upkeep.backups import Backup, BackupPlace, backup_job, list_backups, surplus_of
from server.service.upkeep.restoring import NotRestored, Restored, restore_backup
from server.store.database import Database, open_database
from server.store.migrations import migrate
from server.store.portable import export
from server.store.sealed import make_key
from server.store.tables import metadata
from server.store.tables.registry import plain
from server.store.tables.tasks import TaskEntryRow
from tests.store.conftest import new_postgres_database

NOW = 1_775_610_000_000  # 2026-04-08 09:00 in Shanghai


def contents(file: Path) -> dict[str, list[Any]]:
    """Every row of every table."""
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
        names = [row[0] for row in opened.execute("select name from sqlite_master where type='table'")]
        return {
            name: sorted(opened.execute(f"select * from {name}").fetchall(), key=repr)
            for name in names
            if not name.startswith("sqlite_")
        }


@pytest.mark.rule("S92")
def test_the_daily_job_writes_one_encrypted_file_that_restores_elsewhere(
    database: Database, place: BackupPlace, community: Path, tmp_path: Path
) -> None:
    words = backup_job(database, place).run(NOW)
    [backup] = list_backups(place)
    assert backup.path.name == "backup-20260408T090000.age"
    assert backup.taken_at == NOW
    assert backup.path.name in words
    assert b"SQLite" not in backup.path.read_bytes()
    assert backup.path.stat().st_mode & 0o077 == 0
    assert place.folder.stat().st_mode & 0o077 == 0
    assert {path.name for path in place.data.iterdir()} <= {
        "council.sqlite", "council.sqlite-wal", "council.sqlite-shm", "backup.key"
    }  # fmt: skip
    new = BackupPlace(tmp_path / "new", tmp_path / "new" / "backups", tmp_path / "new" / "backup.key")
    new.data.mkdir()
    url = f"sqlite:///{new.data / 'council.sqlite'}"
    with pytest.raises(NotRestored, match="--key"):
        restore_backup(backup.path, None, new, url)
    restored = restore_backup(backup.path, place.key, new, url)
    assert restored.meetings > 0
    assert restored.touched is None
    assert contents(new.data / "council.sqlite") == contents(community)
    assert new.key.read_bytes() == place.key.read_bytes()
    with pytest.raises(NotRestored, match="空文件夹"):
        restore_backup(backup.path, None, new, url)


def test_a_new_key_beside_older_backups_is_told(
    database: Database, place: BackupPlace, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    job = backup_job(database, place)
    assert "密钥" not in job.run(NOW)
    assert "密钥" not in job.run(NOW + 1000)
    assert caplog.text == ""
    former = place.key.rename(tmp_path / "former.key")
    old = list_backups(place)
    assert backups.locked_backups(place, old) == old
    assert "密钥不见了，另做了一把；以前的1份备份" in job.run(NOW + DAY_MS)
    assert "it does not open the 1 older backups" in caplog.text
    new, *locked = list_backups(place)
    assert backups.locked_backups(place, [new, *locked]) == locked != []
    opened = tmp_path / "opened.sqlite"
    backups.open_backup(locked[0].path, opened, former)
    former.replace(place.key)
    assert backups.locked_backups(place, [new, *locked]) == [new]


def test_what_cannot_be_put_back_changes_nothing(
    database: Database, place: BackupPlace, tmp_path: Path
) -> None:
    kept = backups.take_backup(database, place, NOW)
    other = tmp_path / "other"
    new = BackupPlace(other, other / "backups", other / "backup.key")
    other.mkdir()
    url = f"sqlite:///{other / 'council.sqlite'}"
    wrong_key = tmp_path / "wrong.key"
    make_key(wrong_key)
    foreign = tmp_path / "foreign.db"
    with closing(sqlite3.connect(foreign)) as made:
        made.execute("create table a (b)")
    newer = tmp_path / "newer.db"
    shutil.copyfile(place.data / "council.sqlite", newer)
    with closing(sqlite3.connect(newer)) as made, made:
        made.execute("update alembic_version set version_num = '9999_later'")
    note = tmp_path / "note.txt"
    note.write_text("备份在抽屉里", encoding="utf-8")
    half = tmp_path / "half.age"
    half.write_bytes(kept.read_bytes()[:-100])
    cases = [
        (tmp_path / "nowhere", None, "找不到"),
        (kept, wrong_key, "密钥不对"),
        (half, place.key, "已损坏"),
        (foreign, None, "不是议事厅的备份"),
        (newer, None, "更新版本"),
        (note, None, "不是完好的备份"),
    ]
    for file, key, words in cases:
        with pytest.raises(NotRestored, match=words):
            restore_backup(file, key, new, url)
        assert list(other.iterdir()) == []


def test_a_community_moves_to_postgresql_and_back(
    community: Path, place: BackupPlace, postgres: str, tmp_path: Path
) -> None:
    address = new_postgres_database(postgres)
    assert restore_backup(community, None, place, address) == Restored(meetings_of(community), None)
    with pytest.raises(NotRestored, match="已经有数据"):
        restore_backup(community, None, place, address)
    database = open_database(address)
    try:
        assert database.size() > 100_000
        backups.take_backup(database, place, NOW)
        [backup] = list_backups(place)
        opened = tmp_path / "opened.sqlite"
        backups.open_backup(backup.path, opened, place.key)
        assert contents(opened) == contents(community)
        with (
            database.writing.begin() as connection
        ):  # the database's own numbers go on behind those filled in
            highest = connection.scalar(text("SELECT coalesce(max(id), 0) FROM task_entry")) or 0
            row = connection.execute(select(plain(TaskEntryRow))).mappings().first()
            assert row is not None
            fresh = {name: value for name, value in row.items() if name != "id"}
            made = connection.execute(insert(plain(TaskEntryRow)).values(**fresh))
            assert made.inserted_primary_key == (highest + 1,)
    finally:
        database.close()


def meetings_of(file: Path) -> int:
    with closing(sqlite3.connect(file)) as opened:
        found: int = opened.execute("select count(*) from meeting where last_seq >= 0").fetchone()[0]
        return found


def test_an_old_schema_is_copied_as_it_is(postgres: str, tmp_path: Path) -> None:
    database = open_database(new_postgres_database(postgres))
    try:
        migrate(database, "0001_first")
        with database.writing.begin() as connection:
            # a child that was written before its parent
            connection.execute(text("INSERT INTO area VALUES ('b', NULL, 'estate', '后来的上级', 0)"))
            connection.execute(text("INSERT INTO area VALUES ('a', 'b', 'block', '一组', 0)"))
        export(database, tmp_path / "old.sqlite")
    finally:
        database.close()
    copied = contents(tmp_path / "old.sqlite")
    assert copied["alembic_version"] == [("0001_first",)]
    assert copied["area"] == [("a", "b", "block", "一组", 0), ("b", None, "estate", "后来的上级", 0)]
    assert "lease" not in copied


def test_a_disk_without_room_is_a_sentence_and_leaves_nothing(
    database: Database, place: BackupPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "free_bytes", lambda folder: 200 << 20)
    with pytest.raises(JobFailed, match="磁盘空间不够"):
        backup_job(database, place).run(NOW)
    assert list_backups(place) == []


def test_a_backup_that_cannot_be_read_back_is_not_kept(
    database: Database, place: BackupPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def seal_badly(plain_file: Path, target: Path, key: Path) -> None:
        target.write_bytes(b"age-encryption.org/v1 but nothing more")

    monkeypatch.setattr(backups, "seal", seal_badly)
    with pytest.raises(JobFailed, match="读不回来"):
        backup_job(database, place).run(NOW)
    assert list(place.folder.iterdir()) == []


def test_a_damaged_database_is_not_backed_up_over_good_backups(
    database: Database, place: BackupPlace
) -> None:
    database.close()
    file = place.data / "council.sqlite"
    size = file.stat().st_size
    with file.open("r+b") as opened:
        opened.seek(size // 2)
        opened.write(os.urandom(size // 4))
    with pytest.raises(JobFailed, match="不完整"):
        backup_job(open_database(f"sqlite:///{file}"), place).run(NOW)


def test_what_a_crash_left_behind_goes_with_the_next_backup(database: Database, place: BackupPlace) -> None:
    old, fresh = place.data / ".copy-old", place.data / ".copy-fresh"
    for folder in (old, fresh):
        folder.mkdir()
        (folder / "council.sqlite").write_bytes(b"names")
    os.utime(old, (1, 1))
    backup_job(database, place).run(NOW)
    assert not old.exists()
    assert fresh.exists()  # it may be at work


def test_seven_days_and_four_weeks_are_kept(place: BackupPlace) -> None:
    place.folder.mkdir()
    first = datetime(2026, 3, 1)  # noqa: DTZ001 local
    for day in range(60):
        for hour in (2, 14):
            taken = (first + timedelta(days=day)).replace(hour=hour)
            (place.folder / f"backup-{taken:%Y%m%dT%H%M%S}.age").touch()
    for number in range(5):
        (place.folder / f"before-upgrade-2026010{number + 1}T000000.age").touch()
    for other in ("注意.txt", "backup-20269999T000000.age"):
        (place.folder / other).touch()
    backups.drop_old(place)
    kept = {path.name for path in place.folder.iterdir()}
    # Wednesday, 29 April is the last day; weeks end on Sundays
    expected = [f"202604{day}" for day in (29, 28, 27, 26, 25, 24, 23, 19, 12)]
    assert kept == {f"backup-{day}T140000.age" for day in expected} | {
        "before-upgrade-20260105T000000.age", "before-upgrade-20260104T000000.age",
        "before-upgrade-20260103T000000.age", "注意.txt", "backup-20269999T000000.age",
    }  # fmt: skip


@given(st.lists(st.integers(0, 3 * 365 * 24), max_size=60, unique=True))
def test_whatever_was_taken_the_newest_stays_and_at_most_eleven(hours: list[int]) -> None:
    first = instant_of(datetime(2025, 1, 1))  # noqa: DTZ001 local
    taken = [Backup(Path(str(hour)), "backup", first + hour * 3_600_000) for hour in hours]
    surplus = surplus_of(taken)
    kept = [backup for backup in taken if backup not in surplus]
    assert len(kept) <= 11
    assert len(kept) >= min(7, len({local_date(backup.taken_at) for backup in taken}))
    if taken:
        assert max(taken, key=lambda backup: backup.taken_at) in kept


def test_every_table_is_in_a_copy(database: Database) -> None:
    with database.reading.connect() as connection:
        assert set(metadata.tables) <= set(inspect(connection).get_table_names())
