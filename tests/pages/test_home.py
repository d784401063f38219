"""The public home: its four answers from first to last day, and that nothing unpublished leaks."""

import re
from html import unescape
from typing import Any

import pytest
from flask import Flask

from server.domain.actor import Actor, Role
from server.pages.context import Services
from server.service.clock import DAY_MS
from server.service.community import councils
from server.service.meetings.plans import NewItem, PlanFacts, issue_notice, plan_meeting
from server.service.samples.demonstration import Demonstration, load_demonstration
from server.service.samples.demonstration.places import PEOPLE
from tests.pages.cast import Cast, words_of

OFFICE = Actor("account:office", frozenset({Role.ORGANISER}))
QUESTIONS = ("本月议什么", "上次定了什么", "谁在办、到哪了", "我提的怎么样")


def write(services: Services, run: Any) -> Any:
    return services.writer.submit(run).result(10)


@pytest.fixture
def demonstration(services: Services) -> Demonstration:
    return load_demonstration(services.writer, services.rooms, services.clock())


def test_an_empty_house_says_what_will_be_here(house: Flask) -> None:
    page = house.test_client().get("/")
    assert page.status_code == 200
    assert "这里还没有议事平台" in words_of(page)


def test_one_council_is_led_to_directly(cast: Cast, services: Services) -> None:
    answer = cast.stranger.get("/")
    assert (answer.status_code, answer.location) == (303, f"/c/{cast.council}/")
    assert "金穗小区" in words_of(cast.stranger.get("/?all=1"))
    facts = councils.CouncilFacts("栋长联席会", "赤岭路社区居民委员会")
    write(services, lambda unit: councils.create_council(unit, 1, area_id=cast.area, facts=facts))
    assert "栋长联席会" in words_of(cast.stranger.get("/"))


def test_a_new_council_answers_every_question(cast: Cast) -> None:
    page = words_of(cast.stranger.get(f"/c/{cast.council}/"))
    for words in (
        *QUESTIONS,
        "下次会议还没有通知",
        "还没有公布过的会议纪要",
        "还没有办理事项",
        "0 件等待答复",
    ):
        assert words in page
    assert cast.stranger.get(f"/c/{cast.council}/meetings").status_code == 200
    assert cast.stranger.get("/c/none/").status_code == 404


def test_a_planned_meeting_is_nobody_s_business_before_its_notice(cast: Cast, services: Services) -> None:
    now = services.clock()
    facts = PlanFacts("五方代表议事会", "议事长廊", now + 9 * DAY_MS)
    plan = write(services, lambda unit: plan_meeting(unit, now, cast.council, facts, (NewItem("楼道灯"),)))
    for path in (f"/c/{cast.council}/", f"/c/{cast.council}/meetings", "/?all=1"):
        assert "楼道灯" not in words_of(cast.stranger.get(path))
        assert "4月17日" not in words_of(cast.stranger.get(path))
    assert cast.stranger.get(f"/notices/{plan}").status_code == 404
    assert cast.stranger.get(f"/notices/{plan}.pdf").status_code == 404
    write(services, lambda unit: issue_notice(unit, services.rooms, now, plan, OFFICE))
    page = words_of(cast.stranger.get(f"/c/{cast.council}/"))
    assert "4月17日" in page
    assert "楼道灯" in page
    assert cast.stranger.get(f"/notices/{plan}").status_code == 200


def test_the_four_answers_of_a_living_council(house: Flask, demonstration: Demonstration) -> None:
    page = words_of(house.test_client().get(f"/c/{demonstration.council}/"))
    for words in (
        *QUESTIONS,
        "单车棚拆除重建怎么办",
        "赞成17票、反对4票、弃权2票",
        "一致通过",
        "逾期1天",
        "还有2天",
        "2 件等待答复",
    ):
        assert words in page


@pytest.mark.rule("S87")
def test_public_pages_name_no_representative(house: Flask, demonstration: Demonstration) -> None:
    home = f"/c/{demonstration.council}/"
    paths = [
        home,
        f"{home}topics",
        f"{home}meetings",
        f"{home}tasks",
        "/topics/2026-001",
        "/tasks/办-2026-002",
    ]
    paths.append(f"/notices/{demonstration.meeting}")
    for path in paths:
        page = house.test_client().get(path)
        assert page.status_code == 200
        assert not [name for _, name, _, _ in PEOPLE if name in words_of(page)], path


def test_every_link_of_the_public_pages_leads_somewhere(house: Flask, demonstration: Demonstration) -> None:
    client = house.test_client()
    seen: set[str] = set()
    waiting = ["/", f"/c/{demonstration.council}/"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        page = client.get(path)
        assert page.status_code in (200, 303), path
        if page.mimetype != "text/html" or path.startswith("/office"):
            continue
        links = re.findall(r'(?:href|src)="(/[^"#]*)', page.get_data(as_text=True))
        waiting.extend(unescape(link) for link in links)
    assert any(path.startswith("/minutes/") for path in seen)
    assert any(path.endswith(".pdf") for path in seen)
    assert len(seen) > 40
