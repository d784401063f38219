"""F16: a backup while everybody votes holds whatever was acknowledged before it began, and stands on its own."""

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from server.cli.control import ask_server
from server.cli.keeping import restore, verify
from server.settings import Choices, read_settings
from tests.contract.hall import Hall
from tests.faults.conftest import SEATS, House
from tests.faults.oracle import check_database, check_record, recorded

BEFORE = 10  # ballots that are acknowledged before the copy is begun


class Rush:
    """Everybody votes, then people come and go at the desk until it is enough."""

    def __init__(self, hall: Hall, poll: str) -> None:
        self.told: set[int] = set()
        self.is_under_way, self._enough = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._vote, args=(hall, poll))
        self._thread.start()

    def _vote(self, hall: Hall, poll: str) -> None:
        for seat in range(SEATS):
            if hall.cast(seat, poll)["ok"]:
                self.told.add(seat + 1)
            if len(self.told) >= BEFORE:
                self.is_under_way.set()
        who = {"representative": hall.representative(0)}
        while not self._enough.is_set():
            hall.secretary.send("presence.leave", who)
            hall.secretary.send("presence.check_in", who)

    def end(self) -> None:
        self._enough.set()
        self._thread.join(30)


def test_a_backup_under_load_holds_what_was_acknowledged(
    house: House, cycles: Callable[[int, int], int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hall = house.hall()
    for turn in range(cycles(2, 50)):
        poll = hall.ask(hall.item(0))
        for seat in range(SEATS):
            hall.phone(seat)
        rush = Rush(hall, poll)
        assert rush.is_under_way.wait(30)
        before, file = set(rush.told), tmp_path / f"{turn}.backup"
        answer = ask_server(house.data, "backup", file=str(file))
        rush.end()
        assert "error" not in answer, answer
        assert f"会议 {hall.id}：议事日志完整" in verify(file)
        elsewhere = tmp_path / f"{turn}.data"
        restore(read_settings({}, Choices(data=elsewhere)), file, None)
        in_copy = {seat for seat, _ in recorded(elsewhere, poll)}
        assert before <= in_copy <= rush.told
        assert check_record(elsewhere, [hall.id]) == turn
        check_database(elsewhere)
        assert len(rush.told) == SEATS
        hall.chair.do("poll.close", {"poll": poll})
    hall.hang_up()
