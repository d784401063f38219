"""The server's secret keys as files: the newest signs and seals, former ones still open (S83)."""

import os
import secrets
from pathlib import Path

KEY_BYTES = 32
# Two rotations back nothing is left that a former key has to open: forms live for hours, secrets are sealed anew.
MOST_FORMER = 2


def read_server_keys(path: Path) -> list[bytes]:
    """Return the keys, the newest first; made on first use and readable by its owner alone."""
    if not path.exists():
        _make(path)
    former = [_former(path, number) for number in range(1, MOST_FORMER + 1)]
    return [file.read_bytes() for file in (path, *former) if file.exists()]


def rotate_server_key(path: Path) -> None:
    """Make a new key and keep the last MOST_FORMER beside it; the running server takes it up when it starts again."""
    if path.exists():
        for number in range(MOST_FORMER, 1, -1):
            if _former(path, number - 1).exists():
                _former(path, number - 1).replace(_former(path, number))
        path.replace(_former(path, 1))
    _make(path)


def _former(path: Path, number: int) -> Path:
    return path.with_name(f"{path.name}.{number}")


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_bytes(KEY_BYTES))
