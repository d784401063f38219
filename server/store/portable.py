"""A whole database as one SQLite file and back, whichever kind it is kept in: one format for every backup."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Row, Table, create_engine, func, insert, inspect, select, text
from sqlalchemy.pool import NullPool

from server.store.database import Database, open_database
from server.store.migrations import ALEMBIC, migrate, revision_of

_AT_ONCE = 500


class NotEmpty(Exception):
    """The database that was to be filled holds something already."""


def export(database: Database, target: Path, limit_seconds: float = 600) -> None:
    """Write one consistent snapshot of a PostgreSQL database into a new SQLite file; writers go on meanwhile.

    The tables are copied as the database has them, so that one from before an upgrade can be kept too. Rows come in
    the order of their keys: the order of ballots in the source stays behind (S28).
    """
    engine = create_engine(f"sqlite:///{target}", poolclass=NullPool, hide_parameters=True)
    with database.reader(limit_seconds) as session:
        source = session.connection()
        copy = open_database(f"sqlite:///{target}")
        migrate(copy, revision_of(source) or "base")
        copy.close()
        with engine.begin() as connection:
            _copy_tables(source, connection)
    with closing(sqlite3.connect(target)) as copied:
        if copied.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise sqlite3.IntegrityError("a row without the row it belongs to")
        copied.execute("PRAGMA journal_mode=DELETE")


def fill(database: Database, copy: Path) -> None:
    """Fill an empty database from a SQLite file of the same version, all or nothing; NotEmpty when it is not."""
    engine = create_engine(f"sqlite:///{copy}", poolclass=NullPool, hide_parameters=True)
    with engine.connect() as source, database.writing.begin() as target:
        if not is_empty(target):
            raise NotEmpty
        for table in _tables(target):
            target.execute(table.delete())
        _copy_tables(source, target)
        _set_counters(target)


def is_empty(connection: Connection) -> bool:
    """Tell whether nobody has worked with a database yet: it has no area and no account."""
    known = set(inspect(connection).get_table_names())
    return not any(
        connection.execute(text(f"SELECT 1 FROM {name} LIMIT 1")).first()  # noqa: S608 names of our own
        for name in ("area", "account")
        if name in known
    )


def _tables(connection: Connection) -> list[Table]:
    """Return the tables as the database has them, those that others point to first; Alembic's own is left out."""
    schema = MetaData()
    schema.reflect(connection)
    return [table for table in schema.sorted_tables if table.name != ALEMBIC]


def _copy_tables(source: Connection, target: Connection) -> None:
    there = {table.name: table for table in _tables(source)}
    for table in _tables(target):
        columns = [column.name for column in table.columns]
        original = there[table.name]
        chosen = select(*(original.c[name] for name in columns)).order_by(*original.primary_key.columns)
        rows = source.execution_options(stream_results=True, yield_per=_AT_ONCE).execute(chosen)
        for some in _in_order(table, rows.partitions(_AT_ONCE)):
            target.execute(insert(table), [dict(zip(columns, row, strict=True)) for row in some])


def _in_order(table: Table, rows: Iterator[Iterable[Row[Any]]]) -> Iterator[list[Row[Any]]]:
    """Give the rows in handy portions; where a table points to itself, parents come before their children."""
    own = [c for c in table.columns if any(key.column.table is table for key in c.foreign_keys)]
    if not own:
        yield from (list(some) for some in rows)
        return
    key, parent = next(iter(table.primary_key.columns)).name, own[0].name
    waiting = [row for some in rows for row in some]
    written: set[Any] = {None}
    while waiting:
        ready = [row for row in waiting if row._mapping[parent] in written]
        if not ready:  # points nowhere; the database says so better than we could
            ready = waiting
        yield ready
        written |= {row._mapping[key] for row in ready}
        waiting = [row for row in waiting if row._mapping[key] not in written]


def _set_counters(target: Connection) -> None:
    """Let PostgreSQL's own numbering go on after the highest number that was filled in."""
    if target.dialect.name != "postgresql":
        return
    for table in _tables(target):
        for column in table.primary_key.columns:
            counter = target.scalar(select(func.pg_get_serial_sequence(table.name, column.name)))
            if counter is not None:
                highest = select(func.coalesce(func.max(column), 0) + 1).scalar_subquery()
                target.execute(select(func.setval(counter, highest, False)))
