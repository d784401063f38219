"""Planning a meeting, issuing its notice, its papers, and the links that lead into the room."""

import re
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from flask import Flask

from server.domain.actor import Role
from server.pages.context import Services
from server.service.access import entries
from server.service.clock import DAY_MS
from server.service.matters import topics
from server.service.meetings import plans
from server.service.meetings.notices import notice_paper
from server.store.writer import Unit
from tests.pages.cast import Cast, Person, anonymous, words_of
from tests.pages.house import Clock

PLAN = {
    "title": "商量健身器材放在哪里",
    "place": "金穗小区议事长廊",
    "day": "2026-04-17",
    "clock": "19:00",
    "chair": "林平",
    "secretary": "周文",
    "invited": "3栋、4栋住户\n街道民政办",
}


def accepted(services: Services, cast: Cast, title: str) -> topics.Raised:
    """Write a topic that was accepted."""
    now = services.clock()

    def run(unit: Unit) -> topics.Raised:
        raised = topics.raise_topic(
            unit, now, council_id=cast.council, title=title, body=title, channel="visit"
        )
        topics.find_topic(unit.session, raised.topic_id).state = "accepted"
        return raised

    return services.writer.submit(run).result(10)


def planned(cast: Cast, *topic_ids: str, **changes: str) -> str:
    """Plan a meeting as the organiser does and return its path in the office."""
    form = {**PLAN, "council": cast.council, "topic": list(topic_ids), **changes}
    answer = cast.organiser.post("/office/meetings", form)
    assert answer.status_code == 303, words_of(answer)
    return answer.location


def called(cast: Cast) -> str:
    """Plan a meeting with one item, issue its notice and return its path in the office."""
    path = planned(cast)
    assert cast.organiser.post(f"{path}/items", {"item": "通报上次事项"}).status_code == 303
    assert cast.organiser.post(f"{path}/call").status_code == 303
    return path


def agenda(services: Services, path: str) -> list[str]:
    with services.database.reader() as session:
        return [item.title for item in plans.list_items(session, path.rsplit("/", 1)[1])]


def test_a_meeting_is_planned_from_accepted_topics(services: Services, cast: Cast) -> None:
    fitness = accepted(services, cast, "健身器材放在哪里")
    offered = words_of(cast.organiser.get("/office/meetings/new"))
    assert "健身器材放在哪里" in offered
    path = planned(cast, fitness.topic_id)
    assert agenda(services, path) == ["健身器材放在哪里"]
    words = words_of(cast.organiser.get(path))
    assert "2026年第1次会议" in words
    assert "通知没有发出" in words
    assert "议题库里没有等着上会的议题" in words_of(cast.organiser.get("/office/meetings/new"))
    assert "2026年第2次会议" in words_of(cast.organiser.get(planned(cast)))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title": ""}, "这一栏要填"),
        ({"day": "2026-02-30"}, "请选日期"),
        ({"clock": "七点"}, "请选时间"),
        ({"place": "长" * 61}, "最多60个字"),
        ({"council": "nowhere"}, "先选议事会"),
    ],
)
def test_a_plan_names_what_is_wrong_and_keeps_the_rest(
    cast: Cast, wrong: Mapping[str, str], said: str
) -> None:
    answer = cast.organiser.post("/office/meetings", {**PLAN, "council": cast.council, **wrong})
    assert answer.status_code == 422
    assert said in words_of(answer) or "council" in wrong
    assert 'value="林平"' in answer.get_data(as_text=True)


