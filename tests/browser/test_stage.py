"""The critic of pages is no yes-man: what it exists to find, it finds."""

import pytest
from playwright.sync_api import Browser

from tests.browser.stage import SEEN_FAULTS, look

pytestmark = pytest.mark.browser
BAD = """<!doctype html><html lang="zh-CN"><title>坏</title><body style="background:#fff;color:#111;margin:0">
<main><h1 style="width:900px">太宽的一页太宽的一页</h1><p style="color:#ccc">看不清</p>
<p style="font-size:9px">字太小</p><input type="text"></main>"""


def test_a_bad_page_is_found_wide_pale_small_and_unnamed(chromium: Browser) -> None:
    page, before = chromium.new_page(viewport={"width": 390, "height": 640}), len(SEEN_FAULTS)
    try:
        page.set_content(BAD)
        look(page, "page", "bad")
    finally:
        page.close()
    found = "\n".join(SEEN_FAULTS[before:])
    del SEEN_FAULTS[before:]
    for fault in ("leaves the page", "color-contrast", "9px is too small", "label"):
        assert fault in found
