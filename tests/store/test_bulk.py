"""Rows handed to the driver as they are: every column and kind of value comes back, and keys still refuse."""

import secrets

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.store.bulk import insert_many
from server.store.database import Database
from server.store.tables.meetings import BallotRow, SecretChoiceRow
from server.store.tables.registry import plain

BALLOTS, CHOICES = plain(BallotRow), plain(SecretChoiceRow)
# Not in the table's order, and with everything a driver may trip over: quotes, percent signs, colons, Chinese, null.
NAMED = {
    "seat": 3,
    "is_counted": False,
    "nonce": "100 % :poll ?1 'n'",
    "choice": "同意",
    "poll": "p",
    "received_at": 1_775_200_000_000,
    "revision": 41,
    "is_recorded": True,
}


def test_values_come_back_as_they_were(database: Database) -> None:
    silent = {**NAMED, "seat": 4, "choice": None, "received_at": None, "revision": None}
    key = secrets.token_bytes(16)
    with Session(database.writing) as session:
        insert_many(session, BALLOTS, [NAMED, silent])
        insert_many(session, CHOICES, [{"key": key, "poll": "p", "choice": "against"}])
        insert_many(session, CHOICES, [])
        session.commit()
    with database.reader() as session:
        rows = session.connection().execute(select(BALLOTS).order_by(BALLOTS.c.seat)).mappings()
        assert [dict(row) for row in rows] == [NAMED, silent]
        (choice,) = session.connection().execute(select(CHOICES)).mappings()
        assert dict(choice) == {"key": key, "poll": "p", "choice": "against"}


def test_a_second_row_of_one_key_is_refused(database: Database) -> None:
    with Session(database.writing) as session, pytest.raises(IntegrityError):
        insert_many(session, BALLOTS, [NAMED, NAMED])
