"""Taking turns on a small machine: what measures runs alone, what is long begins first."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

# Files that take longest, longest first; in two queues the short ones fill up the end.
LONGEST = (
    "browser/test_meeting",
    "workers",
    "faults",
    "browser/test_lost_network",
    "browser/test_office_pages",
    "browser/test_public_pages",
    "browser/test_bad_network",
    "browser",
    "load",
    "cli",
    "contract",
    "run",
    "shape/test_checks",
    "laws",
)


def length_order(item: pytest.Item) -> int:
    """Return where a test's file stands: the longest files first, all others after them as collected."""
    path = str(item.path)
    return next((at for at, part in enumerate(LONGEST) if f"/tests/{part}" in path), len(LONGEST))


@contextmanager
def turn(folder: Path, *, alone: bool) -> Iterator[None]:
    """Hold a turn among all workers of this run: shared with others, or alone on the machine.

    The gate is held while one waits, so that a stream of short tests cannot keep a waiting one out for ever.
    """
    with _locked(folder / "gate", fcntl.LOCK_EX) as gate:
        floor = os.open(folder / "floor", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(floor, fcntl.LOCK_EX if alone else fcntl.LOCK_SH)
            fcntl.flock(gate, fcntl.LOCK_UN)
            yield
        finally:
            os.close(floor)


@contextmanager
def _locked(path: Path, how: int) -> Iterator[int]:
    held = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(held, how)
        yield held
    finally:
        os.close(held)
