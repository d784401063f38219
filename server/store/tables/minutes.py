"""会议纪要: the secretary's text, its versions, drawings of signatures, finished documents."""

from sqlalchemy import BigInteger, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables.registry import Instant, Row


class MinutesRow(Row):
    """The text as it stands; ``version`` rises with every save, the milestones are in the log.

    ``frozen`` is the canonical JSON of everything the signatories saw (its SHA-256 is in the log), "" while edited.
    """

    __tablename__ = "minutes"
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    markdown: Mapped[str] = mapped_column(Text)
    version: Mapped[int] = mapped_column(default=1)
    saved_at: Mapped[Instant]
    saved_by: Mapped[str] = mapped_column(String(60))
    frozen: Mapped[str] = mapped_column(Text, default="")


class MinutesVersionRow(Row):
    """Every text that was ever saved."""

    __tablename__ = "minutes_version"
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    markdown: Mapped[str] = mapped_column(Text)
    saved_at: Mapped[Instant]
    saved_by: Mapped[str] = mapped_column(String(60))
    note: Mapped[str] = mapped_column(String(300), default="")


class DrawingRow(Row):
    """A finger signature: stroke positions only (S54), named in the log by digest."""

    __tablename__ = "drawing"
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    strokes: Mapped[str] = mapped_column(Text)
    drawn_at: Mapped[Instant]


class DocumentRow(Row):
    """A rendered PDF: ``kind`` is notice or minutes; ``stamp`` says which content it was made from."""

    __tablename__ = "document"
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(20), primary_key=True)
    stamp: Mapped[str] = mapped_column(String(80))
    sha256: Mapped[str] = mapped_column(String(64))
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[int] = mapped_column(BigInteger)
