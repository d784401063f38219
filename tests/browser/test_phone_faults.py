"""F17: the tab is killed, flight mode comes between tap and answer, the clock is a day off, the battery is saved."""

import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.seeded import EVERYBODY, Sitting, choose, linked

pytestmark = pytest.mark.browser
TRUE_AGAIN = 5  # seconds after reopening
CLOCK_OFF = """(() => {
  const Right = Date, off = %d;
  globalThis.Date = class extends Right {
    constructor(...given) { given.length ? super(...given) : super(Right.now() + off); }
    static now() { return Right.now() + off; }
  };
})();"""
DAY_MS = 86_400_000


class Phone:
    """A seat's phone, which some fault comes over while its owner votes."""

    def __init__(self, sitting: Sitting, seat: int, script: str = "") -> None:
        self.context: BrowserContext = sitting.device()
        if script:
            self.context.add_init_script(script)
        self.page: Page = sitting.phone(seat, self.context)
        linked(self.page)
        self.address = self.page.url

    def kill_the_tab(self) -> None:
        """Tap and be gone; the page is opened anew."""
        choose(self.page)
        self.page.close()
        self.page = self.context.new_page()
        self.page.goto(self.address)

    def fly(self) -> None:
        """Flight mode at the moment of the tap, then the network again."""
        choose(self.page)
        self.context.set_offline(True)
        # Not what the page says of it: this flight mode lets an answer through that is already on its way.
        self.page.wait_for_function("() => !navigator.onLine")
        self.context.set_offline(False)

    def vote(self) -> None:
        """With a clock that is wrong; nothing else is."""
        choose(self.page)

    def be_frozen(self) -> None:
        """The system stops the page right after the tap and lets it go on later."""
        process = renderer_of(self.page)
        choose(self.page)
        with stopped(process):
            time.sleep(0.5)


def renderer_of(page: Page) -> int:
    """Return the process that runs a page: the one that gets busy when the page does."""
    browser = page.context.browser
    assert browser is not None
    session = browser.new_browser_cdp_session()

    def busy() -> dict[int, float]:
        processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
        return {one["id"]: one["cpuTime"] for one in processes if one["type"] == "renderer"}

    before = busy()
    page.evaluate("() => { const end = performance.now() + 150; while (performance.now() < end); }")
    after = busy()
    session.detach()
    return max(after, key=lambda process: after[process] - before.get(process, 0))


@contextmanager
def stopped(process: int) -> Iterator[None]:
    """Stop a process as a system that saves its battery does."""
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


def is_recorded(page: Page) -> None:
    """The receipt with its time, as it stands until the poll is over."""
    expect(page.get_by_text("记录在案")).to_be_visible(timeout=TRUE_AGAIN * 1000)


def ballots(sitting: Sitting, poll: str) -> dict[int, str]:
    with closing(sqlite3.connect(sitting.server.data / "council.sqlite", timeout=10)) as connection:
        rows = connection.execute("SELECT seat, choice FROM ballot WHERE poll = ?", (poll,)).fetchall()
    assert len(rows) == len(dict(rows))
    return dict(rows)


def test_a_phone_shows_the_true_state_soon_after_whatever_befell_it(
    sitting: Sitting, cycles: Callable[[int, int], int]
) -> None:
    sitting.wire.begin(*EVERYBODY)
    item = sitting.wire.item(0)
    killed, flying, fast, slow, frozen = (
        Phone(sitting, 0), Phone(sitting, 1), Phone(sitting, 2, CLOCK_OFF % DAY_MS),
        Phone(sitting, 3, CLOCK_OFF % -DAY_MS), Phone(sitting, 4),
    )  # fmt: skip
    faults = (
        (killed, killed.kill_the_tab), (flying, flying.fly), (fast, fast.vote), (slow, slow.vote),
        (frozen, frozen.be_frozen),
    )  # fmt: skip
    for _ in range(cycles(4, 20)):
        poll = sitting.wire.ask(item)
        for seat, (phone, befall) in enumerate(faults, 1):
            befall()
            is_recorded(phone.page)
            # Whoever reads that the ballot was received reads the truth.
            assert ballots(sitting, poll).get(seat) == "for"
        version = sitting.wire.chair.do("poll.close", {"poll": poll})
        tally = sitting.wire.chair.until_version(version)["result"]["tally"]
        assert tally == {"for": 5, "against": 0, "abstain": 0}


def test_a_frozen_page_catches_up_with_what_it_slept_through(sitting: Sitting) -> None:
    sitting.wire.begin(*EVERYBODY)
    phone = Phone(sitting, 0)
    with stopped(renderer_of(phone.page)):
        poll = sitting.wire.ask(sitting.wire.item(0))
        assert sitting.wire.cast(1, poll)["ok"]
        time.sleep(0.5)
    expect(phone.page.get_by_role("button", name="赞成")).to_be_visible(timeout=TRUE_AGAIN * 1000)
    choose(phone.page)
    is_recorded(phone.page)
    assert ballots(sitting, poll) == {1: "for", 2: "for"}
