"""The only clock: instants in milliseconds UTC, local dates in Asia/Shanghai (R32)."""

import logging
import threading
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], int]
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY_MS = 86_400_000
log = logging.getLogger(__name__)
# Counts on while a laptop sleeps, where the system has such a clock (Linux).
_COUNTING = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def now_ms() -> int:
    """Return the present instant in milliseconds UTC."""
    return time.time_ns() // 1_000_000


def elapsed_ms() -> int:
    """Return milliseconds since the machine was started; nobody can set this clock."""
    return time.clock_gettime_ns(_COUNTING) // 1_000_000


def local_time(instant: int) -> datetime:
    """Return an instant as wall-clock time in Asia/Shanghai."""
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(SHANGHAI)


def local_date(instant: int) -> date:
    """Return the local calendar date of an instant."""
    return local_time(instant).date()


def instant_of(local: datetime) -> int:
    """Return the instant of a naive wall-clock time in Asia/Shanghai."""
    return int(local.replace(tzinfo=SHANGHAI).timestamp() * 1000)


class SteadyClock:
    """The service's clock: begins with the system's and then goes on evenly, whatever happens to that one (F6).

    Differences of at most STEP_MS are caught up slowly. A larger step is noted as ``clock.anomaly`` and followed
    only while nobody is connected: in a meeting no deadline jumps, no ticket runs out or comes back to life.
    Safe to call from any thread; while somebody is connected it never goes back.
    """

    STEP_MS = 2_000
    CATCH_UP = 20  # at most a twentieth faster or slower

    def __init__(self, wall: Clock = now_ms, elapsed: Clock = elapsed_ms) -> None:
        self.may_follow: Callable[[], bool] = lambda: True
        self._wall, self._elapsed = wall, elapsed
        self._now, self._read_at = wall(), elapsed()
        self._gathered = self._noted = 0
        self._lock = threading.Lock()

    def __call__(self) -> int:
        with self._lock:
            read_at, wall = self._elapsed(), self._wall()
            passed = read_at - self._read_at
            self._read_at = read_at
            self._now += passed
            off = wall - self._now
            if abs(off) > self.STEP_MS:
                self._step(off)
            else:
                self._catch_up(off, passed)
            return self._now

    def _step(self, off: int) -> None:
        if abs(off - self._noted) > self.STEP_MS:
            self._noted = off
            log.warning("clock.anomaly: the system clock stepped by %d ms", off)
        if self.may_follow():
            self._now += off
            self._noted = 0
            log.warning("clock.anomaly: nobody is connected, the step of %d ms is followed", off)

    def _catch_up(self, off: int, passed: int) -> None:
        if self._noted:
            self._noted = 0
            log.warning("clock.anomaly: the system clock is back")
        # Most readings are less than a millisecond apart: their time is gathered until it is worth a step.
        self._gathered += passed
        most = self._gathered // self.CATCH_UP
        if off == 0 or most:
            self._gathered = 0
        self._now += max(-min(most, passed), min(most, off))
