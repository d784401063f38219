"""The figures of all workers, whichever of them is asked."""

import time

from prometheus_client.parser import text_string_to_metric_families

from tests.contract.server import RunningServer


def figures(server: RunningServer) -> dict[str, float]:
    text = server.house.ask("GET", "/metrics").text
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name] = found.get(sample.name, 0) + sample.value
    return found


def test_two_workers_are_told_as_one(server: RunningServer) -> None:
    until = time.monotonic() + 30
    while (before := figures(server))["council_workers"] != 2:
        assert time.monotonic() < until
        time.sleep(0.1)
    assert before["council_schedule_held"] == 1
    for _ in range(20):
        assert server.house.ask("GET", "/join").status == 200
    assert figures(server)["council_requests_total"] >= before["council_requests_total"] + 20
