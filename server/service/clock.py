"""The only clock: instants in milliseconds UTC, local dates in Asia/Shanghai (R32)."""

import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

Clock = Callable[[], int]
SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY_MS = 86_400_000


def now_ms() -> int:
    """Return the present instant in milliseconds UTC."""
    return time.time_ns() // 1_000_000


def local_time(instant: int) -> datetime:
    """Return an instant as wall-clock time in Asia/Shanghai."""
    return datetime.fromtimestamp(instant / 1000, UTC).astimezone(SHANGHAI)


def local_date(instant: int) -> date:
    """Return the local calendar date of an instant."""
    return local_time(instant).date()


def instant_of(local: datetime) -> int:
    """Return the instant of a naive wall-clock time in Asia/Shanghai."""
    return int(local.replace(tzinfo=SHANGHAI).timestamp() * 1000)
