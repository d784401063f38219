"""Every public page of the demonstration: on desk and phone, in 长辈版, with doubled text, without script."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.before import hand_in
from tests.browser.hall import Hall, served
from tests.browser.stage import SEEN_FAULTS, look
from tests.chromium import FLAGS, program
from tests.contract.server import RunningServer

pytestmark = pytest.mark.browser
WIDTHS = {"ordinary": (1280, 390, 320), "elder": (390, 320)}
TASK, TOPIC = "/tasks/办-2026-003", "/topics/2026-001"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with served(tmp_path_factory.mktemp("public") / "data") as server:
        yield server


def home_of(server: RunningServer) -> str:
    found = re.search(r"/c/[0-9a-z]+/", server.printed())
    assert found, server.printed()
    return found[0]


def paths_of(server: RunningServer, page: Page) -> dict[str, str]:
    """Return every kind of public page by the name its picture bears."""
    home = home_of(server)
    page.goto(server.url + home)
    links = page.eval_on_selector_all("a[href]", "links => links.map((link) => link.getAttribute('href'))")
    notice = next(link for link in links if link.startswith("/notices/"))
    minutes = next(link for link in links if link.startswith("/minutes/"))
    return {
        "councils": "/", "home": home, "topics": f"{home}topics", "new-topic": f"{home}topics/new",
        "meetings": f"{home}meetings", "tasks": f"{home}tasks", "task": TASK, "topic": TOPIC,
        "notice": notice, "minutes": minutes, "receipt": "/receipt", "join": "/join", "reached": "/hall/phone",
        "failure": "/topics/1999-001",
    }  # fmt: skip


@pytest.mark.parametrize("mode", WIDTHS)
def test_every_public_page_can_be_read(chromium: Browser, server: RunningServer, mode: str) -> None:
    hall, before = Hall(chromium, server.url), len(SEEN_FAULTS)
    try:
        for width in WIDTHS[mode]:
            page = hall.open((width, 844), touch=width < 500)
            page.goto(f"{server.url}/?mode={mode}")
            for name, path in paths_of(server, page).items():
                page.goto(server.url + path)
                look(page, "page", f"{name}-{mode}")
    finally:
        hall.close()
    faults = SEEN_FAULTS[before:]
    del SEEN_FAULTS[before:]
    assert not faults, "\n".join(faults)
    # The browser reports the 404 that was asked for, and nothing else.
    assert all("404" in fault for fault in hall.faults), hall.faults


def test_doubled_text_on_the_narrowest_phone_stays_on_the_page(
    chromium: Browser, server: RunningServer
) -> None:
    large = chromium.browser_type.launch(
        executable_path=program(), args=[*FLAGS, "--blink-settings=defaultFontSize=32"]
    )
    try:
        page = large.new_page(viewport={"width": 320, "height": 700})
        for name, path in paths_of(server, page).items():
            page.goto(server.url + path)
            size = page.evaluate("getComputedStyle(document.documentElement).fontSize")
            assert size == "32px"
            assert page.evaluate("document.documentElement.scrollWidth") <= 320, name
    finally:
        large.close()


# A reader may enlarge all text alone, which no media query knows of, or the whole page, which halves the window.
@pytest.mark.parametrize(("width", "text"), [(320, "200%"), (390, "200%"), (160, "")])
def test_text_and_page_enlarged_to_the_double_do_not_scroll_sideways(
    chromium: Browser, server: RunningServer, width: int, text: str
) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 640})
    try:
        for name, path in paths_of(server, page).items():
            page.goto(server.url + path)
            page.evaluate("size => { document.documentElement.style.fontSize = size; }", text)
            assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    finally:
        page.close()


def test_a_check_code_of_any_letters_stays_on_the_page(chromium: Browser, server: RunningServer) -> None:
    """A root is other letters in every meeting, and letters are of different widths."""
    page = chromium.new_page(viewport={"width": 320, "height": 640})
    try:
        page.goto(server.url + paths_of(server, page)["minutes"])
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        code = page.locator("#check .mono").last
        widths = set()
        for wide in range(44):
            code.evaluate("(it, root) => { it.textContent = root; }", "W" * wide + "i" * (43 - wide))
            widths.add(page.evaluate("document.documentElement.scrollWidth"))
        assert widths == {320}
    finally:
        page.close()


def test_a_printed_page_keeps_its_seals_and_marks(chromium: Browser, server: RunningServer) -> None:
    page = chromium.new_page()
    try:
        page.goto(server.url + paths_of(server, page)["minutes"])
        page.emulate_media(media="print")
        for drawn in (".seal", ".tally .mark", ".seats i"):
            adjust = page.locator(drawn).first.evaluate("it => getComputedStyle(it).printColorAdjust")
            assert adjust == "exact", drawn
    finally:
        page.close()


def test_a_resident_raises_a_topic_without_script(chromium: Browser, server: RunningServer) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844})
    try:
        page = context.new_page()
        page.goto(server.url + home_of(server))
        page.get_by_role("link", name="我要提议题").first.click()
        page.get_by_label("用一句话说").fill("5栋楼道灯坏了")
        page.get_by_label("说说情况").fill("晚上看不见台阶。")
        page.get_by_label("在哪里").fill("5栋二单元502室")
        page.get_by_label("您怎么称呼").fill("钱阿姨")
        page.get_by_label("联系电话").fill("0731-5555 0123")
        page.get_by_role("button", name="提交议题").click()
        expect(page.get_by_text("只写到楼栋，请去掉房号")).to_be_visible()
        expect(page.get_by_label("您怎么称呼")).to_have_value("钱阿姨")
        page.get_by_label("在哪里").fill("5栋二单元楼道")
        hand_in(page)
        expect(page.get_by_text("已收到，这是您的回执")).to_be_visible()
        code = page.locator(".one-time").nth(1).inner_text()
        page.goto(server.url + home_of(server))
        page.get_by_label("输入回执上的编号或回执码").fill(code.lower())
        page.get_by_role("button", name="查").click()
        expect(page.get_by_text("社区7天内答复")).to_be_visible()
    finally:
        context.close()
