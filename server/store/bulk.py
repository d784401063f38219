"""Many rows of plain values at once, handed to the driver as they are: a third of what ``executemany`` costs."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, insert
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Session

_statements: dict[tuple[str, str, tuple[str, ...]], tuple[str, Sequence[str] | None]] = {}


def insert_many(session: Session, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows of the same columns; values must be what the driver takes: text, numbers, bytes, truth, None."""
    if not rows:
        return
    connection = session.connection()
    text, order = _statement(connection.dialect, table, tuple(rows[0]))
    if order is None:
        connection.exec_driver_sql(text, [dict(row) for row in rows])
    else:
        connection.exec_driver_sql(text, [tuple(row[name] for name in order) for row in rows])


def _statement(dialect: Dialect, table: Table, columns: tuple[str, ...]) -> tuple[str, Sequence[str] | None]:
    """Return the statement a dialect makes of it, and the order of its values where they have no names."""
    key = dialect.name, table.name, columns
    known = _statements.get(key)
    if known is None:
        compiled: Any = insert(table).compile(dialect=dialect, column_keys=list(columns))
        known = _statements[key] = str(compiled), compiled.positiontup
    return known
