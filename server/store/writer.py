"""The one writer: a native thread that takes what waits, commits it together and only then answers (DESIGN §3)."""

import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from sqlalchemy.orm import Session

from server.store.database import Database, Reading
from server.store.failures import CommitUnknown, as_told, is_away, is_undone

log = logging.getLogger(__name__)
T = TypeVar("T")
LARGEST_BATCH = 512
LOOK_SECONDS = 5.0
# How long to wait before a transaction that was undone for another's sake is tried again, and again.
PAUSES = (0.0, 0.02, 0.1, 0.3)


@dataclass(slots=True)
class Unit:
    """One transaction: its session, last writes before the commit, and what to announce and keep after it.

    ``work`` is scratch space for whoever takes part; it is gone after a rollback.
    """

    session: Session
    before_commit: list[Callable[[], None]] = field(default_factory=list)
    on_commit: list[Callable[[], None]] = field(default_factory=list)
    announcements: list[Any] = field(default_factory=list)
    work: dict[Any, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Job(Generic[T]):
    """A piece of office work with a Future for the page that waits for it."""

    run: Callable[[Unit], T]
    future: Future[T]


@dataclass(slots=True)
class _Look(Generic[T]):
    """A reading between two transactions."""

    run: Callable[[Reading], T]
    future: Future[T]


@dataclass(frozen=True, slots=True)
class _Burst:
    """Wishes that were read together."""

    wishes: Sequence[Any]


@dataclass(frozen=True, slots=True)
class Committed:
    """What one commit settled: answers to wishes (an exception where one failed), and announcements."""

    answers: Sequence[tuple[Any, Any]]
    announcements: Sequence[Any]


@dataclass(slots=True)
class _Settled:
    """What a commit leaves to be told."""

    jobs: list[tuple[_Job[Any], Any]] = field(default_factory=list)
    answers: list[tuple[Any, Any]] = field(default_factory=list)
    on_commit: list[Callable[[], None]] = field(default_factory=list)
    announcements: list[Any] = field(default_factory=list)


class Writer:
    """Drains wishes and jobs through one transaction at a time.

    ``carry_out(unit, wishes)`` decides a batch of live wishes and returns one answer for each;
    ``announce(committed)`` is called on the writer's thread after every commit. Neither may block.
    """

    def __init__(
        self,
        database: Database,
        carry_out: Callable[[Unit, Sequence[Any]], Sequence[Any]],
        announce: Callable[[Committed], None],
    ) -> None:
        self._database = database
        self._carry_out = carry_out
        self._announce = announce
        self._queue: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._stop = object()
        # Read from other threads for figures; written by the writer's alone.
        self.commits = 0
        self.commit_seconds = 0.0

    @property
    def waiting(self) -> int:
        """How many entries wait, roughly."""
        return self._queue.qsize()

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Finish what waits, then end the thread."""
        self._queue.put(self._stop)
        self._thread.join()

    def submit(self, run: Callable[[Unit], T]) -> Future[T]:
        """Queue office work; the Future holds its result once committed. It may be run twice after a failure."""
        future: Future[T] = Future()
        self._queue.put(_Job(run, future))
        return future

    def look(self, run: Callable[[Reading], T]) -> Future[T]:
        """Queue a reading of one snapshot, between two transactions on this thread: it locks nothing."""
        future: Future[T] = Future()
        self._queue.put(_Look(run, future))
        return future

    def wish(self, wish: Any) -> None:
        """Queue a live wish; its answer comes with the announcement of its commit."""
        self._queue.put(wish)

    def wish_all(self, wishes: Sequence[Any]) -> None:
        """Queue several live wishes in order, with one wake-up."""
        self._queue.put(_Burst(wishes))

    def _run(self) -> None:
        running = True
        while running:
            batch = _single(self._queue.get())
            while len(batch) < LARGEST_BATCH:
                try:
                    batch += _single(self._queue.get_nowait())
                except queue.Empty:
                    break
            if self._stop in batch:
                running = False
                batch = [entry for entry in batch if entry is not self._stop]
            # A page that gave up waiting takes its job back; from here on it cannot any more.
            wanted = [
                entry
                for entry in batch
                if not isinstance(entry, _Job | _Look) or entry.future.set_running_or_notify_cancel()
            ]
            looks = [entry for entry in wanted if isinstance(entry, _Look)]
            if looks:
                wanted = [entry for entry in wanted if not isinstance(entry, _Look)]
                for entry in looks:
                    self._look(entry)
            if wanted:
                self._settle(wanted)

    def _look(self, look: _Look[Any]) -> None:
        try:
            with self._database.reader(LOOK_SECONDS) as session:
                found = look.run(session)
        except Exception as error:
            look.future.set_exception(error)
        else:
            look.future.set_result(found)

    def _settle(self, batch: list[Any]) -> None:
        """Commit a batch; after a failure try its entries one by one, so that one spoils no other.

        A database that does not answer is no entry's fault: all of them are told so at once.
        """
        try:
            settled = self._commit_again(batch)
        except Exception as error:
            wishes = [entry for entry in batch if not isinstance(entry, _Job)]
            is_unknown = isinstance(error, CommitUnknown)
            if is_away(error) or len(batch) == 1 or (is_unknown and len(wishes) in (0, len(batch))):
                for entry in batch:
                    self._fail(entry, error)
            elif is_unknown:
                # Wishes are asked again, their ids tell what was kept (S18); office work has none and stays undone.
                for entry in batch:
                    if isinstance(entry, _Job):
                        self._fail(entry, error)
                self._settle(wishes)
            else:
                for entry in batch:
                    self._settle([entry])
        else:
            self._tell(settled)

    def _commit_again(self, batch: list[Any]) -> _Settled:
        """Commit; once more over a new connection, and a few times more after a deadlock (S19)."""
        has_jobs = any(isinstance(entry, _Job) for entry in batch)
        was_away = False
        for pause in PAUSES:
            try:
                return self._commit(batch)
            except Exception as error:
                is_gone = is_away(error) or (isinstance(error, CommitUnknown) and not has_jobs)
                if not is_undone(error) and (was_away or not is_gone):
                    raise
                was_away = was_away or is_gone
            time.sleep(pause)
        return self._commit(batch)

    def _commit(self, batch: list[Any]) -> _Settled:
        settled = _Settled()
        with Session(self._database.writing, expire_on_commit=False) as session:
            unit = Unit(session)
            if any(isinstance(entry, _Job) for entry in batch):
                self._database.take_turn(session)
            for group in _in_order(batch):
                if isinstance(group, _Job):
                    settled.jobs.append((group, group.run(unit)))
                else:
                    settled.answers.extend(zip(group, self._carry_out(unit, group), strict=True))
                session.flush()
            for act in unit.before_commit:
                act()
            self._make_durable(session)
        settled.on_commit, settled.announcements = unit.on_commit, unit.announcements
        return settled

    def _make_durable(self, session: Session) -> None:
        try:
            began = time.perf_counter()
            session.commit()
            self.commits += 1
            self.commit_seconds += time.perf_counter() - began
        except Exception as error:
            if is_away(error):
                raise CommitUnknown from error
            raise

    def _tell(self, settled: _Settled) -> None:
        """Keep, announce and answer what is committed; a failure here must not carry anything out again."""
        for act in settled.on_commit:
            _carefully(act)
        if settled.answers or settled.announcements:
            committed = Committed(settled.answers, settled.announcements)
            _carefully(lambda: self._announce(committed))
        for job, result in settled.jobs:
            job.future.set_result(result)

    def _fail(self, entry: Any, error: Exception) -> None:
        # The error's text may hold what was written; only its kind is logged (secret choices, personal data).
        error = as_told(error)
        if isinstance(entry, _Job):
            entry.future.set_exception(error)
            return
        log.error("a live wish failed: %s", type(error).__name__)
        self._announce(Committed([(entry, error)], []))


def _single(entry: Any) -> list[Any]:
    """Return what one place in the queue holds: an entry, or a burst of wishes."""
    return list(entry.wishes) if isinstance(entry, _Burst) else [entry]


def _carefully(act: Callable[[], None]) -> None:
    """Run what follows a commit; only the kind of a failure is logged, its text may hold what was written."""
    try:
        act()
    except Exception as error:
        log.error("after a commit: %s", type(error).__name__)


def _in_order(batch: list[Any]) -> list[Any]:
    """Keep the order of arrival, with neighbouring wishes gathered into lists."""
    groups: list[Any] = []
    for entry in batch:
        if isinstance(entry, _Job):
            groups.append(entry)
        elif groups and isinstance(groups[-1], list):
            groups[-1].append(entry)
        else:
            groups.append([entry])
    return groups
