"""A5: five hundred hostile texts in every place people write: no element and no attribute that was not meant."""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
import tinyhtml5
from flask import Flask
from playwright.sync_api import Browser, Route
from werkzeug.test import Client

from server.documents.failed import DocumentFailed
from server.documents.markdown import ATTRIBUTES, TAGS, to_html
from server.service.access.sessions import redeem_ticket
from server.service.community import roster
from server.service.matters import progress, topics
from server.service.meetings.plans import NewItem, PlanFacts, issue_notice, plan_meeting
from server.store.tables.areas import PartyRow
from server.store.writer import Unit
from tests.abuse.conftest import Count
from tests.abuse.vectors import vectors
from tests.abuse.world import OFFICE, Community, World

VECTORS = vectors()
HARMLESS = "楼道灯不亮"
# Attributes that lead somewhere or are code.
LEADING = {"href", "src", "action", "formaction", "srcset", "data", "poster", "background", "srcdoc", "style"}
Skeleton = Counter[tuple[str, tuple[str, ...]]]


def skeleton(page: str) -> Skeleton:
    """Return the elements of a page with the names of their attributes; places they lead to must be our own."""
    bones: Skeleton = Counter()
    for node in tinyhtml5.parse(page, namespace_html_elements=False).iter():
        if not isinstance(node.tag, str):
            continue  # a comment
        bones[node.tag, tuple(sorted(map(str, node.attrib)))] += 1
        for name in LEADING.intersection(node.attrib):
            if (node.tag, name, node.attrib[name]) == ("link", "href", "data:,"):
                continue  # the phone asks for no icon
            url = urlsplit(node.attrib[name])
            assert url.scheme in ("", "tel") or url.netloc == "hall.test", (node.tag, name, node.attrib[name])
            assert url.scheme or not url.netloc, (node.tag, name, node.attrib[name])
        assert not [name for name in node.attrib if str(name).lower().startswith("on")], node.attrib
    return bones


def fitting(longest: int) -> list[str]:
    """Return the vectors a field takes whole, and the beginnings of the others."""
    return list(dict.fromkeys(" ".join(vector.split())[:longest].strip() for vector in VECTORS))


@pytest.fixture(scope="module")
def written(world: World) -> World:
    """Hostile texts in the first community, as many harmless ones in the second."""

    def carry_out(act: Any, *given: Any) -> Any:
        return world.services.writer.submit(lambda unit: act(unit, *given)).result(60)

    for where, is_hostile in ((world.own, True), (world.other, False)):
        carry_out(_write, world, where, is_hostile)
        carry_out(_call, world, where, is_hostile)
    return world


