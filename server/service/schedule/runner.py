"""The runner: a native thread in every process, of which the one with the lease starts what is due."""

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from server.service.clock import Clock
from server.service.ids import new_id
from server.service.schedule.jobs import Job, JobFailed, Outcome, begin_if_due, finish
from server.service.schedule.lease import give_up_lease, take_lease
from server.store.writer import Unit, Writer

log = logging.getLogger(__name__)
T = TypeVar("T")
TICK_SECONDS = 10.0
WRITE_SECONDS = 15.0


class Scheduler:
    """Renews the lease at every tick and runs due jobs one after another, beside the ticks.

    Everything it writes goes through the process's one writer; a database that does not answer is met again at the
    next tick. ``on_tick`` is called at every tick in every process, whoever holds the lease.
    """

    def __init__(
        self,
        writer: Writer,
        clock: Clock,
        jobs: Sequence[Job],
        on_tick: Callable[[], None] = lambda: None,
    ) -> None:
        self.holder = new_id()
        self._writer = writer
        self._clock = clock
        self._jobs = tuple(jobs)
        self._on_tick = on_tick
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._running: threading.Thread | None = None

    def start(self) -> None:
        """Start the thread."""
        self._thread = threading.Thread(target=self._go_round, name="schedule", daemon=True)
        self._thread.start()

    def close(self, wait_seconds: float = 5.0) -> None:
        """Stop ticking, give a running job a moment, and give up the lease; before the writer is closed."""
        self._stop.set()
        if self._thread is None:
            return
        for thread in (self._thread, self._running):
            if thread is not None:
                thread.join(wait_seconds)
        self._carefully(lambda: self._submit(lambda unit: give_up_lease(unit, self.holder)))

    def tick(self) -> bool:
        """Renew or take the lease, start what is due, and tell whether this process holds the lease."""
        idle = self._running is None or not self._running.is_alive()
        held, due = self._submit(lambda unit: self._look(unit, idle=idle))
        if due:
            self._running = threading.Thread(target=self._run_all, args=(due,), name="jobs", daemon=True)
            self._running.start()
        return held

    def wait(self, seconds: float = 60.0) -> None:
        """Wait until the jobs started by the last tick are done."""
        if self._running is not None:
            self._running.join(seconds)

    def _look(self, unit: Unit, *, idle: bool) -> tuple[bool, list[Job]]:
        now = self._clock()
        if not take_lease(unit, self.holder, now):
            return False, []
        return True, [job for job in self._jobs if begin_if_due(unit, job, now)] if idle else []

    def _go_round(self) -> None:
        while not self._stop.is_set():
            self._carefully(self._on_tick)
            self._carefully(self.tick)
            self._stop.wait(TICK_SECONDS)

    def _run_all(self, due: Sequence[Job]) -> None:
        for job in due:
            if self._stop.is_set():
                self._carefully(partial(self._note, job, "failed", "服务停止时还没有轮到。"))
            else:
                self._carefully(partial(self._run, job))

    def _run(self, job: Job) -> None:
        outcome: Outcome = "done"
        try:
            words = job.run(self._clock())
        except JobFailed as failed:
            outcome, words = "failed", str(failed)
        except Exception as error:
            # The text may hold what was read or written; only the kind is kept.
            outcome, words = "failed", f"出错了（{type(error).__name__}）。"
        if outcome == "failed":
            log.error("the job %s failed", job.name)
        self._note(job, outcome, words)

    def _note(self, job: Job, outcome: Outcome, words: str) -> None:
        self._submit(lambda unit: finish(unit, job, self._clock(), outcome, words))

    def _submit(self, run: Callable[[Unit], T]) -> T:
        """Write and wait; what did not come to its turn in time is taken back."""
        future: Future[T] = self._writer.submit(run)
        try:
            return future.result(WRITE_SECONDS)
        finally:
            future.cancel()

    def _carefully(self, act: Callable[[], object]) -> None:
        """Go on whatever happens: tomorrow's backup must not fail because the database was away today."""
        try:
            act()
        except Exception as error:
            log.error("the schedule stumbled: %s", type(error).__name__)