def test_items_are_added_moved_changed_and_taken_off(services: Services, cast: Cast) -> None:
    lamps = accepted(services, cast, "楼道灯更换")
    path = planned(cast)
    cast.organiser.post(f"{path}/items", {"item": "通报上次事项"})
    cast.organiser.post(f"{path}/items", {"topic": lamps.topic_id})
    assert agenda(services, path) == ["通报上次事项", "楼道灯更换"]
    again = cast.organiser.post(f"{path}/items", {"topic": lamps.topic_id})
    assert again.status_code == 422
    found = re.findall(r"items/(\w+)\"", cast.organiser.get(path).get_data(as_text=True))
    first, second = found[0], found[1]
    assert cast.organiser.post(f"{path}/items/{second}", {"act": "up"}).status_code == 303
    assert agenda(services, path) == ["楼道灯更换", "通报上次事项"]
    assert cast.organiser.post(f"{path}/items/{second}", {"act": "up"}).status_code == 303
    change = {"act": "save", "title": "通报上次事项办理情况", "minutes": "10"}
    assert cast.organiser.post(f"{path}/items/{first}", change).status_code == 303
    assert "共10分钟" in words_of(cast.organiser.get(path))
    wrong = cast.organiser.post(f"{path}/items/{first}", change | {"minutes": "很久"})
    assert wrong.status_code == 422
    assert "请填1到240之间的数" in words_of(wrong)
    assert cast.organiser.post(f"{path}/items/{second}", {"act": "remove"}).status_code == 303
    assert agenda(services, path) == ["通报上次事项办理情况"]
    assert cast.organiser.post(f"{path}/items/{second}", {"act": "remove"}).status_code == 404
    assert cast.organiser.post(f"{path}/items", {"item": ""}).status_code == 422


def test_the_notice_freezes_the_agenda_and_tells_the_topics(services: Services, cast: Cast) -> None:
    fitness = accepted(services, cast, "健身器材放在哪里")
    path = planned(cast, fitness.topic_id)
    preview = words_of(cast.organiser.get(f"{path}/notice"))
    for said in ("4月17日 星期五 晚上7点", "金穗小区议事长廊", "街道民政办", "还没有发出"):
        assert said in preview
    assert "议程就锁住了" in words_of(cast.organiser.get(path))
    answer = cast.organiser.post(f"{path}/call")
    assert (answer.status_code, answer.location) == (303, f"{path}?called=1")
    words = words_of(cast.organiser.get(f"{path}?called=1"))
    assert "通知已经发出" in words
    assert "等待开会" in words
    meeting_id = path.rsplit("/", 1)[1]
    with services.database.reader() as session:
        state = services.rooms.read(session, meeting_id)
        topic = topics.find_topic(session, fitness.topic_id)
        lines = [entry.text for entry in topics.timeline(session, fitness.topic_id)]
    assert state is not None
    assert [(item.title, item.topic) for item in state.items] == [("健身器材放在哪里", fitness.topic_id)]
    assert [seat.number for seat in state.seats] == [1, 2, 3, 4, 5]
    assert topic.state == "scheduled"
    assert "列入2026年第1次会议第1项" in lines


@pytest.mark.rule("S22")
def test_after_the_notice_nothing_of_the_agenda_changes(services: Services, cast: Cast) -> None:
    path = called(cast)
    for answer in (
        cast.organiser.post(f"{path}/call"),
        cast.organiser.post(path, PLAN | {"title": "别的"}),
        cast.organiser.post(f"{path}/items", {"item": "再加一项"}),
        cast.organiser.post(f"{path}/items/any", {"act": "remove"}),
    ):
        assert answer.status_code == 422
        assert "AGENDA_LOCKED" in words_of(answer)
    assert agenda(services, path) == ["通报上次事项"]
    page = cast.organiser.get(path).get_data(as_text=True)
    assert "items/" not in page


def test_a_notice_needs_items_and_somebody_in_every_party(services: Services, cast: Cast) -> None:
    path = planned(cast)
    empty = cast.organiser.post(f"{path}/call")
    assert empty.status_code == 422
    assert "议程里还没有事项" in words_of(empty)
    cast.organiser.post(f"{path}/items", {"item": "通报上次事项"})
    cast.organiser.post(f"/office/representatives/{cast.representatives['钱进']}/leave")
    alone = cast.organiser.post(f"{path}/call")
    assert alone.status_code == 422
    assert "请先在代表名册里补上：物业" in words_of(alone)
    with services.database.reader() as session:
        assert services.rooms.read(session, path.rsplit("/", 1)[1]) is None


