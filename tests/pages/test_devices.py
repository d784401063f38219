"""登录设备: what somebody sees of the own sign-ins, who may end whose, how long an unused one lasts."""

import re

import pytest
from flask import Flask

from server.pages.context import Services
from server.pages.device_words import device_words
from server.service.access.devices import forget_sessions
from server.service.access.forgetting import forget_what_is_over
from server.store.tables.access import SessionRow
from tests.pages.cast import PASSWORD, Cast, Person, anonymous, words_of
from tests.pages.house import Clock
from tests.pages.test_audit import noted
from tests.service.held_meeting import HeldMeeting

WECHAT = "Mozilla/5.0 (Linux; Android 13; V2048A) AppleWebKit/537.36 Chrome/86 Mobile Safari/537.36 MicroMessenger/8.0"
LOGIN = {"name": "周敏", "password": PASSWORD}


def log_in(house: Flask, agent: str = WECHAT) -> Person:
    person = anonymous(house)
    answer = person.post("/office/login", LOGIN, headers={"User-Agent": agent})
    token = next(c for c in answer.headers.getlist("Set-Cookie") if c.startswith("csrf=")).split(";")[0][5:]
    return Person(person.client, token)


def settle(services: Services) -> None:
    """Wait until what was noted without waiting is written."""
    services.writer.submit(lambda unit: None).result(10)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (WECHAT, "安卓手机 · 微信"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 13_2 like Mac OS X) Version/13.0 Safari/604.1",
            "苹果手机 · Safari",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0",
            "Windows 电脑 · Edge",
        ),
        ("Mozilla/5.0 (Linux; Android 12; Tablet) Chrome/99 Safari/537.36", "安卓平板 · Chrome"),
        ("<script>alert(1)</script>", ""),
        (None, ""),
    ],
)
def test_a_device_is_known_by_a_few_words(agent: str | None, words: str) -> None:
    assert device_words(agent) == words


def test_one_sees_the_own_devices_and_ends_another(house: Flask, cast: Cast, services: Services) -> None:
    phone = log_in(house)
    page = cast.organiser.get("/office/account")
    assert "登录设备 2台" in words_of(page)
    assert "安卓手机 · 微信" in words_of(page)
    ends = re.findall(r'action="(/office/account/devices/\w+/end)"', page.get_data(as_text=True))
    assert len(ends) == 1  # not for the device one is sitting at
    assert cast.organiser.post(ends[0]).status_code == 303
    assert phone.get("/office/account").location == "/office/login?next=%2Foffice%2Faccount"
    assert cast.organiser.post(ends[0]).status_code == 404
    assert cast.organiser.get("/office/account").status_code == 200
    assert noted(services)[-1] == (
        f"account:{cast.organiser.id}",
        "session_ended",
        f"account:{cast.organiser.id}",
        "done",
    )


def test_nobody_ends_a_device_of_somebody_else(house: Flask, cast: Cast) -> None:
    log_in(house)
    page = cast.organiser.get("/office/account").get_data(as_text=True)
    path = re.findall(r'action="(/office/account/devices/\w+/end)"', page)[0]
    assert cast.secretary.post(path).status_code == 404
    assert cast.administrator.post("/office/account/devices/%00/end").status_code == 404
    assert "2台" in words_of(cast.organiser.get("/office/account"))


def test_all_others_may_be_ended_at_once_and_twice(house: Flask, cast: Cast) -> None:
    others = [log_in(house), log_in(house)]
    for _ in range(2):
        assert cast.organiser.post("/office/account/devices/end").status_code == 303
    assert [other.get("/office/account").status_code for other in others] == [303, 303]
    assert "登录设备 1台" in words_of(cast.organiser.get("/office/account"))


def test_the_page_is_for_people_with_an_account(cast: Cast) -> None:
    assert cast.representative.get("/office/account").status_code == 403
    assert cast.stranger.get("/office/account").status_code == 303
    assert cast.stranger.get("/office/stay").status_code == 303
    assert cast.supervisor.get("/office/stay").status_code == 204


@pytest.mark.rule("S81")
def test_a_new_id_at_every_log_in(house: Flask, cast: Cast) -> None:
    person = anonymous(house)
    person.client.set_cookie("sid", "planted-by-somebody-else")
    first = person.post("/office/login", LOGIN).headers.getlist("Set-Cookie")
    again = log_in(house).client.get_cookie("sid")
    assert again is not None
    assert "planted" not in str(first)
    assert again.value not in str(first)


@pytest.mark.rule("S81")
def test_an_account_that_is_not_used_leaves_after_half_an_hour(cast: Cast, clock: Clock) -> None:
    assert cast.organiser.get("/office/account").status_code == 200
    clock.pass_by(minutes=31)
    assert cast.organiser.get("/office/account").status_code == 303


