"""The phone without scripts: every view a page, every act a form, refusals as sentences (R112, R113)."""

import json
import re
from html import unescape
from typing import Any, Literal

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.domain.actor import Actor, Role
from server.pages.context import Services
from server.service.ids import new_id
from server.service.meetings.plans import NewItem, PlanFacts, issue_notice, plan_meeting
from tests.pages.cast import Cast, Person, card_of, words_of
from tests.pages.minutes_desk import by_ticket

OFFICE = Actor("account:office", frozenset({Role.ORGANISER}))
MOTION = "同意在凉亭边安装健身器材"


class Room:
    """A called meeting one moves on, and the plain pages of its people."""

    def __init__(self, house: Flask, services: Services, cast: Cast) -> None:
        self.services, self.cast = services, cast
        now = services.clock()
        facts = PlanFacts("五方代表议事会", "议事长廊", now, "林平", "周文")
        items = (NewItem("健身器材放在哪里"), NewItem("楼道灯"))
        run = services.writer.submit
        self.id = run(lambda unit: plan_meeting(unit, now, cast.council, facts, items)).result(10)
        run(lambda unit: issue_notice(unit, services.rooms, now, self.id, OFFICE)).result(10)
        neighbour = card_of(house, services, cast.representatives["周全"], cast.council)
        self.office = {
            role.value: by_ticket(house, services, self.id, role, "林平")
            for role in (Role.CHAIR, Role.SECRETARY)
        }
        self.phones = {"李桂香": cast.representative, "周全": neighbour}

    @property
    def path(self) -> str:
        return f"/meetings/{self.id}/phone/plain"

    def do(self, name: str, data: dict[str, Any] | None = None, *, by: str = "chair") -> None:
        """Move the meeting on as chair or secretary, until the phones see it."""
        office = self.office[by]
        message = {"id": new_id(), "name": name, "data": data or {}}
        answer = office.client.post(
            f"/meetings/{self.id}/command", json=message, headers={"X-CSRF-Token": office.csrf}
        ).get_json()
        assert answer["ok"], answer
        while self.state()["version"] < answer["version"]:
            pass

    def state(self) -> Any:
        """What a phone sees."""
        return self.phones["李桂香"].get(f"/meetings/{self.id}/state?screen=phone").get_json()

    def gather(self) -> str:
        """Everybody is there and the first item is current; returns its id."""
        for person in self.cast.representatives.values():
            self.do("presence.check_in", {"representative": person}, by="secretary")
        self.do("meeting.open")
        item: str = self.state()["panels"]["agenda"]["items"][0]["id"]
        self.do("agenda.begin", {"item": item})
        return item

    def ask(self, item: str, secrecy: Literal["open", "secret"] = "open") -> str:
        """Open a poll on the current item; returns its id."""
        self.do("poll.open", {"item": item, "text": MOTION, "secrecy": secrecy, "confirmed": True})
        poll: str = self.state()["panels"]["poll"]["id"]
        return poll

    def see(self, person: Person) -> TestResponse:
        answer = person.get(self.path)
        assert answer.status_code == 200
        return answer


@pytest.fixture
def room(house: Flask, services: Services, cast: Cast) -> Room:
    return Room(house, services, cast)


def press(person: Person, page: TestResponse, label: str, room: Room) -> TestResponse:
    """Press the button of a form as a browser without scripts does."""
    for form in re.findall(r"<form.*?</form>", page.get_data(as_text=True), re.DOTALL):
        for button in re.findall(r"<button(.*?)>(.*?)</button>", form, re.DOTALL):
            if re.sub(r"<[^>]+>", "", button[1]).strip() != label:
                continue
            fields = {
                unescape(name): unescape(value)
                for name, value in re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', form)
            }
            own = re.search(r'name="([^"]*)" value="([^"]*)"', button[0])
            if own:
                fields[own[1]] = unescape(own[2])
            target = re.search(r'action="([^"]*)"', form)
            assert target
            return person.post(target[1], fields, headers={"Accept": "text/html"})
    raise AssertionError(f"no button {label}: {words_of(page)}")


