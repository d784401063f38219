"""Starts the servers that are compared, as their users start them, and stops them again."""

import contextlib
import http.client
import json
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from tests.load.phones import Entry, LoadFailed
from tests.load.scenarios import Subject

ROOT = Path(__file__).resolve().parents[2]
RELAY = Path(__file__).resolve().parent / "relay"
START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the product sends, so that the others send as much: bytes of one change and of one greeting."""

    event_bytes: int = 400
    hello_bytes: int = 3_000


def free_port() -> int:
    """A port nobody holds at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def install_relay() -> None:
    """Installs the relay's locked packages once; LoadFailed says what is missing on this machine."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise LoadFailed("the benchmark needs Node.js 20 and npm: apt-get install nodejs npm")
    lock = RELAY / "package-lock.json"
    stamp = RELAY / "node_modules" / ".package-lock.json"
    if stamp.exists() and stamp.stat().st_mtime >= lock.stat().st_mtime:
        return
    # Scripts stay off: the store's binary lies inside its package, nothing is built or fetched.
    words = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
    if subprocess.run(words, cwd=RELAY, check=False, stdout=sys.stderr).returncode:
        raise LoadFailed("npm could not install the relay's packages")
    stamp.touch()


@contextlib.contextmanager
def relay(folder: Path, phones: int, sizes: Sizes) -> Iterator[Subject]:
    """The yardstick: Socket.IO on Node with the same durable store."""
    with _started(["node", str(RELAY / "relay.mjs")], "relay", folder, phones, sizes) as subject:
        yield subject


@contextlib.contextmanager
def driver(folder: Path, phones: int, sizes: Sizes) -> Iterator[Subject]:
    """Our socket driver without the product behind it."""
    with _started(
        [sys.executable, "-m", "tests.load.driver_relay"], "driver", folder, phones, sizes
    ) as subject:
        yield subject


@contextlib.contextmanager
def _started(words: list[str], name: str, folder: Path, phones: int, sizes: Sizes) -> Iterator[Subject]:
    port = free_port()
    words = [*words, "--port", str(port), "--database", str(folder / f"{name}.sqlite")]
    words += ["--event-bytes", str(sizes.event_bytes), "--hello-bytes", str(sizes.hello_bytes)]
    with _running(words) as process:
        assert process.stdout is not None
        if process.stdout.readline().strip() != b"ready":
            raise LoadFailed(f"{name} did not start")
        entry = Entry(port, None, {"protocol": 1, "meeting": "relay", "screen": "phone"})
        yield Subject(name, process.pid, entry, [entry] * phones, "item")


@contextlib.contextmanager
def product(folder: Path, phones: int) -> Iterator[Subject]:
    """The product: `run.py seed`, `run.py serve`, and everybody joining with a ticket."""
    data = folder / "product"
    seeded = subprocess.run(
        [
            sys.executable,
            "run.py",
            "seed",
            f"--data={data}",
            "--meetings=1",
            f"--representatives={phones}",
            "--json",
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=False,
    )
    if seeded.returncode != 0:
        raise LoadFailed("seeding failed")
    meeting = json.loads(seeded.stdout)["meetings"][0]
    port = free_port()
    words = [sys.executable, "run.py", "serve", "--port", str(port), "--data", str(data), "--no-demo"]
    with _running(words) as process:
        _wait_for_health(port, process)
        chair = _join(port, meeting["chair"], meeting["id"], "console")
        with ThreadPoolExecutor(4) as pool:
            entries = list(
                pool.map(
                    lambda ticket: _join(port, ticket, meeting["id"], "phone"), meeting["representatives"]
                )
            )
        yield Subject("product", process.pid, chair, entries, _first_item(chair, meeting["id"]))


@contextlib.contextmanager
def _running(words: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE)
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()


def _wait_for_health(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise LoadFailed("the product ended instead of serving")
        try:
            if _ask(port, "GET", "/healthz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise LoadFailed("the product did not answer /healthz")


def _ask(
    port: int, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, Any, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(
            method, path, body, {key.replace("_", "-"): value for key, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def _join(port: int, ticket: str, meeting: str, screen: str) -> Entry:
    body = json.dumps({"ticket": ticket}).encode()
    status, headers, answer = _ask(port, "POST", "/join", body, Content_Type="application/json")
    if status != 303:
        raise LoadFailed(f"POST /join answered {status}: {answer[:200].decode(errors='replace')}")
    cookies: SimpleCookie = SimpleCookie()
    for line in headers.get_all("Set-Cookie", []):
        cookies.load(line)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
    return Entry(port, cookie, {"protocol": 1, "meeting": meeting, "screen": screen})


def _first_item(chair: Entry, meeting: str) -> str:
    path = f"/meetings/{meeting}/state?screen=console"
    status, _, answer = _ask(chair.port, "GET", path, Cookie=chair.cookie or "")
    if status != 200:
        raise LoadFailed(f"GET {path} answered {status}")
    item: str = json.loads(answer)["panels"]["agenda"]["items"][0]["id"]
    return item


def raise_descriptor_limit(phones: int) -> None:
    """Takes as many descriptors as the phones need."""
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = phones * 2 + 500
    if soft < wanted:
        if hard != resource.RLIM_INFINITY and hard < wanted:
            raise LoadFailed(
                f"{phones} phones need {wanted} descriptors; this machine allows {hard} (ulimit -n)"
            )
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
