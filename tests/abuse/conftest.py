"""Two communities in one house, built once for each file of tests."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from server.documents.papers import Paper
from server.documents.pool import DocumentPool, Photo
from tests.abuse.world import World, build_world
from tests.pages.house import Clock, build_house

__all__ = ["NOON", "Count", "QuietPress", "count", "world"]

NOON = 1_775_620_800_000


class QuietPress:
    """A press for tests that ask who may have a paper, not what stands in it: rendering takes seconds."""

    waiting = 0

    def render(self, paper: Paper) -> bytes:
        """Give something that begins like a PDF."""
        return b"%PDF-1.7 " + type(paper).__name__.encode()

    def reencode_photo(self, data: bytes) -> Photo:
        """Give a photo of nothing."""
        return Photo(b"\xff\xd8", 1, 1, b"\xff\xd8", 1, 1)

    def close(self) -> None:
        """Nothing is open."""


@dataclass(frozen=True, slots=True)
class Count:
    """How much of a set is tried: the first number in the suite, the second with ``--abuse``."""

    is_long: bool

    def __call__(self, in_the_suite: int, with_abuse: int) -> int:
        return with_abuse if self.is_long else in_the_suite


@pytest.fixture(scope="session")
def count(request: pytest.FixtureRequest) -> Count:
    """``count(in_the_suite, with_abuse)``."""
    return Count(bool(request.config.getoption("--abuse")))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Both communities; what a test changes stays for the other tests of its file."""
    clock = Clock(NOON)
    press: DocumentPool = QuietPress()  # type: ignore[assignment]
    app, close = build_house(tmp_path_factory.mktemp("world"), press, clock)
    yield build_world(app, app.extensions["council"], clock)
    close()
