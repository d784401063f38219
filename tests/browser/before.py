"""Before the meeting: an empty installation becomes a called meeting with cards in five hands."""

import re
import subprocess
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect

from server.service.clock import SHANGHAI
from tests.browser.hall import LAPTOP, PHONE, Hall
from tests.browser.stage import look

PASSWORD = "金穗小区的议事长廊2026"
PEOPLE = (
    ("丁立中", "小区管理单位", "管理处主任"),
    ("钱志强", "物业", "物业经理"),
    ("沈玉兰", "社区", "居委会委员"),
    ("何方正", "邻长", "5栋邻长"),
    ("㛃𬭚䶮", "业主", "3栋业主"),
)
TOPIC = "小区新增健身设施放在哪里"


@dataclass(slots=True)
class Called:
    """What the acts before hand over: the meeting, its links and the representatives' codes in seat order."""

    meeting: str
    council: str
    office: Page
    resident: Page
    receipt: str
    number: str
    chair: str
    secretary: str
    cards: list[str]


def prepare(hall: Hall, setup_link: str, folder: Path) -> Called:
    """Set up, enrol, print, raise, accept, plan and call, all through the pages people use."""
    office = hall.open(LAPTOP)
    set_up(office, setup_link)
    council = build_council(office, hall.url)
    enrol(office, hall.url, council)
    cards = print_cards(office, hall.url, council, folder)
    resident, number, receipt = raise_topic(hall, council)
    accept(office, hall.url, number)
    meeting = plan_and_call(office, hall.url, council)
    chair, secretary = (entry_link(office, hall.url, meeting, role) for role in ("主持人", "记录人"))
    return Called(meeting, council, office, resident, receipt, number, chair, secretary, cards)


def fill(page: Page, **values: str) -> None:
    """Fill fields by name."""
    for name, value in values.items():
        page.locator(f"[name={name}]").last.fill(value)


def set_up(page: Page, link: str) -> None:
    """The first administrator."""
    page.goto(link)
    look(page, "page", "setup")
    fill(page, name="周敏", display_name="周敏", password=PASSWORD, again=PASSWORD)
    page.get_by_role("button", name="开通并登录").click()
    expect(page.get_by_role("heading", name="今天")).to_be_visible()
    look(page, "page", "office-empty")
    page.get_by_role("link", name="去设立").click()


def build_council(page: Page, url: str) -> str:
    """Community and council; returns the council's id."""
    page.goto(f"{url}/office/areas")
    fill(page, name="芙蓉社区")
    page.get_by_role("button", name="加上").click()
    look(page, "page", "area-added")
    page.get_by_role("link", name="设立议事会", exact=True).click()
    expect(page.get_by_label("召集单位")).to_have_value("芙蓉社区居民委员会")
    fill(
        page,
        name="金穗小区五方议事会",
        organisation="芙蓉社区居民委员会",
        venue="议事长廊",
        document_sign="金穗议",
    )
    page.get_by_role("button", name="设立议事会").click()
    look(page, "page", "council")
    found = re.search(r"/councils/(\w+)", page.url)
    assert found
    return found[1]


def enrol(page: Page, url: str, council: str) -> None:
    """Five representatives, pasted from a spreadsheet."""
    page.goto(f"{url}/office/councils/{council}/roster/paste")
    fill(page, table="\n".join("\t".join(person) for person in PEOPLE))
    page.get_by_role("button", name="看一遍").click()
    look(page, "page", "paste")
    page.get_by_role("button", name="登记这5人").click()
    look(page, "page", "roster")


def print_cards(page: Page, url: str, council: str, folder: Path) -> list[str]:
    """Print the sheet of cards and read the entry codes off it, as a person without a camera would."""
    page.goto(f"{url}/office/councils/{council}/cards")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="下载代表证（PDF）").click()
    sheet = folder / "cards.pdf"
    waiting.value.save_as(sheet)
    text = subprocess.run(
        ["pdftotext", "-raw", str(sheet), "-"], capture_output=True, text=True, check=True
    ).stdout
    printed = re.findall(r"入会码\s+((?:[\w-]{4}\s+){5}[\w-]{2})\s", text)
    codes = ["".join(groups.split()) for groups in printed]
    assert len(codes) == len(PEOPLE), text
    return codes


def hand_in(page: Page) -> None:
    """Press until the form is no longer found too quick: a browser fills it in faster than anybody."""
    page.get_by_role("button", name="提交议题").click()
    while page.get_by_text("提交得太快了").count():
        page.get_by_role("button", name="提交议题").click()


def raise_topic(hall: Hall, council: str) -> tuple[Page, str, str]:
    """A resident raises the matter; returns her page, the topic's number and her receipt code."""
    page = hall.open(PHONE, touch=True)
    page.goto(f"{hall.url}/c/{council}/")
    look(page, "page", "home-empty")
    page.get_by_role("link", name="我要提议题").first.click()
    fill(
        page,
        title=TOPIC,
        body="想在小区里添几件健身器材，放哪里大家意见不一，怕吵着楼上。",
        place="3栋与4栋之间",
        proposer="王娭毑",
        telephone="0731-55550123",
    )
    look(page, "page", "raise")
    hand_in(page)
    look(page, "page", "receipt")
    text = page.locator("main").inner_text()
    number, receipt = re.search(r"\d{4}-\d+", text), re.search(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}\b", text)
    assert number, text
    assert receipt, text
    return page, number[0], receipt[0]


def accept(page: Page, url: str, number: str) -> None:
    """The office answers: accepted, with a sentence for the resident."""
    page.goto(f"{url}/office/topics/{number}")
    look(page, "page", "inbox")
    page.get_by_role("link", name="受理，进议题库").click()
    fill(page, sentence="这件事放到下次议事会上商量，时间另行通知。")
    page.get_by_role("button", name="受理并答复").click()
    expect(page.get_by_text("已经答复")).to_be_visible()


def plan_and_call(page: Page, url: str, council: str) -> str:
    """Plan from the accepted topic, add an item, issue the notice; returns the meeting's id."""
    page.goto(f"{url}/office/meetings/new?council={council}")
    day = (datetime.now(tz=SHANGHAI) + timedelta(days=5)).date().isoformat()
    fill(
        page,
        title="商量健身器材放在哪里",
        place="议事长廊",
        day=day,
        clock="19:00",
        chair="林德厚",
        secretary="周文",
    )
    page.get_by_role("checkbox", name=TOPIC).check()
    look(page, "page", "plan-new")
    page.get_by_role("button", name="存下来，去排议程").click()
    fill(page, item="楼道灯更换与日常维护")
    page.locator("form", has=page.locator("[name=item]")).get_by_role("button", name="加上").click()
    look(page, "page", "plan")
    page.get_by_role("button", name="发出通知").click()
    expect(page.get_by_text("通知已经发出")).to_be_visible()
    look(page, "page", "called")
    found = re.search(r"/meetings/(\w+)", page.url)
    assert found
    page.goto(f"{url}/notices/{found[1]}")
    look(page, "page", "notice")
    return found[1]


def entry_link(page: Page, url: str, meeting: str, role: str) -> str:
    """Issue an entry link and return its secret."""
    page.goto(f"{url}/office/meetings/{meeting}")
    page.get_by_role("button", name=f"给{role}发链接").click()
    if role == "主持人":
        look(page, "page", "entry")
    found = re.search(r"#t=([\w-]{22})", page.locator("main").inner_text())
    assert found
    return found[1]