def test_a_topic_settled_meanwhile_holds_the_notice_back(services: Services, cast: Cast) -> None:
    raised = accepted(services, cast, "东门想装遮雨棚")
    path = planned(cast, raised.topic_id)
    form = {"as": "decline", "reason": "duplicate", "sentence": "与2026-002号重复。"}
    assert cast.organiser.post(f"/office/topics/{raised.number}/answer", form).status_code == 303
    answer = cast.organiser.post(f"{path}/call")
    assert answer.status_code == 422
    with services.database.reader() as session:
        assert services.rooms.read(session, path.rsplit("/", 1)[1]) is None


def test_a_late_notice_is_warned_about(cast: Cast) -> None:
    assert "离开会不到3天" in words_of(cast.organiser.get(planned(cast, day="2026-04-10")))
    assert "开会时间已经过了" in words_of(cast.organiser.get(planned(cast, day="2026-04-01")))
    assert "离开会不到3天" not in words_of(cast.organiser.get(planned(cast)))


def test_a_plan_is_changed_before_its_notice(cast: Cast) -> None:
    path = planned(cast)
    answer = cast.organiser.post(path, PLAN | {"day": "2026-04-24", "title": "换个日子再商量"})
    assert answer.status_code == 303
    assert "4月24日 星期五" in words_of(cast.organiser.get(f"{path}/notice"))
    wrong = cast.organiser.post(path, PLAN | {"title": "题" * 81})
    assert wrong.status_code == 422


def test_a_plan_is_taken_back_before_its_notice_and_its_number_given_again(
    services: Services, cast: Cast
) -> None:
    fitness = accepted(services, cast, "健身器材放在哪里")
    path = planned(cast, fitness.topic_id)
    assert cast.organiser.get(f"{path}/notice.pdf").status_code == 200
    assert "2026年第1次会议" in words_of(cast.organiser.get(f"{path}/withdraw"))
    assert cast.organiser.post(f"{path}/withdraw").status_code == 303
    assert cast.organiser.post(f"{path}/withdraw").status_code == 404
    assert "健身器材放在哪里" in words_of(cast.organiser.get("/office/meetings/new"))
    again = called(cast)
    assert "2026年第1次会议" in words_of(cast.organiser.get(again))
    for locked in (cast.organiser.get(f"{again}/withdraw"), cast.organiser.post(f"{again}/withdraw")):
        assert locked.status_code == 422
        assert "AGENDA_LOCKED" in words_of(locked)
    assert cast.chair.post(f"{again}/withdraw").status_code == 403


def text_of(pdf: bytes, folder: Path) -> str:
    """Return the words of a PDF."""
    file = folder / "paper.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, text=True
    )
    return done.stdout


def test_notice_and_sign_in_sheet_are_printed(services: Services, cast: Cast, tmp_path: Path) -> None:
    path = called(cast)
    printed = cast.organiser.get(f"{path}/notice.pdf")
    assert printed.mimetype == "application/pdf"
    text = text_of(printed.data, tmp_path)
    for said in ("通报上次事项", "芙蓉社区居民委员会", "金穗小区议事长廊"):
        assert said in text
    assert cast.organiser.get(f"{path}/notice.pdf").data == printed.data
    sheet = text_of(cast.organiser.get(f"{path}/sign-in.pdf").data, tmp_path)
    assert all(name in sheet for name in cast.representatives)
    assert "5555" not in sheet


