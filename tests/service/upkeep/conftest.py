"""The demonstration community as a database, and places for its backups."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from server.service.room.keeper import RoomKeeper
from server.service.room.wishes import WishHandler
from server.service.samples.demonstration import load_demonstration
from server.service.upkeep.backups import BackupPlace
from server.store.database import Database, open_database
from server.store.migrations import migrate
from server.store.writer import Writer

NOW = 1_775_610_000_000


@pytest.fixture(scope="session")
def community(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with areas, topics, meetings, minutes and tasks."""
    file = tmp_path_factory.mktemp("community") / "council.sqlite"
    database = open_database(f"sqlite:///{file}")
    migrate(database)
    rooms = RoomKeeper(lambda: NOW)
    writer = Writer(database, WishHandler(rooms, lambda: NOW).carry_out, lambda committed: None)
    writer.start()
    load_demonstration(writer, rooms, NOW)
    writer.close()
    database.close()
    return file


@pytest.fixture
def place(tmp_path: Path) -> BackupPlace:
    data = tmp_path / "data"
    data.mkdir()
    return BackupPlace(data, tmp_path / "backups", data / "backup.key")


@pytest.fixture
def database(community: Path, place: BackupPlace) -> Iterator[Database]:
    """The community of one's own, open."""
    shutil.copyfile(community, place.data / "council.sqlite")
    opened = open_database(f"sqlite:///{place.data / 'council.sqlite'}")
    yield opened
    opened.close()
