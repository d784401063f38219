"""F7: a line that is cut, lossy, late, doubling, reordering, slow or deaf on one side: no phone says too much."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.far_network import FAIR, HALL, PORT, FarNetwork, Weather, far_network, standing_in
from tests.browser.hall import PHONE as PHONE_SIZE
from tests.browser.seeded import EVERYBODY, linked
from tests.chromium import FLAGS, program
from tests.contract.client import House
from tests.contract.hall import Hall
from tests.contract.server import RunningServer, seed

pytestmark = pytest.mark.browser
ENDS_WELL = 40  # seconds until the phone shows the truth, whatever the line does
RECORDED = "记录在案"
# The page notes by itself when it first says that the ballot is recorded.
WATCH = """() => {
  window.recordedAt = null;
  const look = () => {
    if (window.recordedAt === null && document.body.innerText.includes("记录在案")) window.recordedAt = Date.now();
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true, characterData: true});
}"""
STEADY = {
    "a fifth lost": Weather(loss=0.2),
    "300 ± 100 ms": Weather(delay=0.3, jitter=0.1),
    "one in twenty twice": Weather(delay=0.02, doubled=0.05),
    "a quarter overtaken": Weather(delay=0.06, overtaking=0.25),
    "64 kbit/s": Weather(speed=64_000),
}
BOTH_WAYS = Weather(is_up_cut=True, is_down_cut=True)
# Seconds; the phone's own patience (4 s for an answer) is passed by all of them.
CUTS = {1: (5,), 20: (5,) * 13 + (30,) * 6 + (300,)}
SUDDEN = {
    "cut": BOTH_WAYS,
    "answers lost": Weather(is_down_cut=True),
    "taps lost": Weather(is_up_cut=True),
}


@dataclass(slots=True)
class FarPhone:
    """One phone at the far end of the line; the wire stands in the hall."""

    data: Path
    network: FarNetwork
    wire: Hall
    page: Page
    item: str

    def ballot(self, poll: str) -> tuple[str, int] | None:
        with closing(sqlite3.connect(self.data / "council.sqlite", timeout=10)) as connection:
            rows = connection.execute(
                "SELECT choice, received_at FROM ballot WHERE poll = ?", (poll,)
            ).fetchall()
        assert len(rows) <= 1
        return rows[0] if rows else None

    def ask(self) -> str:
        """Open a poll and wait until the phone shows it; it watches itself from here on."""
        poll = self.wire.ask(self.item)
        self.page.evaluate(WATCH)
        expect(self.page.get_by_role("button", name="赞成")).to_be_visible(timeout=ENDS_WELL * 1000)
        self.page.get_by_role("button", name="赞成").click()
        return poll

    def confirm(self) -> None:
        self.page.get_by_role("button", name="确认投票").click()

    def ends_well(self, poll: str) -> None:
        """The phone says recorded, and then one ballot lies in the box and is counted; clocks are not compared."""
        expect(self.page.get_by_text(RECORDED)).to_be_visible(timeout=ENDS_WELL * 1000)
        kept = self.ballot(poll)
        assert kept is not None
        assert kept[0] == "for"
        assert self.page.evaluate("() => window.recordedAt") is not None
        self.network.line.weather = FAIR
        version = self.wire.chair.do("poll.close", {"poll": poll})
        tally = self.wire.chair.until_version(version)["result"]["tally"]
        assert tally == {"for": 1, "against": 0, "abstain": 0}


class FarServer(RunningServer):
    """The server in the hall's namespace, asked from there."""

    def __init__(self, data: Path) -> None:
        choices = ("--no-demo", "--public-url", f"http://{HALL}:{PORT}")
        super().__init__(data, port=PORT, choices=choices, host="0.0.0.0")  # noqa: S104 in a namespace


@pytest.fixture(scope="module")
def far_phone(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FarPhone]:
    folder = tmp_path_factory.mktemp("far")
    data = folder / "data"
    printed = seed(data, 1, len(EVERYBODY))
    with ExitStack() as stack:
        network = stack.enter_context(far_network())
        start = folder / "chromium"
        start.write_text(
            f'#!/bin/sh\nexec ip netns exec {network.phone} {program()} "$@"\n', encoding="ascii"
        )
        start.chmod(0o755)
        browser = chromium.browser_type.launch(executable_path=start, args=list(FLAGS))
        stack.callback(browser.close)
        stack.enter_context(standing_in(network.hall))
        server = FarServer(data)
        stack.callback(server.stop)
        wire = Hall(House(PORT), printed["meetings"][0])
        stack.callback(wire.hang_up)
        wire.begin(*EVERYBODY)
        context = browser.new_context(
            viewport={"width": PHONE_SIZE[0], "height": PHONE_SIZE[1]}, locale="zh-CN"
        )
        page = context.new_page()
        page.goto(f"http://{HALL}:{PORT}/join#t={wire.seats[0]['ticket']}")
        page.get_by_role("button", name="进入会议").click()
        linked(page)
        yield FarPhone(data, network, wire, page, wire.item(0))


@pytest.mark.timeout(240)
@pytest.mark.parametrize("weather", STEADY)
def test_a_bad_line_delays_the_truth_and_nothing_else(
    far_phone: FarPhone, weather: str, cycles: Callable[[int, int], int]
) -> None:
    line = far_phone.network.line
    for _ in range(cycles(1, 20)):
        carried = line.carried
        linked(far_phone.page, seconds=ENDS_WELL)
        line.weather = STEADY[weather]
        poll = far_phone.ask()
        far_phone.confirm()
        far_phone.ends_well(poll)
        assert line.carried > carried


@pytest.mark.timeout(240)
@pytest.mark.parametrize("weather", SUDDEN)
def test_a_line_that_goes_at_the_tap_is_never_taken_for_an_answer(
    far_phone: FarPhone, weather: str, cycles: Callable[[int, int], int]
) -> None:
    for seconds in CUTS[cycles(1, 20)]:
        linked(far_phone.page, seconds=ENDS_WELL)
        poll = far_phone.ask()
        far_phone.network.line.weather = SUDDEN[weather]
        far_phone.confirm()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            expect(far_phone.page.get_by_text(RECORDED)).to_have_count(0)
            far_phone.wire.chair.listen(0.1)  # the chair's own line stands, and answers the server's pings
        # Taps that get through are recorded although nobody can say so to the phone.
        assert (far_phone.ballot(poll) is not None) == (weather == "answers lost")
        far_phone.network.line.weather = FAIR
        far_phone.ends_well(poll)
