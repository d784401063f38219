"""A real server and real Chromium pages in it: one context for each person in the hall."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.request import urlopen

from playwright.sync_api import Browser, BrowserContext, Page

ROOT = Path(__file__).resolve().parents[2]
WALL = (1920, 1080)
LAPTOP = (1366, 768)
PHONE = (390, 844)
START_SECONDS = 60


def free_port() -> int:
    """Return a port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass(slots=True)
class Server:
    """The product as users start it, in a folder of its own; ``said`` is what it printed."""

    data: Path
    port: int
    said: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self, *choices: str) -> None:
        """Start and wait until it says that it is ready."""
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "server.cli",
                "serve",
                "--data",
                str(self.data),
                "--port",
                str(self.port),
                *choices,
            ],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            if "Ctrl+C" in line:
                break
        self._wait_until_it_answers()

    def _wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                with urlopen(f"{self.url}/healthz", timeout=2) as answer:
                    assert answer.status == 200
                return
            except OSError:
                assert time.monotonic() < deadline, self.said
                time.sleep(0.1)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """End it: politely, or with the signal given."""
        if self.process is not None:
            self.process.send_signal(number)
            self.process.wait(timeout=20)
            if self.process.stdout is not None:
                self.process.stdout.close()
            self.process = None

    def setup_link(self) -> str:
        """Return the one-time link an empty installation prints."""
        found = re.search(r"\S+/office/setup\S*", "\n".join(self.said))
        assert found, self.said
        return found[0]


@contextmanager
def served(data: Path, *choices: str) -> Iterator[Server]:
    """Serve a data folder for as long as the block runs."""
    server = Server(data, free_port())
    server.start(*choices)
    try:
        yield server
    finally:
        server.stop()


@dataclass(slots=True)
class Hall:
    """Everybody's browser; a page that reports a fault of its own fails the test at the end."""

    browser: Browser
    url: str
    faults: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def open(self, size: tuple[int, int], *, touch: bool = False) -> Page:
        """Open a page in a browser context of its own, as on a device of its own."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            has_touch=touch,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(10_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._note(page, message.type, message.text))
        return page

    def _note(self, page: Page, kind: str, text: str) -> None:
        # A lost network is part of the play; scripts and styles that fail are not.
        if kind == "error" and "ERR_INTERNET_DISCONNECTED" not in text and "WebSocket" not in text:
            self.faults.append(f"{page.url}: {text}")

    def enter(self, size: tuple[int, int], ticket: str, *, touch: bool = False) -> Page:
        """Come in by a ticket, as a scan of the card does."""
        page = self.open(size, touch=touch)
        page.goto(f"{self.url}/join#t={ticket}")
        page.get_by_role("button", name="进入会议").click()
        page.wait_for_url("**/meetings/**")
        return page

    def close(self) -> None:
        """Close every device."""
        for context in self.contexts:
            context.close()
