"""Counts that several workers share: how often somebody tried in a window of time (S71, S73)."""

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.store.tables.access import AllowanceRow
from server.store.writer import Unit

# One statement, the same in SQLite and PostgreSQL; a count of a window that is over begins anew.
_COUNT = text(
    "INSERT INTO allowance (key, until, used) VALUES (:key, :until, 1) ON CONFLICT (key) DO UPDATE SET "
    "used = CASE WHEN allowance.until = excluded.until THEN allowance.used + 1 ELSE 1 END, until = excluded.until "
    "RETURNING used"
)
_FORGET = text("DELETE FROM allowance WHERE until <= :now")


def count_try(unit: Unit, now: int, key: str, until: int) -> int:
    """Count one more in the window that ends at ``until`` and return how many there were; past windows are dropped."""
    unit.session.execute(_FORGET, {"now": now})
    return int(unit.session.execute(_COUNT, {"key": key, "until": until}).scalar_one())


def read_tries(session: Session, key: str, until: int) -> int:
    """Return how many were counted in the window that ends at ``until``."""
    row = session.get(AllowanceRow, key)
    return row.used if row is not None and row.until == until else 0
