"""Opening: SQLite in WAL with every commit on disk; readers cannot write, see one moment, and are stopped in time."""

import time

import pytest
from sqlalchemy import insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from server.store.database import Database, open_database
from server.store.tables.areas import CounterRow
from server.store.tables.meetings import MeetingRow

ENDLESS = {
    "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n",
    "postgresql": "SELECT pg_sleep(60)",
}


@pytest.mark.rule("S20")
def test_every_commit_is_on_disk(sqlite: Database) -> None:
    with sqlite.writing.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}


@pytest.mark.rule("S21")
def test_a_reader_cannot_write(database: Database) -> None:
    with pytest.raises(DBAPIError), database.reader() as session:
        session.execute(insert(CounterRow).values(scope="x", last=1))
    with database.reader() as session:
        assert session.scalars(select(CounterRow.scope)).all() == []


def test_a_reader_sees_one_moment(database: Database) -> None:
    with database.reader() as session:
        before = session.scalars(select(CounterRow.scope)).all()
        with Session(database.writing) as writing:
            writing.add(CounterRow(scope="meanwhile", last=1))
            writing.commit()
        assert session.scalars(select(CounterRow.scope)).all() == before == []
    with database.reader() as session:
        assert session.scalars(select(CounterRow.scope)).all() == ["meanwhile"]


def test_a_reader_is_stopped_when_its_time_is_up(database: Database) -> None:
    began = time.monotonic()
    with pytest.raises(DBAPIError), database.reader(limit_seconds=0.1) as session:
        session.execute(text(ENDLESS[database.kind]))
    assert time.monotonic() - began < 5


def test_the_next_reader_has_its_own_time(database: Database) -> None:
    for _ in range(3):
        with pytest.raises(DBAPIError), database.reader(limit_seconds=0.05) as session:
            session.execute(text(ENDLESS[database.kind]))
    time.sleep(0.1)
    with database.reader() as session:
        assert session.scalar(select(MeetingRow.id).where(MeetingRow.id == "m1")) == "m1"


def test_writing_has_no_limit_but_its_own(sqlite: Database) -> None:
    endless = ENDLESS["sqlite"].replace("FROM n)", "FROM n WHERE i < 3000000)", 1)
    with Session(sqlite.writing) as session:
        assert session.scalar(text(endless)) == 3_000_000


def test_foreign_keys_are_kept(database: Database) -> None:
    with Session(database.writing) as session, pytest.raises(IntegrityError):
        session.execute(
            insert(MeetingRow).values(
                id="x", council_id="nowhere", year=2026, ordinal=9, title="x", place="x", chair="", secretary="",
                invited="", starts_at=1, state="planned", revision=0, last_seq=-1, last_hash="", created_at=1,
            )
        )  # fmt: skip


@pytest.mark.rule("S38")
def test_an_error_does_not_repeat_what_was_written(database: Database) -> None:
    with Session(database.writing) as session, pytest.raises(DBAPIError) as caught:
        session.execute(insert(CounterRow), [{"scope": "秘密", "last": 1}, {"scope": "秘密", "last": 1}])
    assert "parameters hidden" in str(caught.value)


def test_opening_creates_nothing(url: str) -> None:
    database = open_database(url)
    with pytest.raises(DBAPIError), database.reader() as session:
        session.execute(select(MeetingRow.id))
    database.close()
