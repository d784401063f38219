"""操作记录: who did what to the installation's safety, when, with which result (S91, S92)."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables.registry import Instant, Row


class AuditRow(Row):
    """One act: ``who`` and ``about`` are keys such as ``account:…``, never names, texts, choices or secrets.

    ``who`` is empty for somebody who was not signed in.
    """

    __tablename__ = "audit"
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[Instant] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(String(60), default="")
    act: Mapped[str] = mapped_column(String(30))
    result: Mapped[str] = mapped_column(String(10))
    about: Mapped[str] = mapped_column(String(80), default="")