def pressed(person: Person, page: TestResponse, label: str, room: Room) -> TestResponse:
    """Press what has to be granted: 303 back to the plain page, which is returned."""
    answer = press(person, page, label, room)
    assert (answer.status_code, answer.location) == (303, room.path), words_of(answer)
    return room.see(person)


@pytest.mark.rule("R113")
@pytest.mark.rule("R112")
def test_the_live_page_itself_holds_the_state_and_its_forms(room: Room) -> None:
    phone = room.phones["李桂香"]
    page = phone.get(f"/meetings/{room.id}/phone")
    assert "签到入会" in words_of(page)
    assert f'content="0;url={room.path}"' in page.get_data(as_text=True)
    seen = pressed(phone, page, "是我，签到", room)
    assert "等待开会" in words_of(seen)
    assert "已到 1 / 5 人" in words_of(seen)


@pytest.mark.rule("R112")
def test_asking_for_the_floor_speaking_and_letting_be(room: Room) -> None:
    phone = room.phones["李桂香"]
    item = room.gather()
    assert "主持人开放发言以后" in words_of(room.see(phone))
    room.do("queue.open")
    seen = pressed(phone, room.see(phone), "申请发言", room)
    assert "等候发言，第1位" in words_of(seen)
    assert "下一位是您" in words_of(seen)
    seen = pressed(phone, seen, "这次不说了，放下申请", room)
    assert "现在没有人等候" in words_of(seen)
    room.do("motion.word", {"item": item, "text": MOTION})
    seen = room.see(phone)
    assert MOTION in words_of(seen)
    assert "申请发言，先选立场" in words_of(seen)
    pressed(phone, seen, "反对", room)
    room.do("floor.grant")
    seen = room.see(phone)
    assert "请您发言" in words_of(seen)
    assert "反对" in words_of(room.see(room.phones["周全"]))
    seen = pressed(phone, seen, "我说完了", room)
    assert "请您发言" not in words_of(seen)


@pytest.mark.rule("R65")
@pytest.mark.rule("R64")
def test_a_ballot_is_confirmed_once_and_its_receipt_stands_again(room: Room) -> None:
    phone = room.phones["李桂香"]
    item = room.gather()
    room.ask(item)
    seen = room.see(phone)
    assert "记名 · 投后不改" in words_of(seen)
    for option in ("赞成", "反对", "弃权"):
        asked = press(phone, seen, option, room)
        assert asked.status_code == 200
        assert f"您要投的是 {option}" in words_of(asked)
        assert "http-equiv" not in asked.get_data(as_text=True)
    assert "还没有投票" in words_of(room.see(phone))
    asked = press(phone, seen, "反对", room)
    receipt = pressed(phone, asked, "确认投票", room)
    assert re.search(r"已收到您的选票 反对 \d\d:\d\d:\d\d 记录在案", words_of(receipt))
    assert words_of(room.see(phone)).count("已收到您的选票") == 1
    # Sent once more after a lost answer: the same receipt; another choice from a stale page: the sentence.
    assert "已收到您的选票" in words_of(pressed(phone, asked, "确认投票", room))
    stale = press(phone, seen, "赞成", room)
    refused = press(phone, stale, "确认投票", room)
    assert refused.status_code == 200
    assert "ALREADY_VOTED" in words_of(refused)
    assert "已收到您的选票 反对" in words_of(refused)
    assert "http-equiv" not in refused.get_data(as_text=True)


@pytest.mark.rule("R65")
def test_a_secret_ballot_leaves_no_choice_on_the_page(room: Room) -> None:
    phone = room.phones["李桂香"]
    item = room.gather()
    room.ask(item, "secret")
    seen = room.see(phone)
    assert "保密性取决于服务器管理者" in words_of(seen)
    receipt = pressed(phone, press(phone, seen, "赞成", room), "确认投票", room)
    words = words_of(receipt)
    assert "已投票" in words
    assert "不显示投了什么" in words
    assert "赞成" not in words
    state = phone.get(f"/meetings/{room.id}/state?screen=phone").get_json()
    assert state["panels"]["me"]["ballot"].keys() == {"poll", "received_at"}


