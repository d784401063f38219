"""Figures for Prometheus. What happens often is counted where it happens anyway and gathered now and then.

Nothing here names a person, a meeting or an option, and commands appear at most every five seconds: a secret poll's
turnout must not be read from a metric as it rises (S38).
"""

import hmac
import os
import threading
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead
from prometheus_client.registry import Collector

from server.documents.pool import DocumentPool
from server.domain.meeting.commands import ROOM_COMMANDS
from server.domain.refusal import Refusal
from server.service.upkeep.condition import Concern, Condition
from server.store.writer import Committed, Writer

SAMPLE_SECONDS = 5.0
SHORTEST_TOKEN = 16
_NAMES = {kind: name for name, kind in ROOM_COMMANDS.items()}


class CommandTally:
    """Counts answers on the writer's thread, in a plain dictionary."""

    def __init__(self) -> None:
        self.counts: Tally[tuple[str, str]] = Tally()

    def counting(self, announce: Callable[[Committed], None]) -> Callable[[Committed], None]:
        """Return ``announce`` with the counting behind it."""

        def announce_and_count(committed: Committed) -> None:
            announce(committed)
            for wish, answer in committed.answers:
                self.counts[_NAMES.get(type(wish.command), "other"), _result(answer)] += 1

        return announce_and_count


def _result(answer: object) -> str:
    if isinstance(answer, int):
        return "ok"
    return answer.code.value if isinstance(answer, Refusal) else "failed"


@dataclass(frozen=True, slots=True)
class Sources:
    """Where the figures of one process are counted already; ``phones`` are live connections by kind of screen."""

    tally: CommandTally
    writer: Writer
    documents: DocumentPool
    phones: Callable[[], Mapping[str, int]]


class Metrics:
    """One process's figures. With a ``folder`` they lie in files there, and any process can tell the sum of all.

    The library looks for the folder's name in PROMETHEUS_MULTIPROC_DIR when it is first imported.
    """

    def __init__(
        self, version: str, sources: Sources, folder: Path | None = None, token: Path | None = None
    ) -> None:
        self._version, self._sources, self._folder, self._token = version, sources, folder, token
        self._lock = threading.Lock()
        self._sampled_at = -SAMPLE_SECONDS
        self._known: Tally[tuple[str, str]] = Tally()
        self._commits, self._commit_seconds = 0, 0.0
        self._registry = own = CollectorRegistry()
        self._requests = Counter(
            "council_requests", "Requests by route", ("method", "route", "status"), registry=own
        )
        self._commands = Counter("council_commands", "Commands decided", ("name", "result"), registry=own)
        self._commit_count = Counter("council_commits", "Transactions of the writer", registry=own)
        self._commit_time = Counter("council_commit_seconds", "Time spent committing", registry=own)

        def gauge(name: str, text: str, *labels: str) -> Gauge:
            return Gauge(f"council_{name}", text, labels, registry=own, multiprocess_mode="livesum")

        self._phones = gauge("connections", "Live connections by kind of screen", "screen")
        self._waiting = gauge("writer_waiting", "Entries that wait for the writer")
        self._papers = gauge("documents_waiting", "Requests that wait for a press")
        self._workers = gauge("workers", "Processes that serve")
        self._memory = gauge("memory_bytes", "Resident memory of the workers")
        self._files = gauge("open_files", "Open descriptors of the workers")
        self._threads = gauge("threads", "Threads of the workers")
        self._process = psutil.Process()

    def count_request(self, method: str, route: str, status: int) -> None:
        """Count a page or form; called on native threads."""
        self._requests.labels(method, route, str(status)).inc()

    def is_token(self, given: str) -> bool:
        """Compare with the token in the file, if there is one; read anew, so that it can be changed at any time."""
        if self._token is None or not self._token.is_file():
            return False
        expected = self._token.read_text("utf-8").strip()
        return len(expected) >= SHORTEST_TOKEN and hmac.compare_digest(given.encode(), expected.encode())

    def sample(self) -> None:
        """Gather this process's figures, at most every SAMPLE_SECONDS."""
        with self._lock:
            if time.monotonic() - self._sampled_at < SAMPLE_SECONDS:
                return
            self._sampled_at = time.monotonic()
            self._gather()

    def render(self, condition: Condition | None, now: int) -> bytes:
        """Return everything in the text format; without a condition the database did not answer."""
        self.sample()
        registry = self._registry
        if self._folder is not None:
            _forget_dead(self._folder)
            registry = CollectorRegistry()
            MultiProcessCollector(registry, str(self._folder))  # type: ignore[no-untyped-call]
        whole = CollectorRegistry()
        whole.register(_Whole(self._version, condition, now))
        return generate_latest(registry) + generate_latest(whole)

    def _gather(self) -> None:
        present = self._sources.tally.counts.copy()
        for key, count in (present - self._known).items():
            self._commands.labels(*key).inc(count)
        self._known = present
        writer = self._sources.writer
        commits, seconds = writer.commits, writer.commit_seconds
        self._commit_count.inc(commits - self._commits)
        self._commit_time.inc(max(0.0, seconds - self._commit_seconds))
        self._commits, self._commit_seconds = commits, seconds
        for screen, count in self._sources.phones().items():
            self._phones.labels(screen).set(count)
        self._workers.set(1)
        self._waiting.set(writer.waiting)
        self._papers.set(self._sources.documents.waiting)
        with self._process.oneshot():
            self._memory.set(self._process.memory_info().rss)
            self._files.set(self._process.num_fds())
            self._threads.set(self._process.num_threads())


