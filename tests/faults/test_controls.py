"""Negative controls: on each of these halls the oracle fails, so its silence elsewhere means something."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from server.domain.meeting import commands as c
from server.store.log import ChainFault
from tests.faults import flaws
from tests.faults.crowd import Crowd
from tests.faults.ground import Room, prepare
from tests.faults.hall_process import Hall, HallProcess
from tests.faults.oracle import History, Verdict, check_record, judge

SEATS = 40


def killed_while_voting(data: Path, room: Room, flaw: Callable[[Hall], None] | None) -> Verdict:
    """Kill a hall after twenty answers, let everybody without an answer ask again, and judge."""
    history = History()
    crowd = Crowd(room, history)
    hall = HallProcess(data, flaw)
    poll = crowd.open_poll(hall)
    crowd.vote_until(hall, poll, lambda: len(history.acknowledged) >= 20)
    crowd.note_all(hall.kill().items())
    before = judge(data, history, room.meeting)
    if before.faults:
        return before
    hall = HallProcess(data, flaw)
    crowd.settle(hall, poll)
    hall.kill()
    return judge(data, history, room.meeting)


@pytest.mark.parametrize(
    ("flaw", "found"),
    [
        (None, None),
        (flaws.answers_before_the_commit, "lost"),
        (flaws.has_no_unique_key, "duplicated"),
    ],
)
def test_the_oracle_finds_what_a_kill_shows(
    flaw: Callable[[Hall], None] | None, found: str | None, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    verdict = killed_while_voting(data, prepare(data, 1, SEATS)[0], flaw)
    assert (found in verdict.faults) if found else not verdict.faults, verdict.faults


@pytest.mark.parametrize("flaw", [None, flaws.does_not_lock_the_poll])
def test_the_oracle_finds_a_ballot_after_the_close(
    flaw: Callable[[Hall], None] | None, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    room = prepare(data, 1, SEATS)[0]
    one, other = HallProcess(data, flaw), HallProcess(data, flaw)
    poll = room.poll(1)
    one.ask([room.opens()])
    for hall, seat in ((one, 1), (other, 2)):  # both know the open poll
        assert set(map(type, hall.ask([room.casts(seat, poll, "for")]).values())) == {int}
    one.ask([room.chair_wishes(c.ClosePoll(poll))])
    late = other.ask([room.casts(3, poll, "for")])
    one.stop()
    other.stop()
    if flaw is None:
        assert list(late.values()) == ["POLL_NOT_OPEN"]
        assert check_record(data, [room.meeting]) == 1
    else:
        assert set(map(type, late.values())) == {int}, "it was acknowledged, and is in no tally"
        with pytest.raises((AssertionError, ChainFault)):
            check_record(data, [room.meeting])


@pytest.mark.parametrize("flaw", [None, flaws.orders_by_the_clock])
def test_the_oracle_finds_an_order_by_the_clock(flaw: Callable[[Hall], None] | None, tmp_path: Path) -> None:
    """The poll was closed by a clock an hour slow: by time it was never open before it was closed."""
    data = tmp_path / "data"
    room = prepare(data, 1, SEATS)[0]
    hall = HallProcess(data)
    hall.ask([room.opens()])
    hall.ask([room.chair_wishes(c.ClosePoll(room.poll(1)))])
    hall.stop()
    with closing(sqlite3.connect(data / "council.sqlite")) as connection:
        last = "SELECT max(seq) FROM event"
        connection.execute(f"UPDATE event SET line = replace(line, at, at - 3600000) WHERE seq = ({last})")
        connection.execute(f"UPDATE event SET at = at - 3600000 WHERE seq = ({last})")
        connection.commit()
    hall = HallProcess(data, flaw)
    answers = list(hall.ask([room.casts(1, room.poll(1), "for")]).values())
    hall.stop()
    assert (answers == ["POLL_NOT_OPEN"]) == (flaw is None), answers
