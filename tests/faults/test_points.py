"""F2: death at six named points of a transaction, each reached and each survived."""

import random
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.faults.crowd import Crowd
from tests.faults.ground import Room, prepare
from tests.faults.hall_process import HallProcess
from tests.faults.oracle import History, check_database, check_record, judge
from tests.faults.points import DIED_HERE, POINTS, Death

SEATS = 60
LATEST_VISIT = 8  # a hall dies at most so many visits after the poll was opened
CYCLES_PER_MEETING = 10


@pytest.mark.timeout(600)
@pytest.mark.parametrize("point", POINTS)
def test_death_at_a_named_point_loses_nothing(
    point: str, cycles: Callable[[int, int], int], tmp_path: Path
) -> None:
    count = cycles(10, 50)
    data = tmp_path / "data"
    chance = random.Random(POINTS.index(point))
    hall, lost_answers = None, 0
    for room in prepare(data, count // CYCLES_PER_MEETING, SEATS):
        history = History()
        for number in range(1, CYCLES_PER_MEETING + 1):
            crowd = Crowd(room, history, number)
            visit = chance.randint(1, LATEST_VISIT)
            hall, unheard = die_at(
                data, crowd, Death(point, visit, tmp_path / f"{room.meeting}.{number}"), hall
            )
            lost_answers += unheard
        check_database(data)
        assert check_record(data, [room.meeting]) == CYCLES_PER_MEETING
        assert len(history.acknowledged) == CYCLES_PER_MEETING * (SEATS - 1)
    if hall is not None:
        hall.stop()
    # Only between the commit and the acknowledgement is there something kept that nobody was told.
    assert (lost_answers > 0) == (point == "before acknowledgement")


def die_at(data: Path, crowd: Crowd, death: Death, former: HallProcess | None) -> tuple[HallProcess, int]:
    """One poll with a death at a point; returns the next hall and how many ballots were kept but not acknowledged."""
    hall = former or HallProcess(data)
    poll = crowd.open_poll(hall)
    hall.stop()
    doomed = HallProcess(data, death)
    crowd.vote_until(doomed, poll, partial(bool, False))
    crowd.note_all(doomed.bury().items())
    assert doomed.process.exitcode == DIED_HERE
    assert len(death.counter.read_bytes()) == death.visit, "the point was reached as often as was counted"
    verdict = judge(data, crowd.history, crowd.room.meeting)
    assert not verdict.faults
    hall = HallProcess(data)
    crowd.settle(hall, poll)
    crowd.close_poll(hall, poll)
    assert not judge(data, crowd.history, crowd.room.meeting).faults
    return hall, len(verdict.recovered)


@pytest.mark.rule("S15")
def test_the_room_stands_as_before_the_transaction_that_died(tmp_path: Path) -> None:
    """What was written before the COMMIT is gone with it: the log's end, the revision and the box agree."""
    data = tmp_path / "data"
    room: Room = prepare(data, 1, 10)[0]
    for point in ("after insert", "after event", "before COMMIT"):
        history = History()
        doomed = HallProcess(data, Death(point, 1, tmp_path / point))
        # One transaction with an event and a ballot: the poll is opened and the first vote is cast at once.
        wishes = [room.opens(), room.casts(1, room.poll(1), "for")]
        assert doomed.ask(wishes) == {}
        doomed.bury()
        assert doomed.process.exitcode == DIED_HERE
        assert not judge(data, history, room.meeting).faults
        assert check_record(data, [room.meeting]) == 0
