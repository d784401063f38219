"""A room votes while others print minutes, look through lists and read public pages: what each feels of the other."""

import http.client
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path
from typing import Any
from urllib.parse import quote

from tests.load import subjects
from tests.load.figures import Figure, section
from tests.load.phones import Busy, LoadFailed
from tests.load.scenarios import Sitting, prepare

PHONES = 500
PAPERS = 10
READERS = 4
SECONDS_OF_BALLOTS = 2.0
_FIGURES = (
    Figure("quiet_p95_ms", "ballots answered, p95, nothing else to do", "ms"),
    Figure("papers_times", "… while ten minutes are printed, times as long", "×", "product", most=2),
    Figure("papers_s", "ten minutes printed beside the room: the last one after", "s"),
    Figure("lists_times", "… while four people look through lists, times as long", "×", "product", most=2),
    Figure("lists_p95_ms", "a list or a search, p95", "ms"),
    Figure("pages_times", "… while public pages are read, times as long", "×", "product", most=2),
    Figure("pages_per_second", "public pages beside the voting room", "/s"),
    Figure("pages_p99_ms", "a public page beside the voting room, p99", "ms"),
    Figure("alone_per_second", "public pages, room connected and silent", "/s"),
    Figure("alone_p99_ms", "a public page, room connected and silent, p99", "ms"),
)


def measure(rounds: int, phones: int = PHONES) -> dict[str, Any]:
    """The product alone: the relay has neither papers nor pages."""
    subjects.raise_descriptor_limit(phones)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, Busy() as busy:
        held: list[str] = []
        with subjects.served(
            Path(folder), phones, prepared=lambda data: held.extend(archive(data, PAPERS))
        ) as server:
            subject = subjects.enter(server, server.seeded["meetings"][0])
            sitting = Sitting(subject)
            try:
                sitting.arrive()
                prepare(sitting)
                found = Evening(sitting, server, held).measure(rounds)
            finally:
                sitting.crowd.leave()
    lines = [(figure, {"product": found[figure.name]}) for figure in _FIGURES]
    return section(
        "beside", f"Documents, lists and public pages beside a room of {phones}", lines, busy.share
    )


def archive(data: Path, count: int) -> list[str]:
    """Adds past meetings to a data folder nobody serves; returns their ids."""
    words = [sys.executable, "-m", "tests.load.archive", str(data), str(count)]
    made = subprocess.run(words, cwd=subjects.ROOT, stdout=subprocess.PIPE, text=True, check=False)
    if made.returncode:
        raise LoadFailed("the past meetings could not be made")
    return made.stdout.split()


def council_of(data: Path, meeting: str) -> str:
    """The council of a meeting, read beside the server."""
    store = sqlite3.connect(data / "council.sqlite", timeout=10)
    try:
        council: str = store.execute("SELECT council_id FROM meeting WHERE id = ?", (meeting,)).fetchone()[0]
    finally:
        store.close()
    return council


