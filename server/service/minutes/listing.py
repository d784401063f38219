"""Meetings whose minutes wait or are published, for the office's list."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.service.community.reach import reachable_councils
from server.store.tables.meetings import EventRow, MeetingRow
from server.store.tables.minutes import MinutesRow

MOST_LINES = 200


@dataclass(frozen=True, slots=True)
class MinutesLine:
    """One closed meeting; ``state`` is untouched, draft, signing or published; ``signed`` counts answers."""

    meeting_id: str
    council: str
    number: str
    title: str
    closed_at: int | None
    published_at: int | None
    state: str
    saved_at: int | None
    signed: int


def list_minutes(session: Session, area_id: str | None) -> tuple[MinutesLine, ...]:
    """Return the closed meetings an account may work with, the latest first. Cost: three queries."""
    councils = {row.id: row.name for row in reachable_councils(session, area_id)}
    meetings = session.execute(
        select(MeetingRow, MinutesRow)
        .outerjoin(MinutesRow, MinutesRow.meeting_id == MeetingRow.id)
        .where(MeetingRow.council_id.in_(councils), MeetingRow.state == "closed")
        .order_by(MeetingRow.closed_at.desc())
        .limit(MOST_LINES)
    )
    found: list[tuple[MeetingRow, MinutesRow | None]] = [(meeting, row) for meeting, row in meetings]
    signed = _answers(session, [meeting.id for meeting, _ in found])
    return tuple(
        MinutesLine(
            meeting.id,
            councils[meeting.council_id],
            f"{meeting.year}年第{meeting.ordinal}次会议",
            meeting.title,
            meeting.closed_at,
            meeting.published_at,
            _state(meeting, row),
            row.saved_at if row is not None else None,
            signed.get(meeting.id, 0),
        )
        for meeting, row in found
    )


def _state(meeting: MeetingRow, row: MinutesRow | None) -> str:
    if meeting.published_at is not None:
        return "published"
    if row is None:
        return "untouched"
    return "signing" if row.frozen else "draft"


def _answers(session: Session, meetings: list[str]) -> dict[str, int]:
    """Count the answers since the last freezing: a signature before it is void."""
    rows = session.execute(
        select(EventRow.meeting_id, EventRow.type)
        .where(EventRow.meeting_id.in_(meetings), EventRow.type.in_(("minutes.finalised", "minutes.signed")))
        .order_by(EventRow.meeting_id, EventRow.seq)
    )
    counts: dict[str, int] = {}
    for meeting, kind in rows:
        counts[meeting] = counts.get(meeting, 0) + 1 if kind == "minutes.signed" else 0
    return counts
