"""Opening the database: SQLite in WAL with ``synchronous=FULL``, or PostgreSQL (DESIGN §3)."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.orm import Session
from sqlalchemy.pool import QueuePool, StaticPool

# What a page reads with; floors above the service know it by this name alone.
Reading = Session
READ_LIMIT_SECONDS = 0.25
_PROGRESS_STEPS = 20_000
POOL_SECONDS = 2.0
# A network that swallows packets is noticed in seconds.
_WATCHED: dict[str, Any] = {
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,
}
# A process that was stopped in the middle of a transaction loses it, so that the others can go on (F18).
_WRITING = (
    "SET synchronous_commit = on; SET statement_timeout = '20s'; SET lock_timeout = '6s'; "
    "SET idle_in_transaction_session_timeout = '3s'"
)
_TAKE_TURN = text("SELECT pg_advisory_xact_lock(20260)")


@dataclass(frozen=True, slots=True)
class Database:
    """Two engines: ``writing`` belongs to the writer thread alone, ``reading`` is a pool that cannot write."""

    url: str
    writing: Engine
    reading: Engine

    @property
    def kind(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return self.writing.dialect.name

    @contextmanager
    def reader(self, limit_seconds: float = READ_LIMIT_SECONDS) -> Iterator[Session]:
        """Give a session that reads one consistent snapshot, for at most ``limit_seconds``.

        Cost: one pooled connection. Raises OperationalError when the limit is passed, so that a page never delays
        the room for long.
        """
        with Session(self.reading, expire_on_commit=False, autoflush=False) as session:
            if self.kind == "sqlite":
                session.connection().info["deadline"] = time.monotonic() + limit_seconds
            else:
                session.execute(text(f"SET LOCAL statement_timeout = {int(limit_seconds * 1000)}"))
            yield session

    def size(self) -> int:
        """Return how much the data takes on disk, in bytes; for SQLite with what is not yet checkpointed."""
        if self.kind == "sqlite":
            file = Path(self.writing.url.database or "")
            parts = (file, file.with_name(f"{file.name}-wal"))
            return sum(part.stat().st_size for part in parts if part.exists())
        with self.reader(5.0) as session:
            return session.scalar(text("SELECT pg_database_size(current_database())")) or 0

    def take_turn(self, session: Session) -> None:
        """Let office work wait until no other process does any: whoever reads, then writes is alone, as in one process.

        Taken first in a transaction, so before any meeting's row (S19). SQLite has one writer anyhow.
        """
        if self.kind == "postgresql":
            session.execute(_TAKE_TURN)

    def close(self) -> None:
        """Close every connection."""
        self.reading.dispose()
        self.writing.dispose()


def open_database(url: str) -> Database:
    """Open the database at a SQLAlchemy URL; nothing is created or migrated here."""
    if url.startswith("sqlite"):
        return Database(url, _sqlite_engine(url, writes=True), _sqlite_engine(url, writes=False))
    # Errors never repeat what was written: a choice or a name must not reach a log (S8, S27).
    writing = create_engine(url, pool_size=1, max_overflow=0, hide_parameters=True, connect_args=_WATCHED)

    @event.listens_for(writing, "connect")
    def configure(connection: Any, record: Any) -> None:
        connection.execute(_WRITING)
        connection.commit()

    # Eight workers fit into PostgreSQL's hundred connections; a page that gets none says so after two seconds.
    reading = create_engine(
        url,
        pool_size=4,
        max_overflow=6,
        pool_timeout=POOL_SECONDS,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args=_WATCHED,
        isolation_level="REPEATABLE READ",  # one snapshot for the whole page, as SQLite gives
        execution_options={"postgresql_readonly": True},
    )
    return Database(url, writing, reading)


def _sqlite_engine(url: str, *, writes: bool) -> Engine:
    pool: dict[str, Any] = (
        {"poolclass": StaticPool} if writes else {"poolclass": QueuePool, "pool_size": 8, "max_overflow": 24}
    )
    engine = create_engine(
        url, connect_args={"check_same_thread": False, "timeout": 10}, hide_parameters=True, **pool
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, record: Any) -> None:
        connection.isolation_level = None  # BEGIN is ours to say; the driver's own would be deferred (S19)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA secure_delete=ON")
        if not writes:
            connection.execute("PRAGMA query_only=ON")
            connection.set_progress_handler(lambda: _is_over(record.info), _PROGRESS_STEPS)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    @event.listens_for(engine, "checkin")
    def forget_deadline(connection: Any, record: Any) -> None:
        record.info.pop("deadline", None)

    return engine


def _is_over(info: dict[str, Any]) -> int:
    """Return 1 to interrupt a statement that has used up its time."""
    deadline = info.get("deadline")
    return int(deadline is not None and time.monotonic() > deadline)