def _write(unit: Unit, world: World, where: Community, is_hostile: bool) -> None:
    now = world.clock()

    def text(vector: str, longest: int) -> str:
        line = vector if longest > 100 else " ".join(vector.split())
        return line[:longest].strip() if is_hostile else HARMLESS

    for number, vector in enumerate(VECTORS):
        raised = topics.raise_topic(
            unit, now, council_id=where.council, title=text(vector, 80), body=text(vector, 2000), channel="online",
            place=text(vector, 60), proposer=text(vector, 40), is_named=True,
        )  # fmt: skip
        if number % 2:
            topics.accept(unit, now, raised.topic_id, OFFICE, text(vector, 80))
            where.things[f"topic {number}"] = raised.number
        progress.add_progress(
            unit, now, where.things["task"], OFFICE, text=text(" ".join(vector.split()), 600)
        )
    if not is_hostile:  # the first community has two cards out already
        roster.replace_cards(unit, now, where.council, {where.people["周"]: "a-second-card"})
        unit.session.flush()
        redeem_ticket(unit, now, "a-second-card")
    names = fitting(40)[:: max(1, len(fitting(40)) // 40)][:40]
    party = list(where.parties.values())[-1]
    unit.session.get_one(PartyRow, party).seats = 60
    people = [
        roster.NewRepresentative(party, name if is_hostile else f"张{number}", text(name, 40), "0731-5555")
        for number, name in enumerate(names)
    ]
    roster.add_representatives(unit, now, where.council, people)


def _call(unit: Unit, world: World, where: Community, is_hostile: bool) -> None:
    """A meeting whose every word is hostile, with the twenty items an agenda takes."""
    titles = fitting(80)[:: len(fitting(80)) // 20][:20]
    items = [NewItem(title if is_hostile else HARMLESS) for title in titles]
    word = VECTORS[0] if is_hostile else HARMLESS
    facts = PlanFacts(word, word, world.clock() + 9 * 86_400_000, word[:40], word[:40], word)
    where.things["hostile"] = plan_meeting(unit, world.clock(), where.council, facts, items)
    issue_notice(unit, world.services.rooms, world.clock(), where.things["hostile"], OFFICE)


PAGES = [
    ("anonymous", "/c/{council}/"),
    ("anonymous", "/c/{council}/topics"),
    ("anonymous", "/c/{council}/tasks"),
    ("anonymous", "/c/{council}/meetings"),
    ("anonymous", "/tasks/{task}"),
    ("anonymous", "/notices/{hostile}"),
    ("administrator", "/office/tasks/{task}"),
    ("administrator", "/office/councils/{council}/roster"),
    ("administrator", "/office/councils/{council}/cards"),
    ("administrator", "/office/meetings/{hostile}"),
    ("administrator", "/office/meetings/{hostile}/notice"),
    ("administrator", "/meetings/{hostile}/projector"),
    ("administrator", "/meetings/{hostile}/phone"),
]


def page_of(world: World, principal: str, path: str, **how: Any) -> str:
    headers = {"Cookie": world.principals[principal][0]}
    answer = world.flask.test_client(use_cookies=False).get(path, headers=headers, **how)
    assert answer.status_code in (200, 404, 422), (path, answer.status_code)
    return answer.get_data(as_text=True)


def test_the_set_is_large_enough() -> None:
    assert len(VECTORS) >= 500


@pytest.mark.parametrize(("principal", "path"), PAGES)
def test_hostile_texts_leave_a_page_as_harmless_ones_do(written: World, principal: str, path: str) -> None:
    hostile, harmless = (
        skeleton(page_of(written, principal, path.format_map(where.things)))
        for where in (written.own, written.other)
    )
    assert hostile - harmless == harmless - hostile == Counter()


def test_each_topics_own_page(written: World, count: Count) -> None:
    own, other = written.own.things, written.other.things
    names = [name for name in own if name.startswith("topic ")]
    for name in names[:: count(12, 1)]:
        hostile, harmless = (
            skeleton(page_of(written, "anonymous", f"/topics/{where[name]}")) for where in (own, other)
        )
        for lines in (
            ("p", ()),
            ("br", ()),
        ):  # a text of several lines has so many paragraphs, hostile or not
            hostile.pop(lines, None), harmless.pop(lines, None)
        assert hostile == harmless, own[name]


def test_what_is_asked_for_comes_back_as_text(written: World, count: Count) -> None:
    """Echoes: a receipt looked up, an address that is none, a form that comes back."""
    empty = skeleton(page_of(written, "anonymous", "/receipt", query_string={"code": "楼道"}))
    nowhere = skeleton(page_of(written, "anonymous", "/topics/none"))
    for vector in VECTORS[:: count(11, 1)]:
        assert skeleton(page_of(written, "anonymous", "/receipt", query_string={"code": vector})) == empty
        written.flask.extensions["council_allowances"].clear()
        if "/" not in vector and "\n" not in vector:
            assert skeleton(page_of(written, "anonymous", f"/topics/{vector}")) == nowhere
        assert skeleton(_form_back(written, vector)) == skeleton(_form_back(written, HARMLESS))


def _form_back(world: World, text: str) -> str:
    cookies, csrf = world.principals["anonymous"]
    form = {
        "csrf": csrf,
        "title": "",
        "body": text,
        "place": text[:60],
        "proposer": text[:40],
        "telephone": "x",
    }
    path = f"/c/{world.own.council}/topics/new"
    client = world.flask.test_client(use_cookies=False)
    return client.post(path, data=form, headers={"Cookie": cookies}).get_data(as_text=True)


AROUND = ("{}", "- {}", "> {}", "## {}", "| a |\n|---|\n| {} |", "[{}](x)", "[x]({})", "[x]: {}\n\n[x]")


def test_markdown_becomes_nothing_but_the_allowed_tags(count: Count) -> None:
    every = [around.format(vector) for vector in VECTORS for around in AROUND]
    for text in every[:: count(7, 1)]:
        try:
            html = to_html(text)
        except DocumentFailed:
            continue
        for node in tinyhtml5.parse(html, namespace_html_elements=False).find("body").iter():
            if node.tag == "body" or not isinstance(node.tag, str):
                continue
            assert node.tag in TAGS, (text, html)
            assert set(node.attrib) <= {"href", "rel"} | ATTRIBUTES.get(node.tag, set()), (text, html)
            assert urlsplit(node.attrib.get("href", "https:")).scheme in ("https", "mailto"), (text, html)


@pytest.fixture
def looked_at(written: World, chromium: Browser) -> Iterator[tuple[Any, list[str]]]:
    """A page of the real browser that is answered by the application itself; whatever leaves the house is listed."""
    client = Client(partial(Flask.wsgi_app, written.flask), use_cookies=False)
    outside: list[str] = []

    def answer(route: Route) -> None:
        url = urlsplit(route.request.url)
        if url.netloc != "hall.test":
            outside.append(route.request.url)
            route.abort()
            return
        path = url.path + (f"?{url.query}" if url.query else "")
        got = client.get(
            path, headers={"Cookie": written.principals["administrator"][0], "Host": "hall.test"}
        )
        body = got.get_data()
        got.close()
        route.fulfill(status=got.status_code, headers=dict(got.headers), body=body)

    context = chromium.new_context()
    page = context.new_page()
    page.route("**/*", answer)
    page.on(
        "console", lambda said: outside.append(said.text) if "Content Security Policy" in said.text else None
    )
    page.on("dialog", lambda dialog: outside.append(f"dialog {dialog.message}"))
    yield page, outside
    context.close()


@pytest.mark.browser
def test_in_a_real_browser_no_script_runs_and_nothing_leaves(
    written: World, looked_at: tuple[Any, list[str]]
) -> None:
    """Policy reports count as well: the policy is the second wall, and nothing may get as far as to it."""
    page, outside = looked_at
    for _, path in PAGES:
        if path.startswith("/meetings/"):
            continue  # a live screen needs the loop, which the browser's driver holds here
        page.goto("http://hall.test" + path.format_map(written.own.things))
        page.mouse.move(200, 200)
        page.keyboard.press("Tab")
        assert page.evaluate("window.ran") is None, path
    assert outside == []
