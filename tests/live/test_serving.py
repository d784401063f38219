"""The web server as a process: ready, quiet, patient, unpatched, and gone when told to go."""

import json
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from server.live import serving
from tests.live.wire import Phone
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]

PROGRAM = """
import gc, json, resource, sys, threading
from flask import Flask, request
from gevent import monkey
from server.live.offload import offload
from server.live.serving import serve
from server.live import serving
from server.live.socket_server import close_all, create_socket_server
import time
serving.HEAD_SECONDS = 0.5
app = Flask("hall")

@app.get("/facts")
def facts():
    return {
        "patched": [name for name in ("socket", "threading", "time", "ssl", "os", "queue", "select", "subprocess")
                    if monkey.is_module_patched(name)],
        "frozen": gc.get_freeze_count() > 1000,
        "threshold": gc.get_threshold(),
        "descriptors": resource.getrlimit(resource.RLIMIT_NOFILE),
        "native": threading.current_thread() is not threading.main_thread(),
    }

@app.get("/slow")
def slow():
    time.sleep(0.6)
    return "done"

app.wsgi_app = offload(app.wsgi_app)
live = create_socket_server(app, allowed_origins={"http://hall.test"})
live.server.on("connect", lambda sid, environ, auth: None, namespace="/live")
port = int(sys.argv[1])
serve(app.wsgi_app, "127.0.0.1", port, ready=lambda: print("ready", flush=True),
      stopping=lambda: close_all(live.server))
print("stopped", flush=True)
"""


class Program:
    """The program above, running on a free port."""

    def __init__(self) -> None:
        self.port = free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-X", "dev", "-W", "ignore", "-c", PROGRAM, str(self.port)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        if self.process.stdout.readline() != "ready\n":
            raise AssertionError(self.end())

    def get(self, path: str) -> Any:
        return urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=5)

    def end(self, how: signal.Signals = signal.SIGTERM) -> tuple[int, str, str]:
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=10)
        return self.process.returncode, out, err


@pytest.fixture
def program() -> Iterator[Program]:
    """A running program, ended after the test if it still runs."""
    program = Program()
    yield program
    if program.process.poll() is None:
        program.process.kill()
    program.process.communicate()


def test_nothing_is_patched_and_the_process_is_settled(program: Program) -> None:
    with program.get("/facts") as answer:
        facts = json.load(answer)
        assert answer.headers["Server"] is None
    assert facts["patched"] == []
    assert facts["native"]
    assert facts["frozen"]
    assert facts["threshold"] == [50_000, 50, 50]
    assert facts["descriptors"][0] == facts["descriptors"][1]
    with Phone(program.port) as phone:
        phone.join()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_told_to_stop_it_says_goodbye_and_ends(program: Program, how: signal.Signals) -> None:
    with Phone(program.port) as phone:
        phone.join()
        started = time.monotonic()
        program.process.send_signal(how)
        assert phone.close_code() == 1012
    out, err = program.process.communicate(timeout=10)
    assert (program.process.returncode, out, err) == (0, "stopped\n", "")
    assert time.monotonic() - started < serving.STOP_SECONDS


def test_phones_torn_off_in_the_middle_of_their_request_leave_no_complaint(program: Program) -> None:
    heads = (
        b"GET /facts HTTP/1.1\r\nHost: x\r\nUpgr",
        b"GET /facts HTTP/1.1\r\n",
        b"GET /fa",
        b"nonsense\r\n",
    )
    for round_ in range(3):
        torn = [socket.create_connection(("127.0.0.1", program.port)) for _ in range(20)]
        for number, one in enumerate(torn):
            one.sendall(heads[number % len(heads)])
        with program.get("/facts") as answer:
            assert answer.status == 200, round_
        for one in torn:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            one.close()
    with program.get("/facts") as answer:
        assert answer.status == 200
    assert program.end() == (0, "stopped\n", "")


def test_idle_connections_do_not_delay_the_end(program: Program) -> None:
    with socket.create_connection(("127.0.0.1", program.port), timeout=5) as kept:
        kept.sendall(b"GET /facts HTTP/1.1\r\nHost: h\r\n\r\n")
        assert kept.recv(65_536).startswith(b"HTTP/1.1 200")
        started = time.monotonic()
        assert program.end() == (0, "stopped\n", "")
    assert time.monotonic() - started < 2


def test_a_request_that_runs_is_still_answered(program: Program) -> None:
    with socket.create_connection(("127.0.0.1", program.port), timeout=5) as asker:
        asker.sendall(b"GET /slow HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
        time.sleep(0.2)
        program.process.send_signal(signal.SIGTERM)
        answer = b""
        while piece := asker.recv(65_536):
            answer += piece
    assert answer.endswith(b"done")


@pytest.mark.rule("S8")
def test_nothing_a_visitor_sends_is_logged(program: Program) -> None:
    with program.get("/facts?ticket=SECRET"):
        pass
    for garbage in (
        b"SECRET\r\n\r\n",
        b"GET /?t=SECRET HTTP/9.9\r\n\r\n",
        b"POST / HTTP/1.1\r\nSECRET\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", program.port), timeout=5) as sender:
            sender.sendall(garbage)
            sender.recv(1_000)
    assert program.end() == (0, "stopped\n", "")


def test_a_head_that_is_never_complete_ends_the_connection(program: Program) -> None:
    with socket.create_connection(("127.0.0.1", program.port), timeout=3) as slow:
        slow.sendall(b"GET / HTTP/1.1\r\nHost: h\r\nX-A")
        until = time.monotonic() + 2
        while time.monotonic() < until:
            try:
                slow.sendall(b"a")
            except ConnectionError:
                break
            time.sleep(0.1)
        assert time.monotonic() < until


def test_a_request_longer_than_the_heads_time_is_still_answered(program: Program) -> None:
    with program.get("/slow") as answer:
        assert answer.read() == b"done"


def test_a_taken_address_is_an_error_at_once() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            serving.listen("127.0.0.1", taken.getsockname()[1])


def test_two_workers_may_share_a_port() -> None:
    first = serving.listen("127.0.0.1", 0, reuse_port=True)
    second = serving.listen("127.0.0.1", first.getsockname()[1], reuse_port=True)
    assert first.getsockname() == second.getsockname()
    first.close()
    second.close()
