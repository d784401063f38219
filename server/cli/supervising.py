"""Several workers on one port: started, watched, started anew when they fall, ended together.

This process knows neither the event loop nor the database; what could fail, fails in a worker. Every worker says a word
through its pipe each second, from its event loop: one that is frozen goes on taking connections in under SO_REUSEPORT
and answers nobody, so it is killed and replaced.
"""

import logging
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from server.cli.folder import held
from server.cli.unable import CannotServe
from server.settings import PROJECT, Settings

log = logging.getLogger("supervisor")
START_SECONDS: Final = 120.0
STOP_SECONDS: Final = 15.0
FIRST_PAUSE: Final = 0.2
LONGEST_PAUSE: Final = 15.0
# A worker that has lived so long has not failed at its start.
STEADY_SECONDS: Final = 20.0
# How long one that starts, or that was told to go, may say nothing: it may be upgrading, or finishing what it has.
LONGEST_START_SECONDS: Final = 600.0
LEAVE_SECONDS: Final = 60.0
# Between two looks of this process no more than this counts as silence: it slept as well, or the machine is overloaded.
LONGEST_STEP: Final = 2.0


def supervise(settings: Settings, arguments: Sequence[str]) -> int:
    """Serve with ``settings.workers`` workers until SIGTERM or SIGINT; SIGHUP starts them anew one by one.

    ``arguments`` are the command line's: every worker reads them again. Raises CannotServe when the first workers do
    not start, FolderInUse, or OSError when the address is taken.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    with held(settings.data), reserved(settings.host, settings.port):
        folder = settings.data / "metrics"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        return Supervisor(settings.workers, arguments, folder, settings.watch_seconds).run()


@contextmanager
def reserved(host: str, port: int) -> Iterator[None]:
    """Hold the address for our workers: nobody else may have it, not even another house of ours."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((host, port))
    with socket.socket(family, socket.SOCK_STREAM) as place:
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        place.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        place.bind((host, port))  # it never listens, so no connection is given to it
        yield


@dataclass(slots=True, eq=False)
class Worker:
    """One process; ``pipe`` is where it says that it is ready and goes on saying so, None once it is closed.

    ``silent`` counts the seconds since its last word in which this process was awake.
    """

    number: int
    process: subprocess.Popen[bytes]
    started_at: float
    pipe: int | None
    is_ready: bool = False
    silent: float = 0.0


