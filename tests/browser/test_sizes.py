"""The live screens on small walls and small phones, for elder eyes and at doubled text, stage by stage."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.seeded import EVERYBODY, Sitting, linked
from tests.browser.stage import SEEN_FAULTS, look

pytestmark = pytest.mark.browser
WALLS = ((1280, 720), (1024, 768))
SMALL = (320, 640)
# An ordinary phone on which the reader has doubled the text: half as many characters fit on a line.
DOUBLED = (390, 844)
MOTION = "同意在3栋与4栋之间的空地放置新增健身器材6件，由物业公司安装养护，2026年12月31日前完成，每日22时后停止使用。"


def test_every_stage_fits_every_size(sitting: Sitting) -> None:
    before = len(SEEN_FAULTS)
    wire = sitting.wire
    looks = Looks(sitting)
    wire.check_in(0, 1, 2)
    looks.take("called", "总人数还差1人", "已到 3 / 5 人")
    item = wire.begin(3, 4)
    looks.take("item", "正在议", "正在议")
    wire.chair.do("queue.open")
    for seat, stance in ((1, "for"), (2, "against"), (3, "question")):
        wire.phone(seat).do("floor.request", {"stance": stance})
    wire.chair.do("floor.grant")
    looks.take("debate", "正在发言", "发言")
    wire.chair.do("queue.close")
    poll = wire.ask(item, text=MOTION)
    looks.take("poll", "正在表决", "弃权")
    looks.shows_the_text_before_the_buttons()
    for seat in EVERYBODY[1:4]:
        assert wire.cast(seat, poll)["ok"]
    looks.vote("confirm")
    assert wire.cast(4, poll)["ok"]
    wire.chair.do("poll.close", {"poll": poll})
    wire.chair.do("poll.publish", {"poll": poll})
    looks.take("result", "表决通过", "表决通过")
    assert len(SEEN_FAULTS) == before, "\n".join(SEEN_FAULTS[before:])


class Looks:
    """All sizes of one meeting: walls of the observer, and one seat's phone in four dresses."""

    def __init__(self, sitting: Sitting) -> None:
        observer = sitting.wire.participant("observer")
        self.walls = [sitting.show(observer, "projector", size) for size in WALLS]
        seat = sitting.wire.participant(0)
        self.phones = {
            name: sitting.show(seat, "phone", size)
            for name, size in (("small", SMALL), ("elder", SMALL), ("doubled", DOUBLED))
        }
        self.phones["elder"].get_by_role("button", name="长辈版").click()
        for page in (*self.walls, *self.phones.values()):
            linked(page)

    def take(self, stage: str, on_wall: str, on_phone: str) -> None:
        """Wait until the stage has come, then look at every size."""
        for wall in self.walls:
            expect(wall.get_by_text(on_wall).first).to_be_visible()
            look(wall, "projector", stage)
        for name, page in self.phones.items():
            expect(page.get_by_text(on_phone).first).to_be_visible()
            self.look(name, page, stage)

    def look(self, name: str, page: Page, stage: str) -> None:
        if name == "doubled":
            page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
        look(page, "phone", f"{stage}-{name}")

    def shows_the_text_before_the_buttons(self) -> None:
        """What is voted on never lies behind the choices, however large the letters."""
        for name, page in self.phones.items():
            text, thumb = page.locator("h1.motion").bounding_box(), page.locator(".thumb").bounding_box()
            assert text, name
            assert thumb, name
            assert text["y"] + text["height"] <= thumb["y"] + 1, name

    def vote(self, stage: str) -> None:
        """The two taps of a ballot in every dress; one of them sends it, all show the receipt."""
        for name, page in self.phones.items():
            page.get_by_role("button", name="反对").first.click()
            expect(page.get_by_text("您要投的是")).to_be_in_viewport(ratio=1)
            self.look(name, page, stage)
        page.get_by_role("button", name="确认投票").click()
        for name, page in self.phones.items():
            expect(page.get_by_text("已收到您的选票", exact=True)).to_be_in_viewport(ratio=1)
            self.look(name, page, "receipt")
