"""What a failure of the database means: the same again at once, later, or a fault of what was asked."""

import sqlite3

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolExhausted

# SQLSTATE of PostgreSQL. The transaction was undone for another's sake; carried out again, it may well succeed (S19).
_UNDONE = frozenset({"40001", "40P01"})
# The server goes, comes or is full; or a lock's holder does not move.
_AWAY = frozenset({"57P01", "57P02", "57P03", "53300", "55P03", "25P03"})
_DISK_FULL = "53100"


class CommitUnknown(Exception):
    """The connection went while a commit was under way: it may be kept or not, and must not be done again blindly."""


class StorageFull(Exception):
    """The disk is full; nothing of what was asked is kept, and it can be asked again when there is space (F4)."""


class DatabaseAway(Exception):
    """The database cannot be reached at start; its text is the sentence for the terminal."""


def is_undone(error: Exception) -> bool:
    """Tell whether the transaction was rolled back for no fault of its own: a deadlock, a serialisation conflict."""
    return isinstance(error, DBAPIError) and _state(error) in _UNDONE


def is_away(error: Exception) -> bool:
    """Tell whether the database did not answer: connection lost, refused, none left, or a lock that does not come."""
    if isinstance(error, PoolExhausted):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated or _state(error) in _AWAY:
        return True
    # psycopg's failures to connect carry no state; SQLite's errors have no such attribute.
    return isinstance(error, OperationalError | InterfaceError) and _state(error) is None


def as_told(error: Exception) -> Exception:
    """Return StorageFull where a write failed for want of space, every other error as it is."""
    if not isinstance(error, DBAPIError):
        return error
    is_full = getattr(error.orig, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL
    return StorageFull() if is_full or _state(error) == _DISK_FULL else error


def _state(error: DBAPIError) -> str | None:
    """Return PostgreSQL's SQLSTATE; an empty text for other databases."""
    found: str | None = getattr(error.orig, "sqlstate", "")
    return found
