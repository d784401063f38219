"""Names written from the right: they read as written, and turn nothing beside them."""

import pytest
import tinyhtml5
from flask import Flask
from playwright.sync_api import Browser

from server.pages.directions import isolated
from tests.pages.cast import Cast

UYGHUR = "\u0626\u06c7\u064a\u063a\u06c7\u0631 3 \u0645\u06d5\u06be\u06d5\u0644\u0644\u0649"
HEBREW = "\u05e9\u05dc\u05d5\u05dd"


@pytest.mark.rule("S84")
def test_a_name_from_the_right_stands_in_an_element_of_its_own() -> None:
    assert isolated(f"<p>{HEBREW} · 2026-001</p>") == f"<p><bdi>{HEBREW}</bdi> · 2026-001</p>"
    assert isolated(f"<td>{UYGHUR}、{HEBREW}</td>") == f"<td><bdi>{UYGHUR}</bdi>、<bdi>{HEBREW}</bdi></td>"


def test_attributes_scripts_and_fields_stay_as_they_are() -> None:
    for page in (
        f'<input value="{HEBREW} 3" title="&gt; {HEBREW}">',
        f"<title>{HEBREW}</title>",
        f'<script type="application/json">{{"name":"{HEBREW}"}}</script>',
        f"<textarea>\n{HEBREW}</textarea>",
        f"<select><option>{HEBREW}</option></select>",
        "<p>王五 · 2026-001 é 𬭚 😀</p>",
    ):
        assert isolated(page) == page


@pytest.mark.rule("S84")
def test_a_page_of_the_house_says_the_same_words(house: Flask, cast: Cast) -> None:
    """The text of a page is what it was: the form that comes back holds the name, the sentence beside it too."""
    client = house.test_client()
    page = client.get("/receipt", query_string={"code": HEBREW}).get_data(as_text=True)
    found = tinyhtml5.parse(page, namespace_html_elements=False)
    assert [field.get("value") for field in found.iter("input") if field.get("name") == "code"] == [HEBREW]


@pytest.mark.browser
def test_a_number_stays_behind_the_name_it_follows(chromium: Browser) -> None:
    """Given a number after a name from the right, when a browser draws both, then the number is to its right."""
    where = """() => { const text = document.querySelector('p').lastChild, range = document.createRange();
        const at = text.data.indexOf('2026'); range.setStart(text, at); range.setEnd(text, at + 4);
        const all = document.createRange(); all.selectNodeContents(document.querySelector('p'));
        return [range.getBoundingClientRect().right, all.getBoundingClientRect().right]; }"""
    page = chromium.new_page()
    try:
        turned = f"<p>{HEBREW} · 2026</p>"
        page.set_content(turned)
        number, line = page.evaluate(where)
        assert number < line - 5, "a browser no longer turns it: this test shows nothing"
        page.set_content(isolated(turned))
        number, line = page.evaluate(where)
        assert number == pytest.approx(line, abs=1)
    finally:
        page.close()
