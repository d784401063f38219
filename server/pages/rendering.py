"""What templates can say beyond their values: addresses of assets, words of codes, dates, form tokens."""

import hashlib
from functools import lru_cache
from pathlib import Path

from flask import Flask

from server.pages.context import services
from server.pages.csrf import csrf_field
from server.service.ids import new_id
from server.service.spoken import (
    spoken_clock,
    spoken_date,
    spoken_day,
    spoken_minute,
    spoken_moment,
    spoken_second,
    spoken_short_date,
    spoken_weekday,
)

STATIC = Path(__file__).resolve().parents[2] / "web" / "static"


def install_rendering(app: Flask) -> None:
    """Give the application's templates their words, filters and functions."""
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    # the words and the first view of a live screen: half as many bytes without escapes and blanks
    app.jinja_env.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}
    app.jinja_env.globals.update(asset=asset, csrf_field=csrf_field, new_id=new_id)
    app.jinja_env.filters.update(
        local_date=spoken_date,
        short_date=spoken_short_date,
        local_moment=spoken_minute,
        local_clock=spoken_clock,
        local_second=spoken_second,
        weekday=spoken_weekday,
        spoken_moment=spoken_moment,
        day=spoken_day,
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