@pytest.mark.rule("R61", "R63")
def test_who_stands_aside_or_took_paper_is_told_so_and_offered_no_ballot(room: Room) -> None:
    people = room.cast.representatives
    item = room.gather()
    aside = {"item": item, "representative": people["李桂香"], "reason": "是施工方"}
    room.do("recusal.record", aside, by="secretary")
    poll = room.ask(item)
    seen = room.see(room.phones["李桂香"])
    assert "您在本项回避，不参加表决" in words_of(seen)
    assert "ballot" not in seen.get_data(as_text=True)
    assert "赞成" in words_of(room.see(room.phones["周全"]))
    room.do("paper.hand_out", {"poll": poll, "representative": people["周全"]}, by="secretary")
    seen = room.see(room.phones["周全"])
    assert "您已领纸质票" in words_of(seen)
    assert "/phone/plain/ballot" not in seen.get_data(as_text=True)


def test_what_came_too_late_is_said_in_a_sentence_beside_the_present_state(room: Room) -> None:
    phone = room.phones["李桂香"]
    item = room.gather()
    room.do("queue.open")
    seen = room.see(phone)
    room.do("queue.close")
    late = press(phone, seen, "申请发言", room)
    assert late.status_code == 200
    assert "QUEUE_CLOSED" in words_of(late)
    assert "健身器材放在哪里" in words_of(late)
    poll = room.ask(item)
    ballot = room.see(phone)
    asked = press(phone, ballot, "赞成", room)
    room.do("poll.close", {"poll": poll})
    for answer in (press(phone, ballot, "赞成", room), press(phone, asked, "确认投票", room)):
        assert answer.status_code == 200
        assert "POLL_NOT_OPEN" in words_of(answer)
    form = {"poll": poll, "choice": "<b>"}
    assert "POLL_NOT_OPEN" in words_of(phone.post(f"{room.path}/ballot", form))


def test_an_unknown_option_is_refused_and_forms_need_their_token(room: Room) -> None:
    phone = room.phones["李桂香"]
    item = room.gather()
    poll = room.ask(item)
    form = {"poll": poll, "choice": "perhaps"}
    assert "BAD_DATA" in words_of(phone.post(f"{room.path}/ballot", form))
    assert phone.client.post(f"{room.path}/ballot", data=form).status_code == 403


def test_the_page_renews_itself_until_it_is_told_not_to(room: Room) -> None:
    phone = room.phones["李桂香"]
    assert f'http-equiv="refresh" content="15;url={room.path}"' in room.see(phone).get_data(as_text=True)
    quiet = phone.get(f"{room.path}?renew=off")
    assert "已关闭自动更新" in words_of(quiet)
    assert "http-equiv" not in room.see(phone).get_data(as_text=True)
    phone.get(f"{room.path}?renew=on")
    assert "http-equiv" in room.see(phone).get_data(as_text=True)


@pytest.mark.rule("R119")
def test_strangers_and_the_console_have_no_phone(room: Room, cast: Cast) -> None:
    assert cast.stranger.get(room.path).status_code == 403
    assert cast.chair.get(room.path).status_code in (200, 403)
    assert room.phones["李桂香"].get("/meetings/none/phone/plain").status_code == 404
    answer = room.phones["李桂香"].get(f"/meetings/{room.id}/state?screen=console").get_json()
    assert answer["refusal"]["code"] == "NOT_ALLOWED"
    assert "roster" not in json.dumps(
        room.phones["李桂香"].get(f"/meetings/{room.id}/state?screen=phone").get_json()
    )


def test_after_the_meeting_the_page_leads_to_the_minutes(room: Room) -> None:
    phone = room.phones["李桂香"]
    room.gather()
    room.do("meeting.suspend")
    assert "请等主持人宣布复会" in words_of(room.see(phone))
    room.do("meeting.resume")
    room.do("meeting.close")
    words = words_of(room.see(phone))
    assert "已经散会" in words
    assert "看纪要" not in words
