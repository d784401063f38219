"""A seeded meeting of five seats, moved over the wire and looked at in real browsers."""

from dataclasses import dataclass, field

from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.hall import PHONE
from tests.contract.client import Participant
from tests.contract.hall import Hall
from tests.contract.server import RunningServer

EVERYBODY = range(5)
CHOSEN = "赞成"


@dataclass(slots=True)
class Sitting:
    """One meeting: the wire for whoever only moves it on, a browser for whoever is looked at."""

    browser: Browser
    server: RunningServer
    wire: Hall
    contexts: list[BrowserContext] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    @property
    def meeting(self) -> str:
        return self.wire.id

    def device(self, size: tuple[int, int] = PHONE, *, scripts: bool = True) -> BrowserContext:
        """A device of its own, with nothing stored yet."""
        context = self.browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
        )
        context.set_default_timeout(10_000)
        context.on("weberror", lambda error: self.faults.append(str(error.error)))
        self.contexts.append(context)
        return context

    def phone(self, seat: int, context: BrowserContext | None = None) -> Page:
        """Scan a seat's card; this ends whatever was shown with that card before."""
        page = (context or self.device()).new_page()
        self.scan(page, seat)
        return page

    def scan(self, page: Page, seat: int) -> None:
        page.goto(f"{self.server.url}/join#t={self.wire.seats[seat]['ticket']}")
        page.get_by_role("button", name="进入会议").click()
        page.wait_for_url("**/meetings/**")

    def show(self, participant: Participant, screen: str, size: tuple[int, int]) -> Page:
        """A screen of somebody who came in over the wire: the same session, so nobody is thrown out."""
        context = self.device(size)
        context.add_cookies(
            [
                {"name": name, "value": value, "url": self.server.url}
                for name, value in participant.cookies.items()
                if value
            ]
        )
        page = context.new_page()
        page.goto(f"{self.server.url}/meetings/{self.meeting}/{screen}")
        return page

    def poll(self) -> str:
        """Everybody is there and a named poll is open; returns its id."""
        return self.wire.poll(*EVERYBODY)

    def leave(self) -> None:
        """Close every device and every socket."""
        for context in self.contexts:
            context.close()
        self.wire.hang_up()


def linked(page: Page, state: str = "online", seconds: float = 10) -> None:
    """Wait until the page says how it is tied to the hall."""
    expect(page.locator("body")).to_have_attribute("data-link", state, timeout=seconds * 1000)


def choose(page: Page, choice: str = CHOSEN) -> None:
    """Two taps: a choice, and that it is meant."""
    page.get_by_role("button", name=choice).first.click()
    page.get_by_role("button", name="确认投票").click()


def has_receipt(page: Page, seconds: float = 10) -> None:
    expect(page.get_by_text("已收到您的选票", exact=True)).to_be_visible(timeout=seconds * 1000)
