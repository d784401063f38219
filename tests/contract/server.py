"""The real server as an operator starts it: seeded, on a free port of loopback, its log in a file."""

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.contract.client import House
from tests.ports import free_port
from tests.shape.tree import ROOT


def seed(data: Path, meetings: int, representatives: int, *choices: str) -> Any:
    """Fill a database; returns the one JSON object of standard output."""
    command = [
        sys.executable, "-m", "server.cli", "seed", "--data", str(data), "--meetings", str(meetings),
        "--representatives", str(representatives), "--json", *choices,
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return json.loads(done.stdout)


class RunningServer:
    """A server process; ``module`` may be a wrapper that starts it otherwise."""

    def __init__(
        self,
        data: Path,
        program: Sequence[str] = ("-m", "server.cli"),
        port: int | None = None,
        choices: Sequence[str] = ("--no-demo",),
        environment: Mapping[str, str] | None = None,
        host: str = "127.0.0.1",
    ) -> None:
        self.data = data
        self.port = port or free_port()
        self.house = House(self.port)
        self.log = data.parent / f"{data.name}.{self.port}.log"
        command = [
            sys.executable, *program, "serve", "--data", str(data), "--host", host, "--port",
            str(self.port), *choices,
        ]  # fmt: skip
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **(environment or {})}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        self._wait()

    def _wait(self) -> None:
        until = time.monotonic() + 60
        while True:
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")[-4000:]
            try:
                if self.house.ask("GET", "/healthz").status == 200:
                    return
            except (OSError, http.client.HTTPException):
                assert time.monotonic() < until, self.log.read_text(encoding="utf-8")[-4000:]
            time.sleep(0.05)

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def printed(self) -> str:
        """Return what it has said so far."""
        return self.log.read_text(encoding="utf-8")

    def kill(self) -> None:
        """SIGKILL, as when the power goes; harmless when it is gone already."""
        self.process.kill()
        self.process.wait(30)

    def stop(self) -> None:
        """SIGTERM, as an operator does it."""
        self.process.terminate()
        assert self.process.wait(30) == 0, self.log.read_text(encoding="utf-8")[-4000:]
