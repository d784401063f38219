"""What templates can say beyond their values: addresses of assets, words of codes, dates, form tokens."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask

from server.pages.context import services
from server.pages.csrf import csrf_field
from server.service.clock import local_time
from server.service.ids import new_id

STATIC = Path(__file__).resolve().parents[2] / "web" / "static"
WEEKDAYS = "一二三四五六日"
_PARTS_OF_DAY = ((5, "凌晨"), (8, "早上"), (12, "上午"), (13, "中午"), (18, "下午"), (24, "晚上"))


def install_rendering(app: Flask) -> None:
    """Give the application's templates their words, filters and functions."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(asset=asset, csrf_field=csrf_field, new_id=new_id)
    app.jinja_env.filters.update(
        local_date=say_date,
        short_date=say_short_date,
        local_moment=say_moment,
        local_clock=say_clock,
        weekday=say_weekday,
        spoken_moment=say_spoken_moment,
        day=say_day,
    )
    app.context_processor(lambda: {"words": services().words})


def asset(name: str) -> str:
    """Return the address of a file under web/static with the hash of its content, so that it may be kept for long."""
    path = STATIC / name
    changed = path.stat().st_mtime_ns if path.is_file() else 0
    return f"/static/{name}?v={_content_hash(path, changed)}"


@lru_cache(maxsize=256)
def _content_hash(path: Path, changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12] if changed else "0"


def say_date(instant: int) -> str:
    """Return 2026年4月3日."""
    local = local_time(instant)
    return f"{local.year}年{local.month}月{local.day}日"


def say_short_date(instant: int) -> str:
    """Return 4月3日."""
    local = local_time(instant)
    return f"{local.month}月{local.day}日"


def say_clock(instant: int) -> str:
    """Return 19:30."""
    return f"{local_time(instant):%H:%M}"


def say_moment(instant: int) -> str:
    """Return 4月3日 19:30."""
    return f"{say_short_date(instant)} {say_clock(instant)}"


def say_weekday(instant: int) -> str:
    """Return 星期五."""
    return f"星期{WEEKDAYS[local_time(instant).weekday()]}"


def say_spoken_moment(instant: int) -> str:
    """Return 4月17日 星期五 晚上7点 or 晚上7点30分, as a notice on a door says it."""
    local = local_time(instant)
    part = next(word for end, word in _PARTS_OF_DAY if local.hour < end)
    hour = local.hour - 12 if local.hour > 12 else local.hour
    minutes = f"{local.minute}分" if local.minute else ""
    return f"{say_short_date(instant)} {say_weekday(instant)} {part}{hour}点{minutes}"


def say_day(day: str) -> str:
    """Return 2026年4月3日 for the local date 2026-04-03."""
    year, month, date = day.split("-")
    return f"{int(year)}年{int(month)}月{int(date)}日"
