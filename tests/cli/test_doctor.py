"""The doctor names what is wrong and what to do, and changes nothing."""

import os
import socket
from pathlib import Path

import pytest
from sqlalchemy import text

from server.app import backup_place
from server.cli import doctor
from server.cli.doctor import BAD, GOOD, NOTE, examine, is_healthy
from server.service.clock import now_ms
from server.service.upkeep.backups import take_backup
from server.settings import Choices, Settings, read_settings
from server.store.database import open_database
from server.store.migrations import migrate


@pytest.fixture(autouse=True)
def no_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """Printing is tried by the command line's own test; it takes seconds."""
    monkeypatch.setattr(doctor, "_paper", lambda: ())


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    made = read_settings({}, Choices(data=tmp_path / "data"))
    made.data.mkdir()
    database = open_database(made.database_url)
    migrate(database)
    database.close()
    return made


def said(settings: Settings, kind: str) -> str:
    return "\n".join(sentence for found, sentence in examine(settings) if found == kind)


def test_a_sound_installation_has_nothing_bad(settings: Settings) -> None:
    before = {path: path.stat().st_size for path in settings.data.iterdir() if "sqlite-" not in path.name}
    findings = examine(settings)
    assert is_healthy(findings), findings
    assert "数据库：完整" in said(settings, GOOD)
    assert "里还没有；服务开着会每天自动做" in said(settings, NOTE)
    after = {path: path.stat().st_size for path in settings.data.iterdir() if "sqlite-" not in path.name}
    assert after == before


def test_a_damaged_database_is_bad(settings: Settings) -> None:
    file = settings.data / "council.sqlite"
    with file.open("r+b") as opened:
        opened.seek(4096)
        opened.write(os.urandom(file.stat().st_size - 8192))
    assert "已损坏" in said(settings, BAD)
    assert not is_healthy(examine(settings))


def test_a_database_of_another_version_is_told(settings: Settings) -> None:
    database = open_database(settings.database_url)
    with database.writing.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    database.close()
    assert "别的版本建的" in said(settings, NOTE)


def test_a_database_that_does_not_answer_is_bad(tmp_path: Path) -> None:
    away = read_settings({}, Choices(data=tmp_path, database_url=f"postgresql:///none?host={tmp_path}"))
    assert "数据库打不开" in said(away, BAD)


def test_a_redis_that_does_not_answer_is_bad(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    away = read_settings({}, Choices(data=settings.data, redis_url=f"redis://127.0.0.1:{port}/0"))
    assert "Redis 没有应答" in said(away, BAD)
    assert "Redis" not in said(settings, BAD)


def test_secrets_that_others_can_read_are_bad(settings: Settings) -> None:
    key = settings.data / "backup.key"
    key.write_text("AGE-SECRET-KEY-1", encoding="ascii")
    key.chmod(0o644)
    assert f"chmod 600 {key}" in said(settings, BAD)


def test_an_old_backup_and_a_lost_key_are_told(settings: Settings) -> None:
    settings.backups.mkdir()
    (settings.backups / "backup-20260101T020000.age").touch()
    assert "太久了" in said(settings, NOTE)
    assert "打不开" in said(settings, BAD)


def test_backups_of_another_key_are_told(settings: Settings, tmp_path: Path) -> None:
    place = backup_place(settings)
    database = open_database(settings.database_url)
    take_backup(database, place, now_ms() - 1000)
    assert "密钥" not in said(settings, BAD)
    place.key.rename(tmp_path / "former.key")
    assert "backup.key 不见了，已有的1份备份打不开" in said(settings, BAD)
    take_backup(database, place, now_ms())
    database.close()
    assert "有1份备份用现在的密钥打不开，最近的一份是" in said(settings, BAD)
    assert not is_healthy(examine(settings))


def test_a_full_disk_a_reset_clock_and_no_network_are_told(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "free_bytes", lambda folder: 100 << 20)
    monkeypatch.setattr(doctor, "now_ms", lambda: 86_400_000)
    monkeypatch.setattr(doctor, "lan_addresses", list)
    bad = said(settings, BAD)
    assert "已停收照片" in bad
    assert "年份不对" in bad
    assert "手机进不来" in said(settings, NOTE)


def test_a_port_taken_by_another_program_is_told(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.1)
        port = other.getsockname()[1]
        taken = read_settings({}, Choices(data=settings.data, port=port))
        assert f"端口 {port}：被别的程序占用" in said(taken, NOTE)
    assert f"端口 {port}：空着" in said(taken, GOOD)