def _forget_dead(folder: Path) -> None:
    """Drop the present figures of processes that are gone; what they have counted stays."""
    for file in folder.glob("gauge_live*_*.db"):
        pid = int(file.stem.rpartition("_")[2])
        if not psutil.pid_exists(pid) and pid != os.getpid():
            mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]


class _Whole(Collector):
    """What is true of the installation as a whole, asked when somebody looks."""

    def __init__(self, version: str, condition: Condition | None, now: int) -> None:
        self._version, self._condition, self._now = version, condition, now

    def collect(self) -> Iterator[Any]:
        """Give the figures."""
        info = GaugeMetricFamily("council_info", "The program's version", labels=["version"])
        info.add_metric([self._version], 1)
        yield info
        found = self._condition
        yield GaugeMetricFamily(
            "council_database_up", "Whether the database answers", float(found is not None)
        )
        if found is None:
            return
        yield GaugeMetricFamily("council_database_bytes", "Size of the data", found.database_bytes)
        yield GaugeMetricFamily("council_disk_free_bytes", "Room left on the disk", found.free_bytes)
        held = (found.runner_until or 0) > self._now
        yield GaugeMetricFamily("council_schedule_held", "Whether a process runs the schedule", float(held))
        if found.backup_at is not None:
            age = (self._now - found.backup_at) / 1000
            yield GaugeMetricFamily("council_backup_age_seconds", "Age of the newest backup", age)
        yield from _jobs(found, self._now)
        concerns = GaugeMetricFamily("council_concern", "What is not as it should be", labels=["code"])
        for concern in Concern:
            concerns.add_metric([concern.value], float(concern in found.concerns))
        yield concerns


def _jobs(found: Condition, now: int) -> Sequence[GaugeMetricFamily]:
    age = GaugeMetricFamily("council_job_age_seconds", "Time since a job last succeeded", labels=["job"])
    failed = GaugeMetricFamily("council_job_failed", "Whether a job's last run failed", labels=["job"])
    for job in found.jobs:
        if job.succeeded_at is not None:
            age.add_metric([job.name], (now - job.succeeded_at) / 1000)
        failed.add_metric([job.name], float(job.outcome == "failed"))
    return age, failed
