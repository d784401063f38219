"""Starts the servers that are compared, as their users start them, and stops them again."""

import contextlib
import http.client
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

from tests.load.phones import Entry, LoadFailed
from tests.load.scenarios import Subject, processor_seconds, resident_kib
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
RELAY = Path(__file__).resolve().parent / "relay"
START_SECONDS = 120


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the product sends, so that the others send as much: bytes of one change, of one turnout, of one greeting."""

    event_bytes: int = 400
    poll_bytes: int = 700
    hello_bytes: int = 3_000


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
def relay(folder: Path, phones: int, sizes: Sizes, halls: int = 1) -> Iterator[list[Subject]]:
    """The yardstick: Socket.IO on Node with the same durable store; one subject for each hall."""
    words = ["node", str(RELAY / "relay.mjs")]
    with _started(words, "relay", folder, phones, sizes, halls) as subjects:
        yield subjects


@contextlib.contextmanager
def driver(folder: Path, phones: int, sizes: Sizes) -> Iterator[list[Subject]]:
    """Our socket driver without the product behind it."""
    words = [sys.executable, "-m", "tests.load.driver_relay"]
    with _started(words, "driver", folder, phones, sizes, 1) as subjects:
        yield subjects


@contextlib.contextmanager
def _started(
    words: list[str], name: str, folder: Path, phones: int, sizes: Sizes, halls: int
) -> Iterator[list[Subject]]:
    port = free_port()
    words = [*words, "--port", str(port), "--database", str(folder / f"{name}.sqlite")]
    words += ["--event-bytes", str(sizes.event_bytes), "--poll-bytes", str(sizes.poll_bytes)]
    words += ["--hello-bytes", str(sizes.hello_bytes)]
    with _running(words) as process:
        assert process.stdout is not None
        if process.stdout.readline().strip() != b"ready":
            raise LoadFailed(f"{name} did not start")
        empty = resident_kib(process.pid)
        names = ["relay"] if halls == 1 else [f"relay-{number}" for number in range(halls)]
        entries = [
            Entry(port, None, {"protocol": 1, "meeting": meeting, "screen": "phone"}) for meeting in names
        ]
        yield [Subject(name, process.pid, entry, entry, [entry] * phones, "item", empty) for entry in entries]


@dataclass(frozen=True, slots=True)
class Served:
    """The product serving a data folder: its process, its port, what the seed said, its memory before anybody came."""

    process: int
    port: int
    seeded: dict[str, Any]
    data: Path
    empty_kib: int


@contextlib.contextmanager
def served(
    folder: Path, phones: int, halls: int = 1, prepared: Callable[[Path], None] | None = None
) -> Iterator[Served]:
    """`run.py seed` and `run.py serve`, as users start it; `prepared` may fill the folder further in between."""
    data = folder / "product"
    words = [f"--data={data}", f"--meetings={halls}", f"--representatives={phones}", "--json"]
    seeded = subprocess.run(
        [sys.executable, "run.py", "seed", *words], cwd=ROOT, capture_output=True, check=False
    )
    if seeded.returncode != 0:
        raise LoadFailed(f"seeding failed: {seeded.stderr.decode(errors='replace')[-500:]}")
    if prepared is not None:
        prepared(data)
    port = free_port()
    words = [sys.executable, "run.py", "serve", "--port", str(port), "--data", str(data), "--no-demo"]
    with _running(words) as process:
        _wait_for_health(port, process)
        empty = resident_kib(process.pid)
        yield Served(process.pid, port, json.loads(seeded.stdout), data, empty)


@contextlib.contextmanager
def product(folder: Path, phones: int, halls: int = 1) -> Iterator[list[Subject]]:
    """The product with everybody joining by ticket; one subject for each hall."""
    with served(folder, phones, halls) as server:
        yield [enter(server, meeting) for meeting in server.seeded["meetings"]]


def enter(server: Served, meeting: dict[str, Any]) -> Subject:
    """Lets everybody of a seeded meeting redeem a ticket; the figures are per representative."""
    port, name = server.port, meeting["id"]
    chair = join(port, meeting["chair"], name, "console")
    projector = join(port, meeting["observer"], name, "projector")
    began, before = time.perf_counter(), processor_seconds(server.process)
    with ThreadPoolExecutor(8) as pool:
        entries = list(pool.map(lambda ticket: join(port, ticket, name, "phone"), meeting["representatives"]))
    count = len(entries)
    figures = {
        "joins_per_second": count / (time.perf_counter() - began),
        "join_us": (processor_seconds(server.process) - before) * 1e6 / count,
    }
    item = _first_item(chair, name)
    return Subject("product", server.process, chair, projector, entries, item, server.empty_kib, figures)


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
            if ask(port, "GET", "/healthz")[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    raise LoadFailed("the product did not answer /healthz")


def ask(
    port: int, method: str, path: str, body: bytes | None = None, *, seconds: float = 30, **headers: str
) -> tuple[int, Any, bytes]:
    """One request on a connection of its own: status, headers, body."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=seconds)
    try:
        connection.request(
            method, path, body, {key.replace("_", "-"): value for key, value in headers.items()}
        )
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read()
    finally:
        connection.close()


def join(port: int, ticket: str, meeting: str, screen: str) -> Entry:
    """Redeems a ticket; what the browser keeps and says from then on."""
    body = json.dumps({"ticket": ticket}).encode()
    status, headers, answer = ask(port, "POST", "/join", body, Content_Type="application/json")
    if status != 303:
        raise LoadFailed(f"POST /join answered {status}: {answer[:200].decode(errors='replace')}")
    cookies: SimpleCookie = SimpleCookie()
    for line in headers.get_all("Set-Cookie", []):
        cookies.load(line)
    cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in cookies.items())
    return Entry(port, cookie, {"protocol": 1, "meeting": meeting, "screen": screen})


def _first_item(chair: Entry, meeting: str) -> str:
    path = f"/meetings/{meeting}/state?screen=console"
    status, _, answer = ask(chair.port, "GET", path, Cookie=chair.cookie or "")
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
