"""What a probe is told."""

import pytest
from flask import Flask

from server import __version__
from server.pages import health


def test_a_probe_learns_version_database_and_workers(house: Flask) -> None:
    answer = house.test_client().get("/healthz")
    assert answer.status_code == 200
    assert answer.get_json() == {"status": "ok", "version": __version__, "database": "sqlite", "workers": 1}


def test_a_silent_database_is_503_with_a_reason(house: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "database_answers", lambda database: False)
    answer = house.test_client().get("/healthz")
    assert answer.status_code == 503
    assert "database" in answer.get_json()["reason"]
