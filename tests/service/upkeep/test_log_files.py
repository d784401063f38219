"""Logs are kept for 184 days, and nothing else in their folder is touched."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from server.service.clock import local_date
from server.service.upkeep.log_files import DAYS_KEPT, log_file, logs_job

NOW = 1_775_610_000_000


@pytest.mark.rule("S91")
def test_files_older_than_184_days_go_and_nothing_else(tmp_path: Path) -> None:
    today = local_date(NOW)
    days = [today - timedelta(days=age) for age in (0, 1, 184, 185, 400)]
    for name in (*(f"{day}.jsonl" for day in days), "2020-01-01.txt", "2020-99-99.jsonl", "笔记.jsonl"):
        (tmp_path / name).touch()
    assert logs_job(tmp_path).run(NOW) == "清理旧日志 2 份。"
    kept = {path.name for path in tmp_path.iterdir()}
    assert kept == {*(f"{day}.jsonl" for day in days[:3]), "2020-01-01.txt", "2020-99-99.jsonl", "笔记.jsonl"}
    assert DAYS_KEPT >= 184
    assert logs_job(tmp_path / "none").run(NOW) == "清理旧日志 0 份。"


def test_a_day_begins_at_midnight_in_shanghai(tmp_path: Path) -> None:
    assert log_file(tmp_path, NOW).name == "2026-04-08.jsonl"
    assert log_file(tmp_path, NOW + 15 * 3_600_000).name == f"{date(2026, 4, 9)}.jsonl"
