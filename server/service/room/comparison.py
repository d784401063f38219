"""What a worker asks to learn whether others have gone on without it: revisions of meetings, sessions that ended."""

from collections.abc import Collection

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from server.service.access.sessions import check_sessions
from server.store.tables.access import SessionRow
from server.store.tables.meetings import MeetingRow
from server.store.tables.registry import plain

_MEETINGS, _SESSIONS = plain(MeetingRow), plain(SessionRow)
_REVISIONS = select(_MEETINGS.c.id, _MEETINGS.c.revision).where(
    _MEETINGS.c.id.in_(bindparam("ids", expanding=True))
)
_REASONS = select(_SESSIONS.c.id, _SESSIONS.c.ended_reason).where(
    _SESSIONS.c.id.in_(bindparam("ids", expanding=True))
)


def read_revisions(session: Session, meetings: Collection[str]) -> dict[str, int]:
    """Return how far these meetings have come. Cost: one query by primary key."""
    if not meetings:
        return {}
    return {row.id: row.revision for row in session.connection().execute(_REVISIONS, {"ids": list(meetings)})}


def read_ended(session: Session, sessions: Collection[str], now: int) -> dict[str, str]:
    """Return which of these sessions live no more, and why (an empty text when they ran out).

    Whoever says that a session ended is not believed; the database is asked (S12). Cost: one query, two when one ended.
    """
    if not sessions:
        return {}
    gone = set(sessions) - check_sessions(session, sessions, now)
    if not gone:
        return {}
    reasons = session.connection().execute(_REASONS, {"ids": list(gone)})
    found = {row.id: row.ended_reason for row in reasons}
    return {key: found.get(key, "") for key in gone}
