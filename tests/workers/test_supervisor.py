"""The supervisor: starts, watches, restarts, renews and ends the workers, and loads nothing that it does not need."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.contract.hall import Hall
from tests.contract.server import RunningServer
from tests.ports import free_port
from tests.shape.tree import ROOT
from tests.workers.cluster import Cluster, is_alive, workers_of


def until(met: Callable[[], object], seconds: float = 30) -> None:
    """Wait until something is so."""
    end = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < end
        time.sleep(0.02)


def serve(*choices: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "server.cli", "serve", *choices]
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=120, check=False)


def test_the_supervisor_loads_neither_loop_nor_flask(server: RunningServer) -> None:
    maps = Path(f"/proc/{server.process.pid}/maps").read_text(encoding="utf-8")
    assert "gevent" not in maps
    assert "gevent" in Path(f"/proc/{workers_of(server)[0]}/maps").read_text(encoding="utf-8")


def test_a_killed_worker_is_replaced_and_the_address_answers_meanwhile(server: RunningServer) -> None:
    first, second = workers_of(server)
    os.kill(first, signal.SIGKILL)
    until(lambda: not is_alive(first))
    for _ in range(20):
        assert server.house.ask("GET", "/healthz").status == 200
    until(lambda: len(workers_of(server)) == 2)
    assert second in workers_of(server)
    assert server.process.poll() is None


def test_the_control_socket_answers_whichever_worker_is_gone(cluster: Cluster, server: RunningServer) -> None:
    for victim in range(2):
        until(lambda: len(workers_of(server)) == 2)
        os.kill(workers_of(server)[victim], signal.SIGKILL)
        command = [
            sys.executable,
            "-m",
            "server.cli",
            "account",
            "create",
            f"账号{victim}",
            "--role",
            "secretary",
        ]
        command += ["--data", str(server.data), "--database-url", cluster.database_url]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert "只显示这一次" in done.stdout
        # The next one falls only when this one's place is taken again.
        until(lambda: connects(server.data / "control.0") and connects(server.data / "control.1"))


def connects(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as probe:
        return probe.connect_ex(str(path)) == 0


def test_sighup_renews_all_workers_and_phones_return_within_five_seconds(
    server: RunningServer, hall: Hall
) -> None:
    former = workers_of(server)
    phone = hall.phone(0)
    server.process.send_signal(signal.SIGHUP)
    assert phone.is_ended(60)
    begun = time.monotonic()
    hall.hang_up()
    assert hall.phone(0).panels["meeting"]["state"] == "called"
    assert time.monotonic() - begun < 5
    until(lambda: not any(map(is_alive, former)), 60)
    assert len(workers_of(server)) == 2


def test_a_new_version_waits_while_a_poll_is_open(
    cluster: Cluster, server: RunningServer, hall: Hall
) -> None:
    """F15: a renewal that would change the database is refused, and the former workers go on with the poll."""
    poll = hall.poll(*range(30))
    former = workers_of(server)
    newest = cluster.ask("SELECT version_num FROM alembic_version")[0].version_num
    cluster.tell("UPDATE alembic_version SET version_num = '0001_first'")
    try:
        server.process.send_signal(signal.SIGHUP)
        until(lambda: "the former ones go on" in server.printed(), 60)
        assert "项表决正在进行，现在不能升级" in server.printed()
        assert hall.cast(0, poll)["ok"] is True
        assert workers_of(server) == former
    finally:
        cluster.tell(f"UPDATE alembic_version SET version_num = '{newest}'")


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_their_supervisor(cluster: Cluster, how: signal.Signals) -> None:
    server = cluster.running()
    workers = workers_of(server)
    assert len(workers) == 2
    server.process.send_signal(how)
    status = server.process.wait(30)
    assert status == (0 if how == signal.SIGTERM else -how)
    until(lambda: not any(map(is_alive, workers)))
    assert "Traceback" not in server.printed()


def test_a_worker_that_cannot_start_stops_the_whole_with_its_sentence(
    cluster: Cluster, tmp_path: Path
) -> None:
    choices = ("--no-demo", "--workers", "2", "--redis-url", cluster.valkey.url, "--port", str(free_port()))
    nowhere = "postgresql://postgres@/postgres?host=/nowhere"
    done = serve(*choices, "--data", str(tmp_path / "a"), "--database-url", nowhere)
    assert done.returncode == 2
    assert "连不上数据库" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_address_in_use_is_refused_before_any_worker_starts(cluster: Cluster, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)  # as another house of workers holds it
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        choices = ("--no-demo", "--workers", "2", "--redis-url", cluster.valkey.url)
        port = str(taken.getsockname()[1])
        done = serve(
            *choices, "--port", port, "--data", str(tmp_path / "b"), "--database-url", cluster.database_url
        )
    assert done.returncode == 2
    assert "这个地址用不了" in done.stderr


def test_several_workers_on_sqlite_are_refused(tmp_path: Path) -> None:
    done = serve("--workers", "2", "--data", str(tmp_path / "c"))
    assert done.returncode == 2
    assert "PostgreSQL" in done.stderr
