"""The notice for everybody: its page and its print."""

from typing import Any

import pytest

from server.domain.actor import Actor, Role
from server.pages.context import Services
from server.service.clock import DAY_MS
from server.service.meetings.plans import NewItem, PlanFacts, issue_notice, plan_meeting
from tests.pages.cast import Cast, words_of
from tests.pages.hostile import MARKUP, RARE, is_plain

OFFICE = Actor("account:office", frozenset({Role.ORGANISER}))


def call(services: Services, cast: Cast, title: str = "楼道灯更换", invited: str = "") -> str:
    now = services.clock()
    facts = PlanFacts(title, "议事长廊", now + 9 * DAY_MS, "林平", "周文", invited)

    def run(unit: Any) -> str:
        plan = plan_meeting(unit, now, cast.council, facts, (NewItem(title, 20),))
        issue_notice(unit, services.rooms, now, plan, OFFICE)
        return plan

    return services.writer.submit(run).result(10)


def test_the_notice_says_when_where_what_and_who(cast: Cast, services: Services) -> None:
    meeting = call(services, cast, invited="请2栋住户派一人列席。")
    page = words_of(cast.stranger.get(f"/notices/{meeting}"))
    for words in (
        "2026年第1次会议", "4月17日", "星期五", "议事长廊", "楼道灯更换", "约20分钟", "业主",
        "请2栋住户派一人列席。", "芙蓉社区居民委员会", "A4 通知（PDF）",
    ):  # fmt: skip
        assert words in page


def test_the_print_is_made_once_and_kept(cast: Cast, services: Services) -> None:
    meeting = call(services, cast)
    first = cast.stranger.get(f"/notices/{meeting}.pdf")
    assert (first.status_code, first.mimetype) == (200, "application/pdf")
    assert first.data.startswith(b"%PDF-")
    assert cast.stranger.get(f"/notices/{meeting}.pdf").data == first.data


@pytest.mark.parametrize("text", [*MARKUP, RARE])
def test_hostile_and_rare_text_stays_text(cast: Cast, services: Services, text: str) -> None:
    meeting = call(services, cast, title=text, invited=text)
    page = cast.stranger.get(f"/notices/{meeting}")
    assert page.status_code == 200
    assert is_plain(page.get_data(as_text=True))
    assert text in words_of(page)


def test_a_meeting_that_does_not_exist_is_404(cast: Cast) -> None:
    assert cast.stranger.get("/notices/none").status_code == 404
    assert cast.stranger.get("/notices/none.pdf").status_code == 404
