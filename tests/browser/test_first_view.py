"""What a phone loads before it is live: at most 60 KB over the wire, and little of it a second time."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.seeded import Sitting, linked

pytestmark = pytest.mark.browser
MOST_BYTES = 60_000
# Files without a hash in their address are asked for again; the answer is then a head without a body.
MOST_BYTES_AGAIN = 30_000


@dataclass(slots=True)
class Meter:
    """Bytes on the wire by address, heads and compressed bodies together; WebSockets are not in it."""

    addresses: dict[str, str] = field(default_factory=dict)
    loaded: dict[str, int] = field(default_factory=dict)
    encodings: dict[str, str] = field(default_factory=dict)

    def watch(self, page: Page) -> None:
        session = page.context.new_cdp_session(page)
        session.on("Network.requestWillBeSent", lambda event: self._asked(event))
        session.on("Network.responseReceived", lambda event: self._answered(event))
        session.on("Network.loadingFinished", lambda event: self._finished(event))
        session.send("Network.enable")

    def _asked(self, event: dict[str, Any]) -> None:
        self.addresses[event["requestId"]] = event["request"]["url"]

    def _answered(self, event: dict[str, Any]) -> None:
        headers = {name.lower(): value for name, value in event["response"]["headers"].items()}
        self.encodings[self.addresses[event["requestId"]]] = headers.get("content-encoding", "")

    def _finished(self, event: dict[str, Any]) -> None:
        address = self.addresses[event["requestId"]]
        self.loaded[address] = self.loaded.get(address, 0) + int(event["encodedDataLength"])

    def total(self) -> int:
        return sum(self.loaded.values())

    def table(self) -> str:
        rows = sorted(self.loaded.items(), key=lambda row: -row[1])
        return "\n".join(f"{size:7} {address}" for address, size in rows)


def is_live(page: Page) -> None:
    linked(page)
    page.wait_for_load_state("networkidle")


def test_a_phone_loads_at_most_sixty_kilobytes_until_it_is_live(sitting: Sitting) -> None:
    sitting.poll()
    page = sitting.phone(0)
    is_live(page)
    address = page.url
    page = fresh_device_with_the_same_session(sitting, page)
    meter = Meter()
    meter.watch(page)
    page.goto(address)
    is_live(page)
    print(f"first view: {meter.total()} bytes in {len(meter.loaded)} answers")
    assert any("/phone" in loaded for loaded in meter.loaded)
    assert sum(loaded.endswith(".js") or ".js?" in loaded for loaded in meter.loaded) > 5, meter.table()
    assert meter.total() <= MOST_BYTES, meter.table()
    heavy = [loaded for loaded, size in meter.loaded.items() if size > 1500 and not meter.encodings[loaded]]
    assert not heavy, "sent uncompressed"


def test_a_second_view_loads_the_page_and_hardly_more(sitting: Sitting) -> None:
    sitting.poll()
    page = sitting.phone(0)
    is_live(page)
    meter = Meter()
    meter.watch(page)
    page.goto(page.url.partition("#")[0])
    is_live(page)
    print(f"second view: {meter.total()} bytes")
    styles = [size for address, size in meter.loaded.items() if ".css" in address]
    assert sum(styles) == 0, meter.table()
    assert meter.total() <= MOST_BYTES_AGAIN, meter.table()


def fresh_device_with_the_same_session(sitting: Sitting, page: Page) -> Page:
    """Nothing in the cache, but signed in: the entry page is not the phone's first view."""
    other = sitting.device()
    other.add_cookies([{**cookie} for cookie in page.context.cookies()])  # type: ignore[typeddict-item]
    return other.new_page()
