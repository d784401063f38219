"""The declarative registry all tables share; instants are integer milliseconds UTC."""

from typing import Annotated, cast

from sqlalchemy import BigInteger, MetaData, String, Table
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMES = {
    "ix": "ix_%(column_0_label)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}

Id = Annotated[str, mapped_column(String(40), primary_key=True)]
Instant = Annotated[int, mapped_column(BigInteger)]


class Row(DeclarativeBase):
    """What every table row is."""

    metadata = MetaData(naming_convention=NAMES)


def plain(row: type[Row]) -> Table:
    """Return the table behind a row class, for Core statements: the unit of work costs several times as much."""
    return cast(Table, row.__table__)
