"""Areas, councils, parties, representatives: the standing things."""

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables.registry import Id, Instant, Row


class AreaRow(Row):
    """辖区: a node of the tree; ``level`` is a word of the word list (street, community, estate …)."""

    __tablename__ = "area"
    id: Mapped[Id]
    parent_id: Mapped[str | None] = mapped_column(ForeignKey("area.id"), index=True)
    level: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(60))
    position: Mapped[int] = mapped_column(default=0)


class CouncilRow(Row):
    """议事会: the standing body of an area; ``organisation`` issues its notices (召集单位)."""

    __tablename__ = "council"
    id: Mapped[Id]
    area_id: Mapped[str] = mapped_column(ForeignKey("area.id"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    organisation: Mapped[str] = mapped_column(String(60))
    venue: Mapped[str] = mapped_column(String(60), default="")
    telephone: Mapped[str] = mapped_column(String(40), default="")
    procedure: Mapped[str] = mapped_column(String(40), default="five_party.v1")
    document_sign: Mapped[str] = mapped_column(String(20), default="")
    introduction: Mapped[str] = mapped_column(String(600), default="")
    created_at: Mapped[Instant]


class PartyRow(Row):
    """方: ``mark`` is the character on its sign, ``position`` its order (1…7)."""

    __tablename__ = "party"
    id: Mapped[Id]
    council_id: Mapped[str] = mapped_column(ForeignKey("council.id"), index=True)
    name: Mapped[str] = mapped_column(String(20))
    mark: Mapped[str] = mapped_column(String(2))
    position: Mapped[int]
    seats: Mapped[int] = mapped_column(default=3)


class RepresentativeRow(Row):
    """议事代表: a person with a seat in a party; ``post`` is what the public may see (5栋邻长)."""

    __tablename__ = "representative"
    __table_args__ = (UniqueConstraint("council_id", "seat"),)
    id: Mapped[Id]
    council_id: Mapped[str] = mapped_column(ForeignKey("council.id"), index=True)
    party_id: Mapped[str] = mapped_column(ForeignKey("party.id"), index=True)
    seat: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(40))
    post: Mapped[str] = mapped_column(String(40), default="")
    telephone: Mapped[str] = mapped_column(String(40), default="")
    appointment: Mapped[str] = mapped_column(String(20), default="recommended")
    joined_at: Mapped[Instant]
    left_at: Mapped[int | None] = mapped_column(BigInteger)


class CounterRow(Row):
    """The last number given out in a scope, for instance ``topic.2026``; numbers are never reused."""

    __tablename__ = "counter"
    scope: Mapped[str] = mapped_column(String(80), primary_key=True)
    last: Mapped[int]
