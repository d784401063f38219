"""The service's clock goes on evenly while the system's is set, strobed or wrong (F6)."""

import logging
from itertools import pairwise

import pytest

from server.service.clock import DAY_MS, SteadyClock

HOUR = 3_600_000
START = 1_775_200_000_000


class System:
    """A machine whose clock can be set; ``pass_by`` is what really passes."""

    def __init__(self) -> None:
        self.wall, self.elapsed, self.connected = START, 50_000, 0
        self.clock = SteadyClock(lambda: self.wall, lambda: self.elapsed)
        self.clock.may_follow = lambda: not self.connected

    def pass_by(self, ms: int) -> None:
        self.wall += ms
        self.elapsed += ms


@pytest.fixture
def system() -> System:
    return System()


def test_it_goes_with_a_sound_clock(system: System) -> None:
    for ms in (0, 1, 7, 1000, HOUR):
        system.pass_by(ms)
        assert system.clock() == system.wall


@pytest.mark.parametrize("step", [HOUR, -HOUR, DAY_MS, -DAY_MS])
def test_a_step_is_noted_once_and_not_followed_in_a_meeting(
    system: System, step: int, caplog: pytest.LogCaptureFixture
) -> None:
    system.connected = 25
    system.clock()
    system.wall += step
    for _ in range(100):
        before = system.clock()
        system.pass_by(100)
        assert system.clock() == before + 100
    assert [record.message for record in caplog.records] == [
        f"clock.anomaly: the system clock stepped by {step} ms"
    ]
    system.wall -= step
    assert system.clock() == system.wall
    assert caplog.records[-1].levelno == logging.WARNING
    assert "is back" in caplog.text


@pytest.mark.parametrize("step", [HOUR, -DAY_MS])
def test_a_step_is_followed_when_nobody_is_connected(system: System, step: int) -> None:
    system.connected = 1
    system.wall += step
    assert system.clock() == system.wall - step
    system.connected = 0
    assert system.clock() == system.wall


@pytest.mark.parametrize("every", [1, 30, 500])
def test_a_strobe_neither_turns_it_back_nor_carries_it_away(
    system: System, every: int, caplog: pytest.LogCaptureFixture
) -> None:
    system.connected = 1
    true = system.wall
    last = system.clock()
    for turn in range(2000):
        system.pass_by(every)
        true += every
        system.wall = true + (200 if turn % 2 else -200)
        now = system.clock()
        assert now >= last
        assert abs(now - true) <= 200
        last = now
    assert not caplog.records


@pytest.mark.parametrize("off", [1500, -1500])
def test_a_small_difference_is_caught_up_slowly(system: System, off: int) -> None:
    system.connected = 1
    system.clock()
    system.wall += off
    readings: list[int] = []
    for _ in range(600):
        system.pass_by(100)
        readings.append(system.clock())
    steps = [later - earlier for earlier, later in pairwise(readings)]
    assert min(steps) >= 95
    assert max(steps) <= 105
    assert readings[-1] == system.wall


def test_a_laptop_that_slept_wakes_at_the_right_time(
    system: System, caplog: pytest.LogCaptureFixture
) -> None:
    system.connected = 25
    system.pass_by(8 * HOUR)
    assert system.clock() == system.wall
    assert not caplog.records
