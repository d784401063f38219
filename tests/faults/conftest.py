"""One served house for the faults that need sockets, pages and HTTP at once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.hall import Hall
from tests.contract.server import RunningServer, seed

SEATS = 50


class House:
    """A server without its limit of commands, and meetings of fifty seats nobody used before."""

    def __init__(self, folder: Path, meetings: int) -> None:
        self.data = folder / "data"
        self.meetings: list[Any] = list(seed(self.data, meetings, SEATS)["meetings"])
        self.server = RunningServer(self.data, program=(str(Path(__file__).with_name("patient_server.py")),))

    def hall(self) -> Hall:
        """A meeting at its first item, everybody there."""
        hall = Hall(self.server.house, self.meetings.pop())
        hall.begin(*range(SEATS))
        return hall


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, cycles: Callable[[int, int], int]) -> Iterator[House]:
    ours = House(tmp_path_factory.mktemp("races"), cycles(5, 25))
    yield ours
    ours.server.stop()
    assert "Traceback" not in ours.server.printed()
