"""A running server for hostile sockets: its halls, its memory, and what it wrote into its log."""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.contract.hall import Hall
from tests.contract.server import RunningServer, seed

SEATS = 10
MIB = 2**20


class LiveHouse:
    """A server whose limit of commands per session is lifted, with meetings nobody used before."""

    def __init__(self, folder: Path, meetings: int, seats: int = SEATS) -> None:
        self.printed = seed(folder / "data", meetings, seats)
        self.server = RunningServer(folder / "data", program=("-m", "tests.abuse.patient_server"))
        self._unused: Iterator[object] = iter(self.printed["meetings"])

    def hall(self) -> Hall:
        """A called meeting of one's own."""
        return Hall(self.server.house, next(self._unused))  # type: ignore[arg-type]

    def restart(self) -> None:
        """Stop as an operator does and start again at the same address."""
        port = self.server.port
        self.server.stop()
        self.server = RunningServer(self.server.data, program=("-m", "tests.abuse.patient_server"), port=port)

    def memory(self) -> int:
        """Bytes the server process holds in memory now."""
        status = Path(f"/proc/{self.server.process.pid}/status").read_text("utf-8")
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        assert found is not None
        return int(found[1]) * 1024

    def threads(self) -> int:
        """Native threads of the server process."""
        return len(list(Path(f"/proc/{self.server.process.pid}/task").iterdir()))

    def files(self) -> int:
        """Open descriptors of the server process."""
        return len(list(Path(f"/proc/{self.server.process.pid}/fd").iterdir()))

    def complaints(self) -> str:
        """What the log says of unexpected failures, empty when all is well."""
        log = self.server.printed()
        bad = [line for line in log.splitlines() if re.search(r"Traceback|Error|ERROR|Exception", line)]
        return "\n".join(bad)[:4000]
