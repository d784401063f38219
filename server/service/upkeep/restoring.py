"""A backup put back: into an empty data folder or an empty PostgreSQL database, whichever kind it came from."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from server.service.upkeep.backups import BackupPlace, open_backup
from server.store.backups import NotACopy, is_database, is_sound, verify_copy
from server.store.database import Database, open_database
from server.store.log import ChainFault
from server.store.migrations import migrate, revision_of, revisions
from server.store.portable import NotEmpty, fill
from server.store.sealed import is_sealed


class NotRestored(Exception):
    """Why nothing was put back; its text is the sentence for the terminal."""


@dataclass(frozen=True, slots=True)
class Restored:
    """How many meetings have a record, and the one whose record does not verify, if there is one."""

    meetings: int
    touched: str | None


def restore_backup(file: Path, key: Path | None, place: BackupPlace, url: str) -> Restored:
    """Put a backup into the empty database at ``url``; the caller holds the data folder.

    NotRestored, with nothing changed: no such file, no key or a wrong one, a damaged file, one of a newer program,
    or a database that is in use already.
    """
    if not file.is_file():
        raise NotRestored(f"找不到备份文件 {file}。")
    if url.startswith("sqlite") and _file_of(url).exists():
        raise NotRestored(f"{_file_of(url)} 已经有数据，只能恢复到空文件夹：请用 --data 另选一个。")
    with tempfile.TemporaryDirectory(dir=place.data, prefix=".copy-") as folder:
        plain = Path(folder) / "council.sqlite"
        used_key = _open(file, key, place, plain)
        if not is_database(plain) or not is_sound(plain):
            raise NotRestored(f"{file} 不是完好的备份。")
        restored = _check(plain)
        if url.startswith("sqlite"):
            _file_of(url).parent.mkdir(parents=True, exist_ok=True)
            plain.chmod(0o600)
            shutil.move(plain, _file_of(url))
        else:
            _fill(url, plain)
    if used_key is not None and not place.key.exists():
        shutil.copyfile(used_key, place.key)
        place.key.chmod(0o600)
    return restored


def _file_of(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def _open(file: Path, key: Path | None, place: BackupPlace, plain: Path) -> Path | None:
    """Write the plain copy and return the key it took."""
    if not is_sealed(file):
        shutil.copyfile(file, plain)
        return None
    used = key or place.key
    if not used.is_file():
        raise NotRestored("这份备份是加密的：请用 --key 指出密钥文件（原来数据文件夹里的 backup.key）。")
    try:
        open_backup(file, plain, used)
    except NotACopy:
        raise NotRestored(f"用 {used} 打不开这份备份：密钥不对，或者文件已损坏。") from None
    return used


def _check(plain: Path) -> Restored:
    """Bring the copy to this program's version and look at every meeting's record."""
    database = open_database(f"sqlite:///{plain}")
    try:
        _upgrade(database)
    finally:
        database.close()
    try:
        return Restored(len(verify_copy(plain)), None)
    except ChainFault as fault:
        return Restored(0, fault.meeting)


def _upgrade(database: Database) -> None:
    with database.writing.connect() as connection:
        found = revision_of(connection)
    if found is None:
        raise NotRestored("这个文件不是议事厅的备份。")
    if found not in revisions():
        raise NotRestored("这份备份来自更新版本的议事厅：请先换上新版本，再恢复。")
    migrate(database)


def _fill(url: str, plain: Path) -> None:
    database = open_database(url)
    try:
        migrate(database)
        fill(database, plain)
    except NotEmpty:
        raise NotRestored("这个 PostgreSQL 数据库里已经有数据，只能恢复到空的数据库。") from None
    finally:
        database.close()
