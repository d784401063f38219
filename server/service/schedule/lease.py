"""The lease: which process runs the schedule; whoever holds it renews it, whoever finds it expired takes it."""

from dataclasses import dataclass
from typing import cast

from sqlalchemy import CursorResult, or_, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.store.tables.registry import plain
from server.store.tables.schedule import LeaseRow
from server.store.writer import Unit

SCHEDULE = "schedule"
LEASE_MS = 30_000


@dataclass(frozen=True, slots=True)
class Lease:
    """Who holds the schedule, and until when."""

    holder: str
    until: int


def take_lease(unit: Unit, holder: str, now: int) -> bool:
    """Take or renew the lease for LEASE_MS and tell whether it is the holder's now.

    One statement decides, so that two processes never both hold it. An expiry further away than a lease can last
    is a clock that went back, and counts as expired.
    """
    row = plain(LeaseRow).c
    free = or_(row.holder == holder, row.until <= now, row.until > now + 2 * LEASE_MS)
    taken = update(LeaseRow).where(row.name == SCHEDULE, free).values(holder=holder, until=now + LEASE_MS)
    if cast("CursorResult[object]", unit.session.execute(taken)).rowcount == 1:
        return True
    if read_lease(unit.session) is not None:
        return False
    try:
        with unit.session.begin_nested():
            unit.session.add(LeaseRow(name=SCHEDULE, holder=holder, until=now + LEASE_MS))
    except IntegrityError:  # another process was first
        return False
    return True


def give_up_lease(unit: Unit, holder: str) -> None:
    """Let the next process take over at once; nothing happens when the lease is another's."""
    row = plain(LeaseRow).c
    unit.session.execute(update(LeaseRow).where(row.name == SCHEDULE, row.holder == holder).values(until=0))


def read_lease(session: Session) -> Lease | None:
    """Return who holds the schedule, if anybody ever did."""
    row = session.get(LeaseRow, SCHEDULE, populate_existing=True)
    return Lease(row.holder, row.until) if row is not None else None
