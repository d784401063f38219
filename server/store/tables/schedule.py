"""What runs by itself: who may run it now, and when each job ran last."""

from sqlalchemy import BigInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables.registry import Instant, Row


class LeaseRow(Row):
    """One task of the whole installation that one process at a time may do, until an instant."""

    __tablename__ = "lease"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    holder: Mapped[str] = mapped_column(String(40))
    until: Mapped[Instant]


class JobRow(Row):
    """A job of the schedule; ``outcome`` is running, done or failed, ``words`` a sentence without personal data."""

    __tablename__ = "job"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    next_at: Mapped[Instant]
    started_at: Mapped[Instant]
    finished_at: Mapped[int | None] = mapped_column(BigInteger)
    succeeded_at: Mapped[int | None] = mapped_column(BigInteger)
    outcome: Mapped[str] = mapped_column(String(10))
    words: Mapped[str] = mapped_column(String(200), default="")
