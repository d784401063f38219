"""The log's files: one a day, kept for 184 days (S91)."""

import re
from datetime import date
from pathlib import Path

from server.service.clock import DAY_MS, local_date
from server.service.schedule.jobs import Job

DAYS_KEPT = 184
_NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.jsonl")


def log_file(folder: Path, instant: int) -> Path:
    """Return the file an event of this instant belongs in."""
    return folder / f"{local_date(instant)}.jsonl"


def logs_job(folder: Path) -> Job:
    """Return the daily clearing of what is older than DAYS_KEPT days."""
    return Job("log_files", DAY_MS, lambda now: f"清理旧日志 {drop_old_logs(folder, now)} 份。")


def drop_old_logs(folder: Path, now: int) -> int:
    """Delete the files of days that are over for DAYS_KEPT days, and nothing else; return how many."""
    dropped = 0
    for path in folder.iterdir() if folder.is_dir() else ():
        day = _day_of(path)
        if day is not None and (local_date(now) - day).days > DAYS_KEPT:
            path.unlink(missing_ok=True)
            dropped += 1
    return dropped


def _day_of(path: Path) -> date | None:
    match = _NAME.fullmatch(path.name)
    try:
        return date.fromisoformat(match[1]) if match else None
    except ValueError:
        return None
