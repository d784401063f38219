"""What administrators are told about the installation, and what they are spared."""

from dataclasses import replace
from pathlib import Path

import pytest

from server.service.schedule.jobs import Job, begin_if_due, finish
from server.service.schedule.lease import take_lease
from server.service.spoken import spoken_minute
from server.service.upkeep import condition
from server.service.upkeep.backups import BackupPlace, take_backup
from server.service.upkeep.condition import Concern, Condition, Upkeep, read_condition, spoken_age
from server.service.upkeep.integrity import RECORDS, Records
from server.store.database import Database
from server.store.writer import Unit, Writer

NOW = 1_775_610_000_000
HOUR = 3_600_000


@pytest.fixture
def upkeep(database: Database, place: BackupPlace, monkeypatch: pytest.MonkeyPatch) -> Upkeep:
    monkeypatch.setattr(condition, "free_bytes", lambda folder: 5 << 30)
    return Upkeep(database, place, Records(3, ()), NOW - HOUR)


def look(upkeep: Upkeep, now: int = NOW) -> Condition:
    with upkeep.database.reader(5) as session:
        return read_condition(session, upkeep, now)


def settle(
    upkeep: Upkeep, outcome: str = "done", name: str = "backup", words: str = "磁盘空间不够备份。"
) -> None:
    """A running schedule with a job that ended."""
    writer = Writer(upkeep.database, lambda unit, wishes: [], lambda committed: None)
    writer.start()
    job = Job(name, 24 * HOUR, lambda now: "", 0)

    def run(unit: Unit) -> None:
        take_lease(unit, "holder", NOW)
        begin_if_due(unit, job, NOW)
        finish(unit, job, NOW, "done" if outcome == "done" else "failed", words)

    writer.submit(run).result(10)
    writer.close()


def test_all_is_well_after_a_fresh_backup(upkeep: Upkeep) -> None:
    settle(upkeep)
    take_backup(upkeep.database, upkeep.place, NOW - 3 * HOUR)
    found = look(upkeep)
    assert found.concerns == {}
    assert found.backup_at == NOW - 3 * HOUR
    assert found.database_bytes > 100_000
    assert [job.name for job in found.jobs] == ["backup"]


def test_a_new_installation_is_not_nagged_for_its_first_minutes(upkeep: Upkeep) -> None:
    assert look(replace(upkeep, started_at=NOW - 60_000)).concerns == {}


def test_no_backup_an_old_one_and_a_failed_one_are_told_apart(upkeep: Upkeep) -> None:
    settle(upkeep)
    assert set(look(upkeep).concerns) == {Concern.BACKUP_NONE}
    take_backup(upkeep.database, upkeep.place, NOW - 36 * HOUR)
    assert look(upkeep).concerns == {}
    assert look(upkeep, NOW + 1).concerns[Concern.BACKUP_OLD] == {"age": "36小时"}
    settle(upkeep, "failed")


def test_a_failed_job_says_why(upkeep: Upkeep) -> None:
    settle(upkeep, "failed")
    assert look(upkeep).concerns == {Concern.BACKUP_FAILED: {"words": "磁盘空间不够备份。"}}


def test_backups_the_present_key_does_not_open_are_told(upkeep: Upkeep, tmp_path: Path) -> None:
    settle(upkeep)
    take_backup(upkeep.database, upkeep.place, NOW - 2 * HOUR)
    take_backup(upkeep.database, upkeep.place, NOW - HOUR)
    assert look(upkeep).concerns == {}
    former = upkeep.place.key.rename(tmp_path / "former.key")
    assert look(upkeep).concerns == {Concern.BACKUP_KEY_LOST: {"count": "2"}}
    take_backup(upkeep.database, upkeep.place, NOW)
    assert look(upkeep).concerns == {
        Concern.BACKUP_KEY_OTHER: {"count": "2", "newest": spoken_minute(NOW - HOUR)}
    }
    former.replace(upkeep.place.key)
    assert look(upkeep).concerns[Concern.BACKUP_KEY_OTHER]["count"] == "1"
    newest = max(upkeep.place.folder.iterdir())
    newest.unlink()
    assert look(upkeep).concerns == {}


def test_the_check_of_all_records_is_told_with_its_time(upkeep: Upkeep) -> None:
    take_backup(upkeep.database, upkeep.place, NOW)
    settle(upkeep, "failed", RECORDS, "1场会议的议事日志没有读完，8场完整。")
    found = look(upkeep)
    assert found.concerns == {Concern.RECORD_CHECK_FAILED: {"words": "1场会议的议事日志没有读完，8场完整"}}
    assert found.records_at is None


def test_records_found_whole_have_their_time(upkeep: Upkeep) -> None:
    take_backup(upkeep.database, upkeep.place, NOW)
    settle(upkeep, "done", RECORDS)
    found = look(upkeep, NOW + 1000)
    assert (found.concerns, found.records_at) == ({}, NOW)


def test_a_schedule_nobody_runs_is_told(upkeep: Upkeep) -> None:
    take_backup(upkeep.database, upkeep.place, NOW)
    assert set(look(upkeep).concerns) == {Concern.SCHEDULE_STOPPED}


@pytest.mark.parametrize(
    ("free", "concern"),
    [
        (199 << 20, Concern.DISK_FULL),
        (201 << 20, Concern.DISK_LOW),
        (1023 << 20, Concern.DISK_LOW),
        (1 << 30, None),
    ],
)
def test_disk_space_is_told_in_two_steps(
    upkeep: Upkeep, monkeypatch: pytest.MonkeyPatch, free: int, concern: Concern | None
) -> None:
    take_backup(upkeep.database, upkeep.place, NOW)
    settle(upkeep)
    monkeypatch.setattr(condition, "free_bytes", lambda folder: free)
    assert set(look(upkeep).concerns) == ({concern} if concern else set())


def test_the_fuller_of_two_disks_counts(upkeep: Upkeep, monkeypatch: pytest.MonkeyPatch) -> None:
    def free(folder: Path) -> int:
        return (3 if folder == upkeep.place.folder else 7) << 30

    monkeypatch.setattr(condition, "free_bytes", free)
    assert look(upkeep).free_bytes == 3 << 30


def test_a_touched_record_and_a_clock_that_went_back_are_told(upkeep: Upkeep) -> None:
    settle(upkeep)
    touched = replace(upkeep, records=Records(3, ("m1", "m2")), started_at=NOW)
    assert look(touched).concerns[Concern.RECORD_TOUCHED] == {"meetings": "m1、m2"}
    a_year_ago = NOW - 365 * 24 * HOUR
    assert Concern.CLOCK_BACK in look(replace(upkeep, started_at=a_year_ago), a_year_ago).concerns


def test_ages_are_spoken() -> None:
    assert [spoken_age(age) for age in (-5, 0, HOUR - 1, HOUR, 47 * HOUR, 48 * HOUR, 100 * HOUR)] == [
        "不到1小时", "不到1小时", "不到1小时", "1小时", "47小时", "2天", "4天"
    ]  # fmt: skip
