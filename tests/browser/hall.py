"""A real server and real Chromium pages in it: one context for each person in the hall."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page

from tests.contract.server import RunningServer

WALL = (1920, 1080)
LAPTOP = (1366, 768)
PHONE = (390, 844)


@contextmanager
def served(data: Path, *choices: str) -> Iterator[RunningServer]:
    """Serve a data folder for as long as the block runs."""
    server = RunningServer(data, choices=choices)
    try:
        yield server
    finally:
        server.stop()


def setup_link(server: RunningServer) -> str:
    """Return the one-time link an empty installation prints."""
    found = re.search(r"\S+/office/setup\S*", server.printed())
    assert found, server.printed()
    return found[0]


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
        # A lost network and a form sent back with its sentence are part of the play; scripts and styles that fail
        # are not.
        expected = ("ERR_INTERNET_DISCONNECTED", "WebSocket", "status of 422")
        if kind == "error" and not any(words in text for words in expected):
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
