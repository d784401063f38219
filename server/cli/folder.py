"""The data folder and its lock: one process writes a SQLite file, all others ask it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class FolderInUse(Exception):
    """Another process holds the data folder; its text is the sentence for the terminal."""


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the data folder for as long as the block runs; FolderInUse when somebody else does."""
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise FolderInUse(
                f"数据文件夹 {folder} 正被另一个议事厅使用：请先停止它，或者用 --data 另选一个文件夹。"
            ) from None
        yield
    finally:
        os.close(handle)
