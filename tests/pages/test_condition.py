"""Administrators see how the installation is doing; a full disk takes no more photos."""

import io
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from server.cli.acts import back_up
from server.pages import condition
from server.pages.context import Services
from server.service.schedule.runner import Scheduler
from server.service.upkeep.backups import take_backup
from server.service.upkeep.integrity import records_job
from tests.pages.cast import Cast, words_of
from tests.pages.house import Clock
from tests.service.held_meeting import HeldMeeting


def test_the_administrator_alone_sees_the_age_of_the_backup(
    cast: Cast, services: Services, clock: Clock
) -> None:
    take_backup(services.database, services.upkeep.place, clock() - 125 * 60_000)
    seen = words_of(cast.administrator.get("/office/"))
    assert "最近一次备份 4月8日 06:55（2小时前）" in seen
    assert "BACKUP_OLD" not in seen
    assert "备份" not in words_of(cast.organiser.get("/office/"))


def test_an_old_backup_is_told_above_everything_else(cast: Cast, services: Services, clock: Clock) -> None:
    take_backup(services.database, services.upkeep.place, clock() - 37 * 3_600_000)
    seen = words_of(cast.administrator.get("/office/"))
    assert "最近一次备份是37小时前" in seen
    assert "BACKUP_OLD" in seen


def test_backups_of_a_lost_key_are_told_and_the_command_line_says_it_too(
    cast: Cast, services: Services, clock: Clock, tmp_path: Path
) -> None:
    place = services.upkeep.place
    take_backup(services.database, place, clock() - 60_000)
    place.key.unlink()
    assert "密钥 backup.key 不见了，已有的1份备份打不开" in words_of(cast.administrator.get("/office/"))
    made = back_up(services, file=str(tmp_path / "one.age"))
    assert "另做了一把；以前的1份备份要用原来的密钥才打得开" in made["said"]
    assert back_up(services, file=str(tmp_path / "two.age"))["said"] == ""
    seen = words_of(cast.administrator.get("/office/"))
    assert "有1份备份用现在的密钥打不开，最近的一份是" in seen
    assert "BACKUP_KEY_OTHER" in seen


def check_records_now(services: Services, clock: Clock) -> None:
    """What the schedule does at night."""
    job = records_job(services.database, clock())
    due = replace(job, first_after_ms=0)
    schedule = Scheduler(services.writer, clock, [due])
    schedule.holder = "one process"  # the second night is the same one's, whose lease still runs
    schedule.tick()
    schedule.wait()


def test_the_time_of_the_last_check_of_all_records_is_shown(
    cast: Cast, services: Services, clock: Clock, held: HeldMeeting
) -> None:
    take_backup(services.database, services.upkeep.place, clock())
    assert "核对过" not in words_of(cast.administrator.get("/office/"))
    check_records_now(services, clock)
    assert "议事日志 4月8日 08:42 全部核对过" in words_of(cast.administrator.get("/office/"))
    with services.database.writing.begin() as connection:
        connection.execute(text("UPDATE event SET hash = '' WHERE seq = 2"))
        connection.execute(text("UPDATE job SET next_at = 0"))  # the next night
    check_records_now(services, clock)
    seen = words_of(cast.administrator.get("/office/"))
    assert f"1场会议的议事日志和防改校验码对不上（{held.id}），0场完整" in seen
    assert "议事日志 4月8日 08:42 全部核对过" in seen


def test_a_full_disk_takes_no_photos_but_goes_on_with_words(
    cast: Cast, house: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(condition, "free_bytes", lambda folder: (200 << 20) - 1)
    person = cast.organiser
    photo = {"photos": (io.BytesIO(b"no photo"), "a.jpg"), "text": "已换7盏"}
    answer = person.post("/office/tasks/1", data=photo, content_type="multipart/form-data")
    assert answer.status_code == 507
    assert "磁盘快满了" in words_of(answer)
    assert person.get("/office/").status_code == 200
    plain = person.post("/office/tasks/1", data={"text": "已换7盏"})
    assert plain.status_code != 507
