"""The secretary's desk: editing, freezing, and nothing of it for anybody else."""

import pytest
from flask import Flask

from server.domain.actor import Role
from server.pages.context import Services
from tests.pages.cast import Cast, words_of
from tests.pages.house import Clock
from tests.pages.minutes_desk import SENTENCE, by_ticket, finalise, hidden, save, typed
from tests.service.held_meeting import HeldMeeting, hold_meeting


def test_the_list_says_what_waits(cast: Cast, held: HeldMeeting) -> None:
    words = words_of(cast.secretary.get("/office/minutes"))
    assert "2026年第3次会议" in words
    assert "还没有整理" in words
    finalise(cast.secretary, held.id)
    assert "待签字，已答复0人" in words_of(cast.secretary.get("/office/minutes"))
    assert cast.chair.get("/office/minutes").status_code == 403
    assert cast.stranger.get("/office/minutes").location.startswith("/office/login")


def test_an_empty_list_says_so(cast: Cast) -> None:
    assert "没有等着整理的纪要" in words_of(cast.secretary.get("/office/minutes"))


def test_the_editor_opens_on_the_draft_with_the_facts_beside(cast: Cast, held: HeldMeeting) -> None:
    page = cast.secretary.get(f"/office/minutes/{held.id}")
    assert page.status_code == 200
    assert "〔表决结果 1〕" in typed(page)
    words = words_of(page)
    assert SENTENCE in words
    assert "李桂香（邻长） 赞成" in words
    assert "采购并安装健身器材6件" in words
    assert cast.organiser.get(f"/office/minutes/{held.id}").status_code == 200
    assert cast.chair.get(f"/office/minutes/{held.id}").status_code == 200


@pytest.mark.parametrize("path", ["", "/versions"])
def test_only_those_who_keep_the_record_come_to_the_editor(cast: Cast, held: HeldMeeting, path: str) -> None:
    address = f"/office/minutes/{held.id}{path}"
    for person in (cast.representative, cast.administrator, cast.supervisor):
        assert person.get(address).status_code == 403
    assert cast.stranger.get(address).location.startswith("/office/login?next=")
    assert cast.secretary.get(f"/office/minutes/nowhere{path}").status_code == 404


@pytest.mark.parametrize("act", ["", "/preview", "/finalise", "/regenerate", "/reopen", "/publish"])
def test_nobody_else_changes_anything(cast: Cast, held: HeldMeeting, act: str) -> None:
    form = {"markdown": "我来改", "base_version": "0", "confirmed": "1", "reason": "改"}
    assert cast.representative.post(f"/office/minutes/{held.id}{act}", form).status_code == 403
    assert cast.secretary.client.post(f"/office/minutes/{held.id}{act}", data=form).status_code == 403
    assert "我来改" not in typed(cast.secretary.get(f"/office/minutes/{held.id}"))


def test_a_secretary_by_ticket_keeps_the_minutes_of_that_meeting_alone(
    house: Flask, services: Services, cast: Cast, held: HeldMeeting, clock: Clock
) -> None:
    secretary = by_ticket(house, services, held.id, Role.SECRETARY, "周文")
    page = secretary.get(f"/office/minutes/{held.id}")
    assert page.status_code == 200
    assert save(secretary, held.id, "第一稿", 0).status_code == 303
    assert "记录人 周文" in words_of(secretary.get(f"/office/minutes/{held.id}"))
    other = hold_meeting(
        lambda run: services.writer.submit(run).result(10), services.rooms, cast.council, clock(), ordinal=4
    )
    assert secretary.get(f"/office/minutes/{other.id}").status_code == 403


def test_saving_twice_and_conflicts_lose_nothing(cast: Cast, held: HeldMeeting) -> None:
    assert save(cast.secretary, held.id, "第一稿\n\n共同的一段", 0).status_code == 303
    assert save(cast.secretary, held.id, "第一稿\n\n共同的一段", 0).status_code == 303
    assert save(cast.organiser, held.id, "周敏的第二稿\n\n共同的一段", 1).status_code == 303
    late = save(cast.secretary, held.id, "我的第二稿\n\n共同的一段", 1)
    assert late.status_code == 409
    assert typed(late) == "我的第二稿\n\n共同的一段"
    assert "周敏的第二稿" in words_of(late)
    assert hidden(late, "base_version") == "2"
    assert save(cast.secretary, held.id, typed(late), 2).status_code == 303
    versions = cast.secretary.get(f"/office/minutes/{held.id}/versions")
    assert "第3版" in words_of(versions)
    assert "<del>" in versions.get_data(as_text=True)
    compared = cast.secretary.get(f"/office/minutes/{held.id}/versions?former=1&later=2")
    assert "第1版到第2版" in words_of(compared)


