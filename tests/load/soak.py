"""`run.py bench --soak MINUTES`: a room that goes on and on, with little to do at a time; is everything flat?

Every CYCLE_SECONDS phones come and go, a poll is opened, voted in and closed, pages are read and minutes printed.
Then everybody leaves, and what the server holds is counted.
"""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

from tests.load import subjects
from tests.load.beside import archive, council_of
from tests.load.lasting import threads_and_files
from tests.load.phones import LoadFailed
from tests.load.scenarios import Sitting, prepare, processor_seconds, resident_kib

PHONES, HELD = 100, 5
CYCLE_SECONDS = 20.0
MOST_MEMORY_TIMES = 1.2
WARM_PART = 0.2
SPARE_FILES = 4  # kept connections to the database and of browsers come and go


@dataclass(frozen=True, slots=True)
class Sample:
    """What the server holds when everybody has left: minutes since the start, MiB (its printers' too), counts."""

    minute: float
    memory: float
    printers: float
    threads: int
    files: int


def run(minutes: float) -> bool:
    """Runs the soak, prints the series and the verdict; True when everything stayed flat."""
    held: list[str] = []
    with (
        tempfile.TemporaryDirectory(prefix="soak-") as folder,
        subjects.served(
            Path(folder), PHONES, prepared=lambda data: held.extend(archive(data, HELD))
        ) as server,
    ):
        room = _Room(server, held)
        samples: list[Sample] = []
        began, before = time.monotonic(), time.process_time() + processor_seconds(server.process)
        print(f"{'minute':>8}{'MiB':>8}{'printers':>10}{'threads':>9}{'files':>7}", flush=True)
        while time.monotonic() - began < minutes * 60:
            due = time.monotonic() + CYCLE_SECONDS
            room.live_through(len(samples))
            samples.append(_sample(server.process, (time.monotonic() - began) / 60))
            minute, memory, printers, threads, files = astuple(samples[-1])
            print(f"{minute:8.1f}{memory:8.0f}{printers:10.0f}{threads:9}{files:7}", flush=True)
            room.rest_until(min(due, began + minutes * 60))
        spent = time.process_time() + processor_seconds(server.process) - before
        share = spent / (time.monotonic() - began)
    faults = judge(samples)
    print(f"{len(samples)} cycles; server and load client together {share:.0%} of a core")
    print("\n".join(faults) if faults else "flat: memory, threads and files")
    return not faults


def judge(samples: Sequence[Sample]) -> list[str]:
    """What was not flat, in sentences: the last tenth against what stood after warming up."""
    if len(samples) < 4:
        return ["too short to judge: let it run for two minutes at least"]
    warm = samples[max(1, int(len(samples) * WARM_PART))]
    last = samples[-max(1, len(samples) // 10) :]
    faults = []
    for name in ("memory", "printers"):
        found, former = statistics.median(getattr(one, name) for one in last), getattr(warm, name)
        if former and found > former * MOST_MEMORY_TIMES:
            faults.append(f"{name}: {former:.0f} MiB became {found:.0f} MiB")
    for name, spare in (("threads", 0), ("files", SPARE_FILES)):
        found, former = min(getattr(one, name) for one in last), getattr(warm, name)
        if found > former + spare:
            faults.append(f"{name}: {former} became {found}")
    return faults


def _sample(process: int, minute: float) -> Sample:
    threads, files = threads_and_files(process)
    children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    printers = sum(resident_kib(int(child)) for child in children) / 1024
    return Sample(minute, resident_kib(process) / 1024, printers, threads, files)


class _Room:
    """The meeting that goes on, and the pages and papers beside it."""

    def __init__(self, server: subjects.Served, held: Sequence[str]) -> None:
        self._server = server
        self._held = held
        self._sitting = Sitting(subjects.enter(server, server.seeded["meetings"][0]))
        self._pages = ["/", "/join", *(f"/minutes/{meeting}" for meeting in held)]
        self._pages += [f"/c/{council_of(server.data, meeting)}/" for meeting in held]

    def live_through(self, number: int) -> None:
        """One cycle, from the first arrival to the last leaving."""
        sitting = self._sitting
        sitting.arrive()
        if number == 0:
            prepare(sitting)
        sitting.events(2)
        sitting.ballots(2.0)
        half = sitting.phones[: PHONES // 2]
        sitting.crowd.part(half)
        sitting.crowd.arrive(sitting.subject.phones[: PHONES // 2], 1.0)
        for path in self._pages:
            self._read(path)
        if number % 3 == 0:
            self._print(self._held[number // 3 % len(self._held)])
        sitting.crowd.leave()
        time.sleep(0.5)

    def rest_until(self, due: float) -> None:
        """Nobody does anything till then."""
        time.sleep(max(0.0, due - time.monotonic()))

    def _read(self, path: str) -> bytes:
        status, _, body = subjects.ask(self._server.port, "GET", path, seconds=120)
        if status != 200:
            raise LoadFailed(f"GET {path} answered {status}")
        return body

    def _print(self, meeting: str) -> None:
        """Prints anew: what is kept would only be read."""
        store = sqlite3.connect(self._server.data / "council.sqlite", timeout=10)
        with store:
            store.execute("DELETE FROM document")
        store.close()
        if not self._read(f"/minutes/{meeting}.pdf").startswith(b"%PDF"):
            raise LoadFailed("no PDF was printed")
