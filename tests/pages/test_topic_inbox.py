"""The topic inbox: the clock, the three answers, topics entered for residents."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from server.domain.actor import Role
from server.domain.meeting.state import Meeting
from server.pages.context import Services
from server.service.access import accounts
from server.service.access.sessions import actor_in, open_session, read_sessions
from server.service.clock import DAY_MS
from server.service.community.councils import CouncilFacts, add_area, create_council
from server.service.ids import digest
from server.service.matters import topics
from server.store.tables.access import AccountRow
from server.store.writer import Unit
from tests.pages.cast import HASH, Cast, Person, browser_of, words_of
from tests.pages.house import Clock

DRAINS = {"title": "6栋二单元下水道返水", "body": "一楼厨房地漏返水，已经三天。", "channel": "telephone"}


@pytest.fixture
def raise_one(services: Services, cast: Cast, clock: Clock) -> Callable[..., topics.Raised]:
    """Writes a topic as residents do."""

    def raise_topic(days_ago: int = 0, **words: str) -> topics.Raised:
        def run(unit: Unit) -> topics.Raised:
            at = clock() - days_ago * DAY_MS
            given = {**DRAINS, **words}
            return topics.raise_topic(
                unit,
                at,
                council_id=cast.council,
                title=given["title"],
                body=given["body"],
                channel=given["channel"],
            )

        return services.writer.submit(run).result(10)

    return raise_topic


def state_of(services: Services, number: str) -> str:
    with services.database.reader() as session:
        return topics.find_by_number(session, number).state


def test_an_empty_inbox_says_what_would_be_here(cast: Cast) -> None:
    page = cast.organiser.get("/office/topics")
    assert page.status_code == 200
    assert "现在没有待答复的议题" in words_of(page)


def test_the_inbox_shows_how_long_each_topic_waits(
    cast: Cast, raise_one: Callable[..., topics.Raised]
) -> None:
    raise_one(title="快递柜挡住消防通道")
    raise_one(title="东门想装遮雨棚", days_ago=6)
    raise_one(title="夜间广场舞音量", days_ago=9)
    raise_one(title="凉亭夏季开放到几点", days_ago=7)
    words = words_of(cast.organiser.get("/office/topics"))
    order = [words.index(title) for title in ("夜间广场舞", "凉亭夏季", "东门想装", "快递柜")]
    assert order == sorted(order)
    for clock_words in ("已超时2天", "今天到期", "还有1天", "还有7天", "4件待答复"):
        assert clock_words in words


def test_a_topic_is_accepted_with_a_sentence(
    services: Services, cast: Cast, raise_one: Callable[..., topics.Raised]
) -> None:
    number = raise_one().number
    page = cast.organiser.get(f"/office/topics/{number}?as=accept")
    assert "给居民的一句话" in words_of(page)
    form = {"as": "accept", "sentence": "下次议事会上商量。"}
    answer = cast.organiser.post(f"/office/topics/{number}/answer", form)
    assert (answer.status_code, answer.location) == (303, f"/office/topics?done={number}")
    assert state_of(services, number) == "accepted"
    assert "6栋二单元下水道返水" in words_of(cast.organiser.get("/office/pool"))
    twice = cast.organiser.post(f"/office/topics/{number}/answer", form)
    assert twice.status_code == 422
    assert "已经答复过了" in words_of(twice)


def test_a_decline_needs_its_reason_and_keeps_what_was_typed(
    services: Services, cast: Cast, raise_one: Callable[..., topics.Raised]
) -> None:
    number = raise_one().number
    path = f"/office/topics/{number}/answer"
    without = cast.organiser.post(path, {"as": "decline", "sentence": "请走法定程序。"})
    assert without.status_code == 422
    assert "请选一项" in words_of(without)
    assert "请走法定程序。" in without.get_data(as_text=True)
    silent = cast.organiser.post(path, {"as": "decline", "reason": "outside", "sentence": "  "})
    assert silent.status_code == 422
    assert state_of(services, number) == "received"
    form = {"as": "decline", "reason": "legal_channel", "sentence": "请走法定程序。"}
    assert cast.organiser.post(path, form).status_code == 303
    assert state_of(services, number) == "declined"
    page = words_of(cast.organiser.get(f"/office/topics/{number}"))
    assert "不用再答复" in page


def test_a_referral_makes_a_task_with_one_accountable_party(
    services: Services, cast: Cast, raise_one: Callable[..., topics.Raised]
) -> None:
    number = raise_one().number
    path = f"/office/topics/{number}/answer"
    form = {
        "as": "refer",
        "text": "疏通6栋二单元下水道",
        "accountable": cast.parties["物业"],
        "post": "物业经理",
        "due": "2026-04-07",
        "sentence": "已请物业先疏通。",
    }
    past = cast.organiser.post(path, form)
    assert past.status_code == 422
    assert "日期已经过了" in words_of(past)
    assert 'value="物业经理"' in past.get_data(as_text=True)
    done = cast.organiser.post(path, form | {"due": "2026-04-15"})
    assert done.status_code == 303
    assert "task=" in done.location
    assert state_of(services, number) == "referred"
    assert "疏通6栋二单元下水道" in words_of(cast.organiser.get("/office/tasks"))


def test_a_referral_may_go_to_a_unit_outside(cast: Cast, raise_one: Callable[..., topics.Raised]) -> None:
    number = raise_one().number
    form = {
        "as": "refer",
        "text": "检查管道",
        "unit": "区住建局",
        "post": "物业科科长",
        "due": "2026-05-01",
        "sentence": "已转区住建局。",
    }
    assert cast.organiser.post(f"/office/topics/{number}/answer", form).status_code == 303
    assert "区住建局" in words_of(cast.organiser.get("/office/tasks"))


def test_a_topic_is_entered_for_a_resident_and_gets_its_receipt(services: Services, cast: Cast) -> None:
    form = {**DRAINS, "council": cast.council, "proposer": "吴桂英", "telephone": "0731-5555 0123"}
    page = cast.organiser.post("/office/topics", form)
    assert page.status_code == 200
    number, code = re.findall(r'class="one-time">([^<]+)<', page.get_data(as_text=True))
    assert re.fullmatch(r"2026-\d{3}", number)
    assert page.headers["Cache-Control"] == "no-store"
    with services.database.reader() as session:
        topic = topics.find_by_receipt(session, code.lower().replace("-", " "))
    assert topic is not None
    assert (topic.number, topic.proposer, topic.channel) == (number, "吴桂英", "telephone")
    assert code not in words_of(cast.organiser.get(f"/office/topics/{number}"))


def test_entering_a_topic_keeps_what_was_typed(cast: Cast) -> None:
    form = {**DRAINS, "council": cast.council, "title": "题" * 81, "channel": "pigeon"}
    page = cast.organiser.post("/office/topics", form)
    assert page.status_code == 422
    assert "最多80个字，现在81个字" in words_of(page)
    assert "一楼厨房地漏返水" in page.get_data(as_text=True)


def test_marks_in_a_topic_are_shown_as_they_were_typed(
    cast: Cast, raise_one: Callable[..., topics.Raised]
) -> None:
    number = raise_one(title="<script>alert(1)</script>").number
    page = cast.organiser.get(f"/office/topics/{number}").get_data(as_text=True)
    assert "<script>alert(1)</script>" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_text_that_hides_its_order_is_not_taken(cast: Cast) -> None:
    form = {**DRAINS, "council": cast.council, "title": "赞成\u202e反对"}
    page = cast.organiser.post("/office/topics", form)
    assert page.status_code == 422
    assert "看不见的特殊字符" in words_of(page)


def test_the_inbox_is_the_offices_business(cast: Cast, raise_one: Callable[..., topics.Raised]) -> None:
    number = raise_one().number
    for path in ("/office/topics", f"/office/topics/{number}", "/office/topics/new", "/office/pool"):
        assert cast.stranger.get(path).status_code == 303
        assert cast.secretary.get(path).status_code == 200
        for person in (cast.chair, cast.supervisor, cast.representative):
            assert person.get(path).status_code == 403
    form = {"as": "accept", "sentence": "好。"}
    assert cast.representative.post(f"/office/topics/{number}/answer", form).status_code == 403
    assert cast.organiser.get("/office/topics/2026-999").status_code == 404


def other_area_organiser(house: Flask, services: Services, now: int) -> Person:
    def run(unit: Unit) -> Person:
        area = add_area(unit, parent_id=None, level="community", name="翠湖社区")
        create_council(unit, now, area_id=area, facts=CouncilFacts("翠湖议事会", "翠湖社区居民委员会"))
        made = accounts.create_account(
            unit, now, name="翠湖", role=Role.ORGANISER, area_id=area, password="x", password_hash=HASH
        )
        return browser_of(
            house, open_session(unit, now, account=unit.session.get(AccountRow, made.account_id))
        )

    return services.writer.submit(run).result(10)


def test_an_organiser_of_another_area_sees_and_changes_nothing(
    house: Flask, services: Services, cast: Cast, clock: Clock, raise_one: Callable[..., topics.Raised]
) -> None:
    number = raise_one().number
    other = other_area_organiser(house, services, clock())
    assert "6栋二单元" not in words_of(other.get("/office/topics"))
    assert other.get(f"/office/topics/{number}").status_code == 403
    form = {"as": "accept", "sentence": "好。"}
    assert other.post(f"/office/topics/{number}/answer", form).status_code == 403
    assert other.get(f"/office/councils/{cast.council}/roster").status_code == 403
    assert other.post("/office/topics", {**DRAINS, "council": cast.council}).status_code == 422
    assert state_of(services, number) == "received"


def test_an_empty_home_says_so(cast: Cast) -> None:
    words = words_of(cast.organiser.get("/office/"))
    assert "没有待答复的议题" in words
    assert "还没有安排下次会议" in words
    assert "没有逾期的事项" in words
    assert cast.organiser.get("/office").location == "/office/"
    assert cast.stranger.get("/office/").status_code == 303
    assert cast.chair.get("/office/").status_code == 200
    assert cast.representative.get("/office/").status_code == 403


def test_the_home_of_the_day_lists_overdue_tasks(
    house: Flask, services: Services, cast: Cast, clock: Clock, raise_one: Callable[..., topics.Raised]
) -> None:
    number = raise_one().number
    form = {
        "as": "refer",
        "text": "疏通下水道",
        "accountable": cast.parties["物业"],
        "post": "物业经理",
        "due": "2026-04-09",
        "sentence": "已请物业疏通。",
    }
    cast.organiser.post(f"/office/topics/{number}/answer", form)
    raise_one(title="东门想装遮雨棚")
    clock.pass_by(days=3)

    def sign_in(unit: Unit) -> Person:
        row = unit.session.get(AccountRow, cast.organiser.id)
        return browser_of(house, open_session(unit, clock(), account=row))

    again = services.writer.submit(sign_in).result(10)
    words = words_of(again.get("/office/"))
    assert "逾期事项 1件" in words
    assert "疏通下水道" in words
    assert "待答复议题 1件" in words


def test_an_area_bounds_what_an_account_may_do_in_a_room(
    house: Flask, services: Services, cast: Cast, clock: Clock
) -> None:
    other = other_area_organiser(house, services, clock())
    meeting = Meeting("any", council=cast.council)
    with services.database.reader() as session:
        ids = {
            name: digest(cookie_of(person)) for name, person in (("own", cast.organiser), ("other", other))
        }
        people = read_sessions(session, list(ids.values()), clock())
    assert actor_in(meeting, people[ids["other"]]) is None
    own = actor_in(meeting, people[ids["own"]])
    assert own is not None
    assert own.is_one_of(Role.SECRETARY)


def cookie_of(person: Person) -> str:
    found = person.client.get_cookie("sid")
    assert found is not None
    return found.value
