"""Disk space: when to warn, and when to keep what is left for the meeting's own record."""

import shutil
from pathlib import Path

WARN_FREE = 1 << 30
LEAST_FREE = 200 << 20


def free_bytes(folder: Path) -> int:
    """Return how much may still be written where a folder is, or where it would be made."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
