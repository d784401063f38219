"""Figures for Prometheus: true, harmless, and for this machine or the holder of the token alone."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from server.pages.context import Services
from server.service.upkeep import metrics
from server.service.upkeep.backups import take_backup
from tests.pages.cast import Cast
from tests.pages.house import Clock
from tests.pages.test_condition import check_records_now
from tests.service.held_meeting import HeldMeeting
from tests.shape.tree import ROOT

Figures = dict[tuple[str, tuple[tuple[str, str], ...]], float]
ELSEWHERE = {"REMOTE_ADDR": "192.168.1.20"}


def figures(text: str) -> Figures:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def look(house: Flask, monkeypatch: pytest.MonkeyPatch) -> Figures:
    monkeypatch.setattr(metrics, "SAMPLE_SECONDS", 0.0)
    return figures(house.test_client().get("/metrics").text)


def test_the_figures_are_those_of_the_house(
    house: Flask, services: Services, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.test_client().get("/join")
    house.test_client().get("/nowhere/at/all")
    take_backup(services.database, services.upkeep.place, clock())
    check_records_now(services, clock)
    clock.pass_by(minutes=90)
    seen = look(house, monkeypatch)
    assert seen["council_job_age_seconds", (("job", "records"),)] == 90 * 60
    assert seen["council_job_failed", (("job", "records"),)] == 0
    route = (("method", "GET"), ("route", "/join"), ("status", "200"))
    assert seen["council_requests_total", route] == 1
    assert seen["council_requests_total", (("method", "GET"), ("route", "-"), ("status", "404"))] == 1
    assert seen["council_backup_age_seconds", ()] == 90 * 60
    assert seen["council_database_bytes", ()] == services.database.size()
    assert seen["council_database_up", ()] == 1
    assert seen["council_concern", (("code", "SCHEDULE_STOPPED"),)] == 1
    assert seen["council_concern", (("code", "BACKUP_OLD"),)] == 0
    assert seen["council_connections", (("screen", "phone"),)] == 0
    for name in ("memory_bytes", "open_files", "threads", "disk_free_bytes"):
        assert seen[f"council_{name}", ()] > 0
    assert seen["council_commits_total", ()] >= 0


def test_commands_are_counted_by_name_and_result(
    house: Flask, services: Services, cast: Cast, held: HeldMeeting, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = look(house, monkeypatch)
    command = {"id": "c1", "name": "meeting.open", "data": {}}
    answer = cast.chair.client.post(
        f"/meetings/{held.id}/command", json=command, headers={"X-CSRF-Token": cast.chair.csrf}
    )
    assert answer.get_json()["ok"] is False
    code = answer.get_json()["refusal"]["code"]
    key = ("council_commands_total", (("name", "meeting.open"), ("result", code)))
    until = time.monotonic() + 5
    while (seen := look(house, monkeypatch)).get(key, 0) == 0:
        assert time.monotonic() < until
    assert seen[key] == before.get(key, 0) + 1
    assert seen["council_commits_total", ()] > before["council_commits_total", ()]
    assert seen["council_commit_seconds_total", ()] > 0


def test_nothing_is_said_about_anybody(house: Flask, cast: Cast, held: HeldMeeting) -> None:
    cast.chair.get(f"/meetings/{held.id}/console")
    text = house.test_client().get("/metrics").text
    assert held.id not in text
    assert cast.council not in text
    assert text.isascii()


def test_commands_are_not_shown_as_they_come(house: Flask, services: Services) -> None:
    """A turnout that can be watched second by second says who voted when (S38)."""
    assert metrics.SAMPLE_SECONDS >= 5
    browser = house.test_client()
    browser.get("/metrics")
    services.metrics._sources.tally.counts["ballot.cast", "ok"] += 1
    assert "ballot.cast" not in browser.get("/metrics").text


@pytest.mark.parametrize("header", ["X-Forwarded-For", "X-Real-IP", "Forwarded", "Via"])
def test_strangers_hear_nothing_even_through_a_proxy(house: Flask, header: str) -> None:
    browser = house.test_client()
    assert browser.get("/metrics").status_code == 200
    assert browser.get("/metrics", headers={header: "198.51.100.7"}).status_code == 403
    assert browser.get("/metrics", environ_overrides=ELSEWHERE).status_code == 403


def test_a_token_opens_the_door_from_elsewhere(house: Flask, services: Services) -> None:
    file = services.upkeep.place.data / "metrics.token"
    browser = house.test_client()

    def ask(given: str) -> int:
        headers = {"Authorization": f"Bearer {given}"}
        return browser.get("/metrics", headers=headers, environ_overrides=ELSEWHERE).status_code

    assert ask("") == 403
    file.write_text("short\n", encoding="utf-8")
    assert ask("short") == 403
    file.write_text("0123456789abcdef\n", encoding="utf-8")
    assert [ask("0123456789abcdef"), ask("0123456789abcdeF"), ask("密码"), ask("")] == [200, 403, 403, 403]


def test_a_silent_database_is_told(house: Flask, services: Services, tmp_path: Path) -> None:
    services.database.reading.dispose()
    (tmp_path / "council.sqlite").rename(tmp_path / "gone")
    (tmp_path / "council.sqlite").mkdir()
    seen = figures(house.test_client().get("/metrics").text)
    assert seen["council_database_up", ()] == 0
    assert not any(name == "council_database_bytes" for name, _ in seen)


PROCESS = """
import sys, types
from pathlib import Path
from server.service.upkeep.metrics import CommandTally, Metrics, Sources
source = types.SimpleNamespace(waiting=2, commits=3, commit_seconds=0.5)
metrics = Metrics("1", Sources(CommandTally(), source, source, lambda: {"phone": 7}), Path(sys.argv[1]))
metrics.count_request("GET", "/join", 200)
print(metrics.render(None, 0).decode())
if sys.argv[2] == "stay":
    sys.stdout.flush()
    sys.stdin.readline()
"""


def test_several_workers_are_added_up_and_the_dead_have_no_phones(tmp_path: Path) -> None:
    def start(how: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", PROCESS, str(tmp_path), how],
            cwd=ROOT, env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path), "PYTHONPATH": str(ROOT)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    with start("stay") as first:
        assert first.stdout is not None
        while "council_info" not in first.stdout.readline():
            pass
        with start("go") as gone:
            both = figures(gone.communicate()[0])
        with start("go") as third:
            after = figures(third.communicate()[0])
        first.communicate("\n")
    route = (("method", "GET"), ("route", "/join"), ("status", "200"))
    phone = (("screen", "phone"),)
    assert (both["council_requests_total", route], both["council_connections", phone]) == (2, 14)
    assert (after["council_requests_total", route], after["council_connections", phone]) == (3, 14)
    assert after["council_commits_total", ()] == 9
    assert after["council_writer_waiting", ()] == 4
