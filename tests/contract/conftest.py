"""One server for all contract tests; every test takes a meeting nobody used before."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.contract.client import House
from tests.contract.hall import Hall
from tests.contract.server import RunningServer, seed

MEETINGS = 100
SEATS = 10


@dataclass(frozen=True, slots=True)
class Seeded:
    """A running house and what its seeding printed."""

    server: RunningServer
    printed: Any
    unused: list[Any]

    @property
    def house(self) -> House:
        return self.server.house


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seeded]:
    data = Path(tmp_path_factory.mktemp("contract")) / "data"
    printed = seed(data, MEETINGS, SEATS)
    server = RunningServer(data)
    yield Seeded(server, printed, list(printed["meetings"]))
    server.stop()
    # Whatever was sent, nothing made the server stumble, and no ballot or ticket reached its log.
    log = server.log.read_text(encoding="utf-8")
    assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:4000]
    assert [line for line in log.splitlines() if "nonce" in line or "ticket=" in line] == []
    _hold_no_secrets(data / "logs", printed)


def _hold_no_secrets(folder: Path, printed: Any) -> None:
    """Everything these tests sent has left lines, and none of them names a person, a ticket or a password."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    lines = [json.loads(line) for line in text.splitlines()]
    assert any("route" in line for line in lines)
    names = {"time", "level", "event", "message", "place", "request", "method", "route", "status", "ms"}
    assert {name for line in lines for name in line} <= names
    secrets = [printed["account"]["password"], printed["account"]["name"], "代表", "nonce", "sid="]
    for meeting in printed["meetings"]:
        secrets += [meeting["chair"], meeting["secretary"], meeting["observer"], *meeting["representatives"]]
    assert [secret for secret in secrets if secret in text] == []


@pytest.fixture
def house(seeded: Seeded) -> House:
    return seeded.house


@pytest.fixture
def hall(seeded: Seeded) -> Iterator[Hall]:
    """A called meeting of one's own."""
    ours = Hall(seeded.house, seeded.unused.pop())
    yield ours
    ours.hang_up()


@pytest.fixture(scope="session")
def shared_hall(seeded: Seeded) -> Hall:
    shared = Hall(seeded.house, seeded.unused.pop())
    shared.begin()
    shared.hang_up()
    return shared


@pytest.fixture
def begun_hall(shared_hall: Hall) -> Iterator[Hall]:
    """A meeting at its first item, for tests whose commands are all refused."""
    yield shared_hall
    shared_hall.hang_up()


@pytest.fixture
def other_hall(seeded: Seeded) -> Iterator[Hall]:
    """Another meeting, whose people are strangers to the first."""
    theirs = Hall(seeded.house, seeded.unused.pop())
    yield theirs
    theirs.hang_up()
