"""A debate on every screen: modes, an extra turn, a point of order with its reason, a clock that stands."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hall import LAPTOP, PHONE, WALL
from tests.browser.seeded import EVERYBODY, Sitting, linked
from tests.browser.stage import SEEN_FAULTS, look

pytestmark = pytest.mark.browser


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).first.click()


@pytest.mark.rule("R9", "R11", "R14", "R15", "R27", "R35")
def test_a_debate_is_led_from_the_console_and_followed_everywhere(sitting: Sitting) -> None:
    wire = sitting.wire
    before = len(SEEN_FAULTS)
    wire.begin(*EVERYBODY)
    wire.chair.do("queue.open")
    console = sitting.show(wire.participant("chair"), "console", LAPTOP)
    wall = sitting.show(wire.participant("observer"), "projector", WALL)
    phone = sitting.show(wire.participant(0), "phone", PHONE)
    for page in (console, wall, phone):
        linked(page)
    for seat in (4, 1, 2):
        wire.phone(seat).do("floor.request", {"stance": "talk"})
    phone.get_by_text("程序性发言（").click()
    look(phone, "phone", "point-of-order")
    press(phone, "听不清或设备有问题")
    expect(console.get_by_text("听不清或设备有问题")).to_be_visible()
    expect(console.get_by_text("首次发言").first).to_be_visible()
    console.get_by_label("发言次序").select_option("party_rotation")
    expect(wall.get_by_text("接下来（各方轮流）")).to_be_visible()
    look(console, "console", "debate-modes")
    look(wall, "projector", "debate-modes")
    wire.chair.do("floor.grant")
    expect(phone.get_by_text("请您发言")).to_be_visible()
    expect(wall.get_by_text("程序性发言")).to_be_visible()
    press(console, "裁定：成立")
    press(console, "暂停计时")
    expect(wall.get_by_text("计时暂停")).to_be_visible()
    look(wall, "projector", "paused")
    look(console, "console", "paused")
    press(console, "继续发言")
    expect(wall.get_by_text("还可以讲")).to_be_visible()
    press(phone, "我说完了")
    console.get_by_role("button", name="接着说").click()
    expect(phone.get_by_text("请您发言")).to_be_visible()
    found = SEEN_FAULTS[before:]
    del SEEN_FAULTS[before:]
    assert not found, "\n".join(found)
