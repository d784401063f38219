"""One served house for the faults that need sockets, pages and HTTP at once."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.contract.hall import Hall
from tests.contract.server import RunningServer, seed

SEATS = 50
SPARE = 20  # sockets that are still being closed, threads of a pool that fills up


class House:
    """A server without its limit of commands, and meetings of fifty seats nobody used before."""

    def __init__(self, folder: Path, meetings: int) -> None:
        self.data = folder / "data"
        self.meetings: list[Any] = list(seed(self.data, meetings, SEATS)["meetings"])
        self.in_use: list[tuple[int, int, int]] = []
        self.server = RunningServer(self.data, program=(str(Path(__file__).with_name("patient_server.py")),))

    def hall(self) -> Hall:
        """A meeting at its first item, everybody there."""
        hall = Hall(self.server.house, self.meetings.pop())
        hall.begin(*range(SEATS))
        for seat in range(SEATS):
            hall.phone(seat)
        self.in_use.append(self._uses())
        return hall

    def _uses(self) -> tuple[int, int, int]:
        """Memory in kilobytes, open files and threads of the server with one hall connected."""
        process = Path("/proc", str(self.server.process.pid))
        fields = dict(line.split(":", 1) for line in (process / "status").read_text().splitlines())
        files = len(list((process / "fd").iterdir()))
        return int(fields["VmRSS"].split()[0]), files, int(fields["Threads"])


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory, cycles: Callable[[int, int], int]) -> Iterator[House]:
    ours = House(tmp_path_factory.mktemp("races"), cycles(5, 25))
    yield ours
    ours.server.stop()
    assert "Traceback" not in ours.server.printed()
    # Hundreds of races leave nothing behind (I12).
    (memory, files, threads), (memory_at_end, files_at_end, threads_at_end) = ours.in_use[0], ours.in_use[-1]
    assert memory_at_end <= 1.2 * memory
    assert files_at_end <= files + SPARE
    assert threads_at_end <= threads + SPARE