class Supervisor:
    """Keeps so many workers running; everything happens in ``run``, on one thread.

    Who says nothing for ``patience`` seconds is replaced; 0 means never.
    """

    def __init__(self, count: int, arguments: Sequence[str], metrics: Path, patience: float) -> None:
        self._count = count
        self._patience = patience
        self._looked_at = time.monotonic()
        self._metrics = metrics
        self._arguments = tuple(arguments)
        self._workers: dict[int, Worker] = {}
        self._leaving: list[Worker] = []
        self._failures = dict.fromkeys(range(count), 0)
        self._due: dict[int, float] = {}
        self._asked: list[int] = []
        self._selector = selectors.DefaultSelector()

    def run(self) -> int:
        """Start all, keep them running, end them; returns the exit status."""
        with self._signals():
            try:
                self._start_all()
                while not self._is_stopping():
                    if signal.SIGHUP in self._asked:
                        self._asked.remove(signal.SIGHUP)
                        self._renew()
                    self._start_due()
                    self.go_round(min([1.0, *(at - time.monotonic() for at in self._due.values())]))
            finally:
                self._stop_all()
        return 0

    def go_round(self, seconds: float) -> None:
        """Wait, hear, kill whoever is frozen, and plan another one for everybody who has ended."""
        self._wait(seconds)
        self._end_silent()
        self._bury()

    def numbers_due(self) -> list[int]:
        """Return the places another worker is to be started in."""
        return list(self._due)

    def _start_all(self) -> None:
        """The first alone: it migrates, prepares an empty database and prints the addresses; then the others."""
        for numbers in ((0,), tuple(range(1, self._count))):
            for number in numbers:
                self._workers[number] = self._spawn(number, is_first=number == 0)
            until = time.monotonic() + START_SECONDS
            while not all(self._workers[number].is_ready for number in numbers) and not self._is_stopping():
                self._wait(0.5)
                fallen = [w for w in self._workers.values() if w.process.poll() is not None]
                if fallen or time.monotonic() > until:
                    raise CannotServe(f"工作进程没有启动成功，全部停止（共 {self._count} 个）。")
        if not self._is_stopping():
            sys.stdout.write(f"{self._count} 个工作进程都已就绪。\n")
            sys.stdout.flush()

    def _spawn(self, number: int, *, is_first: bool = False) -> Worker:
        reading, writing = os.pipe()
        kind = "first" if is_first else "further"
        command = [sys.executable, "-P", "-m", "server.cli", *self._arguments]
        command += ["--as-worker", f"{number}:{writing}:{kind}"]
        try:
            process = subprocess.Popen(  # noqa: S603 our own
                command,
                pass_fds=(writing,),
                stdin=subprocess.DEVNULL,
                env={
                    **os.environ,
                    "PYTHONPATH": str(PROJECT),
                    "PROMETHEUS_MULTIPROC_DIR": str(self._metrics),
                },
            )
        finally:
            os.close(writing)
        os.set_blocking(reading, False)
        return self._listen_to(Worker(number, process, time.monotonic(), reading))

    def _listen_to(self, worker: Worker) -> Worker:
        if worker.pipe is not None:
            self._selector.register(worker.pipe, selectors.EVENT_READ, worker)
        return worker

    def watch(self, worker: Worker) -> None:
        """Take a worker into its place and hear it from now on."""
        self._workers[worker.number] = self._listen_to(worker)

    def dismiss(self, worker: Worker) -> None:
        """Tell a worker to go; whoever stays is killed."""
        if self._workers.get(worker.number) is worker:
            del self._workers[worker.number]
        worker.process.terminate()
        worker.silent = 0.0
        self._leaving.append(worker)

    def _wait(self, seconds: float) -> None:
        """Sleep until a signal, a word or the end of a worker, or the time is over."""
        for key, _ in self._selector.select(max(0.0, seconds)):
            if isinstance(key.data, Worker):
                self._hear(key.data)
            else:
                key.data.recv(4096)
        now = time.monotonic()
        awake, self._looked_at = min(now - self._looked_at, LONGEST_STEP), now
        for worker in (*self._workers.values(), *self._leaving):
            worker.silent += awake

    def _hear(self, worker: Worker) -> None:
        if worker.pipe is None:
            return
        if os.read(worker.pipe, 4096):
            worker.is_ready, worker.silent = True, 0.0
            return
        self._selector.unregister(worker.pipe)  # it has ended; the loop finds it
        os.close(worker.pipe)
        worker.pipe = None

    def _end_silent(self) -> None:
        """Kill whoever has said nothing for too long; SIGTERM would not reach a process that is stopped."""
        if not self._patience:
            return
        limits = [
            (worker, self._patience if worker.is_ready else LONGEST_START_SECONDS)
            for worker in self._workers.values()
        ]
        for worker, limit in (*limits, *((worker, LEAVE_SECONDS) for worker in self._leaving)):
            if worker.silent > limit and worker.process.poll() is None:
                log.error("worker %d has said nothing for %.0f s, it is killed", worker.number, limit)
                worker.silent = 0.0
                worker.process.kill()

    def _bury(self) -> None:
        """See who has ended, and plan when to start another in the place."""
        self._leaving = [worker for worker in self._leaving if worker.process.poll() is None]
        for number, worker in list(self._workers.items()):
            status = worker.process.poll()
            if status is None:
                continue
            del self._workers[number]
            lived = time.monotonic() - worker.started_at
            self._failures[number] = 0 if lived > STEADY_SECONDS else self._failures[number] + 1
            pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** self._failures[number])
            log.warning("worker %d has ended with %d, another one in %.1f s", number, status, pause)
            self._due[number] = time.monotonic() + pause

    def _start_due(self) -> None:
        for number, at in list(self._due.items()):
            if at <= time.monotonic():
                del self._due[number]
                self._workers[number] = self._spawn(number)

    def _renew(self) -> None:
        """One after the other, each new worker serves before its former goes; one that does not start ends it all."""
        log.info("starting all workers anew")
        for number in range(self._count):
            if self._is_stopping():
                return
            former = self._workers.get(number)
            worker = self._spawn(number)
            until = time.monotonic() + START_SECONDS
            while not worker.is_ready and worker.process.poll() is None and time.monotonic() < until:
                self._wait(0.5)
                if self._is_stopping():
                    break
            if not worker.is_ready:
                log.error("the new worker %d does not start: the former ones go on", number)
                worker.process.kill()
                worker.process.wait()
                return
            self._workers[number] = worker
            self._due.pop(number, None)
            if former is not None:
                self.dismiss(former)

    def _is_stopping(self) -> bool:
        return signal.SIGTERM in self._asked or signal.SIGINT in self._asked

    def _stop_all(self) -> None:
        """SIGTERM to all, SIGKILL to whoever has not gone in time."""
        left = [*self._workers.values(), *self._leaving]
        for worker in left:
            worker.process.terminate()
        until = time.monotonic() + STOP_SECONDS
        for worker in left:
            try:
                worker.process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                log.error("worker %d does not end, it is killed", worker.number)
                worker.process.kill()
                worker.process.wait()

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Every signal wakes the loop and is remembered; SIGCHLD only wakes it."""
        inner, outer = socket.socketpair()
        with inner, outer:
            for end in (inner, outer):
                end.setblocking(False)
            self._selector.register(inner, selectors.EVENT_READ, inner)
            former: dict[int, Any] = {
                number: signal.signal(number, lambda caught, _: self._asked.append(caught))
                for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
            }
            former[signal.SIGCHLD] = signal.signal(signal.SIGCHLD, lambda caught, _: None)
            signal.set_wakeup_fd(outer.fileno())
            try:
                yield
            finally:
                signal.set_wakeup_fd(-1)
                for number, handler in former.items():
                    signal.signal(number, handler)
                self._selector.close()
