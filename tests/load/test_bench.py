"""The benchmark itself: it counts right, it says when it must not be believed, it measures a real server."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.load import bench, phones, scenarios, subjects
from tests.load.phones import Crowd, Entry, LoadFailed
from tests.load.scenarios import Round, Sitting, processor_seconds, run_round


def taken(share: float = 0.1, **figures: float) -> Round:
    known = {figure.name: 1.0 for figure in bench.FIGURES}
    return Round({**known, **figures}, {"last_phone_ms": share}, 400, 3_000)


def test_medians_are_compared_and_ratios_are_to_the_relay() -> None:
    rounds = {
        "product": [taken(last_phone_ms=value) for value in (9.0, 12.0, 90.0)],
        "relay": [taken(last_phone_ms=value) for value in (8.0, 16.0, 17.0)],
    }
    hall = bench.summarise(1_000, rounds, {"product": 10.0, "relay": 40.0})
    line = hall["figures"]["last_phone_ms"]
    assert (line["product"], line["relay"], line["ratio"]) == (12.0, 16.0, 0.75)
    assert hall["figures"]["kib_per_phone"]["ratio"] == 0.25
    assert hall["valid"]


def test_a_busy_load_client_makes_the_run_invalid(capsys: pytest.CaptureFixture[str]) -> None:
    rounds = {"product": [taken()], "relay": [taken(share=0.51)]}
    hall = bench.summarise(200, rounds, {"product": 1.0, "relay": 1.0})
    assert not hall["valid"]
    report = {
        "halls": [hall],
        "rounds": 1,
        "reference_delivery_us": 17.4,
        "machine": {"load_average": 0.0, "cores": 2},
    }
    bench.print_report(report)
    assert "INVALID" in capsys.readouterr().out


def test_a_run_is_written_as_json_and_its_validity_is_the_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subjects, "install_relay", lambda: None)

    def measured(plan: bench.Plan, phones: int) -> dict[str, Any]:
        rounds = {name: [taken(share=phones / 1_000)] for name in ("product", "relay")}
        return bench.summarise(phones, rounds, {"product": 1.0, "relay": 2.0})

    monkeypatch.setattr(bench, "_measure_hall", measured)
    file = tmp_path / "bench.json"
    assert bench.main(["--phones", "100", "--rounds", "1", "--json", str(file)]) == 0
    written = json.loads(file.read_text())
    assert written["halls"][0]["figures"]["kib_per_phone"]["ratio"] == 0.5
    assert bench.main(["--phones", "900"]) == 1
    assert "event to the last phone" in capsys.readouterr().out


def test_what_is_missing_is_said_and_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("shutil.which", lambda name: None)
    assert bench.main(["--quick"]) == 2
    assert "Node.js" in capsys.readouterr().err


def test_frames_of_the_load_client_are_masked_and_whole() -> None:
    assert phones.frame("3") == b"\x81\x81\x00\x00\x00\x003"
    assert phones.frame("议" * 50)[:8] == b"\x81\xfe\x00\x96\x00\x00\x00\x00"


@pytest.fixture
def small_hall(monkeypatch: pytest.MonkeyPatch) -> subjects.Sizes:
    """A short storm, and sizes that show: an event of 700 bytes, a greeting of 2,000."""
    monkeypatch.setattr(scenarios, "STORM_SECONDS", 0.1)
    return subjects.Sizes(700, 2_000)


@pytest.mark.parametrize("server", ["driver", "relay"])
def test_a_round_with_a_real_server_measures_every_figure(
    tmp_path: Path, small_hall: subjects.Sizes, server: str
) -> None:
    subjects.install_relay()
    with getattr(subjects, server)(tmp_path, 20, small_hall) as subject:
        first = run_round(subject, 2, is_first=True)
        second = run_round(subject, 2, is_first=False)
    for one in (first, second):
        assert set(one.figures) == {figure.name for figure in bench.FIGURES}
        assert all(one.figures[name] > 0 for name in ("last_phone_ms", "delivery_us", "ballots_per_second"))
        assert 0 < one.figures["ack_p50_ms"] <= one.figures["ack_p99_ms"]
        assert 600 < one.event_bytes < 800
        assert 1_900 < one.hello_bytes < 2_100
        assert all(0 < share < 1.2 for share in one.client_share.values())


@pytest.mark.parametrize("server", ["driver", "relay"])
def test_every_ballot_of_a_round_is_in_the_store(
    tmp_path: Path, small_hall: subjects.Sizes, server: str
) -> None:
    subjects.install_relay()
    with getattr(subjects, server)(tmp_path, 10, small_hall) as subject:
        run_round(subject, 2, is_first=True)
    store = sqlite3.connect(tmp_path / f"{server}.sqlite")
    assert store.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    counts = store.execute("SELECT poll, count(*) FROM ballot GROUP BY poll ORDER BY poll").fetchall()
    store.close()
    assert counts == [("poll-1", 10), ("poll-2", 10)]


def test_a_server_that_refuses_is_not_measured(tmp_path: Path, small_hall: subjects.Sizes) -> None:
    with subjects.driver(tmp_path, 1, small_hall) as subject:
        crowd = Crowd()
        foreign = Entry(subjects.free_port(), None, {})
        with pytest.raises(LoadFailed):
            crowd.arrive([foreign], 0, limit=2.0)
        crowd.leave()
        sitting = Sitting(subject)
        sitting.arrive()
        with pytest.raises(LoadFailed, match="in time"):
            sitting.crowd.pump(lambda *_: None, lambda: False, 0.1, lambda now: 0.01)
        sitting.crowd.leave()


def test_the_processor_clock_of_another_process_runs() -> None:
    with subprocess.Popen([sys.executable, "-c", "while True: pass"]) as busy:
        before = processor_seconds(busy.pid)
        while processor_seconds(busy.pid) < before + 0.05:
            pass
        busy.kill()
