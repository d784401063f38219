"""The chained log: appended, read back, and any change to it found."""

import json
from itertools import pairwise

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.domain.meeting import events as e
from server.store.codec import canonical
from server.store.database import Database
from server.store.log import (
    NO_FORMER_ROOT,
    ChainFault,
    LogEnd,
    append,
    chain,
    read_events,
    read_lines,
    root_of,
    verify_log,
)
from server.store.merkle import leaf_hash
from server.store.tables.meetings import EventRow, MeetingRow
from tests.domain.cast import CALLED, NOON, POLLED

EVENTS: tuple[e.Event, ...] = (CALLED, *POLLED)
EMPTY = LogEnd(-1, NO_FORMER_ROOT)


@pytest.fixture
def told(database: Database) -> Database:
    """A database whose meeting m1 has a log."""
    with Session(database.writing) as session:
        rows, end = chain(EMPTY, "m1", NOON, EVENTS)
        append(session, rows)
        session.execute(
            update(MeetingRow).where(MeetingRow.id == "m1").values(last_seq=end.seq, last_hash=end.hash)
        )
        session.commit()
    return database


def verified(database: Database) -> str:
    with Session(database.reading) as session:
        return verify_log(session, "m1")


def fault(database: Database) -> int:
    """The first bad line the check names."""
    with Session(database.reading) as session, pytest.raises(ChainFault) as found:
        verify_log(session, "m1")
    assert found.value.meeting == "m1"
    return found.value.seq


def test_what_was_appended_is_read_back_in_order(told: Database) -> None:
    with told.reader() as session:
        assert read_events(session, "m1") == [(event, NOON) for event in EVENTS]
        assert read_events(session, "m1", after=5) == [(event, NOON) for event in EVENTS[6:]]
        assert read_events(session, "m2") == []


@pytest.mark.rule("S42")
def test_lines_are_numbered_from_nought_and_carry_the_hash_before() -> None:
    rows, end = chain(EMPTY, "m1", NOON, EVENTS)
    assert [row["seq"] for row in rows] == list(range(len(EVENTS)))
    assert rows[0]["prev"] == NO_FORMER_ROOT
    for before, after in pairwise(rows):
        assert after["prev"] == before["hash"] == leaf_hash(str(before["line"]))
        assert json.loads(str(after["line"]))["prev"] == before["hash"]
    assert end == LogEnd(len(EVENTS) - 1, str(rows[-1]["hash"]))


def test_a_log_grows_from_where_it_ended() -> None:
    all_at_once, _ = chain(EMPTY, "m1", NOON, EVENTS)
    first, end = chain(EMPTY, "m1", NOON, EVENTS[:3])
    rest, _ = chain(end, "m1", NOON, EVENTS[3:])
    assert first + rest == all_at_once


def test_an_untouched_log_verifies_and_its_root_is_that_of_its_lines(told: Database) -> None:
    with told.reader() as session:
        lines = read_lines(session, "m1")
    assert verified(told) == root_of(lines)
    assert len(lines) == len(EVENTS)


@pytest.mark.rule("S44")
@pytest.mark.parametrize("seq", [0, 4, len(EVENTS) - 1])
def test_a_changed_line_is_found(told: Database, seq: int) -> None:
    with Session(told.writing) as session:
        row = session.get_one(EventRow, ("m1", seq))
        row.line = row.line.replace(str(NOON), str(NOON + 1))
        session.commit()
    assert fault(told) == seq


@pytest.mark.parametrize("seq", [0, 4])
def test_a_line_changed_together_with_its_hash_is_found_at_the_next(told: Database, seq: int) -> None:
    with Session(told.writing) as session:
        row = session.get_one(EventRow, ("m1", seq))
        record = json.loads(row.line)
        record["at"] += 1
        row.line = canonical(record)
        row.hash = leaf_hash(row.line)
        session.commit()
    assert fault(told) == seq + 1


@pytest.mark.parametrize("seq", [0, 4, len(EVENTS) - 1])
def test_a_missing_line_is_found(told: Database, seq: int) -> None:
    with Session(told.writing) as session:
        session.execute(delete(EventRow).where(EventRow.meeting_id == "m1", EventRow.seq == seq))
        session.commit()
    assert fault(told) == seq


def test_a_log_that_is_gone_is_found(told: Database) -> None:
    with Session(told.writing) as session:
        session.execute(delete(EventRow))
        session.commit()
    assert fault(told) == 0


def test_two_lines_that_changed_places_are_found(told: Database) -> None:
    with Session(told.writing) as session:
        third, fourth = (session.get_one(EventRow, ("m1", seq)) for seq in (3, 4))
        third.line, fourth.line = fourth.line, third.line
        third.hash, fourth.hash = fourth.hash, third.hash
        session.commit()
    assert fault(told) == 3


@pytest.mark.rule("S44")
def test_a_whole_log_written_anew_is_found_by_the_meetings_own_mark(told: Database) -> None:
    forged, _ = chain(EMPTY, "m1", NOON + 1, EVENTS)
    with Session(told.writing) as session:
        session.execute(delete(EventRow).where(EventRow.meeting_id == "m1"))
        append(session, forged)
        session.commit()
    assert fault(told) == len(EVENTS)


def test_a_fault_can_be_caught_where_a_reader_is_open(told: Database) -> None:
    with Session(told.writing) as session:
        session.get_one(EventRow, ("m1", 2)).hash = "0" * 64
        session.commit()
    with pytest.raises(ChainFault), told.reader() as session:
        verify_log(session, "m1")


def test_a_second_writer_is_stopped_by_the_key(told: Database) -> None:
    rows, _ = chain(LogEnd(3, NO_FORMER_ROOT), "m1", NOON, [e.MeetingOpened()])
    with Session(told.writing) as session, pytest.raises(IntegrityError):
        append(session, rows)


def test_a_log_belongs_to_a_meeting(database: Database) -> None:
    rows, _ = chain(EMPTY, "m9", NOON, EVENTS)
    with Session(database.writing) as session, pytest.raises(IntegrityError):
        append(session, rows)


def test_columns_beside_the_line_say_the_same(told: Database) -> None:
    with told.reader() as session:
        for row in session.scalars(select(EventRow)):
            record = json.loads(row.line)
            assert (record["seq"], record["prev"], record["type"], record["at"]) == (
                row.seq,
                row.prev,
                row.type,
                row.at,
            )
