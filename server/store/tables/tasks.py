"""办理事项: what someone must do, with dated progress and photos."""

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables.registry import Id, Instant, Row


class TaskRow(Row):
    """One task: one accountable party and post, a due date (local, ``YYYY-MM-DD``), a source."""

    __tablename__ = "task"
    id: Mapped[Id]
    number: Mapped[str] = mapped_column(String(20), unique=True)
    council_id: Mapped[str] = mapped_column(ForeignKey("council.id"), index=True)
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    resolution_id: Mapped[str | None] = mapped_column(ForeignKey("resolution.id"))
    topic_id: Mapped[str | None] = mapped_column(ForeignKey("topic.id"), index=True)
    text: Mapped[str] = mapped_column(String(200))
    accountable: Mapped[str] = mapped_column(String(40))
    post: Mapped[str] = mapped_column(String(40))
    due: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(12), default="open", index=True)
    created_at: Mapped[Instant]
    done_at: Mapped[int | None] = mapped_column(BigInteger)


class TaskEntryRow(Row):
    """进展: a dated entry; ``kind`` is created, progress, done or voided; ``cost`` in yuan cents."""

    __tablename__ = "task_entry"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("task.id"), index=True)
    at: Mapped[Instant]
    kind: Mapped[str] = mapped_column(String(12))
    text: Mapped[str] = mapped_column(String(600))
    cost: Mapped[int | None] = mapped_column(BigInteger)
    by: Mapped[str] = mapped_column(String(60))


class PhotoRow(Row):
    """A re-encoded photo (S63) of a task entry."""

    __tablename__ = "photo"
    id: Mapped[Id]
    task_entry_id: Mapped[int | None] = mapped_column(ForeignKey("task_entry.id"), index=True)
    caption: Mapped[str] = mapped_column(String(80), default="")
    width: Mapped[int]
    height: Mapped[int]
    jpeg: Mapped[bytes] = mapped_column(LargeBinary)
    thumbnail: Mapped[bytes] = mapped_column(LargeBinary)
    added_at: Mapped[Instant]
