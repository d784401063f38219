"""What every test stands on, however pytest was started."""

import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, settings

from tests.shape.tree import ROOT

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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long counts take as long as they take."""
    if config.getoption("--faults"):
        for item in items:
            if "cycles" in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.timeout(7200), append=False)


@pytest.fixture(scope="session")
def cycles(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """How often a fault is repeated: ``cycles(in_the_suite, with_faults)``."""
    is_long = bool(request.config.getoption("--faults"))
    return lambda in_the_suite, with_faults: with_faults if is_long else in_the_suite
