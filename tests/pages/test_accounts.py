"""Logging in and out, the first administrator's link, passwords and the list of accounts."""

import re

import pytest
from flask import Flask

from server.pages.context import Services
from server.service.access import accounts
from tests.pages.cast import PASSWORD, Cast, Person, anonymous, words_of
from tests.pages.house import Clock

LOGIN = {"name": "周敏", "password": PASSWORD}


def test_an_organiser_logs_in_and_out(house: Flask, cast: Cast) -> None:
    answer = cast.stranger.post("/office/login", LOGIN)
    assert (answer.status_code, answer.location) == (303, "/office/")
    cookies = answer.headers.getlist("Set-Cookie")
    assert any(c.startswith("sid=") and "HttpOnly" in c and "SameSite=Lax" in c for c in cookies)
    token = next(c for c in cookies if c.startswith("csrf=")).split(";")[0][5:]
    inside = Person(cast.stranger.client, token)
    assert inside.get("/office/password").status_code == 200
    assert inside.get("/office/login").status_code == 303
    left = inside.post("/office/logout")
    assert (left.status_code, left.location) == (303, "/office/login")
    assert inside.get("/office/password").location == "/office/login?next=%2Foffice%2Fpassword"
    assert anonymous(house).post("/office/logout").status_code == 303


def test_a_wrong_password_keeps_the_name_and_tells_nothing_more(cast: Cast) -> None:
    wrong = cast.stranger.post("/office/login", {"name": "周敏", "password": "wrong horse"})
    unknown = cast.stranger.post("/office/login", {"name": "没有这人", "password": "wrong horse"})
    assert wrong.status_code == unknown.status_code == 422
    assert 'value="周敏"' in wrong.get_data(as_text=True)
    assert words_of(wrong) == words_of(unknown)
    assert "wrong horse" not in wrong.get_data(as_text=True)


@pytest.mark.rule("S71")
def test_too_many_wrong_tries_stop_one_name_and_no_other(cast: Cast, clock: Clock) -> None:
    for _ in range(10):
        cast.stranger.post("/office/login", {"name": "周敏", "password": "wrong horse"})
    assert cast.stranger.post("/office/login", LOGIN).status_code == 429
    other = {"name": "周记录", "password": PASSWORD}
    assert cast.stranger.post("/office/login", other).status_code == 303
    clock.pass_by(minutes=11)
    cast.stranger.client.delete_cookie("sid")
    assert cast.stranger.post("/office/login", LOGIN).status_code == 303


def test_logging_in_leads_back_to_our_pages_only(cast: Cast) -> None:
    page = cast.stranger.get("/office/login?next=/office/topics").get_data(as_text=True)
    assert 'name="next" value="/office/topics"' in page
    for foreign in ("https://evil.test/", "//evil.test/office/", "/office/\\evil"):
        page = cast.stranger.get("/office/login", query_string={"next": foreign}).get_data(as_text=True)
        assert 'name="next" value="/office/"' in page


@pytest.mark.rule("S79")
def test_a_form_without_its_token_changes_nothing(cast: Cast) -> None:
    without = cast.stranger.client.post("/office/login", data=LOGIN)
    assert without.status_code == 403
    assert "FORM_STALE" in words_of(without)
    forged = cast.stranger.client.post("/office/login", data={**LOGIN, "csrf": "x.y"})
    assert forged.status_code == 403
    foreign = cast.stranger.post("/office/login", LOGIN, headers={"Sec-Fetch-Site": "cross-site"})
    assert foreign.status_code == 403
    another = cast.organiser.client.post("/office/logout", data={"csrf": cast.secretary.csrf})
    assert another.status_code == 403
    assert cast.organiser.get("/office/password").status_code == 200


def test_the_first_administrator_comes_in_by_a_link_that_works_once(
    house: Flask, services: Services, clock: Clock
) -> None:
    token = services.writer.submit(lambda unit: accounts.create_setup_link(unit, clock())).result(10)
    person = anonymous(house)
    assert "开通第一个管理员" in words_of(person.get(f"/office/setup?token={token}"))
    assert person.get("/office/setup?token=forged").status_code == 403
    entered = {
        "token": token,
        "name": "管理员",
        "display_name": "沈玉兰",
        "password": "short",
        "again": "short",
    }
    short = person.post("/office/setup", entered)
    assert short.status_code == 422
    assert "至少10个字符" in words_of(short)
    assert 'value="沈玉兰"' in short.get_data(as_text=True)
    entered |= {"password": PASSWORD, "again": PASSWORD}
    done = person.post("/office/setup", entered)
    assert (done.status_code, done.location) == (303, "/office/")
    assert person.get("/office/accounts").status_code == 200
    again = anonymous(house).post("/office/setup", entered | {"name": "另一个"})
    assert again.status_code == 403
    assert "LINK_USED" in words_of(again)


def test_a_set_up_link_ends_after_a_day(house: Flask, services: Services, clock: Clock) -> None:
    token = services.writer.submit(lambda unit: accounts.create_setup_link(unit, clock())).result(10)
    clock.pass_by(days=1, minutes=1)
    assert anonymous(house).get(f"/office/setup?token={token}").status_code == 403


