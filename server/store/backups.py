"""Copies of a SQLite database: taken while it serves, checked line by line, put back."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import create_engine, select
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from server.store.database import Database
from server.store.log import verify_log
from server.store.tables.meetings import MeetingRow

VERSION = sqlite3.sqlite_version


class NotACopy(Exception):
    """A file that is no whole SQLite database of ours."""


def copy_database(database: Database, target: Path) -> None:
    """Write a consistent copy, for its owner alone, through a reading connection; writers go on meanwhile.

    NotACopy when the database itself is damaged.
    """
    source = database.writing.url.database or ""
    os.close(os.open(target, os.O_CREAT | os.O_EXCL, 0o600))
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        try:
            original.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.OperationalError:  # the disk is full, the file is locked
            raise
        except sqlite3.DatabaseError:
            raise NotACopy(str(target)) from None


def is_sound(file: Path, limit_seconds: float | None = None, *, thorough: bool = True) -> bool | None:
    """Tell whether a SQLite file is whole; None when the time was over before that was known."""
    check = "PRAGMA integrity_check(1)" if thorough else "PRAGMA quick_check(1)"
    try:
        with (
            closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, check_same_thread=False)) as connection,
            _interrupted_after(connection, limit_seconds),
        ):
            found: str = connection.execute(check).fetchone()[0]
    except sqlite3.OperationalError as error:
        return None if str(error) == "interrupted" else False
    except sqlite3.DatabaseError:
        return False
    return found == "ok" or (None if found == "interrupted" else False)


@contextmanager
def _interrupted_after(connection: sqlite3.Connection, limit_seconds: float | None) -> Iterator[None]:
    """Interrupt what runs on a connection once its time is over, again and again: before it began that is lost."""
    over = threading.Event()

    def watch() -> None:
        over.wait(limit_seconds)
        while not over.wait(0.02):
            connection.interrupt()

    thread = threading.Thread(target=watch, daemon=True)
    if limit_seconds is not None:
        thread.start()
    try:
        yield
    finally:
        over.set()
        if limit_seconds is not None:
            thread.join()


def is_database(file: Path) -> bool:
    """Tell whether a file begins like a SQLite database."""
    with file.open("rb") as opened:
        return opened.read(16) == b"SQLite format 3\x00"


def verify_copy(copy: Path) -> dict[str, str]:
    """Return meeting → root of every log in a copy, which is not written to; ChainFault at the first bad line."""
    engine = create_engine(
        f"sqlite:///file:{copy}?mode=ro&uri=true", poolclass=NullPool, hide_parameters=True
    )
    with Session(engine) as session:
        meetings = session.scalars(select(MeetingRow.id).where(MeetingRow.last_seq >= 0)).all()
        return {meeting: verify_log(session, meeting) for meeting in meetings}
