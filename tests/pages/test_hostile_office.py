"""Marks, scripts, hidden characters and rare characters in every text field of the office."""

import re
from collections.abc import Iterator

import pytest

from server.pages.context import Services
from tests.pages.cast import Cast, words_of

MARKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ 7*7 }}",
    "'; DROP TABLE area; --",
    "王㛃𬭚䶮",
]
HIDDEN = ["赞\u202e成", "零\u200b宽", "空\x00字节", "响\x07铃"]


def forms_of(cast: Cast, text: str) -> Iterator[tuple[str, str, dict[str, str], str]]:
    """Yield every form that takes text: who may send it is the administrator, then path, fields and page to look at."""
    area, council = cast.area, cast.council
    yield "area", "/office/areas", {"parent": area, "level": "building", "name": text}, "/office/areas"
    yield "area name", f"/office/areas/{area}", {"name": text}, "/office/areas"
    facts = {
        "name": text,
        "organisation": text,
        "venue": text,
        "introduction": text,
        "document_sign": text[:20],
    }
    yield "council", "/office/councils", {"area": area, **facts}, "/office/areas"
    person = {"party": cast.parties["业主"], "name": text, "post": text, "telephone": text, "anyway": "1"}
    yield "roster", f"/office/councils/{council}/roster", person, f"/office/councils/{council}/roster"
    account = {"name": text, "display_name": text, "role": "chair"}
    yield "account", "/office/accounts", account, "/office/accounts"
    topic = {
        "council": council,
        "channel": "visit",
        "title": text,
        "body": text,
        "place": text,
        "proposer": text,
        "telephone": text,
    }
    yield "topic", "/office/topics", topic, "/office/topics"
    plan = {
        "council": council,
        "title": text,
        "place": text,
        "day": "2026-04-17",
        "clock": "19:00",
        "chair": text,
        "secretary": text,
        "invited": text,
    }
    yield "plan", "/office/meetings", plan, "/office/meetings"


@pytest.mark.rule("S61")
@pytest.mark.parametrize("text", MARKS)
def test_marks_stay_text_in_every_form(cast: Cast, text: str) -> None:
    for what, path, fields, seen_on in forms_of(cast, text):
        answer = cast.administrator.post(path, fields)
        assert answer.status_code in (200, 303), (what, words_of(answer))
        page = cast.administrator.get(seen_on)
        assert text in words_of(page), what
        for mark in ("<script>alert", "<img src=x", ">49<"):
            assert mark not in page.get_data(as_text=True), what


@pytest.mark.parametrize("text", HIDDEN)
def test_hidden_characters_are_refused_in_every_form(services: Services, cast: Cast, text: str) -> None:
    for what, path, fields, seen_on in forms_of(cast, text):
        answer = cast.administrator.post(path, fields)
        assert answer.status_code == 422, what
        assert "看不见的特殊字符" in words_of(answer), what
        assert text not in cast.administrator.get(seen_on).get_data(as_text=True), what


def test_marks_in_an_agenda_and_a_link_stay_text(cast: Cast) -> None:
    plan = {
        "council": cast.council,
        "title": "四月议事会",
        "place": "长廊",
        "day": "2026-04-17",
        "clock": "19:00",
    }
    path = cast.administrator.post("/office/meetings", plan).location
    cast.administrator.post(f"{path}/items", {"item": "<b>加粗</b>"})
    page = cast.administrator.get(path).get_data(as_text=True)
    assert "<b>加粗" not in page
    assert 'value="&lt;b&gt;加粗&lt;/b&gt;"' in page
    assert "<b>加粗" not in cast.administrator.get(f"{path}/notice").get_data(as_text=True)
    cast.administrator.post(f"{path}/call")
    link = cast.administrator.post(f"{path}/entries", {"role": "observer", "holder": "<i>王</i>"})
    assert "<i>王" not in link.get_data(as_text=True)
    assert "<i>王" not in cast.administrator.get(path).get_data(as_text=True)


def test_a_form_too_large_is_refused_with_a_sentence(cast: Cast) -> None:
    path = f"/office/councils/{cast.council}/roster/paste"
    long = cast.administrator.post(path, {"table": "王五 业主\n" * 5000})
    assert long.status_code in (413, 422)
    assert re.search("太长了|太大", words_of(long))


def test_an_address_with_hidden_characters_leads_nowhere(cast: Cast) -> None:
    for path in ("/office/topics/%00", "/office/meetings/%E2%80%AE", "/office/areas/%ff"):
        assert cast.administrator.get(path).status_code == 404