def test_an_own_new_password_ends_the_other_sessions(house: Flask, cast: Cast) -> None:
    other = anonymous(house)
    other.post("/office/login", LOGIN)
    form = {"former": "wrong horse", "password": "battery staple", "again": "battery staple"}
    wrong = cast.organiser.post("/office/password", form)
    assert wrong.status_code == 422
    assert "现在的密码不对" in words_of(wrong)
    done = cast.organiser.post("/office/password", form | {"former": PASSWORD})
    assert done.status_code == 303
    assert cast.organiser.get("/office/password").status_code == 200
    assert other.get("/office/password").status_code == 303
    assert anonymous(house).post("/office/login", LOGIN).status_code == 422
    assert anonymous(house).post("/office/login", LOGIN | {"password": "battery staple"}).status_code == 303


def test_the_administrator_opens_an_account_whose_password_is_shown_once(house: Flask, cast: Cast) -> None:
    form = {"name": "韩青", "display_name": "韩青", "role": "secretary", "area": cast.area}
    made = cast.administrator.post("/office/accounts", form)
    assert made.status_code == 200
    password = re.search(r"密码</dt><dd[^>]*>([^<]+)<", made.get_data(as_text=True))
    assert password is not None
    assert made.headers["Cache-Control"] == "no-store"
    assert password[1] not in words_of(cast.administrator.get("/office/accounts"))
    login = {"name": "韩青", "password": password[1]}
    assert anonymous(house).post("/office/login", login).status_code == 303
    twice = cast.administrator.post("/office/accounts", form)
    assert twice.status_code == 422
    assert "已经有了" in words_of(twice)


def test_an_account_form_names_what_is_missing(cast: Cast) -> None:
    answer = cast.administrator.post("/office/accounts", {"name": "韩青", "role": "president"})
    assert answer.status_code == 422
    assert 'value="韩青"' in answer.get_data(as_text=True)
    assert "请选一项" in words_of(answer)


def test_a_disabled_account_is_out_at_once_and_may_come_back(house: Flask, cast: Cast) -> None:
    path = f"/office/accounts/{cast.organiser.id}"
    assert cast.administrator.post(f"{path}/disable").status_code == 303
    assert cast.administrator.post(f"{path}/disable").status_code == 303
    assert cast.organiser.get("/office/password").status_code == 303
    assert anonymous(house).post("/office/login", LOGIN).status_code == 422
    assert cast.administrator.post(f"{path}/enable").status_code == 303
    assert anonymous(house).post("/office/login", LOGIN).status_code == 303


def test_nobody_disables_the_last_administrator(cast: Cast) -> None:
    answer = cast.administrator.post(f"/office/accounts/{cast.administrator.id}/disable")
    assert answer.status_code == 422
    assert "LAST_ADMINISTRATOR" in words_of(answer)
    assert cast.administrator.post("/office/accounts/nobody/disable").status_code == 404


def test_a_forgotten_password_is_reset_by_the_administrator(house: Flask, cast: Cast) -> None:
    answer = cast.administrator.post(f"/office/accounts/{cast.organiser.id}/password")
    found = re.search(r"密码</dt><dd[^>]*>([^<]+)<", answer.get_data(as_text=True))
    assert found is not None
    assert anonymous(house).post("/office/login", LOGIN | {"password": found[1]}).status_code == 303
    assert cast.organiser.get("/office/password").status_code == 303


def test_accounts_are_the_administrators_business(cast: Cast) -> None:
    for person in (cast.organiser, cast.secretary, cast.chair, cast.supervisor, cast.representative):
        assert person.get("/office/accounts").status_code == 403
        assert person.post("/office/accounts", {"name": "x"}).status_code == 403
    assert cast.stranger.get("/office/accounts").location == "/office/login?next=%2Foffice%2Faccounts"


def test_a_page_that_is_not_there_says_so(cast: Cast) -> None:
    answer = cast.stranger.get("/office/nothing")
    assert answer.status_code == 404
    assert "没有这一页" in words_of(answer)
    assert cast.stranger.get("/office/nothing", headers={"Accept": "application/json"}).get_json() == {
        "ok": False,
        "refusal": {"code": "NOT_FOUND", "facts": {}, "sentence": "没有这一页"},
    }


def test_passwords_are_compared_as_a_whole() -> None:
    stored = accounts.hash_password(PASSWORD)
    assert accounts.password_matches(PASSWORD, stored)
    assert not accounts.password_matches(PASSWORD[:-1], stored)
    assert stored != accounts.hash_password(PASSWORD)
    assert len(accounts.new_password()) == 14


def test_a_common_password_or_the_community_s_name_is_not_taken(cast: Cast) -> None:
    for chosen, said in (
        ("woaini1314", "太常见"),
        ("金穗小区金穗小区12", "猜得到"),
        ("周敏周敏周敏2024", "猜得到"),
    ):
        form = {"former": PASSWORD, "password": chosen, "again": chosen}
        answer = cast.organiser.post("/office/password", form)
        assert answer.status_code == 422
        assert said in words_of(answer)
        assert chosen not in answer.get_data(as_text=True)
