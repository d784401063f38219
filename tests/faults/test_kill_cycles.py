"""F1: a hundred SIGKILLs of a hall that is voting; after each nothing is lost, unexpected or counted twice."""

import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.faults.crowd import Crowd
from tests.faults.ground import prepare
from tests.faults.hall_process import HallProcess
from tests.faults.oracle import History, check_database, check_record, judge

SEATS = 160
# One log holds so many cycles; a meeting with a hundred polls would measure the reading of its log.
CYCLES_PER_MEETING = 10
SETTLED_SECONDS = 10  # whoever got no answer knows within this time (I4)
SHORTEST, LONGEST = 0.03, 0.25  # seconds from the first ballot to the kill


@pytest.mark.timeout(600)
def test_no_kill_loses_or_doubles_anything(cycles: Callable[[int, int], int], tmp_path: Path) -> None:
    count = cycles(100, 1000)
    data = tmp_path / "data"
    chance = random.Random(7)
    known = recovered = struck = 0
    hall = None
    for room in prepare(data, count // CYCLES_PER_MEETING, SEATS):
        history = History()
        for number in range(1, CYCLES_PER_MEETING + 1):
            crowd = Crowd(room, history, number)
            hall, unanswered, kept = die_and_rise(data, crowd, hall or HallProcess(data), chance)
            struck += unanswered > 0
            recovered += kept
        check_database(data)
        assert check_record(data, [room.meeting]) == CYCLES_PER_MEETING
        known += len(history.acknowledged)
    if hall is not None:
        hall.stop()
    assert known == count * (SEATS - 1), "everybody voted once and knows it"
    assert struck > count / 2, "hardly a kill met anything under way: the kills proved little"
    assert recovered, "no ballot was kept whose answer was cut off"


def die_and_rise(
    data: Path, crowd: Crowd, hall: HallProcess, chance: random.Random
) -> tuple[HallProcess, int, int]:
    """One poll with a death in the middle.

    Returns the next hall, how many wishes had no answer at the death, and how many ballots were kept all the same.
    """
    poll = crowd.open_poll(hall)
    deadline = time.monotonic() + chance.uniform(SHORTEST, LONGEST)
    crowd.vote_until(hall, poll, lambda: time.monotonic() > deadline)
    crowd.note_all(hall.kill().items())
    unanswered = len(crowd.under_way)
    verdict = judge(data, crowd.history, crowd.room.meeting)
    assert not verdict.faults
    hall = HallProcess(data)
    assert crowd.settle(hall, poll) < SETTLED_SECONDS
    crowd.close_poll(hall, poll)
    assert not judge(data, crowd.history, crowd.room.meeting).faults
    return hall, unanswered, len(verdict.recovered)
