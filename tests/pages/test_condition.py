"""Administrators see how the installation is doing; a full disk takes no more photos."""

import io
from pathlib import Path

import pytest
from flask import Flask

from server.cli.acts import back_up
from server.pages import condition
from server.pages.context import Services
from server.service.upkeep.backups import take_backup
from tests.pages.cast import Cast, words_of
from tests.pages.house import Clock


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