@pytest.mark.rule("S81")
def test_using_pages_or_writing_keeps_an_account_in_but_never_over_twelve_hours(
    cast: Cast, clock: Clock, services: Services
) -> None:
    for _ in range(12 * 60 // 20 - 1):
        clock.pass_by(minutes=20)
        assert cast.organiser.get("/office/stay").status_code == 204
        settle(services)
    clock.pass_by(minutes=19)
    assert cast.organiser.get("/office/stay").status_code == 204
    settle(services)
    clock.pass_by(minutes=2)
    assert cast.organiser.get("/office/stay").status_code == 303


def test_a_card_is_not_signed_out_while_its_meeting_may_go_on(cast: Cast, clock: Clock) -> None:
    clock.pass_by(minutes=4 * 60)
    assert cast.representative.get("/join/waiting").status_code == 200


@pytest.mark.rule("S81")
def test_after_the_meeting_a_card_not_used_leaves_after_half_an_hour(
    cast: Cast, held: HeldMeeting, clock: Clock, services: Services
) -> None:
    with services.database.reader() as session:
        until = {
            row.expires_at for row in session.query(SessionRow).filter(SessionRow.ticket_id.is_not(None))
        }
    assert until == {held.closed_at + 30 * 60_000}
    clock.now = held.closed_at + 29 * 60_000
    assert cast.representative.get("/join/waiting").status_code == 200
    settle(services)
    clock.pass_by(minutes=29)  # who signs the minutes stays
    assert cast.representative.get("/join/waiting").status_code == 200
    settle(services)
    clock.pass_by(minutes=31)
    assert cast.representative.get("/join/waiting").status_code == 303


def test_an_administrator_signs_an_account_out_everywhere(
    house: Flask, cast: Cast, services: Services
) -> None:
    phone = log_in(house)
    assert "2台设备登录着" in words_of(cast.administrator.get("/office/accounts"))
    path = f"/office/accounts/{cast.organiser.id}/sessions/end"
    assert cast.organiser.post(path).status_code == 403
    assert cast.administrator.post(path).status_code == 303
    assert cast.administrator.post(path).status_code == 303
    assert (phone.get("/office/account").status_code, cast.organiser.get("/office/account").status_code) == (
        303,
        303,
    )
    assert cast.administrator.post("/office/accounts/nobody/sessions/end").status_code == 404
    assert (
        f"account:{cast.administrator.id}",
        "session_ended",
        f"account:{cast.organiser.id}",
        "done",
    ) in noted(services)


def test_the_roster_ends_a_representatives_sign_in_and_leaves_the_card(cast: Cast) -> None:
    roster = f"/office/councils/{cast.council}/roster"
    path = f"/office/representatives/{cast.representative.id}/sessions/end"
    assert path in cast.organiser.get(roster).get_data(as_text=True)
    assert cast.chair.post(path).status_code == 403
    assert cast.stranger.post(path).status_code == 303
    assert cast.organiser.post(path).status_code == 303
    assert cast.representative.get("/join/waiting").status_code == 303
    page = cast.organiser.get(roster).get_data(as_text=True)
    assert path not in page
    assert f"/office/representatives/{cast.representative.id}/revoke" in page
    assert cast.organiser.post("/office/representatives/nobody/sessions/end").status_code == 404


@pytest.mark.rule("S10")
def test_chair_and_secretary_see_the_phones_of_their_meeting(cast: Cast, held: HeldMeeting) -> None:
    path = f"/meetings/{held.id}/devices"
    for person in (cast.chair, cast.secretary, cast.organiser):
        assert "李桂香" in words_of(person.get(path))
    for person in (cast.representative, cast.administrator, cast.supervisor, cast.stranger):
        assert person.get(path).status_code == 403
    assert cast.chair.get("/meetings/nobody/devices").status_code == 404


@pytest.mark.rule("S82")
def test_the_desk_ends_one_phone_and_makes_one_card_void(
    cast: Cast, held: HeldMeeting, services: Services
) -> None:
    path, lost = f"/meetings/{held.id}/devices", cast.representative.id
    assert cast.representative.post(f"{path}/{lost}/end").status_code == 403
    assert cast.secretary.post(f"{path}/nobody/end").status_code == 404
    ended = cast.secretary.post(f"{path}/{lost}/end")
    assert ended.location == f"{path}?done=end"
    assert cast.representative.get("/join/waiting").status_code == 303
    assert "没有登录" in words_of(cast.secretary.get(path))
    for _ in range(2):
        assert cast.chair.post(f"{path}/{lost}/revoke").location == f"{path}?done=revoke"
    page = words_of(cast.chair.get(f"{path}?done=revoke"))
    assert "代表证已经作废" in page
    acts = [(act, about) for _, act, about, result in noted(services) if result == "done"]
    assert ("session_ended", f"representative:{lost}") in acts
    assert ("card_revoked", f"representative:{lost}") in acts


@pytest.mark.rule("S86")
def test_sessions_that_ended_a_month_ago_are_forgotten(
    cast: Cast, clock: Clock, services: Services, house: Flask
) -> None:
    before = services.writer.submit(lambda unit: forget_sessions(unit, clock())).result(10)
    clock.pass_by(days=31)
    log_in(house)
    said = forget_what_is_over(services.writer, clock())
    with services.database.reader() as session:
        left = session.query(SessionRow).count()
    assert (before, left) == (0, 1)
    assert said == "清除过期的操作记录0条、登录记录6条"
