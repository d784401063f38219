"""Every test of the store runs on a real SQLite file and on a real PostgreSQL."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from server.store.database import Database, open_database
from server.store.migrations import migrate
from tests.store.ground import found_meetings
from tests.store.postgres import running_postgres

_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a running PostgreSQL."""
    with running_postgres() as url:
        yield url


def new_postgres_database(url: str) -> str:
    """Create an empty database beside the first one and return its URL."""
    name = f"council_{next(_NUMBERS)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    engine.dispose()
    return url.replace("/postgres?", f"/{name}?")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'council.sqlite'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("sqlite_url"))
    return new_postgres_database(request.getfixturevalue("postgres"))


@pytest.fixture
def database(url: str) -> Iterator[Database]:
    """A migrated database with the meetings m1 and m2."""
    opened = open_database(url)
    migrate(opened)
    found_meetings(opened, "m1", "m2")
    yield opened
    opened.close()


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[Database]:
    """The same, SQLite alone."""
    opened = open_database(sqlite_url)
    migrate(opened)
    found_meetings(opened, "m1", "m2")
    yield opened
    opened.close()
