"""Backups: a consistent copy of everything, encrypted, a few of them kept (S92)."""

import hashlib
import logging
import re
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path

from server.service.clock import DAY_MS, instant_of, local_date, local_time
from server.service.schedule.jobs import Job, JobFailed
from server.service.upkeep.space import LEAST_FREE, free_bytes
from server.store.backups import NotACopy, copy_database, is_sound
from server.store.database import Database
from server.store.portable import export
from server.store.sealed import WrongKey, make_key, opens, seal, unseal

log = logging.getLogger(__name__)
DAYS_KEPT = 7
WEEKS_KEPT = 4
UPGRADES_KEPT = 3
ENDING = ".age"
_NAME = re.compile(r"(backup|before-upgrade)-(\d{8}T\d{6})\.age")
_LEFT_BEHIND_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class BackupPlace:
    """Where backups go, the key they are encrypted with, and the data folder, where the plain copy is made."""

    data: Path
    folder: Path
    key: Path


@dataclass(frozen=True, slots=True)
class Backup:
    """One encrypted backup; its name says when it was taken, so that a copied file still knows."""

    path: Path
    kind: str
    taken_at: int


def backup_job(database: Database, place: BackupPlace) -> Job:
    """Return the daily backup; the oldest are dropped after a new one is safely there."""

    def run(now: int) -> str:
        try:
            said = ready_key(place)
            made = take_backup(database, place, now)
        except OSError as error:
            raise JobFailed(f"备份写不进 {place.folder}（{error.strerror or '磁盘错误'}）。") from None
        dropped = drop_old(place)
        return f"{made.name}，{made.stat().st_size // 1024} KB，清理旧备份 {dropped} 份。{said}"

    return Job("backup", DAY_MS, run)


def take_backup(database: Database, place: BackupPlace, now: int, kind: str = "backup") -> Path:
    """Write an encrypted backup, read it back, and return where it is. JobFailed where it cannot be, OSError."""
    place.folder.mkdir(parents=True, exist_ok=True)
    place.folder.chmod(0o700)
    ready_key(place)
    target = place.folder / f"{kind}-{local_time(now):%Y%m%dT%H%M%S}{ENDING}"
    seal_copy(database, target, place)
    return target


def ready_key(place: BackupPlace) -> str:
    """Make the key where there is none; return what is to be said when backups are there that it does not open."""
    if not make_key(place.key) or not (closed := len(list_backups(place))):
        return ""
    log.warning("the backup key was gone, a new one was made: it does not open the %d older backups", closed)
    return f"密钥不见了，另做了一把；以前的{closed}份备份要用原来的密钥才打得开。"


def seal_copy(database: Database, target: Path, place: BackupPlace) -> None:
    """Write an encrypted copy under exactly this name once it is whole and can be opened."""
    with copied(database, place) as plain:
        part = target.with_suffix(".part")
        part.unlink(missing_ok=True)
        try:
            seal(plain, part, place.key)
            with plain.open("rb") as file:
                expected = hashlib.file_digest(file, "sha256").digest()
            if _digest_inside(part, place.key) != expected:
                raise JobFailed("备份写下后读不回来，没有留下。")
            part.rename(target)
        finally:
            part.unlink(missing_ok=True)


@contextmanager
def copied(database: Database, place: BackupPlace) -> Iterator[Path]:
    """Give a plain, whole copy in a folder that is gone afterwards, and with the next backup if a crash left it."""
    for left in place.data.glob(".copy-*"):
        if time.time() - left.stat().st_mtime > _LEFT_BEHIND_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    needed = database.size() * 2 + LEAST_FREE
    if min(free_bytes(place.data), free_bytes(place.folder)) < needed:
        raise JobFailed(f"磁盘空间不够备份，至少要空出 {needed >> 20} MB。")
    with tempfile.TemporaryDirectory(dir=place.data, prefix=".copy-") as folder:
        plain = Path(folder) / "council.sqlite"
        try:
            write_copy(database, plain)
            sound = is_sound(plain, thorough=False)
        except NotACopy:
            sound = False
        if not sound:
            raise JobFailed("数据库已损坏，这份备份不完整，没有留下：请运行 doctor 检查。")
        yield plain