class Evening:
    """One room and everything that goes on beside it."""

    def __init__(self, sitting: Sitting, server: subjects.Served, held: Sequence[str]) -> None:
        self._sitting = sitting
        self._server = server
        self._held = held
        councils = [council_of(server.data, meeting) for meeting in held]
        self._lists = [
            f"/c/{council}/{page}"
            for council in councils
            for page in ("topics?q=健身", "tasks?q=健身", "meetings")
        ]
        self._pages = [f"/c/{council}/" for council in councils] + [f"/minutes/{meeting}" for meeting in held]

    def measure(self, rounds: int) -> dict[str, float]:
        """All figures by name."""
        self._p95()  # warms up
        quiet: list[float] = []
        times: dict[str, list[float]] = {"papers": [], "lists": [], "pages": []}
        printed: list[float] = []
        lists, pages = Readers(self._server.port, self._lists), Readers(self._server.port, self._pages)
        for _ in range(rounds):
            for name, work in (("papers", self._print), ("lists", lists), ("pages", pages)):
                quiet.append(self._p95())
                if name == "papers":
                    self._forget_papers()
                began = time.perf_counter()
                with Beside(work) as beside:
                    times[name].append(self._p95() / quiet[-1])
                    beside.stop.set()
                if name == "papers":
                    printed.append(time.perf_counter() - began)
        alone = Readers(self._server.port, self._pages)
        with Beside(alone) as beside:
            self._sitting.settle(3.0)
            beside.stop.set()
        return {
            "quiet_p95_ms": statistics.median(quiet),
            **{f"{name}_times": statistics.median(of) for name, of in times.items()},
            "papers_s": statistics.median(printed),
            "lists_p95_ms": lists.quantile(0.95),
            "pages_per_second": pages.per_second,
            "pages_p99_ms": pages.quantile(0.99),
            "alone_per_second": alone.per_second,
            "alone_p99_ms": alone.quantile(0.99),
        }

    def _p95(self) -> float:
        self._sitting.ballots(SECONDS_OF_BALLOTS)
        waits = sorted((phone.answered_at - phone.sent_at) * 1000 for phone in self._sitting.phones)
        return waits[int(len(waits) * 0.95)]

    def _forget_papers(self) -> None:
        store = sqlite3.connect(self._server.data / "council.sqlite", timeout=10)
        with store:
            store.execute("DELETE FROM document")
        store.close()

    def _print(self, stop: threading.Event) -> None:
        """Ten people ask for ten minutes at once."""
        del stop  # printing ends by itself

        def ask(meeting: str) -> None:
            status, _, pdf = subjects.ask(self._server.port, "GET", f"/minutes/{meeting}.pdf", seconds=120)
            if status != 200 or not pdf.startswith(b"%PDF"):
                raise LoadFailed(f"printing answered {status}")

        run_all([lambda meeting=meeting: ask(meeting) for meeting in self._held])  # type: ignore[misc]


class Readers:
    """READERS people who read one page after the other on connections of their own."""

    def __init__(self, port: int, paths: Sequence[str]) -> None:
        self._port = port
        self._paths = [quote(path, safe="/?=&") for path in paths]
        self._waits: list[float] = []
        self._seconds = 0.0

    def __call__(self, stop: threading.Event) -> None:
        """Reads until told to stop."""
        began = time.perf_counter()
        run_all([lambda first=first: self._read(first, stop) for first in range(READERS)])  # type: ignore[misc]
        self._seconds += time.perf_counter() - began

    def _read(self, first: int, stop: threading.Event) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        for path in cycle(self._paths[first:] + self._paths[:first]):
            if stop.is_set():
                break
            began = time.perf_counter()
            connection.request("GET", path)
            answer = connection.getresponse()
            answer.read()
            if answer.status != 200:
                raise LoadFailed(f"GET {path} answered {answer.status}")
            self._waits.append((time.perf_counter() - began) * 1000)
        connection.close()

    @property
    def per_second(self) -> float:
        """Pages read, of all readers together."""
        return len(self._waits) / self._seconds

    def quantile(self, part: float) -> float:
        """Milliseconds a page took at most, for this part of all."""
        return sorted(self._waits)[int(len(self._waits) * part)]


class Beside:
    """Work in a thread of its own while the room goes on; its failure is the block's failure."""

    def __init__(self, work: Callable[[threading.Event], None]) -> None:
        self.stop = threading.Event()
        self._failure: BaseException | None = None
        self._thread = threading.Thread(target=self._run, args=(work,))

    def _run(self, work: Callable[[threading.Event], None]) -> None:
        try:
            work(self.stop)
        except BaseException as failure:
            self._failure = failure

    def __enter__(self) -> "Beside":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        self._thread.join()
        if self._failure is not None:
            raise self._failure


def run_all(acts: Sequence[Callable[[], None]]) -> None:
    """Runs acts side by side and waits for all; raises the first failure."""
    failures: list[BaseException] = []

    def run(act: Callable[[], None]) -> None:
        try:
            act()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
