"""A council whose meeting was just closed; databases of both kinds."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.service.held_meeting import MINUTE, hold_meeting
from tests.service.minutes_office import NOW, Office
from tests.store.conftest import postgres, sqlite_url, url

__all__ = ["postgres", "sqlite_url", "url"]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A council of five; its meeting was just closed."""
    made = Office(tmp_path)
    made.meeting = hold_meeting(made.carry_out, made.rooms, made.council, NOW - 60 * MINUTE)
    yield made
    made.writer.close()
    made.database.close()
