"""Logs say what happened and when, and nothing about whom."""

import json
import logging
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gevent
import pytest
from flask import Flask

from server.cli.logs import closing_logs
from tests.pages.cast import Cast

NAME, TICKET, PASSWORD = "周桂兰", "T3cket-abcdef0123456789", "correct horse battery"
SECRETS = (NAME, TICKET, PASSWORD, "13955550100", "赞成票")


@pytest.fixture
def kept() -> Iterator[None]:
    """The process's own logging, given back afterwards."""
    root = logging.getLogger()
    handlers, level, hook = root.handlers[:], root.level, threading.excepthook
    yield
    root.handlers[:], root.level, threading.excepthook = handlers, level, hook
    vars(gevent.get_hub()).pop("print_exception", None)


def written(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for path in folder.iterdir() for line in path.read_text("utf-8").splitlines()]


@pytest.mark.usefixtures("kept")
def test_whatever_is_sent_leaves_a_line_without_it(
    house: Flask, cast: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def stumble(meeting: str) -> str:
        try:
            raise KeyError(meeting)
        except KeyError as error:
            raise ValueError(f"{NAME}投了{SECRETS[4]}") from error

    house.view_functions["rooms.show_state"] = stumble
    browser = house.test_client()
    with closing_logs(tmp_path / "logs"):
        browser.get(f"/join?ticket={TICKET}", headers={"User-Agent": NAME, "Referer": f"http://a/{NAME}"})
        browser.post("/join", data={"ticket": TICKET})
        browser.post("/join", json={"ticket": TICKET})
        browser.post("/office/login", data={"name": NAME, "password": PASSWORD})
        browser.get(f"/nowhere/{NAME}/{TICKET}")
        browser.open(f"/{TICKET}", method=f"GET{TICKET[:5]}")
        browser.post(f"/c/{cast.council}/topics", data={"title": NAME, "telephone": "13955550100"})
        cast.administrator.post("/office/accounts", {"name": NAME, "role": "chair"})
        assert browser.get(f"/meetings/{NAME}/state").status_code == 500
    text = "".join(path.read_text("utf-8") for path in (tmp_path / "logs").iterdir())
    assert [secret for secret in SECRETS if secret in text] == []
    assert not any(secret in capsys.readouterr().err for secret in SECRETS)
    lines = written(tmp_path / "logs")
    assert [line["route"] for line in lines if line["event"] == "request"][:3] == ["/join"] * 3
    assert all({"time", "level", "event"} <= line.keys() for line in lines)
    [fault] = [line for line in lines if "fault" in line]
    assert fault["fault"] == "ValueError < KeyError"
    assert any("stumble" in frame for frame in fault["trace"])
    answers = [line for line in lines if line.get("route") == "/meetings/<meeting>/state"]
    assert [(line["status"], line["request"]) for line in answers] == [(500, fault["request"])]
    assert answers[0]["ms"] >= 0


@pytest.mark.usefixtures("kept")
def test_what_nobody_caught_is_noted_without_its_text(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail() -> None:
        raise RuntimeError(NAME)

    with closing_logs(tmp_path):
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
        gevent.spawn(fail).join()
        logging.getLogger("weasyprint.of.others").error("cannot load %s", NAME)
    assert [line.get("fault") for line in written(tmp_path)] == ["RuntimeError", "RuntimeError", None]
    said = capsys.readouterr().err
    assert NAME not in said
    assert "Traceback: RuntimeError" in said


@pytest.mark.usefixtures("kept")
def test_a_service_manager_gets_the_lines_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    with closing_logs(None):
        logging.getLogger("server.store.writer").info("ready")
    line = json.loads(capsys.readouterr().err)
    assert (line["level"], line["event"], line["message"]) == ("info", "store.writer", "ready")


@pytest.mark.usefixtures("kept")
def test_files_belong_to_their_owner_and_a_full_disk_stops_nothing(tmp_path: Path) -> None:
    log = logging.getLogger("server.store.writer")
    folder = tmp_path / "logs"
    with closing_logs(folder):
        log.info("one")
    [file] = folder.iterdir()
    assert (folder.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    file.unlink()
    file.symlink_to("/dev/full")
    with closing_logs(folder):
        log.info("lost")
        log.info("lost too")
    blocked = tmp_path / "a file"
    blocked.touch()
    with closing_logs(blocked):
        log.info("nowhere to go")