def test_links_are_shown_once_and_a_new_one_ends_the_former(services: Services, cast: Cast) -> None:
    path = called(cast)
    first = cast.organiser.post(f"{path}/entries", {"role": "chair"})
    second = cast.organiser.post(f"{path}/entries", {"role": "chair"})
    tokens = [re.search(r"/join#t=([\w-]+)", page.get_data(as_text=True)) for page in (first, second)]
    assert all(tokens)
    assert "<svg" in second.get_data(as_text=True)
    assert second.headers["Cache-Control"] == "no-store"
    for holder in ("街道司法所", "旁听居民"):
        cast.organiser.post(f"{path}/entries", {"role": "observer", "holder": holder})
    page = cast.organiser.get(path).get_data(as_text=True)
    assert "主持人 · 林平" in page
    assert "街道司法所" in page
    assert "旁听居民" in page
    for found in tokens:
        assert found is not None
        assert found[1] not in page
    with services.database.reader() as session:
        links = entries.list_entries(session, path.rsplit("/", 1)[1], services.clock())
    assert sorted(link.kind for link in links) == ["chair", "observer", "observer"]
    ended = cast.organiser.post(f"{path}/entries/{links[0].id}/revoke")
    assert ended.status_code == 303
    assert cast.organiser.post(f"{path}/entries/{links[0].id}/revoke").status_code == 303
    assert cast.organiser.post(f"{path}/entries/nothing/revoke").status_code == 404
    assert cast.organiser.post(f"{path}/entries", {"role": "king"}).status_code == 422


def test_the_chair_enters_in_this_browser_which_leaves_the_office(
    services: Services, cast: Cast, clock: Clock
) -> None:
    path = called(cast)
    meeting_id = path.rsplit("/", 1)[1]
    answer = cast.organiser.post(f"{path}/enter", {"role": "chair"})
    assert (answer.status_code, answer.location) == (303, f"/meetings/{meeting_id}/console")
    assert cast.organiser.get("/office/").status_code == 403
    assert cast.secretary.post(f"{path}/enter", {"role": "observer"}).status_code == 422
    with services.database.reader() as session:
        links = entries.list_entries(session, meeting_id, clock())
    assert [link.kind for link in links] == [Role.CHAIR.value]
    assert links[0].expires_at > clock() + 3 * DAY_MS


def test_links_wait_for_the_notice(cast: Cast) -> None:
    path = planned(cast)
    assert cast.organiser.post(f"{path}/entries", {"role": "chair"}).status_code == 422
    assert cast.organiser.post(f"{path}/enter", {"role": "chair"}).status_code == 422


def test_meetings_are_seen_by_accounts_and_planned_by_the_office(house: Flask, cast: Cast) -> None:
    assert "还没有会议" in words_of(cast.organiser.get("/office/meetings"))
    path = called(cast)
    for person in (cast.chair, cast.supervisor):
        assert "商量健身器材" in words_of(person.get("/office/meetings"))
        assert person.get(path).status_code == 200
        assert "入会链接" not in words_of(person.get(path))
        for act in ("call", "entries", "enter", "items"):
            assert person.post(f"{path}/{act}", {"role": "chair"}).status_code == 403
        assert person.get("/office/meetings/new").status_code == 403
    strangers: list[Person] = [cast.stranger, anonymous(house)]
    for person in strangers:
        assert person.get(path).status_code == 303
    assert cast.representative.get(path).status_code == 403
    assert cast.organiser.get("/office/meetings/nothing").status_code == 404
    assert cast.organiser.get("/office/meetings/nothing/notice.pdf").status_code == 404


def test_the_notice_says_what_the_page_says(services: Services, cast: Cast) -> None:
    path = called(cast)
    with services.database.reader() as session:
        paper = notice_paper(session, path.rsplit("/", 1)[1], "http://hall.test", services.clock())
    assert paper.held_at == "4月17日 星期五 晚上7点"
    assert paper.invited[0] == "议事代表：小区管理单位1人、物业1人、社区1人、邻长1人、业主1人"
    assert paper.issued_on == "2026年4月8日"
    assert paper.url.startswith("http://hall.test/notices/")
