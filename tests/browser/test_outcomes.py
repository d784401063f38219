"""How questions end and what the desk does meanwhile: seen on every screen that shows it."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.hall import LAPTOP, PHONE, WALL
from tests.browser.seeded import EVERYBODY, Sitting, linked
from tests.browser.stage import SEEN_FAULTS, look

pytestmark = pytest.mark.browser
SMALL_WALL = (1024, 768)
SMALL_PHONE = (320, 640)
TEXT = "同意用公共收益购置健身器材6件。"


class Screens:
    """The walls, the console, the desk and two phones of one meeting."""

    def __init__(self, sitting: Sitting) -> None:
        wire = sitting.wire
        observer = wire.participant("observer")
        self.walls = [sitting.show(observer, "projector", size) for size in (WALL, SMALL_WALL)]
        self.console = sitting.show(wire.participant("chair"), "console", LAPTOP)
        self.desk = sitting.show(wire.participant("secretary"), "desk", LAPTOP)
        seat = wire.participant(0)
        self.phone = sitting.show(seat, "phone", PHONE)
        self.elder = sitting.show(seat, "phone", SMALL_PHONE)
        self.elder.get_by_role("button", name="长辈版").click()
        for page in (*self.walls, self.console, self.desk, self.phone, self.elder):
            linked(page)
        self.before = len(SEEN_FAULTS)

    def show(self, words: str, *pages: Page) -> None:
        for page in pages:
            expect(page.get_by_text(words).first).to_be_visible()

    def look(self, stage: str, *, phones: bool = True) -> None:
        for wall in self.walls:
            look(wall, "projector", stage)
        look(self.console, "console", stage)
        look(self.desk, "desk", stage)
        for page in (self.phone, self.elder) if phones else ():
            look(page, "phone", stage)

    def press(self, page: Page, label: str) -> None:
        page.get_by_role("button", name=label, exact=True).first.click()

    def have_no_faults(self) -> None:
        found = SEEN_FAULTS[self.before :]
        del SEEN_FAULTS[self.before :]
        assert not found, "\n".join(found)


@pytest.fixture
def screens(sitting: Sitting) -> Screens:
    return Screens(sitting)


def test_a_secret_result_says_how_many_were_silent(sitting: Sitting, screens: Screens) -> None:
    wire = sitting.wire
    poll = wire.poll(*EVERYBODY, secrecy="secret")
    for seat, choice in ((0, "for"), (1, "for"), (2, "against")):
        assert wire.cast(seat, poll, choice)["ok"]
    screens.press(screens.console, "截止表决")
    screens.press(screens.console, "确定截止表决")
    wire.chair.until(lambda panels: panels["poll"]["state"] == "closed")
    wire.chair.do("poll.publish", {"poll": poll})
    screens.show("2人未投票", *screens.walls, screens.phone)
    for wall in screens.walls:
        expect(wall.locator(".option-rows li", has_text="未投")).to_contain_text("2 人")
    screens.look("secret-result")
    screens.have_no_faults()


def test_own_options_are_rows_that_fill_the_wall(sitting: Sitting, screens: Screens) -> None:
    wire = sitting.wire
    options = [{"id": f"o{n}", "text": text} for n, text in enumerate(("放在凉亭边", "放在南门空地", "暂缓"))]
    poll = wire.poll(*EVERYBODY, options=options)
    for seat, choice in zip(EVERYBODY, ("o0", "o0", "o0", "o0", "o1"), strict=True):
        assert wire.cast(seat, poll, choice)["ok"]
    wire.chair.do("poll.close", {"poll": poll})
    wire.chair.do("poll.publish", {"poll": poll})
    screens.show("放在南门空地", *screens.walls)
    screens.look("options-result")
    many = [{"id": f"o{n}", "text": f"放在{n + 1}栋与{n + 2}栋之间的空地上"} for n in range(10)]
    again = wire.ask(wire.item(0), options=many)
    assert wire.cast(2, again, "o9", nonce="again")["ok"]
    wire.chair.do("poll.close", {"poll": again})
    wire.chair.do("poll.publish", {"poll": again})
    screens.show("其余4项共0票", *screens.walls)
    screens.show("放在10栋与11栋之间的空地上", *screens.walls)
    screens.look("many-options-result", phones=False)
    screens.have_no_faults()


def test_a_void_poll_says_why_and_what_comes_next(sitting: Sitting, screens: Screens) -> None:
    wire = sitting.wire
    poll = wire.poll(*EVERYBODY)
    assert wire.cast(0, poll)["ok"]
    screens.press(screens.console, "宣布这次表决作废")
    screens.console.get_by_label("作废的原因").fill("表决事项念错了一处")
    look(screens.console, "console", "voiding")
    screens.press(screens.console, "作废")
    screens.press(screens.console, "确定宣布表决作废")
    screens.show("表决事项念错了一处", *screens.walls, screens.phone, screens.elder)
    screens.show("请再投一次", screens.phone, screens.elder)
    screens.look("void")
    screens.press(screens.phone, "回到会议")
    screens.show("刚才的表决已经作废。", screens.phone)
    again = wire.ask(wire.item(0))
    expect(screens.phone.get_by_role("button", name="反对")).to_be_visible()
    assert wire.cast(0, again)["ok"]
    screens.have_no_faults()


def test_an_objection_decides_nothing_and_a_speaker_ends_the_verdict(
    sitting: Sitting, screens: Screens
) -> None:
    wire = sitting.wire
    item = wire.begin(*EVERYBODY)
    wire.chair.do("consent.ask", {"item": item, "text": TEXT})
    screens.show("没有异议，就算通过", *screens.walls, screens.phone, screens.console)
    screens.press(screens.console, "有人提出异议")
    screens.show("表决事项", *screens.walls, screens.phone)
    screens.look("objection")
    wire.chair.do("consent.ask", {"item": item, "text": TEXT})
    screens.press(screens.console, "没有异议，通过")
    screens.show("一致通过。", *screens.walls, screens.phone)
    wire.chair.do("queue.open")
    screens.show("一致通过。", *screens.walls)
    wire.phone(2).do("floor.request", {"stance": "question"})
    wire.chair.do("floor.grant")
    screens.show("正在发言", *screens.walls)
    for page in (screens.phone, *screens.walls):
        expect(page.get_by_text("一致通过。")).to_have_count(0)
    screens.look("speaking-after")
    the_end_puts_the_task_away(sitting, screens)
    screens.have_no_faults()


def the_end_puts_the_task_away(sitting: Sitting, screens: Screens) -> None:
    """散会 while a task is being written: the form goes, what was typed is kept and said."""
    console, form = screens.console, screens.console.locator(".tasks-form")
    screens.press(console, "定办理事项")
    form.get_by_label("责任人的职务").fill("工程部")
    screens.press(console, "加临时议题")
    expect(console.get_by_label("临时议题")).to_be_visible()
    screens.press(console, "定办理事项")
    sitting.wire.chair.do("meeting.close")
    screens.show("填的字还留着", console)
    expect(console.locator("main form")).to_have_count(0)
    look(console, "console", "closed-unregistered")
    screens.press(console, "定办理事项")
    expect(form.get_by_label("责任人的职务")).to_have_value("工程部")
    look(console, "console", "closed-registering")


def test_a_matter_of_the_owners_gets_a_calm_word(sitting: Sitting, screens: Screens) -> None:
    wire, console = sitting.wire, screens.console
    wire.begin(*EVERYBODY)
    expect(console.locator(".guide")).to_have_attribute("data-code", "open_queue")
    screens.press(console, "散会")
    screens.show("还没有议：楼道灯更换与日常维护、单车棚拆除重建。", console)
    look(console, "console", "closing-asked")
    screens.press(console, "不，回去")
    screens.press(console, "写表决事项")
    expect(console.locator(".hint")).to_have_count(0)
    console.get_by_label("表决事项", exact=False).fill(TEXT)
    screens.show("这里提到“公共收益”", console)
    look(console, "console", "owners-wording")
    screens.press(console, "改为意向征询")
    expect(console.locator(".hint")).to_have_count(0)
    screens.press(console, "先放上大屏，听听意见")
    expect(console.locator(".guide")).to_have_attribute("data-code", "sound_out")
    screens.show("业主共同决定", console)
    look(console, "console", "owners")
    screens.press(console, "意向征询")
    screens.show("意向征询", *screens.walls, screens.phone)
    for page in (screens.elder, screens.phone):
        for choice in ("赞成", "反对", "弃权"):
            expect(page.get_by_role("button", name=choice)).to_be_in_viewport(ratio=1)
    screens.look("sounding")
    screens.have_no_faults()


def test_the_desk_excuses_finds_the_silent_and_goes_on_to_the_record(
    sitting: Sitting, screens: Screens
) -> None:
    wire, desk = sitting.wire, screens.desk
    desk.locator("li", has_text="5号").locator("button.who").click()
    screens.press(desk, "登记请假")
    screens.show("已登记请假", desk)
    screens.show("请假：", screens.console)
    look(desk, "desk", "excused")
    look(screens.console, "console", "excused")
    screens.press(desk, "没有请假，撤回")
    expect(desk.get_by_role("button", name="登记请假")).to_be_visible()
    desk.locator("aside").get_by_role("button", name="签到", exact=True).click()
    screens.show("签错了可以撤回", desk)
    look(desk, "desk", "slip")
    poll = wire.poll(0, 1, 2, 3)
    screens.show("登记以后，纪要写“到会、提前离会”", desk)
    for seat in (0, 1):
        assert wire.cast(seat, poll)["ok"]
    expect(desk.locator("button.next")).to_contain_text("3号")
    look(desk, "desk", "silent")
    for number in ("5号", "3号", "4号"):
        if number != "5号":
            desk.locator("button.next").click()
        expect(desk.locator("aside .of")).to_contain_text(number)
        desk.get_by_role("radio", name="赞成").check()
        screens.press(desk, "登记“赞成”")
        screens.show("已登记“赞成”，等主持人确认。", desk)
    expect(desk.locator("button.next")).to_have_count(0)
    look(screens.console, "console", "records")
    wire.chair.do("poll.close", {"poll": poll, "confirmed": True})
    wire.chair.do("meeting.close")
    screens.show("签到记录不再改动", desk)
    expect(desk.get_by_role("link", name="整理纪要")).to_be_visible()
    screens.look("over")
    screens.have_no_faults()
