"""The box of a poll: one seat, one ballot; a secret choice stands apart from who took part."""

from collections.abc import Mapping
from dataclasses import replace

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.meeting.state import Ballot
from server.store.ballots import (
    confirm_ballot,
    count_secret_choices,
    insert_ballots,
    read_box,
    read_superseded,
    supersede_ballot,
)
from server.store.database import Database
from server.store.tables.meetings import BallotRow, SecretChoiceRow
from tests.domain.cast import ballot

SECRET = frozenset({"secret"})


def put_in(database: Database, poll: str, choices: Mapping[int, str]) -> None:
    with Session(database.writing) as session:
        insert_ballots(
            session, [(poll, ballot(seat, None), choice) for seat, choice in choices.items()], SECRET
        )
        session.commit()


def test_a_named_ballot_comes_back_as_it_was_cast(database: Database) -> None:
    cast = ballot(3, "against", "n3", revision=41)
    recorded = ballot(4, "for", "n4", is_recorded=True, is_counted=False)
    with Session(database.writing) as session:
        insert_ballots(session, [("open", cast, "against"), ("open", recorded, "for")], SECRET)
        session.commit()
    with database.reader() as session:
        assert read_box(session, "open") == {3: cast, 4: recorded}
        assert read_box(session, "other") == {}


def test_a_record_counts_once_it_is_confirmed(database: Database) -> None:
    records = {seat: ballot(seat, "for", is_recorded=True, is_counted=False) for seat in (1, 2)}
    with Session(database.writing) as session:
        insert_ballots(session, [("open", one, "for") for one in records.values()], SECRET)
        confirm_ballot(session, "open", 1)
        session.commit()
    with database.reader() as session:
        assert read_box(session, "open") == {1: replace(records[1], is_counted=True), 2: records[2]}


@pytest.mark.rule("R66")
def test_a_changed_ballot_leaves_the_box_and_stays_on_file(database: Database) -> None:
    first, second = ballot(3, "for", "n3", revision=4), ballot(3, "against", "m3", revision=9)
    with Session(database.writing) as session:
        insert_ballots(session, [("open", first, "for")], SECRET)
        supersede_ballot(session, "open", first)
        insert_ballots(session, [("open", second, "against")], SECRET)
        session.commit()
    with database.reader() as session:
        assert read_box(session, "open") == {3: second}
        assert read_superseded(session, "open") == {(3, "n3"): 4}
        assert read_superseded(session, "other") == {}


@pytest.mark.rule("S17")
@pytest.mark.parametrize("poll", ["open", "secret"])
def test_a_seat_has_one_ballot_whatever_the_program_thinks(database: Database, poll: str) -> None:
    put_in(database, poll, {1: "for"})
    with pytest.raises(IntegrityError):
        put_in(database, poll, {2: "for", 1: "against"})
    with database.reader() as session:
        assert set(read_box(session, poll)) == {1}
        assert sum(count_secret_choices(session, "secret").values()) == (poll == "secret")


@pytest.mark.rule("S27")
def test_a_secret_ballot_says_only_that_the_seat_took_part(database: Database) -> None:
    put_in(database, "secret", {1: "for", 2: "against", 3: "for"})
    with database.reader() as session:
        rows = session.scalars(select(BallotRow)).all()
        assert [(row.seat, row.choice, row.received_at, row.revision) for row in rows] == [
            (1, None, None, None),
            (2, None, None, None),
            (3, None, None, None),
        ]
        assert read_box(session, "secret")[1] == Ballot(1, None, "n1", 0, 0)
        assert count_secret_choices(session, "secret") == {"for": 2, "against": 1}


@pytest.mark.rule("S27")
def test_a_secret_choice_has_no_seat_time_or_order(database: Database) -> None:
    put_in(database, "secret", {seat: "for" if seat <= 50 else "against" for seat in range(1, 101)})
    with database.reader() as session:
        columns = {column["name"] for column in inspect(session.connection()).get_columns("secret_choice")}
        choices = session.scalars(select(SecretChoiceRow.choice).order_by(SecretChoiceRow.key)).all()
        keys = session.scalars(select(SecretChoiceRow.key)).all()
    assert columns == {"key", "poll", "choice"}
    assert len(set(keys)) == 100
    # In the order they were cast the first fifty would be alike; by random keys they are not.
    assert 10 < choices[:50].count("for") < 40


@pytest.mark.rule("S28")
def test_no_table_of_ballots_keeps_the_order_of_arrival(sqlite: Database) -> None:
    with sqlite.reader() as session:
        tables = session.execute(
            text("SELECT name, sql FROM sqlite_master WHERE name IN ('ballot', 'secret_choice', 'answer')")
        ).all()
    assert len(tables) == 3
    assert [name for name, sql in tables if "WITHOUT ROWID" not in sql] == []
