"""What every test stands on, however pytest was started."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import Browser

from tests.chromium import headless
from tests.shape.tree import ROOT
from tests.turns import length_order, turn

# run.py sets this for the server; without a font of its own a process that draws text ends inside Pango.
os.environ["FONTCONFIG_FILE"] = str(ROOT / "web" / "static" / "fonts" / "fonts.conf")

# The same examples in every run of the suite, however busy the machine; `LAWS=thorough` looks much further.
settings.register_profile("suite", derandomize=True, deadline=None, database=None, max_examples=100)
settings.register_profile(
    "thorough", deadline=None, max_examples=5000, suppress_health_check=list(HealthCheck)
)
settings.load_profile(os.environ.get("LAWS", "suite"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--faults", action="store_true", help="repeat every fault as often as before a release")
    parser.addoption("--abuse", action="store_true", help="try as many hostile inputs as before a release")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest files begin first; long counts take as long as they take."""
    items.sort(key=length_order)
    if not config.getoption("--faults"):
        left = [item for item in items if item.get_closest_marker("long") is not None]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item not in left]
    long = {name for flag, name in (("--faults", "cycles"), ("--abuse", "count")) if config.getoption(flag)}
    if long:
        for item in items:
            if long & set(getattr(item, "fixturenames", ())):
                item.add_marker(pytest.mark.timeout(7200), append=False)


@pytest.fixture(scope="session")
def cycles(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """How often a fault is repeated: ``cycles(in_the_suite, with_faults)``."""
    is_long = bool(request.config.getoption("--faults"))
    return lambda in_the_suite, with_faults: with_faults if is_long else in_the_suite


def pytest_xdist_auto_num_workers() -> int:
    """Three queues at most: the servers and browsers the tests start want cores too, and much is waiting."""
    return min(3, (os.cpu_count() or 1) + 1)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    """Run a test marked ``alone`` while no other worker runs anything."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        return (yield)
    # The parent of a worker's own folder is common to all workers of a run.
    factory: pytest.TempPathFactory = item.config._tmp_path_factory  # type: ignore[attr-defined]
    common = Path(factory.getbasetemp()).parent
    with turn(common, alone=item.get_closest_marker("alone") is not None):
        return (yield)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One Chromium for all tests of a process, in whatever folder they stand."""
    with headless() as browser:
        yield browser
