"""A hall that arrives together is read together."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import gevent
import pytest

from server.live import people
from server.live.people import People


class Counted:
    """A database that notes which sessions each reading asked for, and can be out of order."""

    def __init__(self) -> None:
        self.asked: list[set[str]] = []
        self.is_broken = False

    @contextmanager
    def reader(self, limit_seconds: float) -> Iterator["Counted"]:
        assert limit_seconds >= 1, "a whole hall must not be refused because one reading waited for its turn"
        if self.is_broken:
            raise OSError
        yield self


@pytest.fixture
def database(monkeypatch: pytest.MonkeyPatch) -> Counted:
    def read(session: Counted, ids: set[str], now: int) -> dict[str, Any]:
        session.asked.append(set(ids))
        return {known: f"person {known}" for known in ids if known != "stranger"}

    monkeypatch.setattr(people, "read_sessions", read)
    return Counted()


def test_those_who_arrive_together_are_read_together(database: Counted) -> None:
    ours = People(database, lambda: 0)  # type: ignore[arg-type]
    names = [f"s{number}" for number in range(1_200)]
    arriving = [gevent.spawn(ours.read, name) for name in [*names, "stranger", "s1"]]
    gevent.joinall(arriving, timeout=10)
    found: list[object] = [one.value for one in arriving]
    assert found == [*(f"person {name}" for name in names), None, "person s1"]
    assert len(database.asked) == 3
    assert all(len(ids) <= people.MOST_AT_ONCE for ids in database.asked)


def test_a_failed_reading_is_everybodys_failure_and_the_next_one_works(database: Counted) -> None:
    ours = People(database, lambda: 0)  # type: ignore[arg-type]
    database.is_broken = True
    arriving = [gevent.spawn(_outcome, ours, name) for name in ("a", "b")]
    gevent.joinall(arriving, timeout=10)
    assert [one.value for one in arriving] == ["failed", "failed"]
    database.is_broken = False
    found: object = gevent.spawn(ours.read, "a").get(timeout=10)
    assert found == "person a"


def _outcome(ours: People, name: str) -> str:
    try:
        return str(ours.read(name))
    except OSError:
        return "failed"
