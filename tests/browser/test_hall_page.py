"""A pavilion on the wall and on a phone: two machines in networks of their own, no way to anywhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.hall import PHONE, WALL
from tests.browser.stage import SEEN_FAULTS, look
from tests.chromium import FLAGS, program
from tests.cli.pavilion import Pavilion, inside, standing
from tests.contract.server import RunningServer

pytestmark = [pytest.mark.browser, pytest.mark.long]
LAPTOP_ADDRESS, PHONE_ADDRESS = "192.168.43.1", "192.168.43.77"
SMALL_WALL = (1024, 768)
ANYWHERE = "0.0.0.0"  # noqa: S104 what a pavilion binds
CHOICES = ("--no-demo", "--hall", "--wifi", "金穗长廊", "--wifi-password", "jinsui2026")


@pytest.fixture
def pavilion() -> Iterator[Pavilion]:
    with standing(LAPTOP_ADDRESS, PHONE_ADDRESS) as built:
        yield built


@contextmanager
def device(chromium: Browser, namespace: str, folder: Path) -> Iterator[BrowserContext]:
    """A browser on a machine of the pavilion."""
    start = folder / f"chromium-{namespace}"
    start.write_text(f'#!/bin/sh\nexec ip netns exec {namespace} {program()} "$@"\n', encoding="ascii")
    start.chmod(0o755)
    browser = chromium.browser_type.launch(executable_path=start, args=list(FLAGS))
    try:
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai")
        context.set_default_timeout(10_000)
        yield context
    finally:
        browser.close()


def test_the_wall_shows_the_way_in_and_the_phone_is_told_it_is_through(
    pavilion: Pavilion, chromium: Browser, tmp_path: Path
) -> None:
    clock = tmp_path / "clock"
    clock.write_text("0", encoding="ascii")
    with inside(pavilion.laptop):
        server = RunningServer(
            tmp_path / "data",
            ("-m", "tests.faults.odd_clock_server"),
            choices=CHOICES,
            environment={"ODD_CLOCK": str(clock)},
            host=ANYWHERE,
        )
    try:
        with (
            device(chromium, pavilion.laptop, tmp_path) as laptop,
            device(chromium, pavilion.phone, tmp_path) as phone,
        ):
            before = len(SEEN_FAULTS)
            Evening(server.port, laptop, phone, clock).pass_by()
            found = SEEN_FAULTS[before:]
            del SEEN_FAULTS[before:]
            assert not found, "\n".join(found)
    finally:
        server.stop()


class Evening:
    """Nobody gets through for two minutes; then somebody does."""

    def __init__(self, port: int, laptop: BrowserContext, phone: BrowserContext, clock: Path) -> None:
        self.address = f"{LAPTOP_ADDRESS}:{port}"
        self.clock = clock
        self.asked: set[str] = set()
        for context in (laptop, phone):
            context.on("request", lambda request: self.asked.add(request.url))
        self.wall = laptop.new_page()
        self.wall.goto(f"http://127.0.0.1:{port}/hall")
        self.phone = phone.new_page()

    def pass_by(self) -> None:
        self.shows_the_way_in()
        self.says_what_may_keep_phones_away()
        self.phone_gets_through()
        known = (f"http://{self.address}/", self.wall.url.removesuffix("hall"))
        assert [url for url in self.asked if not url.startswith(known)] == []

    def shows_the_way_in(self) -> None:
        self.look("hall")
        expect(self.wall.get_by_role("img", name="入会二维码")).to_be_in_viewport(ratio=1)
        expect(self.wall.get_by_role("img", name="Wi-Fi 二维码")).to_be_in_viewport(ratio=1)
        self.shows_what_is_typed()

    def says_what_may_keep_phones_away(self) -> None:
        self.clock.write_text("121000", encoding="ascii")
        expect(self.wall.get_by_text("AP 隔离")).to_be_in_viewport(ratio=1)
        expect(self.wall.get_by_role("img", name="入会二维码")).to_be_in_viewport(ratio=1)
        self.look("hall-help")
        self.shows_what_is_typed()

    def phone_gets_through(self) -> None:
        page = self.phone
        page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        page.goto(f"http://{self.address}/hall/phone")
        expect(page.get_by_role("heading", name="这部手机已经连通")).to_be_visible()
        look(page, "phone", "hall-reached")
        expect(self.wall.get_by_text("已有手机连通：1部")).to_be_visible()
        expect(self.wall.get_by_text("AP 隔离")).to_be_hidden()
        self.look("hall-through")
        page.get_by_role("link", name="去入会").click()
        expect(page.get_by_label("入会码")).to_be_visible()

    def shows_what_is_typed(self) -> None:
        """On every wall, for the phone that cannot scan: where to go, and the password of the network."""
        for width, height in (SMALL_WALL, WALL):
            self.wall.set_viewport_size({"width": width, "height": height})
            for typed in (f"{self.address}/join", "jinsui2026"):
                expect(self.wall.get_by_text(typed).locator("visible=true")).to_be_in_viewport(ratio=1)

    def look(self, stage: str) -> None:
        for width, height in (SMALL_WALL, WALL):
            self.wall.set_viewport_size({"width": width, "height": height})
            look(self.wall, "projector", stage)