def test_an_unsound_text_stays_in_the_editor(cast: Cast, held: HeldMeeting) -> None:
    for text in ("藏\u202e字", ">" * 30 + " 太深"):
        answer = save(cast.secretary, held.id, text, 0)
        assert answer.status_code == 422
        assert typed(answer) == text
    assert save(cast.secretary, held.id, "", 0).status_code == 422
    assert save(cast.secretary, held.id, "好", -5).status_code == 303


def test_the_preview_works_as_a_form_and_as_a_part(cast: Cast, held: HeldMeeting) -> None:
    form = {"markdown": "## 一、标题\n\n〔表决结果 1〕\n\n<b>不是标签</b>", "base_version": "0"}
    page = cast.secretary.post(f"/office/minutes/{held.id}/preview", form)
    assert page.status_code == 200
    assert typed(page) == form["markdown"]
    assert "<h2>一、标题</h2>" in page.get_data(as_text=True)
    part = cast.secretary.post(f"/office/minutes/{held.id}/preview", form | {"part": "1"}).get_data(
        as_text=True
    )
    assert "<html" not in part
    assert SENTENCE in part
    assert "&lt;b&gt;不是标签&lt;/b&gt;" in part
    deep = cast.secretary.post(
        f"/office/minutes/{held.id}/preview", {"markdown": ">" * 30 + "深", "part": "1"}
    )
    assert "层次太深" in words_of(deep)


def test_hostile_markdown_does_nothing_anywhere(cast: Cast, held: HeldMeeting) -> None:
    hostile = (
        "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[点](javascript:alert(1))\n\n"
        "![图](http://169.254.169.254/)\n\n<style>body{display:none}</style>\n\n</div></main>"
    )
    save(cast.secretary, held.id, hostile, 0)
    form = {"base_version": "1", "confirmed": "1"}
    assert cast.secretary.post(f"/office/minutes/{held.id}/finalise", form).status_code == 303
    for path in (f"/minutes/{held.id}", f"/minutes/{held.id}/sign", f"/office/minutes/{held.id}"):
        page = cast.secretary.get(path).get_data(as_text=True)
        body = page[page.index("<body") :]
        assert "<script>alert" not in body
        assert "javascript:" not in body
        assert "<img" not in body
        assert "<style" not in body
        assert "&lt;script&gt;" in body


def test_freezing_with_places_left_needs_a_word(cast: Cast, held: HeldMeeting) -> None:
    page = cast.secretary.get(f"/office/minutes/{held.id}")
    save(cast.secretary, held.id, typed(page), 0)
    hasty = cast.secretary.post(f"/office/minutes/{held.id}/finalise", {"base_version": "1"})
    assert hasty.status_code == 422
    assert "PLACES_LEFT" in words_of(hasty)
    assert "请记录人补写" in words_of(hasty)
    stale = cast.secretary.post(
        f"/office/minutes/{held.id}/finalise", {"base_version": "0", "confirmed": "1"}
    )
    assert stale.status_code == 409


def test_freezing_another_version_than_the_one_written_by_the_house_shows_both(
    cast: Cast, held: HeldMeeting
) -> None:
    """Given a text nobody has saved yet, when another version is to be frozen, then the editor says so."""
    form = {"base_version": "7", "confirmed": "1"}
    answer = cast.secretary.post(f"/office/minutes/{held.id}/finalise", form)
    assert answer.status_code == 409
    assert "TEXT_CHANGED" in answer.get_data(as_text=True)


def test_writing_anew_asks_first_and_keeps_the_former_text(cast: Cast, held: HeldMeeting) -> None:
    save(cast.secretary, held.id, "手写的一稿", 0)
    path = f"/office/minutes/{held.id}"
    assert cast.secretary.post(f"{path}/regenerate", {"base_version": "1"}).status_code == 422
    done = cast.secretary.post(f"{path}/regenerate", {"base_version": "1", "confirmed": "1"})
    assert done.status_code == 303
    assert "〔表决结果 1〕" in typed(cast.secretary.get(path))
    assert "手写的一稿" in words_of(cast.secretary.get(f"{path}/versions"))
