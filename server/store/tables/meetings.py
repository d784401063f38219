"""Meetings with their log, ballots and answered commands."""

from sqlalchemy import BigInteger, ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables.registry import Id, Instant, Row


class MeetingRow(Row):
    """一次议事会: what is planned and how far its log has come; the room's state follows from the log alone.

    ``state`` is planned, called, open, suspended or closed, kept in step with the log for lists.
    """

    __tablename__ = "meeting"
    __table_args__ = (UniqueConstraint("council_id", "year", "ordinal"),)
    id: Mapped[Id]
    council_id: Mapped[str] = mapped_column(ForeignKey("council.id"), index=True)
    year: Mapped[int]
    ordinal: Mapped[int]
    title: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(60))
    starts_at: Mapped[Instant]
    chair: Mapped[str] = mapped_column(String(40), default="")
    secretary: Mapped[str] = mapped_column(String(40), default="")
    invited: Mapped[str] = mapped_column(String(300), default="")
    state: Mapped[str] = mapped_column(String(12), default="planned")
    revision: Mapped[int] = mapped_column(default=0)
    last_seq: Mapped[int] = mapped_column(default=-1)
    last_hash: Mapped[str] = mapped_column(String(64), default="")
    called_at: Mapped[int | None] = mapped_column(BigInteger)
    opened_at: Mapped[int | None] = mapped_column(BigInteger)
    closed_at: Mapped[int | None] = mapped_column(BigInteger)
    published_at: Mapped[int | None] = mapped_column(BigInteger)
    created_at: Mapped[Instant]


class PlannedItemRow(Row):
    """An agenda item before the notice; the notice freezes it into the log (T49)."""

    __tablename__ = "planned_item"
    id: Mapped[Id]
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(80))
    minutes: Mapped[int | None]
    topic_id: Mapped[str | None] = mapped_column(ForeignKey("topic.id"))


class SeatNameRow(Row):
    """The name beside a seat of a called meeting; erasing it leaves the salted hash in the log verifiable."""

    __tablename__ = "seat_name"
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    seat: Mapped[int] = mapped_column(primary_key=True)
    representative_id: Mapped[str] = mapped_column(ForeignKey("representative.id"), index=True)
    name: Mapped[str] = mapped_column(String(40))
    post: Mapped[str] = mapped_column(String(40), default="")
    salt: Mapped[str] = mapped_column(String(32))


class EventRow(Row):
    """One line of the log (议事日志): canonical JSON in ``line``, chained by ``prev`` and ``hash`` (S40–S42)."""

    __tablename__ = "event"
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(40))
    at: Mapped[Instant]
    line: Mapped[str] = mapped_column(Text)
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64))


class AnswerRow(Row):
    """A command already carried out: the same id gets the same answer (S18). It never holds a payload."""

    __tablename__ = "answer"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012
    meeting_id: Mapped[str] = mapped_column(String(40), primary_key=True)
    actor: Mapped[str] = mapped_column(String(60), primary_key=True)
    command_id: Mapped[str] = mapped_column(String(64), primary_key=True)
    revision: Mapped[int]


class BallotRow(Row):
    """选票 of one seat; in a secret poll choice, time and revision are NULL: only that the seat took part (S27)."""

    __tablename__ = "ballot"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012
    poll: Mapped[str] = mapped_column(String(60), primary_key=True)
    seat: Mapped[int] = mapped_column(primary_key=True)
    choice: Mapped[str | None] = mapped_column(String(32))
    nonce: Mapped[str] = mapped_column(String(64))
    received_at: Mapped[int | None] = mapped_column(BigInteger)
    revision: Mapped[int | None]
    is_recorded: Mapped[bool] = mapped_column(default=False)
    is_counted: Mapped[bool] = mapped_column(default=True)


class SupersededBallotRow(Row):
    """选票 of an open poll that was changed or withdrawn: kept for the audit, counted nowhere (R66)."""

    __tablename__ = "superseded_ballot"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012
    poll: Mapped[str] = mapped_column(String(60), primary_key=True)
    seat: Mapped[int] = mapped_column(primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64), primary_key=True)
    choice: Mapped[str | None] = mapped_column(String(32))
    received_at: Mapped[int | None] = mapped_column(BigInteger)
    revision: Mapped[int | None]


class SecretChoiceRow(Row):
    """A choice of a secret poll under a random key: no seat, no time, no order (S27)."""

    __tablename__ = "secret_choice"
    __table_args__ = (Index("ix_secret_choice_poll", "poll"), {"sqlite_with_rowid": False})
    key: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    poll: Mapped[str] = mapped_column(String(60))
    choice: Mapped[str] = mapped_column(String(32))


class ResolutionRow(Row):
    """决议 for public lists, written in the transaction of its event; ``sentence`` is the verdict's."""

    __tablename__ = "resolution"
    id: Mapped[Id]
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("council.id"), index=True)
    number: Mapped[int]
    item_title: Mapped[str] = mapped_column(String(80))
    topic_id: Mapped[str | None] = mapped_column(ForeignKey("topic.id"))
    text: Mapped[str] = mapped_column(String(700))
    sentence: Mapped[str] = mapped_column(String(700))
    adopted_at: Mapped[Instant]
    is_void: Mapped[bool] = mapped_column(default=False)
