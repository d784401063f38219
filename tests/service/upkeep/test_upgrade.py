"""An upgrade keeps what was there first, waits for polls, and never touches what a newer program made."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from server.service.upkeep import upgrade
from server.service.upkeep.backups import BackupPlace, list_backups, open_backup
from server.service.upkeep.upgrade import UpgradeRefused, upgrade_safely
from server.store.database import Database, open_database
from server.store.migrations import migrate, revision_of, revisions

NOW = 1_775_610_000_000
FIRST = "0001_first"
GROUND = (
    "INSERT INTO area VALUES ('area', NULL, 'estate', '金穗小区', 0)",
    "INSERT INTO council VALUES ('council', 'area', '议事会', '社区', '', '', '', '', '', 1)",
    """INSERT INTO meeting VALUES
    ('m', 'council', 2026, 1, '会议', '长廊', 1, '', '', '', 'open', 0, 3, '', 1, 1, NULL, NULL, 1)""",
)


@pytest.fixture
def old(url: str) -> Iterator[Database]:
    """A database of the program's first version with one open meeting."""
    database = open_database(url)
    migrate(database, FIRST)
    with database.writing.begin() as connection:
        for line in GROUND:
            connection.execute(text(line))
    yield database
    database.close()


def say(database: Database, *types: str) -> None:
    """Write a log of events of these types."""
    with database.writing.begin() as connection:
        connection.execute(text("DELETE FROM event"))
        for seq, kind in enumerate(types):
            line = text("INSERT INTO event VALUES ('m', :seq, :type, 1, '', '', '')")
            connection.execute(line, {"seq": seq, "type": kind})


def version(database: Database) -> str | None:
    with database.reading.connect() as connection:
        return revision_of(connection)


def test_data_is_backed_up_before_it_is_changed(old: Database, place: BackupPlace, tmp_path: Path) -> None:
    said = upgrade_safely(old, place, NOW)
    [backup] = list_backups(place)
    assert backup.kind == "before-upgrade"
    assert said is not None
    assert str(backup.path) in said
    assert version(old) == revisions()[-1]
    open_backup(backup.path, tmp_path / "before.sqlite", place.key)
    with closing(sqlite3.connect(tmp_path / "before.sqlite")) as before:
        assert before.execute("select version_num from alembic_version").fetchall() == [(FIRST,)]
        assert before.execute("select title from meeting").fetchall() == [("会议",)]
    assert upgrade_safely(old, place, NOW) is None
    assert len(list_backups(place)) == 1


def test_an_empty_database_needs_no_backup(url: str, place: BackupPlace) -> None:
    database = open_database(url)
    assert upgrade_safely(database, place, NOW) is None
    assert version(database) == revisions()[-1]
    assert list_backups(place) == []
    database.close()


@pytest.mark.parametrize(
    ("types", "is_open"),
    [
        (["meeting.opened", "poll.opened"], True),
        (["poll.opened", "poll.closed", "poll.opened", "presence.checked_in"], True),
        (["poll.opened", "poll.closed"], False),
        (["poll.opened", "poll.voided"], False),
        (["meeting.opened"], False),
    ],
)
def test_nothing_is_changed_while_a_poll_is_open(
    old: Database, place: BackupPlace, types: list[str], is_open: bool
) -> None:
    say(old, *types)
    if is_open:
        with pytest.raises(UpgradeRefused, match="1项表决正在进行"):
            upgrade_safely(old, place, NOW)
        assert version(old) == FIRST
        assert list_backups(place) == []
    else:
        assert upgrade_safely(old, place, NOW) is not None


def test_what_a_newer_program_made_is_left_alone(old: Database, place: BackupPlace) -> None:
    with old.writing.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999_later'"))
    with pytest.raises(UpgradeRefused, match="换回新版本"):
        upgrade_safely(old, place, NOW)
    assert version(old) == "9999_later"


def test_without_a_backup_there_is_no_upgrade(
    old: Database, place: BackupPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(upgrade, "take_backup", fail)
    with pytest.raises(UpgradeRefused, match="数据库没有动"):
        upgrade_safely(old, place, NOW)
    assert version(old) == FIRST
