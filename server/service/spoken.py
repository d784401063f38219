"""Instants in the words of notices and pages: local time of Asia/Shanghai, no leading zeros (R32)."""

from server.service.clock import local_time

WEEKDAYS = "一二三四五六日"
_PARTS_OF_DAY = ((5, "凌晨"), (8, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))


def spoken_date(instant: int) -> str:
    """Return 2026年4月3日."""
    local = local_time(instant)
    return f"{local.year}年{local.month}月{local.day}日"


def spoken_short_date(instant: int) -> str:
    """Return 4月3日."""
    local = local_time(instant)
    return f"{local.month}月{local.day}日"


def spoken_clock(instant: int) -> str:
    """Return 19:30."""
    return f"{local_time(instant):%H:%M}"


def spoken_second(instant: int) -> str:
    """Return 19:30:05."""
    return f"{local_time(instant):%H:%M:%S}"


def spoken_minute(instant: int) -> str:
    """Return 4月3日 19:30."""
    return f"{spoken_short_date(instant)} {spoken_clock(instant)}"


def spoken_weekday(instant: int) -> str:
    """Return 星期五."""
    return f"星期{WEEKDAYS[local_time(instant).weekday()]}"


def spoken_moment(instant: int) -> str:
    """Return 4月17日 星期五 晚上7点 or 晚上7点30分, as a notice on a door says it."""
    local = local_time(instant)
    part = next(word for end, word in _PARTS_OF_DAY if local.hour < end)
    hour = local.hour - 12 if local.hour > 12 else local.hour
    minutes = f"{local.minute}分" if local.minute else ""
    return f"{spoken_short_date(instant)} {spoken_weekday(instant)} {part}{hour}点{minutes}"


def spoken_day(day: str) -> str:
    """Return 2026年4月3日 for the local date 2026-04-03."""
    year, month, date = day.split("-")
    return f"{int(year)}年{int(month)}月{int(date)}日"
