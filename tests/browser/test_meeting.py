"""The 金穗小区 meeting, held for real: projector, console, desk and five phones in one Chromium."""

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.after import keep_record
from tests.browser.before import Called, prepare
from tests.browser.hall import LAPTOP, PHONE, WALL, Hall, served, setup_link
from tests.browser.stage import SEEN_FAULTS, look

pytestmark = pytest.mark.browser
MOTION = "同意在3栋与4栋之间的空地放置新增健身器材6件，由物业公司安装养护，2026年12月31日前完成，每日22时后停止使用。"


def test_one_matter_from_a_complaint_to_the_published_result(chromium: Browser, tmp_path: Path) -> None:
    data = tmp_path / "data"
    before = len(SEEN_FAULTS)
    with served(data, "--no-demo") as server:
        hall = Hall(chromium, server.url)
        try:
            called = prepare(hall, setup_link(server), tmp_path)
            play = Play(hall, called)
            play.run()
            keep_record(hall, called, play.desk, play.console, play.phones, tmp_path)
        finally:
            hall.close()
    assert not hall.faults
    assert len(SEEN_FAULTS) == before, "\n".join(SEEN_FAULTS[before:])


class Play:
    """The evening, act by act."""

    def __init__(self, hall: Hall, called: Called) -> None:
        self.hall = hall
        self.id = called.meeting
        self.console = hall.enter(LAPTOP, called.chair)
        self.desk = hall.enter(LAPTOP, called.secretary)
        self.desk.goto(f"{hall.url}/meetings/{self.id}/desk")
        # A window of its own, as on the second screen: a tab behind another one is drawn once a second.
        self.wall = hall.open(WALL)
        session: Any = self.console.context.cookies()
        self.wall.context.add_cookies(session)
        self.wall.goto(f"{hall.url}/meetings/{self.id}/projector")
        # The fifth has a phone too, but votes on paper, entered at the desk.
        self.phones = [hall.enter(PHONE, card, touch=True) for card in called.cards]

    def run(self) -> None:
        self.gather()
        self.talk()
        self.debate()
        self.decide()
        self.settle()
        self.adopt()
        self.close()

    def everywhere(self, stage: str) -> None:
        look(self.wall, "projector", stage)
        look(self.console, "console", stage)
        look(self.desk, "desk", stage)
        look(self.phones[0], "phone", stage)

    def press(self, page: Page, label: str) -> None:
        page.get_by_role("button", name=label, exact=True).first.click()

    def step(self) -> None:
        """Do what the guide says: its one filled button."""
        self.console.locator(".guide .go .button:not(.second):not(.quiet)").first.click()

    def at_step(self, code: str) -> None:
        expect(self.console.locator(".guide")).to_have_attribute("data-code", code)

    def gather(self) -> None:
        self.at_step("wait_for_quorum")
        self.everywhere("called")
        for phone in self.phones[:4]:
            self.press(phone, "是我，签到")
        row = self.desk.locator("li", has_text="5号")
        row.get_by_role("button", name="签到").click()
        expect(row.get_by_text("已到")).to_be_visible()
        self.at_step("open_meeting")
        self.everywhere("gathered")
        self.step()
        self.at_step("begin_item")
        self.step()
        self.at_step("open_queue")
        self.everywhere("item")

    def talk(self) -> None:
        """漫谈: hands without a stance, while no text stands."""
        self.step()
        self.at_step("wait_for_speakers")
        self.press(self.phones[3], "申请发言")
        self.at_step("grant_floor")
        self.step()
        expect(self.phones[3].get_by_text("请您发言", exact=True)).to_be_visible()
        look(self.phones[3], "phone", "floor")
        self.press(self.phones[1], "申请发言")
        expect(self.phones[1].get_by_text("下一位")).to_be_visible()
        look(self.phones[1], "phone", "next")
        self.at_step("grant_next")
        self.everywhere("talk")
        self.press(self.console, "结束讨论")
        expect(self.console.get_by_text("何方正还在发言，还有1人等候。")).to_be_visible()
        look(self.console, "console", "asked")
        self.press(self.console, "确定结束讨论")
        self.at_step("word_motion")

    def debate(self) -> None:
        """A text stands; two speakers, stance first, of opposite mind."""
        self.step()
        self.console.get_by_label("表决事项", exact=False).fill(MOTION)
        look(self.console, "console", "wording")
        self.press(self.console, "先放上大屏，听听意见")
        self.at_step("open_poll")
        expect(self.wall.get_by_text("表决事项").first).to_be_visible()
        self.everywhere("motion")
        self.press(self.console, "再听听发言")
        for phone, stance in ((self.phones[0], "赞成"), (self.phones[2], "反对")):
            phone.get_by_role("radio", name=stance).check()
            look(phone, "phone", "stance")
            self.press(phone, "申请发言")
            self.at_step("grant_floor" if phone is self.phones[0] else "grant_next")
            if phone is self.phones[0]:
                self.step()
                self.at_step("listen")
        self.everywhere("debate")
        self.step()
        expect(self.wall.get_by_text("反对").first).to_be_visible()
        self.step()
        self.at_step("wait_for_speakers")
        self.step()
        self.at_step("open_poll")

    def decide(self) -> None:
        """One named poll: four phones, one paper ballot entered at the desk and confirmed by the chair."""
        self.step()
        self.at_step("wait_for_ballots")
        look(self.phones[0], "phone", "ballot")
        for phone, choice in zip(self.phones[:4], ("赞成", "赞成", "反对", "赞成"), strict=True):
            phone.get_by_role("button", name=choice).first.click()
            if phone is self.phones[0]:
                look(phone, "phone", "confirm")
            self.press(phone, "确认投票")
            expect(phone.get_by_text("已收到您的选票", exact=True)).to_be_visible()
        self.everywhere("poll")
        self.desk.locator("li", has_text="5号").locator("button.who").click()
        self.desk.get_by_role("radio", name="赞成").check()
        look(self.desk, "desk", "record")
        self.press(self.desk, "登记“赞成”")
        self.at_step("confirm_ballots")
        look(self.console, "console", "unconfirmed")
        self.step()
        self.at_step("close_poll")
        self.step()
        self.at_step("publish_result")
        self.everywhere("counted")
        self.step()
        self.at_step("result_passed")
        expect(self.wall.get_by_text("表决通过")).to_be_visible()
        expect(self.phones[2].get_by_text("表决通过")).to_be_visible()
        self.everywhere("result")

    def settle(self) -> None:
        """Who does it, by when."""
        self.step()
        self.console.get_by_label("做什么").fill("采购并安装健身器材6件")
        self.console.get_by_label("责任方").select_option(label="物业")
        self.console.get_by_label("责任人的职务").fill("物业经理")
        self.console.get_by_label("办理期限").fill("2026-12-31")
        look(self.console, "console", "task")
        self.press(self.console, "登记办理事项")
        self.at_step("finish_item")
        self.step()

    def adopt(self) -> None:
        """The second item, adopted without objection."""
        self.at_step("next_item")
        self.step()
        self.at_step("open_queue")
        self.press(self.console, "写表决事项")
        self.console.get_by_label("表决事项", exact=False).fill("楼道灯由物业每月巡查一次，坏灯三日内更换。")
        self.press(self.console, "问大家有没有异议")
        self.at_step("record_consent")
        self.everywhere("consent")
        self.step()
        self.at_step("result_passed")
        self.everywhere("adopted")

    def close(self) -> None:
        self.press(self.console, "散会")
        self.press(self.console, "确定散会")
        self.at_step("closed")
        self.everywhere("closed")
