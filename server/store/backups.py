"""Copies of a SQLite database: taken while it serves, checked line by line, put back."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import select

from server.store.database import Database, open_database
from server.store.log import verify_log
from server.store.tables.meetings import MeetingRow

VERSION = sqlite3.sqlite_version


class NotACopy(Exception):
    """A file that is no whole SQLite database of ours."""


def copy_database(database: Database, target: Path) -> None:
    """Write a consistent copy through a reading connection of its own; writers go on meanwhile."""
    source = database.writing.url.database or ""
    with (
        closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as original,
        closing(sqlite3.connect(target)) as copy,
    ):
        original.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")


def put_back(copy: Path, target: Path) -> None:
    """Put a copy where a database is expected; NotACopy when it is damaged."""
    if not is_database(copy):
        raise NotACopy(str(copy))
    with closing(sqlite3.connect(f"file:{copy}?mode=ro", uri=True)) as connection:
        try:
            sound = connection.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        except sqlite3.DatabaseError:
            sound = False
    if not sound:
        raise NotACopy(str(copy))
    shutil.copyfile(copy, target)


def is_database(file: Path) -> bool:
    """Tell whether a file begins like a SQLite database."""
    with file.open("rb") as opened:
        return opened.read(16) == b"SQLite format 3\x00"


def verify_copy(copy: Path) -> dict[str, str]:
    """Return meeting → root of every log in a copy; ChainFault at the first bad line."""
    database = open_database(f"sqlite:///{copy}")
    try:
        with database.reader(limit_seconds=60) as session:
            meetings = session.scalars(select(MeetingRow.id).where(MeetingRow.last_seq >= 0)).all()
            return {meeting: verify_log(session, meeting) for meeting in meetings}
    finally:
        database.close()
