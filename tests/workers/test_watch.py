"""The watch over the workers: who is frozen is replaced, who is merely slow is left alone."""

import http.client
import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from server.cli import supervising
from server.cli.supervising import LONGEST_STEP, START_SECONDS, Supervisor, Worker
from tests.contract.server import RunningServer
from tests.workers.cluster import Cluster, is_alive, workers_of
from tests.workers.test_supervisor import until

PATIENCE = 30
# Says it is ready, goes on saying so at every line it is sent, and does not care for SIGTERM.
STUBBORN = """
import os, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for _ in sys.stdin:
    os.write({pipe}, b".")
"""


class Clock:
    """The supervisor's own clock, moved by the test."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Watched:
    """A supervisor over one real process that speaks when it is told to."""

    def __init__(self, clock: Clock, folder: Path, patience: int) -> None:
        self.clock = clock
        self.supervisor = Supervisor(1, (), folder, patience)
        reading, writing = os.pipe()
        self.process = subprocess.Popen(
            [sys.executable, "-S", "-c", STUBBORN.format(pipe=writing)],
            stdin=subprocess.PIPE,
            pass_fds=(writing,),
        )
        os.close(writing)
        self.worker = Worker(0, self.process, clock.now, reading)
        self.supervisor.watch(self.worker)

    def speak(self) -> None:
        """A word of the worker, heard by the supervisor."""
        assert self.process.stdin is not None
        self.process.stdin.write(b"\n")
        self.process.stdin.flush()
        assert self.worker.pipe is not None
        assert select.select([self.worker.pipe], [], [], 20)[0]
        self.supervisor.go_round(0)

    def pass_by(self, seconds: float, step: float = 1.0) -> None:
        """Time in which the supervisor is awake and looks every ``step``."""
        end = self.clock.now + seconds
        while self.clock.now < end:
            self.clock.now = min(end, self.clock.now + step)
            self.supervisor.go_round(0)

    def is_replaced(self) -> bool:
        """Whether it was killed."""
        try:
            self.process.wait(0.2)
        except subprocess.TimeoutExpired:
            return False
        assert self.process.returncode == -signal.SIGKILL
        return True


@pytest.fixture
def watched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], Watched]]:
    """A supervised process that ends with the test; no further one is started in its place."""
    clock = Clock()
    monkeypatch.setattr(supervising, "time", clock)
    monkeypatch.setattr(Supervisor, "_start_due", lambda self: None)
    made: list[Watched] = []

    def begin(patience: int = PATIENCE) -> Watched:
        made.append(Watched(clock, tmp_path, patience))
        return made[-1]

    yield begin
    for one in made:
        one.process.kill()
        assert one.process.stdin is not None
        one.process.stdin.close()
        one.process.wait(10)


def test_who_says_nothing_for_the_whole_time_is_replaced(watched: Callable[[], Watched]) -> None:
    ours = watched()
    ours.speak()
    assert ours.worker.is_ready
    ours.pass_by(PATIENCE - 1)
    assert not ours.is_replaced()
    ours.pass_by(2)
    assert ours.is_replaced()
    ours.supervisor.go_round(0)
    assert ours.supervisor.numbers_due() == [0]


def test_a_busy_worker_whose_words_come_late_is_left_alone(watched: Callable[[], Watched]) -> None:
    ours = watched()
    ours.speak()
    for _ in range(8):
        ours.pass_by(PATIENCE - 2)
        ours.speak()
    assert not ours.is_replaced()


@pytest.mark.parametrize("asleep", [8 * 3600, 31])
def test_time_in_which_the_supervisor_slept_too_does_not_count(
    watched: Callable[[], Watched], asleep: float
) -> None:
    """A laptop that was shut, a stopped container, Ctrl+Z: the workers were asleep as well."""
    ours = watched()
    ours.speak()
    for _ in range(5):
        ours.clock.now += asleep
        ours.supervisor.go_round(0)
    assert ours.worker.silent <= 5 * LONGEST_STEP
    assert not ours.is_replaced()


def test_on_a_machine_that_is_slow_for_the_supervisor_too_everybody_has_longer(
    watched: Callable[[], Watched],
) -> None:
    ours = watched()
    ours.speak()
    ours.pass_by(4 * PATIENCE, step=LONGEST_STEP * 5)
    assert not ours.is_replaced()


def test_a_worker_that_starts_has_longer_but_not_for_ever(watched: Callable[[], Watched]) -> None:
    ours = watched()
    ours.pass_by(START_SECONDS)
    assert not ours.is_replaced()
    ours.pass_by(supervising.LONGEST_START_SECONDS)
    assert ours.is_replaced()


def test_who_was_told_to_go_and_stays_is_killed(watched: Callable[[], Watched]) -> None:
    """A worker that is frozen while all are started anew would go on taking connections in."""
    ours = watched()
    ours.speak()
    ours.supervisor.dismiss(ours.worker)
    ours.pass_by(supervising.LEAVE_SECONDS - 1)
    assert not ours.is_replaced()
    ours.pass_by(2)
    assert ours.is_replaced()


def test_without_a_watch_nobody_is_killed(watched: Callable[[int], Watched]) -> None:
    ours = watched(0)
    ours.speak()
    ours.pass_by(3 * supervising.LONGEST_START_SECONDS)
    assert not ours.is_replaced()


def answers(server: RunningServer) -> bool:
    """Whether many connections in a row are all answered: the kernel deals them out to all workers."""
    for _ in range(16):
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=2)
        try:
            connection.request("GET", "/healthz")
            if connection.getresponse().status != 200:
                return False
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
    return True


@pytest.mark.long
def test_a_frozen_worker_is_replaced_and_the_other_one_goes_on(cluster: Cluster) -> None:
    if cluster.server is not None and cluster.server.process.poll() is None:
        cluster.server.stop()
    server = cluster.start(2, watch_seconds=5)
    try:
        frozen, lively = workers_of(server)
        time.sleep(6)  # longer than the watch's patience: who turns is not touched
        assert workers_of(server) == [frozen, lively]
        os.kill(frozen, signal.SIGSTOP)
        assert not answers(server)
        until(lambda: not is_alive(frozen), 30)
        until(lambda: len(workers_of(server)) == 2)
        until(lambda: answers(server), 60)
        assert lively in workers_of(server)
        assert "worker 0 has said nothing for 5 s, it is killed" in server.printed()
    finally:
        server.stop()
