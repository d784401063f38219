"""A phone without scripts in a real browser: the whole meeting by forms, in every size (R112)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.seeded import EVERYBODY, Sitting
from tests.browser.stage import SEEN_FAULTS, look

pytestmark = pytest.mark.browser
SIZES = [(320, 568), (390, 844)]


def enter(sitting: Sitting, seat: int, size: tuple[int, int]) -> Page:
    """Type the card's code, as somebody does whose phone runs no script."""
    page = sitting.device(size, scripts=False).new_page()
    page.goto(f"{sitting.server.url}/join")
    page.locator("[name=ticket]").fill(sitting.wire.seats[seat]["ticket"])
    page.get_by_role("button", name="进入会议").click()
    page.wait_for_url("**/phone/plain")
    # What renews itself cannot be looked at in peace; the switch is the page's own.
    page.get_by_role("link", name="关闭自动更新").click()
    return page


def seeing(sitting: Sitting, page: Page) -> Page:
    """The same session in a browser with scripts, which looking at a page needs."""
    assert page.viewport_size
    context = sitting.device((page.viewport_size["width"], page.viewport_size["height"]))
    context.add_cookies([{**cookie} for cookie in page.context.cookies()])  # type: ignore[typeddict-item]
    return context.new_page()


def view(sitting: Sitting, page: Page, stage: str, then: str = "") -> None:
    """Look at the page as it is, in 长辈版, and with letters twice as large; ``then`` names a button to press first."""
    other = seeing(sitting, page)
    for mode in ("ordinary", "elder", "double"):
        other.goto(f"{page.url.partition('?')[0]}?mode={mode}")
        if then:
            other.get_by_role("button", name=then).click()
        if mode == "double":
            other.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
        look(other, "phone", f"plain-{stage}-{mode}")
        other.goto(f"{page.url.partition('?')[0]}?mode=ordinary")
    other.context.close()


@pytest.mark.rule("R112")
@pytest.mark.parametrize("size", SIZES, ids=["320", "390"])
def test_check_in_and_floor_without_a_script(sitting: Sitting, size: tuple[int, int]) -> None:
    before = len(SEEN_FAULTS)
    wire = sitting.wire
    page = enter(sitting, 3, size)
    view(sitting, page, "check-in")
    page.get_by_role("button", name="是我，签到").click()
    expect(page.get_by_text("等待开会")).to_be_visible()
    wire.check_in(*(seat for seat in EVERYBODY if seat != 3))
    wire.chair.do("meeting.open")
    item = wire.item(0)
    wire.chair.do("agenda.begin", {"item": item})
    wire.chair.do("queue.open")
    page.get_by_role("link", name="看最新情况").click()
    view(sitting, page, "talk")
    wire.chair.do("motion.word", {"item": item, "text": "同意在凉亭边安装健身器材六件，夜间九点以后不使用。"})
    page.get_by_role("link", name="看最新情况").click()
    view(sitting, page, "stance")
    page.get_by_role("button", name="反对").click()
    expect(page.get_by_text("下一位是您")).to_be_visible()
    view(sitting, page, "next")
    wire.chair.do("floor.grant")
    page.get_by_role("link", name="看最新情况").click()
    view(sitting, page, "floor")
    page.get_by_role("button", name="我说完了").click()
    expect(page.get_by_role("heading", name="请您发言")).to_have_count(0)
    assert not SEEN_FAULTS[before:]


@pytest.mark.rule("R65")
@pytest.mark.parametrize("size", SIZES, ids=["320", "390"])
def test_a_ballot_without_a_script(sitting: Sitting, size: tuple[int, int]) -> None:
    before = len(SEEN_FAULTS)
    wire = sitting.wire
    poll = sitting.poll()
    page = enter(sitting, 3, size)
    view(sitting, page, "ballot")
    view(sitting, page, "confirm", then="反对")
    page.get_by_role("button", name="反对").click()
    expect(page.get_by_role("heading", name="您要投的是")).to_be_visible()
    page.get_by_role("button", name="确认投票").click()
    expect(page.get_by_text("已收到您的选票")).to_be_visible()
    view(sitting, page, "receipt")
    wire.chair.do("poll.close", {"poll": poll})
    wire.chair.do("poll.publish", {"poll": poll})
    page.get_by_role("link", name="看最新情况").click()
    expect(page.get_by_text("赞成0票、反对1票")).to_be_visible()
    view(sitting, page, "result")
    wire.chair.do("meeting.close")
    page.get_by_role("link", name="看最新情况").click()
    expect(page.get_by_text("已经散会")).to_be_visible()
    assert not SEEN_FAULTS[before:]
