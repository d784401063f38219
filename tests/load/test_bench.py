"""The benchmark itself: it counts right, it says when it must not be believed, it measures a real server."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.load import bench, figures, lasting, many_halls, phones, scenarios, soak, subjects, table
from tests.load.phones import Crowd, Entry, LoadFailed
from tests.load.scenarios import Round, Sitting, processor_seconds, run_round
from tests.ports import free_port


def taken(share: float = 0.1, **found: float) -> Round:
    known = {figure.name: 1.0 for figure in figures.FIGURES}
    return Round({**known, **found}, {"last_phone_ms": share}, 400, 700, 3_000)


def hall_of(rounds: dict[str, list[Round]], phones: int = 1_000) -> dict[str, Any]:
    return figures.summarise(phones, rounds, {name: of[0] for name, of in rounds.items()})


def report_of(*halls: dict[str, Any], sections: tuple[dict[str, Any], ...] = ()) -> dict[str, Any]:
    machine = {"processor": "a processor", "cores": 2, "system": "Linux", "python": "3.11"}
    return {
        "halls": list(halls),
        "sections": list(sections),
        "rounds": 3,
        "date": "2026-01-01 12:00",
        "command": "run.py bench",
        "reference_delivery_us": 17.4,
        "machine": {**machine, "load_average": 0.0, "load_average_after": 1.0},
    }


def test_medians_are_compared_and_ratios_are_to_the_relay() -> None:
    rounds = {
        "product": [taken(last_phone_ms=value, kib_per_phone=10 * value) for value in (9.0, 12.0, 90.0)],
        "relay": [taken(last_phone_ms=value, kib_per_phone=360.0) for value in (8.0, 16.0, 17.0)],
    }
    hall = hall_of(rounds)
    line = hall["figures"]["last_phone_ms"]
    assert (line["product"], line["relay"], line["ratio"], line["met"]) == (12.0, 16.0, 0.75, True)
    assert hall["figures"]["kib_per_phone"]["ratio"] == 0.25, "memory is taken by the first who come"
    assert hall["valid"]


def test_a_missed_target_is_marked_and_the_largest_hall_has_its_own() -> None:
    rounds = {"product": [taken(ballots_per_second=55)], "relay": [taken(ballots_per_second=100)]}
    assert hall_of(rounds, 1_000)["figures"]["ballots_per_second"]["met"] is False
    assert hall_of(rounds, 5_000)["figures"]["ballots_per_second"]["met"] is True
    assert "✗" in table.terminal(report_of(hall_of(rounds)))


def test_a_busy_load_client_makes_the_run_invalid() -> None:
    hall = hall_of({"product": [taken()], "relay": [taken(share=0.51)]}, 200)
    assert not hall["valid"]
    assert "INVALID" in table.terminal(report_of(hall))


def test_the_page_of_figures_is_made_from_the_report(tmp_path: Path) -> None:
    lines = [(figures.Figure("lost", "lost", "", "product", most=0), {"product": 0.0})]
    beside = figures.section("stalled", "Phones stop reading", lines, 0.2)
    report = report_of(hall_of({"product": [taken()], "relay": [taken()]}), sections=(beside,))
    page = tmp_path / "performance.md"
    page.write_text(f"# Before\n{table.BEGIN}\nold\n{table.END}\nafter\n")
    table.write_into(page, table.markdown(report))
    text = page.read_text()
    assert "| lost,  | 0.0 | – | ≤ 0  | ✓ |" in text
    assert "old" not in text
    assert text.startswith("# Before")
    assert text.endswith("after\n")


def test_a_run_is_written_as_json_and_its_validity_is_the_exit_status(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(subjects, "install_relay", lambda: None)

    def measured(plan: bench.Plan, phones: int) -> dict[str, Any]:
        return hall_of({name: [taken(share=phones / 1_000)] for name in ("product", "relay")}, phones)

    monkeypatch.setattr(bench, "_measure_hall", measured)
    file = tmp_path / "bench.json"
    assert bench.main(["--phones", "100", "--rounds", "1", "--json", str(file)]) == 0
    written = json.loads(file.read_text())
    assert written["halls"][0]["figures"]["kib_per_phone"]["ratio"] == 1.0
    assert written["command"] == f"run.py bench --phones 100 --rounds 1 --json {file}"
    assert bench.main(["--phones", "900"]) == 1
    assert "event to the last phone" in capsys.readouterr().out


def test_only_the_scenarios_that_were_chosen_run() -> None:
    def plan(*words: str) -> bench.Plan:
        return bench._plan(bench._parser().parse_args(words))

    assert plan().phones == (200, 1_000, 2_000, 5_000)
    assert plan().scenarios == tuple(bench.SCENARIOS)
    assert plan("--quick") == bench.Plan((200, 1_000), 1, 6)
    assert plan("--only", "stalled", "hall", "--phones", "50") == bench.Plan(
        (50,), 3, 20, scenarios=("stalled",)
    )
    assert plan("--only", "growth").phones == ()


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
    monkeypatch.setattr(scenarios, "BUSY_SECONDS", 0.6)
    monkeypatch.setattr(scenarios, "SPREAD_SECONDS", 0.2)
    monkeypatch.setattr(scenarios, "QUIET_SECONDS", 0.1)
    monkeypatch.setattr(many_halls, "STORM_SECONDS", 0.1)
    return subjects.Sizes(700, 900, 2_000)


@pytest.mark.parametrize("server", ["driver", "relay"])
def test_a_round_with_a_real_server_measures_every_figure_and_every_ballot_is_stored(
    tmp_path: Path, small_hall: subjects.Sizes, server: str
) -> None:
    subjects.install_relay()
    with getattr(subjects, server)(tmp_path, 20, small_hall) as (subject,):
        rounds = [run_round(subject, 2, is_first=True)]
        if server == "relay":
            rounds.append(run_round(subject, 2, is_first=False))
    expected = {figure.name for figure in figures.FIGURES} - {"openslides", "joins_per_second", "join_us"}
    for one in rounds:
        assert set(one.figures) == expected
        assert all(one.figures[name] > 0 for name in ("last_phone_ms", "delivery_us", "ballots_per_second"))
        assert 0 < one.figures["tap_quiet_ms"] < 1_000
        assert 0 < one.figures["tap_busy_ms"] < 1_000
        assert 0 < one.figures["ack_p50_ms"] <= one.figures["ack_p99_ms"]
        assert 600 < one.event_bytes < 800
        assert 800 < one.poll_bytes < 1_000
        assert 1_900 < one.hello_bytes < 2_100
        assert all(0 < share < 1.2 for share in one.client_share.values())
    store = sqlite3.connect(tmp_path / f"{server}.sqlite")
    assert store.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    counts = store.execute("SELECT poll, count(*) FROM ballot GROUP BY poll ORDER BY poll").fetchall()
    store.close()
    assert counts == [(f"relay-{number}", 20) for number in range(1, 2 * len(rounds) + 1)]


def test_many_halls_hear_of_their_own_events_alone(tmp_path: Path, small_hall: subjects.Sizes) -> None:
    subjects.install_relay()
    with subjects.relay(tmp_path, 3, small_hall, halls=4) as halls:
        one = many_halls.Round(halls)
        found = one.run(2.0, is_first=True)
    assert len(one._waits) == 4 * 3 * 2
    assert 0 < found["halls_p50_ms"] <= found["halls_p99_ms"] < 1_000


def test_a_stalled_phone_hears_everything_in_order_once_it_reads_on(
    tmp_path: Path, small_hall: subjects.Sizes
) -> None:
    subjects.install_relay()
    with subjects.relay(tmp_path, 5, small_hall) as (subject,):
        sitting = Sitting(subject)
        sitting.arrive()
        stall = lasting._Stall(sitting, 2)
        found = stall.run(4)
        # The kernel may hand over the last of it later than `resume` listens.
        sitting.crowd.pump(stall._read, lambda: set(stall._marks.values()) == {4}, 20.0)
        sitting.crowd.leave()
    assert (found["lost"], found["corrupt"], found["dropped"]) == (0, 0, 0)
    assert set(stall._marks.values()) == {4}
    assert stall._corrupt == 0


def test_a_soak_is_judged_by_what_stands_after_warming_up() -> None:
    flat = [soak.Sample(minute, 100.0, 50.0, 20, 60) for minute in range(20)]
    assert soak.judge(flat) == []
    assert soak.judge([*flat[:-2], *(soak.Sample(20, 121.0, 50.0, 20, 60) for _ in range(2))]) == [
        "memory: 100 MiB became 121 MiB"
    ]
    assert len(soak.judge([*flat[:-2], *(soak.Sample(20, 100.0, 50.0, 21, 65) for _ in range(2))])) == 2
    assert "too short" in soak.judge(flat[:3])[0]


def test_a_server_that_refuses_is_not_measured(tmp_path: Path, small_hall: subjects.Sizes) -> None:
    with subjects.driver(tmp_path, 1, small_hall) as (subject,):
        crowd = Crowd()
        foreign = Entry(free_port(), None, {})
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
