"""Jobs run when they are due, once for the whole installation, and one that fails stops no other."""

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.orm import Session

from server.service.schedule.jobs import (
    LONGEST_RUN_MS,
    RETRY_MS,
    Job,
    JobFailed,
    JobHealth,
    read_job_health,
)
from server.service.schedule.lease import LEASE_MS, Lease, read_lease
from server.service.schedule.runner import Scheduler
from server.store.database import Database, open_database
from server.store.migrations import migrate
from server.store.writer import Writer
from tests.pages.house import Clock

NOW = 1_775_610_000_000
HOUR = 3_600_000


class Process:
    """One process of the installation: a writer and a runner on the shared database."""

    def __init__(self, url: str, clock: Clock, jobs: list[Job]) -> None:
        self.database = open_database(url)
        self.writer = Writer(self.database, lambda unit, wishes: [], lambda committed: None)
        self.writer.start()
        self.schedule = Scheduler(self.writer, clock, jobs)

    def tick(self) -> bool:
        """One tick, with its jobs carried out."""
        held = self.schedule.tick()
        self.schedule.wait()
        return held

    def die(self) -> None:
        """End without giving anything up."""
        self.writer.close()
        self.database.close()


@pytest.fixture
def clock() -> Clock:
    return Clock(NOW)


@pytest.fixture
def start(url: str, clock: Clock) -> Iterator[Callable[[list[Job]], Process]]:
    """Start processes on one migrated database."""
    database = open_database(url)
    migrate(database)
    database.close()
    started: list[Process] = []

    def start_one(jobs: list[Job]) -> Process:
        started.append(Process(url, clock, jobs))
        return started[-1]

    yield start_one
    for process in started:
        process.die()


def health(database: Database) -> dict[str, JobHealth]:
    with database.reader() as session:
        return {job.name: job for job in read_job_health(session)}


def lease(database: Database) -> Lease | None:
    with Session(database.reading) as session:
        return read_lease(session)


def noting(name: str, notes: list[str], period_ms: int = HOUR) -> Job:
    def run(now: int) -> str:
        notes.append(name)
        return f"{name}好了。"

    return Job(name, period_ms, run, first_after_ms=0)


def test_a_job_runs_at_first_sight_of_its_time_and_then_every_period(
    start: Callable[[list[Job]], Process], clock: Clock
) -> None:
    notes: list[str] = []
    process = start([Job("later", HOUR, lambda now: "", first_after_ms=60_000), noting("now", notes)])
    assert process.tick()
    assert process.tick()
    assert notes == ["now"]
    known = health(process.database)
    assert known["later"] == JobHealth("later", NOW + 60_000, None, None, None, "")
    assert known["now"] == JobHealth("now", NOW + HOUR, NOW, NOW, "done", "now好了。")
    clock.now += HOUR
    process.tick()
    assert notes == ["now", "now"]
    assert health(process.database)["later"].succeeded_at == NOW + HOUR


def test_of_two_processes_one_runs_the_jobs_and_the_other_takes_over_after_expiry(
    start: Callable[[list[Job]], Process], clock: Clock
) -> None:
    notes: list[str] = []
    first, second = start([noting("first", notes, 1000)]), start([noting("second", notes, 1000)])
    assert first.tick()
    assert not second.tick()
    clock.now += LEASE_MS - 1
    assert first.tick()  # renewed
    clock.now += LEASE_MS - 1
    assert not second.tick()
    assert notes == ["first", "first"]
    clock.now += 1  # nobody renewed in time
    assert second.tick()
    assert not first.tick()
    assert notes == ["first", "first", "second"]


