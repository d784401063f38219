"""The scheduled backup runs once whenever it is due, however many workers could run it."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.contract.server import RunningServer
from tests.workers.cluster import Cluster
from tests.workers.test_supervisor import until

TICK_SECONDS = 10
SECONDS = 60
HOUR_MS = 3_600_000
# The database itself counts how often the job was begun and how it ended, whoever did it.
RUN = (
    "NEW.name = 'backup' AND "
    "(NEW.started_at <> OLD.started_at OR NEW.finished_at IS DISTINCT FROM OLD.finished_at)"
)
NOTE = "BEGIN INSERT INTO noted (outcome) VALUES (NEW.outcome); RETURN NULL; END"
NOTING = (
    "CREATE TABLE noted (id serial PRIMARY KEY, outcome text)",
    f"CREATE FUNCTION note_run() RETURNS trigger LANGUAGE plpgsql AS $$ {NOTE} $$",
    f"CREATE TRIGGER noting AFTER UPDATE ON job FOR EACH ROW WHEN ({RUN}) EXECUTE FUNCTION note_run()",
)
FORGETTING = ("DROP TRIGGER noting ON job", "DROP FUNCTION note_run", "DROP TABLE noted")


@pytest.fixture
def noting(cluster: Cluster, server: RunningServer) -> Iterator[None]:
    """No backup is running or due by itself, and from now on every run is noted."""

    def is_put_off() -> bool:
        now = int(time.time() * 1000)
        # One that was begun half a minute ago was begun by a worker some test has killed.
        idle = f"outcome <> 'running' OR started_at < {now - 30_000}"
        cluster.tell(
            f"UPDATE job SET next_at = {now + HOUR_MS}, outcome = 'done' WHERE name = 'backup' AND ({idle})"
        )
        found = cluster.ask("SELECT next_at FROM job WHERE name = 'backup' AND outcome = 'done'")
        return bool(found) and found[0].next_at == now + HOUR_MS

    until(is_put_off, SECONDS)
    cluster.tell(*NOTING)
    yield
    cluster.tell(*FORGETTING)


def backups(server: RunningServer) -> set[Path]:
    return set((server.data / "backups").glob("backup-*.age"))


def outcomes(cluster: Cluster) -> list[str]:
    return [row.outcome for row in cluster.ask("SELECT outcome FROM noted ORDER BY id")]


def due_once(cluster: Cluster, server: RunningServer, *orders: str) -> None:
    """It is due: let every worker look at least once, and see what they have made of it."""
    cluster.tell("TRUNCATE noted")
    before, now = backups(server), int(time.time() * 1000)
    cluster.tell(f"UPDATE job SET next_at = {now - 1} WHERE name = 'backup'", *orders)
    until(lambda: time.time() * 1000 > now + 1000 * (TICK_SECONDS + 1))
    until(lambda: outcomes(cluster)[-1:] == ["done"], SECONDS)
    assert outcomes(cluster) == ["running", "done"]
    made = backups(server) - before
    assert len(made) == 1
    assert made.pop().stat().st_size > 1000
    assert cluster.ask("SELECT next_at FROM job WHERE name = 'backup'")[0].next_at > now + 23 * HOUR_MS


@pytest.mark.long
@pytest.mark.rule("S92")
def test_a_backup_that_is_due_is_made_by_one_worker_alone(
    cluster: Cluster, server: RunningServer, noting: None, cycles: Callable[[int, int], int]
) -> None:
    """Also when the lease runs out at that very moment, and every worker may take the schedule."""
    due_once(cluster, server)
    for _ in range(cycles(1, 20)):
        due_once(cluster, server, "UPDATE lease SET until = 0 WHERE name = 'schedule'")
