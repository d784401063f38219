"""The real application on a fresh database for each test, with its people signed in."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from server.documents.pool import DocumentPool
from server.pages.context import Services
from tests.pages.cast import Cast, gather
from tests.pages.house import Clock, build_house
from tests.service.held_meeting import MINUTE, HeldMeeting, hold_meeting


@pytest.fixture(scope="session")
def documents() -> Iterator[DocumentPool]:
    """One warm press for all tests."""
    pool = DocumentPool(workers=1)
    yield pool
    pool.close()


@pytest.fixture
def clock() -> Clock:
    """Wednesday, 8 April 2026, 9 in the morning in Shanghai; tests move it."""
    return Clock(1_775_610_000_000)


@pytest.fixture
def house(tmp_path: Path, documents: DocumentPool, clock: Clock) -> Iterator[Flask]:
    """The application with a writer thread of its own."""
    app, close = build_house(tmp_path, documents, clock)
    yield app
    close()


@pytest.fixture
def services(house: Flask) -> Services:
    """What the application's pages work with."""
    found: Services = house.extensions["council"]
    return found


@pytest.fixture
def cast(house: Flask, services: Services) -> Cast:
    """A council with its people, everybody signed in."""
    return gather(house, services)


@pytest.fixture
def held(services: Services, cast: Cast, clock: Clock) -> HeldMeeting:
    """A meeting that ended 25 minutes ago."""
    made = hold_meeting(
        lambda run: services.writer.submit(run).result(10),
        services.rooms,
        cast.council,
        clock() - 60 * MINUTE,
        officers=("林主持", "周记录"),
    )
    clock.now = made.closed_at + 10 * MINUTE
    return made
