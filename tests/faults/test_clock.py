"""F6: the machine's clock is set by an hour, by a day, to and fro: the meeting goes on as if nothing had happened."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from tests.contract.hall import Hall
from tests.contract.server import RunningServer, seed
from tests.faults.oracle import check_record

HOUR, DAY = 3_600_000, 86_400_000
CONDITIONS = (HOUR, -HOUR, DAY, -DAY, "strobe")
SEATS = 10
SOON_MS = 60_000  # the longest a run of this test may take


class OddClock:
    """A served house, its meetings, and the file that sets its clock."""

    def __init__(self, folder: Path, meetings: int) -> None:
        self.data, self.setting = folder / "data", folder / "clock"
        self.set(0)
        self.meetings: list[Any] = list(seed(self.data, meetings, SEATS)["meetings"])
        self.server = RunningServer(
            self.data, program=(str(Path(__file__).with_name("odd_clock_server.py")),),
            environment={"ODD_CLOCK": str(self.setting)},
        )  # fmt: skip

    def set(self, wrong_by: int | str) -> None:
        new = self.setting.with_suffix(".new")
        new.write_text(str(wrong_by), encoding="ascii")
        new.replace(self.setting)

    def query(self, sql: str, *values: Any) -> list[Any]:
        with closing(sqlite3.connect(self.data / "council.sqlite", timeout=10)) as connection:
            rows = connection.execute(sql, values).fetchall()
            connection.commit()
        return rows


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, cycles: Callable[[int, int], int]) -> Iterator[OddClock]:
    house = OddClock(tmp_path_factory.mktemp("clock"), cycles(1, 8) * len(CONDITIONS))
    yield house
    house.server.stop()


@pytest.mark.parametrize("wrong_by", CONDITIONS)
def test_a_meeting_does_not_notice_a_clock_that_is_set(
    odd: OddClock, wrong_by: int | str, cycles: Callable[[int, int], int]
) -> None:
    for _ in range(cycles(1, 8)):
        hall = Hall(odd.server.house, odd.meetings.pop())
        try:
            sit_through(odd, hall, wrong_by)
        finally:
            odd.set(0)
            hall.hang_up()
    log = odd.server.printed()
    assert "Traceback" not in log
    assert ("clock.anomaly" in log) or wrong_by == "strobe"


def sit_through(odd: OddClock, hall: Hall, wrong_by: int | str) -> None:
    """Half a poll by the right clock, half of it by the wrong one."""
    poll = hall.poll(*range(7))
    projector = hall.projector
    assert hall.cast(0, poll)["ok"]
    expired = hall.seats[8]["ticket"]
    card = "UPDATE ticket SET expires_at = ? WHERE representative_id = ?"
    odd.query(card, now() - 60_000, hall.representative(8))
    before = now()
    odd.set(wrong_by)
    for seat in range(1, 7):
        assert hall.cast(seat, poll)["ok"]
    # The wall sees it as soon as ever, whatever the clock says.
    projector.until(lambda panels: panels["poll"]["cast"] == 7, seconds=5)
    assert hall.cast(6, poll, nonce="another")["refusal"]["code"] == "ALREADY_VOTED"
    version = hall.chair.do("poll.close", {"poll": poll})
    assert hall.chair.until_version(version)["result"]["tally"] == {"for": 7, "against": 0, "abstain": 0}
    check_deadline(hall, before)
    # A valid card opens the door, one that has run out does not come back to life.
    assert odd.server.house.post_json("/join", {"ticket": hall.seats[7]["ticket"]}).status == 303
    assert "TICKET_EXPIRED" in odd.server.house.post_json("/join", {"ticket": expired}).text
    assert check_record(odd.data, [hall.id]) == 1
    instants = [at for (at,) in odd.query("SELECT at FROM event WHERE meeting_id = ? ORDER BY seq", hall.id)]
    assert all(earlier <= later for earlier, later in pairwise(instants))
    assert all(abs(at - before) < SOON_MS for at in instants)


def check_deadline(hall: Hall, before: int) -> None:
    """Who gets the floor has the usual minutes, neither a day nor less than none."""
    hall.chair.do("queue.open")
    hall.phone(0).do("floor.request", {"stance": "for"})
    version = hall.chair.do("floor.grant")
    deadline = hall.chair.until_version(version)["floor"]["deadline"]
    assert 0 < deadline - before < 10 * 60_000 + SOON_MS
    hall.chair.do("floor.yield")


def now() -> int:
    return time.time_ns() // 1_000_000
