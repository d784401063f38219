"""What the workers have in common: one set of figures, one schedule."""

from prometheus_client.parser import text_string_to_metric_families

from tests.contract.server import RunningServer
from tests.workers.cluster import Cluster
from tests.workers.test_supervisor import until


def figures(server: RunningServer) -> dict[str, float]:
    text = server.house.ask("GET", "/metrics").text
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name] = found.get(sample.name, 0) + sample.value
    return found


def test_two_workers_are_told_as_one(server: RunningServer) -> None:
    # A worker killed by a test before may still hold the schedule for half a minute.
    until(
        lambda: [figures(server)[name] for name in ("council_workers", "council_schedule_held")] == [2, 1], 60
    )
    before = figures(server)
    for _ in range(20):
        assert server.house.ask("GET", "/join").status == 200
    assert figures(server)["council_requests_total"] >= before["council_requests_total"] + 20


def test_one_worker_runs_the_schedule(cluster: Cluster, server: RunningServer) -> None:
    """However many workers there are, one and the same holds the lease while it lives."""
    lease = "SELECT holder, until FROM lease WHERE name = 'schedule'"
    until(lambda: cluster.ask(lease), 40)

    def is_renewed() -> bool:
        """A worker that a test before has killed may still hold it, once; from then on nothing changes hands."""
        before = cluster.ask(lease)[0]
        until(lambda: cluster.ask(lease)[0].until > before.until, 40)
        return bool(cluster.ask(lease)[0].holder == before.holder)

    until(is_renewed, 80)
    assert is_renewed()
    assert figures(server)["council_schedule_held"] == 1