def test_processes_that_begin_together_never_both_hold_the_lease(
    start: Callable[[list[Job]], Process],
) -> None:
    processes = [start([]) for _ in range(4)]
    together = threading.Barrier(4)
    held: list[bool] = []

    def begin(process: Process) -> None:
        together.wait(10)
        held.append(process.schedule.tick())

    threads = [threading.Thread(target=begin, args=(process,)) for process in processes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(held) == [False, False, False, True]


def test_a_process_that_ends_in_order_hands_over_at_once(start: Callable[[list[Job]], Process]) -> None:
    first, second = start([]), start([])
    first.schedule.start()
    while lease(second.database) is None:
        time.sleep(0.01)
    assert not second.tick()
    first.schedule.close()
    assert second.tick()
    taken = lease(second.database)
    assert taken is not None
    assert (taken.holder, taken.until) == (second.schedule.holder, NOW + LEASE_MS)


def test_a_job_that_raises_is_noted_without_its_text_and_stops_no_other(
    start: Callable[[list[Job]], Process], clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(now: int) -> str:
        raise ValueError("周文的选择是赞成")

    def give_up(now: int) -> str:
        raise JobFailed("磁盘写不进去。")

    notes: list[str] = []
    process = start([Job("a", HOUR, fail, 0), Job("b", HOUR, give_up, 0), noting("c", notes)])
    process.tick()
    known = health(process.database)
    assert (known["a"].outcome, known["a"].words) == ("failed", "出错了（ValueError）。")
    assert (known["b"].outcome, known["b"].words) == ("failed", "磁盘写不进去。")
    assert known["a"].next_at == NOW + RETRY_MS
    assert notes == ["c"]
    assert "周文" not in caplog.text
    assert "the job a failed" in caplog.text


def test_a_job_may_be_tried_again_at_its_own_pace(
    start: Callable[[list[Job]], Process], clock: Clock
) -> None:
    def give_up(now: int) -> str:
        raise JobFailed("没有读完。")

    process = start([Job("a", 24 * HOUR, give_up, 0, HOUR)])
    process.tick()
    assert health(process.database)["a"].next_at == NOW + HOUR


def test_a_job_whose_process_died_is_run_again_within_the_hour(
    start: Callable[[list[Job]], Process], clock: Clock
) -> None:
    begun, going_on = threading.Event(), threading.Event()

    def hang(now: int) -> str:
        begun.set()
        going_on.wait(30)
        return ""

    first = start([Job("long", 24 * HOUR, hang, 0)])
    assert first.schedule.tick()
    assert begun.wait(10)
    notes: list[str] = []
    second = start([noting("long", notes, 24 * HOUR)])
    clock.now += LEASE_MS
    assert second.tick()
    assert notes == []  # it may still be running over there
    assert health(second.database)["long"].outcome == "running"
    clock.now += LONGEST_RUN_MS
    assert second.tick()
    assert notes == ["long"]
    going_on.set()
    first.schedule.wait()


def test_a_tick_while_a_job_runs_renews_the_lease_and_starts_nothing(
    start: Callable[[list[Job]], Process], clock: Clock
) -> None:
    going_on = threading.Event()
    notes: list[str] = []
    process = start([Job("long", HOUR, lambda now: str(going_on.wait(30)), 0), noting("other", notes, 1000)])
    assert process.schedule.tick()
    clock.now += 20_000
    assert process.schedule.tick()
    renewed = lease(process.database)
    assert renewed is not None
    assert renewed.until == clock.now + LEASE_MS
    assert notes == []
    going_on.set()
    process.schedule.wait()
    assert notes == ["other"]


def test_a_clock_that_goes_back_neither_keeps_the_lease_nor_the_jobs_for_years(
    start: Callable[[list[Job]], Process], clock: Clock
) -> None:
    notes: list[str] = []
    clock.now += 1000 * 24 * HOUR  # the laptop's battery is empty, its clock is anywhere
    start([noting("a", notes)]).tick()
    clock.now = NOW
    assert start([noting("b", notes), noting("a", notes)]).tick()
    assert notes == ["a", "b", "a"]


def test_the_thread_goes_on_when_the_database_was_away(
    start: Callable[[list[Job]], Process], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.service.schedule.runner.TICK_SECONDS", 0.01)
    done = threading.Event()

    def run(now: int) -> str:
        done.set()
        return ""

    process = start([Job("a", HOUR, run, 0)])
    submit, failures = process.writer.submit, iter([OSError("away"), OSError("away")])

    def submit_later(run: object) -> object:
        for failure in failures:
            raise failure
        return submit(run)  # type: ignore[arg-type]

    monkeypatch.setattr(process.writer, "submit", submit_later)
    process.schedule.start()
    assert done.wait(10)
    process.schedule.close()
