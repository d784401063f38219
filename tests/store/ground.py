"""What a log and a box need to stand on: an area, a council, a meeting."""

from sqlalchemy.orm import Session

from server.store.database import Database
from server.store.log import NO_FORMER_ROOT
from server.store.tables.areas import AreaRow, CouncilRow
from server.store.tables.meetings import MeetingRow


def found_meetings(database: Database, *ids: str) -> None:
    """Write an area, a council and these meetings, nothing called yet."""
    with Session(database.writing) as session:
        session.add(AreaRow(id="area", parent_id=None, level="estate", name="金穗小区", position=0))
        session.flush()
        session.add(
            CouncilRow(id="council", area_id="area", name="五方议事会", organisation="芙蓉社区", created_at=1)
        )
        session.flush()
        for number, meeting in enumerate(ids, 1):
            session.add(
                MeetingRow(
                    id=meeting, council_id="council", year=2026, ordinal=number, title="会议", place="议事长廊",
                    starts_at=1, created_at=1, last_hash=NO_FORMER_ROOT,
                )
            )  # fmt: skip
        session.commit()