def write_copy(database: Database, target: Path) -> None:
    """Write a consistent plain copy as a SQLite file, whichever kind the database is; it goes on serving."""
    if database.kind == "sqlite":
        copy_database(database, target)
    else:
        export(database, target)


def open_backup(file: Path, target: Path, key: Path) -> None:
    """Write what an encrypted backup holds to ``target``; NotACopy when the key does not fit or bytes are wrong."""
    try:
        with target.open("wb") as plain:
            unseal(file, plain, key)
    except WrongKey:
        raise NotACopy(str(file)) from None


def list_backups(place: BackupPlace) -> list[Backup]:
    """Return the backups in the folder, the newest first."""
    if not place.folder.is_dir():
        return []
    found = [backup for path in place.folder.iterdir() if (backup := _named(path)) is not None]
    return sorted(found, key=lambda backup: backup.taken_at, reverse=True)


def locked_backups(place: BackupPlace, backups: Sequence[Backup]) -> list[Backup]:
    """Return those the present key does not open: sealed for another one, or damaged. Cost: one look at each file."""
    key = _mark(place.key)
    if key is None:
        return list(backups)
    return [backup for backup in backups if not _is_opened(backup.path, place.key, _mark(backup.path), key)]


def _mark(file: Path) -> tuple[int, int, int] | None:
    """Return what changes whenever the file does; None when it is gone."""
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_ino, found.st_size, found.st_mtime_ns


def _is_opened(file: Path, key: Path, *marks: tuple[int, int, int] | None) -> bool:
    try:
        return _opens(file, key, marks)
    except OSError:  # dropped meanwhile, or not to be read just now: another look will tell
        return True


@lru_cache(maxsize=64)
def _opens(file: Path, key: Path, marks: object) -> bool:
    return opens(file, key)


def _named(path: Path) -> Backup | None:
    match = _NAME.fullmatch(path.name)
    try:
        local = datetime.strptime(match[2], "%Y%m%dT%H%M%S") if match else None  # noqa: DTZ007 local time
    except ValueError:
        return None
    return Backup(path, match[1], instant_of(local)) if match and local else None


def drop_old(place: BackupPlace) -> int:
    """Delete what need not be kept and return how many that were."""
    backups = list_backups(place)
    surplus = [b for b in backups if b.kind == "before-upgrade"][UPGRADES_KEPT:]
    surplus += surplus_of([b for b in backups if b.kind == "backup"])
    for backup in surplus:
        backup.path.unlink(missing_ok=True)
    return len(surplus)


def surplus_of(backups: Sequence[Backup]) -> list[Backup]:
    """Return what is neither the last of one of the newest DAYS_KEPT days nor of the newest WEEKS_KEPT weeks.

    Days and weeks without a backup do not count, so that a laptop that is opened once a month keeps a year.
    """
    days: dict[object, Backup] = {}
    weeks: dict[object, Backup] = {}
    for backup in sorted(backups, key=lambda b: b.taken_at, reverse=True):
        day = local_date(backup.taken_at)
        if day in days or len(days) < DAYS_KEPT:
            days.setdefault(day, backup)
        week = day.isocalendar()[:2]
        if week in weeks or len(weeks) < WEEKS_KEPT:
            weeks.setdefault(week, backup)
    kept = {id(backup) for backup in (*days.values(), *weeks.values())}
    return [backup for backup in backups if id(backup) not in kept]


class _Digest:
    """A sink that keeps nothing but the SHA-256."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()

    def write(self, data: bytes) -> None:
        """Take a piece."""
        self.sha256.update(data)


def _digest_inside(file: Path, key: Path) -> bytes:
    digest = _Digest()
    try:
        unseal(file, digest, key)
    except WrongKey:
        return b""
    return digest.sha256.digest()
