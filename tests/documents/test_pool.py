import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from server.documents import pool as pool_module
from server.documents.failed import DocumentFailed
from server.documents.pool import DocumentPool
from tests.documents.cast import minutes_paper, notice_paper, sign_in_paper

ROOT = Path(__file__).parents[2]


def workers_of(parent: int) -> set[int]:
    """The children of a process that run the worker module."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            after_name = (entry / "stat").read_text().rpartition(")")[2].split()
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if int(after_name[1]) == parent and b"server.documents.worker" in words:
                found.add(int(entry.name))
    return found


def has_ended(pid: int) -> bool:
    try:
        return (Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]) == "Z"
    except FileNotFoundError:
        return True


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


@pytest.fixture
def own_pool() -> Iterator[DocumentPool]:
    """A pool of one worker that the test may break."""
    pool = DocumentPool(1)
    yield pool
    pool.close()


def worker_of(pool: DocumentPool) -> int:
    return pool._seats[0].process.pid


def test_a_fallen_worker_is_replaced(own_pool: DocumentPool) -> None:
    worker = worker_of(own_pool)
    own_pool.render(notice_paper())
    os.kill(worker, 9)
    wait_until(lambda: has_ended(worker))
    assert own_pool.render(notice_paper()).startswith(b"%PDF")


def test_a_worker_that_falls_at_work_is_not_noticed(own_pool: DocumentPool) -> None:
    own_pool.render(notice_paper())
    first = worker_of(own_pool)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(own_pool.render, minutes_paper())
        time.sleep(0.1)
        os.kill(first, 9)
        assert asked.result().startswith(b"%PDF")
    assert worker_of(own_pool) != first


def test_a_paper_that_fells_every_worker_is_given_up(
    own_pool: DocumentPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    fallen = []

    def falling(folder: Path) -> subprocess.Popen[bytes]:
        fallen.append(folder)
        return subprocess.Popen(["true"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    own_pool.check()
    monkeypatch.setattr(pool_module, "_start", falling)
    os.kill(worker_of(own_pool), 9)
    with pytest.raises(DocumentFailed) as caught:
        own_pool.render(notice_paper())
    assert caught.value.code == "RENDER_FAILED"
    assert len(fallen) == 2
    with pytest.raises(DocumentFailed):
        own_pool.check()
    monkeypatch.undo()
    assert own_pool.render(notice_paper()).startswith(b"%PDF")


@pytest.mark.rule("S57")
def test_a_worker_that_does_not_end_is_stopped(
    own_pool: DocumentPool, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_pool.render(notice_paper())
    monkeypatch.setattr(pool_module, "RENDER_SECONDS", 0.5)
    with pytest.raises(DocumentFailed) as caught:
        own_pool.render(replace(minutes_paper(), title="x" * 100_000))
    assert caught.value.code == "RENDER_TOO_SLOW"
    monkeypatch.undo()
    assert own_pool.render(notice_paper()).startswith(b"%PDF")


def test_a_worker_is_renewed_after_its_share(own_pool: DocumentPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "RENDERS_PER_WORKER", 2)
    first = worker_of(own_pool)
    own_pool.render(notice_paper())
    assert worker_of(own_pool) == first
    own_pool.render(notice_paper())
    assert worker_of(own_pool) != first
    assert has_ended(first)
    assert own_pool.render(notice_paper()).startswith(b"%PDF")


def test_many_threads_share_few_workers(pool: DocumentPool) -> None:
    with ThreadPoolExecutor(6) as threads:
        papers = [notice_paper(), sign_in_paper()] * 4
        answers = list(threads.map(pool.render, papers))
    assert len(set(answers[::2])) == 1
    assert len(set(answers[1::2])) == 1
    assert answers[0] != answers[1]


def test_who_waits_too_long_is_told(own_pool: DocumentPool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "WAIT_SECONDS", 0.05)
    with ThreadPoolExecutor(1) as threads:
        slow = threads.submit(own_pool.render, minutes_paper())
        wait_until(own_pool._idle.empty)
        with pytest.raises(DocumentFailed) as caught:
            own_pool.render(notice_paper())
        assert caught.value.code == "RENDER_BUSY"
        assert slow.result().startswith(b"%PDF")


def test_a_closed_pool_leaves_nothing_behind(own_pool: DocumentPool) -> None:
    worker = worker_of(own_pool)
    folder = own_pool._folder
    with ThreadPoolExecutor(2) as threads:
        waiting = [threads.submit(own_pool.render, minutes_paper()) for _ in range(2)]
        time.sleep(0.2)
        own_pool.close()
        for asked in waiting:
            with pytest.raises(DocumentFailed):
                asked.result()
    own_pool.close()
    assert has_ended(worker)
    assert not folder.exists()
    with pytest.raises(DocumentFailed):
        own_pool.render(notice_paper())


@pytest.mark.rule("S57")
def test_the_worker_is_bounded_and_knows_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COUNCIL_SECRET_FILE", "/nowhere")
    other = DocumentPool(1)
    other.render(notice_paper())
    home = Path(f"/proc/{worker_of(other)}")
    limits = {line[:26].strip(): line[26:].split()[0] for line in (home / "limits").read_text().splitlines()}
    assert limits["Max address space"] == str(1024**3)
    assert limits["Max core file size"] == "0"
    assert int(limits["Max cpu time"]) <= 40
    assert os.getpriority(os.PRIO_PROCESS, worker_of(other)) >= 10
    assert b"COUNCIL_" not in (home / "environ").read_bytes()
    other.close()


def test_workers_end_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    script = (
        "import sys, threading\n"
        "from server.documents.pool import DocumentPool\n"
        "from tests.documents.cast import minutes_paper\n"
        "from dataclasses import replace\n"
        "pool = DocumentPool(2)\n"
        "endless = replace(minutes_paper(), title='x' * 100_000)\n"
        "threading.Thread(target=pool.render, args=(endless,)).start()\n"
        "print('busy', flush=True)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        env={**os.environ, "TMPDIR": str(tmp_path)},
    )
    with parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"busy\n"
        workers = workers_of(parent.pid)
        assert len(workers) == 2
        time.sleep(2)  # one is rendering, one waits
        parent.kill()
    wait_until(lambda: all(has_ended(pid) for pid in workers))


@pytest.mark.rule("S58")
def test_a_worker_cannot_reach_the_network_or_start_programs() -> None:
    script = (
        "import sys, socket, subprocess, urllib.request\n"
        "from server.documents.worker import _forbid\n"
        "sys.addaudithook(_forbid)\n"
        "for attempt in (\n"
        "    lambda: socket.create_connection(('127.0.0.1', 9)),\n"
        "    lambda: socket.getaddrinfo('localhost', 9),\n"
        "    lambda: urllib.request.urlopen('http://127.0.0.1:9/'),\n"
        "    lambda: subprocess.run(['true']),\n"
        "):\n"
        "    try:\n"
        "        attempt()\n"
        "    except PermissionError:\n"
        "        print('refused')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], cwd=ROOT, capture_output=True, check=True, text=True
    )
    assert done.stdout == "refused\n" * 4
