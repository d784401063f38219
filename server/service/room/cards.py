"""Reading what stands beside a meeting's log: names by seat, titles, place."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.screens.card import RoomCard, SeatName
from server.store.tables.areas import CouncilRow
from server.store.tables.meetings import MeetingRow, SeatNameRow


def read_card(session: Session, meeting: str) -> RoomCard:
    """Return a meeting's card; LookupError when there is no such meeting."""
    found = session.execute(
        select(MeetingRow, CouncilRow.name)
        .join(CouncilRow, CouncilRow.id == MeetingRow.council_id)
        .where(MeetingRow.id == meeting)
    ).first()
    if found is None:
        raise LookupError(meeting)
    row, council = found
    names = session.execute(
        select(SeatNameRow.seat, SeatNameRow.name, SeatNameRow.post).where(SeatNameRow.meeting_id == meeting)
    )
    return RoomCard(
        row.title,
        council,
        f"{row.year}年第{row.ordinal}次会议",
        row.place,
        row.chair,
        row.secretary,
        row.starts_at,
        {seat: SeatName(name, post) for seat, name, post in names},
    )
