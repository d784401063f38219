"""Every office page of the demonstration: on desk and phone, in 长辈版, with doubled text, without script."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.hall import Hall, served
from tests.browser.stage import SEEN_FAULTS, look
from tests.chromium import FLAGS, program
from tests.contract.server import RunningServer

pytestmark = pytest.mark.browser
# The letters of the office's name and of who is signed in, one over the other.
OVERLAP = """() => {
  const [name, who] = [".console-bar .council", ".console-bar .who"].map((part) => {
    const letters = document.createRange();
    letters.selectNodeContents(document.querySelector(part));
    return letters.getBoundingClientRect();
  });
  return who.left < name.right && name.left < who.right && who.top < name.bottom - 1 && name.top < who.bottom - 1;
}"""
ENTRIES = 14  # what an administrator of the whole finds in the menu
WIDTHS = {"ordinary": (1366, 390), "elder": (390,)}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with served(tmp_path_factory.mktemp("office") / "data", "--demo") as server:
        yield server


def log_in(page: Page, server: RunningServer, name: str = "管理员") -> None:
    """Come in with the password the demonstration printed."""
    found = re.search(rf"^  {name}  (\S+)$", server.printed(), re.MULTILINE)
    assert found, server.printed()
    page.goto(f"{server.url}/office/login")
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(found[1])
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("heading", name="今天")).to_be_visible()


def links_of(page: Page, server: RunningServer, path: str, pattern: str) -> list[str]:
    """Return the addresses on a page that match."""
    page.goto(server.url + path)
    links = page.eval_on_selector_all("main a[href]", "all => all.map((link) => link.getAttribute('href'))")
    return [link for link in links if re.fullmatch(pattern, link)]


def paths_of(page: Page, server: RunningServer) -> dict[str, str]:
    """Return every kind of office page by the name its picture bears."""
    meeting = links_of(page, server, "/office/", r"/office/meetings/\w+")[0]
    roster = links_of(page, server, "/office/roster", r"/office/councils/\w+/roster")
    people = next(
        path for path in roster if links_of(page, server, path, r"/office/representatives/\w+/leave")
    )
    leaving = links_of(page, server, people, r"/office/representatives/\w+/leave")[0]
    council = people.removesuffix("/roster")
    answered = links_of(page, server, "/office/pool", r"/office/topics/[\d-]+")
    waiting = links_of(page, server, "/office/topics", r"/office/topics/[\d-]+")
    area = links_of(page, server, "/office/areas", r"/office/areas/\w+")[0]
    topic = (waiting or answered)[0]
    return {
        "home": "/office/", "inbox": "/office/topics", "topic": topic, "accept": f"{topic}?as=accept",
        "refer": f"{topic}?as=refer", "decline": f"{topic}?as=decline", "topic-new": "/office/topics/new",
        "pool": "/office/pool", "meetings": "/office/meetings", "meeting": meeting,
        "meeting-new": f"/office/meetings/new?council={council.rsplit('/', 1)[1]}",
        "notice": f"{meeting}/notice", "rosters": "/office/roster", "roster": people, "paste": f"{people}/paste",
        "cards": f"{council}/cards", "leave": leaving, "procedure": "/office/procedure",
        "areas": "/office/areas", "area": area, "council": council, "council-new": "/office/councils/new",
        "accounts": "/office/accounts", "audit": "/office/audit", "password": "/office/password",
        "account": "/office/account", "two-step": "/office/account/two-step", "policy": "/office/policy",
        "privacy": "/office/privacy",
        "failure": "/office/nothing",
    }  # fmt: skip


@pytest.mark.parametrize("mode", WIDTHS)
def test_every_office_page_can_be_read(chromium: Browser, server: RunningServer, mode: str) -> None:
    hall, before = Hall(chromium, server.url), len(SEEN_FAULTS)
    try:
        for width in WIDTHS[mode]:
            page = hall.open((width, 768), touch=width < 500)
            log_in(page, server)
            page.goto(f"{server.url}/office/?mode={mode}")
            for name, path in paths_of(page, server).items():
                page.goto(server.url + path)
                look(page, "page", f"office-{name}-{mode}")
    finally:
        hall.close()
    faults = SEEN_FAULTS[before:]
    del SEEN_FAULTS[before:]
    assert not faults, "\n".join(faults)
    # The browser reports the 404 that was asked for, and nothing else.
    assert all("404" in fault for fault in hall.faults), hall.faults


def test_doubled_text_keeps_every_office_page_together(chromium: Browser, server: RunningServer) -> None:
    large = chromium.browser_type.launch(
        executable_path=program(), args=[*FLAGS, "--blink-settings=defaultFontSize=32"]
    )
    try:
        page = large.new_context(viewport={"width": 390, "height": 768}).new_page()
        log_in(page, server)
        for name, path in paths_of(page, server).items():
            page.goto(server.url + path)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
            page.set_viewport_size({"width": 1366, "height": 768})
            assert page.evaluate("document.documentElement.scrollWidth") <= 1366, name
            page.set_viewport_size({"width": 390, "height": 768})
        page.goto(f"{server.url}/office/")
        page.set_viewport_size({"width": 320, "height": 768})
        assert not page.evaluate(OVERLAP)
    finally:
        large.close()


@pytest.mark.parametrize("width", [390, 320])
def test_a_phones_menu_is_one_line_that_opens_without_script(
    chromium: Browser, server: RunningServer, width: int
) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": width, "height": 768})
    try:
        page = context.new_page()
        log_in(page, server)
        for mode, most in (("ordinary", 60), ("elder", 80)):
            page.goto(f"{server.url}/office/topics?mode={mode}")
            menu = page.locator("summary", has_text="菜单")
            expect(menu).to_contain_text("议题收件")
            box = menu.bounding_box()
            assert box
            assert 44 <= box["height"] <= most
            link = page.get_by_role("link", name="代表名册", exact=True)
            expect(link).to_have_count(0)
            menu.click()
            expect(link).to_be_in_viewport(ratio=1)
            expect(page.get_by_role("navigation").get_by_role("link")).to_have_count(ENTRIES)
        link.click()
        expect(page.get_by_role("heading", name="代表名册")).to_be_visible()
        expect(page.locator("summary", has_text="菜单")).to_contain_text("代表名册")
    finally:
        context.close()


def test_an_organiser_works_without_script(chromium: Browser, server: RunningServer) -> None:
    context = chromium.new_context(java_script_enabled=False, viewport={"width": 1366, "height": 768})
    try:
        page = context.new_page()
        log_in(page, server, "社区工作者")
        page.goto(f"{server.url}/office/topics/new")
        page.get_by_label("哪个议事会").select_option(index=1)
        page.get_by_label("怎么来的").select_option(label="电话")
        page.get_by_label("议题", exact=False).first.fill("东门想装遮雨棚")
        page.get_by_label("具体情况").fill("下雨天等车没地方躲。")
        page.get_by_role("button", name="登记").click()
        expect(page.get_by_role("heading", name="议题回执")).to_be_visible()
        page.get_by_role("link", name="去答复").click()
        page.get_by_role("link", name="不予受理").click()
        page.get_by_label("给居民的一句话").fill("遮雨棚归公交公司，已经转告。")
        page.get_by_label("理由").select_option(label="不属社区协商范围")
        page.get_by_role("button", name="答复不予受理").click()
        expect(page.get_by_text("已经答复", exact=False).first).to_be_visible()
        page.goto(f"{server.url}/office/pool")
        expect(page.get_by_text("遮雨棚归公交公司，已经转告。")).to_be_visible()
    finally:
        context.close()


def test_keys_alone_reach_the_answer(chromium: Browser, server: RunningServer) -> None:
    hall = Hall(chromium, server.url)
    try:
        page = hall.open((1366, 768))
        log_in(page, server)
        page.goto(f"{server.url}/office/topics")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.url.endswith("#main")
        names = []
        for _ in range(4):
            page.keyboard.press("Tab")
            names.append(page.evaluate("document.activeElement.textContent.trim()"))
        assert names[0] == "代居民登记"
        outline = page.evaluate(
            "(() => { const s = getComputedStyle(document.activeElement); return s.outlineStyle + s.outlineWidth })()"
        )
        assert not outline.startswith("none")
        assert "0px" not in outline
    finally:
        hall.close()
