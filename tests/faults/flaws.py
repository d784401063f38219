"""Halls built wrong on purpose: each flaw is one the oracle has to find, or it would prove nothing."""

import time
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from server.service.room import keeper
from server.store import ballots as box_store
from server.store import log as log_store
from server.store import writer as store_writer
from server.store.codec import read_line
from server.store.tables.meetings import EventRow
from tests.faults.hall_process import Hall

SLOW_DISK_SECONDS = 0.03


def commit_after_answering(self: Any, batch: list[Any]) -> Any:
    """The writer's own steps with the last two in the wrong order, on a slow disk."""
    settled = store_writer._Settled()
    with Session(self._database.writing, expire_on_commit=False) as session:
        unit = store_writer.Unit(session)
        for group in store_writer._in_order(batch):
            if isinstance(group, store_writer._Job):
                settled.jobs.append((group, group.run(unit)))
            else:
                settled.answers.extend(zip(group, self._carry_out(unit, group), strict=True))
            session.flush()
        for act in unit.before_commit:
            act()
        settled.on_commit, settled.announcements = unit.on_commit, unit.announcements
        self._tell(settled)
        time.sleep(SLOW_DISK_SECONDS)
        session.commit()
    return store_writer._Settled()


def answers_before_the_commit(hall: Hall) -> None:
    """Acknowledgement before commit."""
    store_writer.Writer._commit = commit_after_answering  # type: ignore[method-assign]


def has_no_unique_key(hall: Hall) -> None:
    """Ballots without their key, and a hall that believes its memory: what it did not see itself was not cast."""
    with hall.database.writing.begin() as connection:
        columns = connection.execute(text("SELECT * FROM ballot LIMIT 0")).keys()
        connection.execute(text("ALTER TABLE ballot RENAME TO keyed"))
        connection.execute(text(f"CREATE TABLE ballot AS SELECT {', '.join(columns)} FROM keyed"))
        connection.execute(text("DROP TABLE keyed"))
    box_store.read_box = lambda session, poll: {}


def does_not_lock_the_poll(hall: Hall) -> None:
    """State read before the lock: what another worker has written meanwhile is not looked at again."""
    read = keeper.RoomKeeper._caught_up

    def as_it_was(self: Any, session: Session, meeting: str, revision: int, end: Any) -> Any:
        return self._rooms.get(meeting) or read(self, session, meeting, revision, end)

    keeper.RoomKeeper._caught_up = as_it_was  # type: ignore[method-assign]


def orders_by_the_clock(hall: Hall) -> None:
    """The log read back by time instead of by number."""

    def by_the_clock(session: Session, meeting: str, after: int = -1) -> list[Any]:
        rows = session.query(EventRow).where(EventRow.meeting_id == meeting, EventRow.seq > after)
        return [read_line(row.line) for row in rows.order_by(EventRow.at)]

    log_store.read_events = by_the_clock
