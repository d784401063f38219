"""After the meeting: the minutes are edited, signed by everybody, published, and found by residents."""

import re
import subprocess
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.before import TOPIC, Called
from tests.browser.hall import Hall
from tests.browser.stage import look


def keep_record(
    hall: Hall, called: Called, secretary: Page, chair: Page, phones: list[Page], folder: Path
) -> None:
    """Edit, finalise, sign on seven devices, publish, read as a resident."""
    meeting = called.meeting
    secretary.goto(f"{hall.url}/office/minutes/{meeting}")
    look(secretary, "page", "minutes-edit")
    fill_gaps(secretary)
    finalise(secretary)
    for person, page in enumerate(phones):
        page.get_by_role("link", name="看纪要，签字").click()
        if person == 0:
            look(page, "phone", "sign")
        sign(page, with_reservation=person == 2)
        if person == 0:
            look(page, "phone", "signed")
    for page in (chair, secretary):
        page.goto(f"{hall.url}/minutes/{meeting}/sign")
        sign(page)
    secretary.goto(f"{hall.url}/office/minutes/{meeting}")
    look(secretary, "page", "minutes-signed")
    secretary.get_by_role("button", name="公布纪要").click()
    read_as_resident(hall, called, folder)


def fill_gaps(page: Page) -> None:
    """The secretary writes what no log can know."""
    for area in page.locator("#parts textarea").all():
        area.fill(
            re.sub(r"（请记录人补写[^）]*）", "多数代表认为放在空地合适，夜间要限时。", area.input_value())
        )
    expect(page.locator(".to-fill:visible")).to_have_count(0)
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_text("第1版").first).to_be_visible()


def finalise(page: Page) -> None:
    """Freeze the text that was read out."""
    box = page.locator("form[action$=finalise] [name=confirmed]")
    if box.count():
        box.check()
    page.get_by_role("button", name="定稿", exact=True).click()
    expect(page.get_by_text("已定稿")).to_be_visible()


def sign(page: Page, *, with_reservation: bool = False) -> None:
    """Draw a name with a finger and confirm."""
    page.get_by_role("radio", name=re.compile("^附保留意见" if with_reservation else "^签字")).check()
    if with_reservation:
        page.locator("[name=text]").fill("希望夜间使用时间再短一些。")
    pad = page.locator("#pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    assert box
    for start, end in (((0.2, 0.3), (0.4, 0.7)), ((0.45, 0.25), (0.6, 0.75)), ((0.65, 0.5), (0.85, 0.45))):
        page.mouse.move(box["x"] + box["width"] * start[0], box["y"] + box["height"] * start[1])
        page.mouse.down()
        page.mouse.move(box["x"] + box["width"] * end[0], box["y"] + box["height"] * end[1], steps=6)
        page.mouse.up()
    page.get_by_role("button", name="确认答复").click()
    expect(page.get_by_role("heading", name=re.compile("^已"))).to_be_visible()


def read_as_resident(hall: Hall, called: Called, folder: Path) -> None:
    """No log-in: home, minutes, PDF, tasks, and what became of my matter."""
    page = called.resident
    page.goto(f"{hall.url}/c/{called.council}/")
    expect(page.get_by_text("同意在3栋与4栋之间").first).to_be_visible()
    look(page, "page", "home")
    page.goto(f"{hall.url}/minutes/{called.meeting}")
    expect(page.get_by_text("表决通过").first).to_be_visible()
    expect(page.get_by_text("何方正")).to_have_count(0)
    look(page, "page", "minutes")
    answer = page.request.get(f"{hall.url}/minutes/{called.meeting}.pdf")
    assert answer.ok
    pdf = folder / "minutes.pdf"
    pdf.write_bytes(answer.body())
    text = subprocess.run(["pdftotext", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    assert "赞成4票、反对1票、弃权0票" in "".join(text.split())
    page.goto(f"{hall.url}/c/{called.council}/tasks")
    expect(page.get_by_text("采购并安装健身器材6件").first).to_be_visible()
    look(page, "page", "tasks")
    page.goto(f"{hall.url}/c/{called.council}/")
    page.get_by_label("输入回执上的编号或回执码").fill(called.receipt)
    page.get_by_role("button", name="查", exact=True).click()
    expect(page.get_by_role("heading", name=TOPIC)).to_be_visible()
    look(page, "page", "topic")
