"""议题: one number for life, a timeline of entries."""

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables.registry import Id, Instant, Row


class TopicRow(Row):
    """A matter raised; ``receipt_hash`` is the SHA-256 of the receipt code the proposer keeps."""

    __tablename__ = "topic"
    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("council.id"), index=True)
    title: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(String(2000))
    place: Mapped[str] = mapped_column(String(60), default="")
    channel: Mapped[str] = mapped_column(String(20))
    proposer: Mapped[str] = mapped_column(String(40), default="")
    telephone: Mapped[str] = mapped_column(String(40), default="")
    is_named: Mapped[bool] = mapped_column(default=False)
    receipt_hash: Mapped[str] = mapped_column(String(64), index=True)
    state: Mapped[str] = mapped_column(String(20), index=True)
    reason: Mapped[str] = mapped_column(String(40), default="")
    answer: Mapped[str] = mapped_column(String(600), default="")
    raised_at: Mapped[Instant]
    answered_at: Mapped[int | None] = mapped_column(BigInteger)


class TopicEntryRow(Row):
    """One dated line of a topic's timeline, readable by the proposer."""

    __tablename__ = "topic_entry"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    topic_id: Mapped[str] = mapped_column(ForeignKey("topic.id"), index=True)
    at: Mapped[Instant]
    state: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(700))
    by: Mapped[str] = mapped_column(String(60))
