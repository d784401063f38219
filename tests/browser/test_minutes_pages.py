"""The minutes from the draft to the public page in a browser: what is kept, what is asked for, what fits."""

import re
from collections.abc import Mapping

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.seeded import EVERYBODY, Sitting

pytestmark = pytest.mark.browser
SMALL = (320, 640)
# A mark that is wider or higher than its box breaks out of its frame.
BROKEN_MARKS = """() => [...document.querySelectorAll(".seal")].filter((seal) => {
  const words = document.createRange();
  words.selectNodeContents(seal);
  const inner = words.getBoundingClientRect();
  const box = seal.getBoundingClientRect();
  const lines = new Set([...words.getClientRects()].map((line) => Math.round(line.top)));
  return lines.size > 1 || inner.left < box.left || inner.right > box.right || inner.bottom > box.bottom + 1;
}).map((seal) => seal.textContent)"""


@pytest.fixture
def closed(sitting: Sitting) -> Sitting:
    """A closed meeting in which a motion failed."""
    poll = sitting.poll()
    for seat in EVERYBODY:
        assert sitting.wire.cast(seat, poll, "against")["ok"]
    sitting.wire.chair.do("poll.close", {"poll": poll})
    sitting.wire.chair.do("poll.publish", {"poll": poll})
    sitting.wire.chair.do("meeting.close")
    return sitting


def enter(sitting: Sitting, ticket: str) -> Mapping[str, str]:
    """Come in by a ticket; returns the cookies of that session."""
    return sitting.wire.house.enter(ticket).cookies


def at(sitting: Sitting, cookies: Mapping[str, str], path: str, size: tuple[int, int]) -> Page:
    """Open a page of this meeting for somebody who came in over the wire."""
    context = sitting.device(size)
    context.add_cookies(
        [{"name": name, "value": value, "url": sitting.server.url} for name, value in cookies.items()]
    )
    page = context.new_page()
    page.goto(sitting.server.url + path)
    return page


def editor(sitting: Sitting) -> Page:
    cookies = enter(sitting, sitting.wire.seeded["secretary"])
    return at(sitting, cookies, f"/office/minutes/{sitting.meeting}", (1366, 768))


def save(page: Page) -> None:
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_text("记录人", exact=False).first).to_be_visible()


def freeze(page: Page) -> None:
    page.get_by_label("以上我都看过了，仍要定稿").check()
    page.get_by_role("button", name="定稿", exact=True).click()
    expect(page.get_by_role("heading", name="签字")).to_be_visible()


def whole_text(page: Page) -> Locator:
    """The text in one field, as somebody wants it who changes headings."""
    page.get_by_role("button", name="改标题，或者改整篇文字").click()
    field = page.get_by_label("正文")
    expect(field).to_be_visible()
    return field


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_a_saved_text_is_not_called_unsaved(closed: Sitting) -> None:
    page = editor(closed)
    field = whole_text(page)
    field.fill(field.input_value() + "\n散会后大家合影。\n\n")
    save(page)
    expect(page.get_by_text("这部电脑上存有没保存的文字")).to_be_hidden()
    freeze(page)
    page.get_by_label("修改理由").fill("日期写错了")
    page.get_by_role("button", name="退回修改").click()
    field = whole_text(page)
    expect(page.get_by_text("这部电脑上存有没保存的文字")).to_be_hidden()
    field.fill(field.input_value() + "\n再补一句。")
    page.reload()
    expect(page.get_by_text("这部电脑上存有没保存的文字")).to_be_visible()


def test_a_part_is_written_without_touching_its_heading(closed: Sitting) -> None:
    page = editor(closed)
    expect(page.get_by_label("正文")).to_be_hidden()
    before = page.locator("#markdown").input_value()
    assert "## " in before
    part = page.locator("#parts textarea").last
    part.fill(part.input_value() + "\n\n下次会议先说这件事。")
    expect(page.locator("#preview")).to_contain_text("下次会议先说这件事。")
    save(page)
    assert page.locator("#markdown").input_value() == before.rstrip() + "\n\n下次会议先说这件事。"
    page.get_by_role("button", name="改标题，或者改整篇文字").click()
    page.get_by_role("button", name="一段一段地改").click()
    expect(page.locator("#parts textarea").last).to_have_value(re.compile("下次会议先说这件事。$"))
    assert fits(page)


def test_the_mark_of_a_failed_motion_stays_in_its_box(closed: Sitting) -> None:
    page = editor(closed)
    expect(page.locator("#preview .seal")).to_be_visible()
    assert page.evaluate(BROKEN_MARKS) == []
    freeze(page)
    phone = at(
        closed, enter(closed, closed.wire.seats[0]["ticket"]), f"/minutes/{closed.meeting}/sign", SMALL
    )
    for path in ("sign", ""):
        for mode in ("ordinary", "elder"):
            phone.goto(f"{closed.server.url}/minutes/{closed.meeting}/{path}".rstrip("/") + f"?mode={mode}")
            expect(phone.locator(".seal")).to_be_visible()
            assert phone.evaluate(BROKEN_MARKS) == [], (path, mode)
            assert fits(phone), (path, mode)
        phone.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
        assert fits(phone), (path, "doubled")
        assert phone.evaluate(BROKEN_MARKS) == []


@pytest.mark.parametrize("has_script", [True, False])
def test_a_forgotten_reason_leads_to_its_field(closed: Sitting, has_script: bool) -> None:
    freeze(editor(closed))
    phone = at(
        closed, enter(closed, closed.wire.seats[0]["ticket"]), f"/minutes/{closed.meeting}/sign", (390, 844)
    )
    if not has_script:
        state = phone.context.storage_state()
        context = closed.browser.new_context(
            storage_state=state, java_script_enabled=False, viewport={"width": 390, "height": 844}
        )
        closed.contexts.append(context)
        phone = context.new_page()
        phone.goto(f"{closed.server.url}/minutes/{closed.meeting}/sign")
    phone.locator('input[value="refused"]').check()
    phone.get_by_role("button", name="确认答复").click()
    field = phone.get_by_label("保留意见，或者拒签的理由")
    words = phone.locator("#reason-words")
    expect(words).not_to_be_empty()
    expect(words).to_be_in_viewport()
    expect(field).to_be_in_viewport()
    if has_script:
        expect(field).to_be_focused()
    field.fill("没有听清第二项")
    phone.get_by_role("button", name="确认答复").click()
    expect(phone.get_by_role("heading", name="已登记拒签")).to_be_in_viewport()
