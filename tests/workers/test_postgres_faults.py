"""F13: connections cut, PostgreSQL restarted, full or in conflict: nothing acknowledged is lost, workers recover."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from tests.contract.server import RunningServer
from tests.workers.cluster import Cluster, hall_of
from tests.workers.steadfast import Assembly, figures

VOTERS = 24
OURS = "pid <> pg_backend_pid() AND backend_type = 'client backend'"


def cut_all(cluster: Cluster) -> None:
    """Every connection is ended by the administrator."""
    cluster.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {OURS}")


def cut_idle(cluster: Cluster) -> None:
    cluster.ask(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {OURS} AND state = 'idle'")


def kill_backend(cluster: Cluster) -> None:
    """One backend dies by SIGKILL; the postmaster then throws everybody out and recovers."""
    victims = cluster.ask(f"SELECT pid FROM pg_stat_activity WHERE {OURS} ORDER BY random() LIMIT 1")
    if victims:
        os.kill(victims[0].pid, signal.SIGKILL)


def restart_fast(cluster: Cluster) -> None:
    cluster.postgres.stop(signal.SIGINT)
    cluster.postgres.start()


def restart_immediate(cluster: Cluster) -> None:
    cluster.postgres.stop(signal.SIGQUIT)
    cluster.postgres.start()


def exhaust(cluster: Cluster) -> None:
    """Somebody else takes every connection there is; then the workers' own are cut."""
    taken: list[Connection] = []

    def take() -> None:
        with suppress(OperationalError):
            while True:
                taken.append(cluster.engine().connect())

    workers = cluster.ask(f"SELECT pid FROM pg_stat_activity WHERE {OURS}")
    try:
        take()
        for row in workers:
            taken[0].execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": row.pid})
        take()
        time.sleep(0.7)
    finally:
        for connection in taken:
            connection.close()


def conflict(cluster: Cluster) -> None:
    """A third of all writes to the box end in a serialisation conflict, for a second."""
    cluster.tell(
        "CREATE FUNCTION fail_at_times() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "IF random() < 0.33 THEN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END IF; RETURN NULL; END $$",
        "CREATE TRIGGER conflicts BEFORE INSERT ON ballot FOR EACH STATEMENT EXECUTE FUNCTION fail_at_times()",
    )
    try:
        time.sleep(0.8)
    finally:
        cluster.tell("DROP TRIGGER conflicts ON ballot", "DROP FUNCTION fail_at_times")


FAULTS: dict[str, Callable[[Cluster], None]] = {
    "all connections cut": cut_all,
    "idle connections cut": cut_idle,
    "a backend killed": kill_backend,
    "restarted fast": restart_fast,
    "restarted at once": restart_immediate,
    "connections exhausted": exhaust,
    "serialisation conflicts": conflict,
}


@pytest.fixture(scope="module")
def assembly(cluster: Cluster) -> Iterator[Assembly]:
    ours = Assembly(cluster, cluster.running().house, VOTERS)
    yield ours
    ours.close()
    print(f"with PostgreSQL in trouble, the projectors caught up: {figures(ours.healed)}")


@pytest.mark.parametrize("name", FAULTS)
def test_nothing_acknowledged_is_lost(
    cluster: Cluster, assembly: Assembly, name: str, cycles: Callable[[int, int], int]
) -> None:
    for _ in range(cycles(2, 50)):
        assembly.round(lambda: FAULTS[name](cluster))
    assert cluster.server is not None
    assert "Traceback" not in cluster.server.printed()


def test_without_a_database_everything_answers_at_once_and_says_so(
    cluster: Cluster, server: RunningServer
) -> None:
    hall = hall_of(cluster)
    phone, person = hall.phone(0), hall.participant(1)
    cluster.postgres.stop(signal.SIGINT)
    try:
        begun = time.monotonic()
        message = {"id": "without", "name": "presence.check_in", "data": {}}
        assert phone.call("command", message)["refusal"]["code"] == "UNAVAILABLE"
        for method, path in (("GET", "/healthz"), ("GET", "/office/"), ("GET", "/"), ("POST", "/join")):
            answer = server.house.ask(
                method, path, b"ticket=abc" if method == "POST" else b"", person.cookies
            )
            assert answer.status == 503, (path, answer.status, answer.text[:500])
            assert "Traceback" not in answer.text
            assert "psycopg" not in answer.text
        state = person.get(f"/meetings/{hall.id}/state?screen=phone")
        assert state.status == 503
        assert time.monotonic() - begun < 15
    finally:
        cluster.postgres.start()
    assert phone.call("command", message)["ok"] is True
    hall.hang_up()


def test_a_page_that_gets_no_connection_says_so(cluster: Cluster, server: RunningServer) -> None:
    """Pool exhaustion: long readings hold every connection of a worker, the next page is told within seconds."""
    with cluster.engine().connect() as connection:
        connection.exec_driver_sql("BEGIN")
        connection.exec_driver_sql("LOCK TABLE area IN ACCESS EXCLUSIVE MODE")
        try:
            started = time.monotonic()
            answers = at_once(lambda: server.house.ask("GET", "/").status, 60)
            assert set(answers) <= {200, 503}
            assert 503 in answers
            assert time.monotonic() - started < 15
        finally:
            connection.exec_driver_sql("ROLLBACK")
    assert server.house.ask("GET", "/").status == 200


def at_once(act: Callable[[], int], times: int) -> list[int]:
    with ThreadPoolExecutor(times) as pool:
        return [future.result(60) for future in [pool.submit(act) for _ in range(times)]]
