"""Seeded houses for browser tests; the Chromium itself is every folder's (tests/conftest.py)."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.seeded import Sitting
from tests.contract.hall import Hall
from tests.contract.server import RunningServer, seed


@dataclass(frozen=True, slots=True)
class SeededHouse:
    """A running house with meetings of five seats nobody used before."""

    server: RunningServer
    unused: list[Any]


@pytest.fixture(scope="session")
def seeded_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SeededHouse]:
    """One server for all tests on seeded meetings."""
    data = Path(tmp_path_factory.mktemp("seeded")) / "data"
    printed = seed(data, 24, 5)
    server = RunningServer(data)
    yield SeededHouse(server, list(printed["meetings"]))
    server.stop()


@pytest.fixture
def sitting(chromium: Browser, seeded_house: SeededHouse) -> Iterator[Sitting]:
    """A called meeting of one's own; a page with a fault of its own fails the test."""
    ours = Sitting(chromium, seeded_house.server, Hall(seeded_house.server.house, seeded_house.unused.pop()))
    yield ours
    ours.leave()
    assert not ours.faults
