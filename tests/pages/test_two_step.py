"""两步验证: setting it up, the second question, codes good once, locks, recovery, the administrator's rule."""

import re
from typing import Any

import pyotp
import pytest
from flask import Flask

from server.pages.context import Services
from server.service.access import two_step
from server.store.tables.access import RecoveryCodeRow, SecondFactorRow
from tests.pages.cast import PASSWORD, Cast, Person, anonymous, words_of
from tests.pages.house import Clock
from tests.pages.test_audit import noted

LOGIN = {"name": "周敏", "password": PASSWORD}


def secret_on(page: Any) -> str:
    """Read the secret from the page as a person types it off."""
    found = re.search(r'密钥</dt><dd class="one-time">([A-Z2-7 ]+)<', page.get_data(as_text=True))
    assert found is not None, words_of(page)
    return found[1].replace(" ", "")


def code_of(secret: str, clock: Clock, steps: int = 0) -> str:
    """Return what the authenticator shows now, or some steps on."""
    return str(pyotp.TOTP(secret).at(clock.now // 1000 + 30 * steps))


def enrol(person: Person, clock: Clock) -> tuple[str, list[str]]:
    """Set the second step up and return its secret and the recovery codes."""
    secret = secret_on(person.post("/office/account/two-step"))
    done = person.post("/office/account/two-step", {"code": code_of(secret, clock)})
    codes = re.findall(r'<li class="one-time">([0-9a-z]{5}-[0-9a-z]{5})</li>', done.get_data(as_text=True))
    assert len(set(codes)) == 10, words_of(done)
    clock.pass_by(minutes=1)
    return secret, codes


def begin_login(house: Flask, form: dict[str, str] = LOGIN) -> Person:
    person = anonymous(house)
    answer = person.post("/office/login", form)
    assert answer.location.startswith("/office/login/code"), answer.location
    return person


@pytest.mark.rule("S82")
def test_a_password_alone_no_longer_opens_the_office(
    house: Flask, cast: Cast, clock: Clock, services: Services
) -> None:
    secret, _ = enrol(cast.organiser, clock)
    person = begin_login(house)
    assert person.client.get_cookie("sid") is None
    assert person.get("/office/").status_code == 303
    assert "再输一次验证码" in words_of(person.get("/office/login/code"))
    wrong = person.post("/office/login/code", {"code": "000000", "next": "/office/topics"})
    assert wrong.status_code == 422
    assert 'value="/office/topics"' in wrong.get_data(as_text=True)
    right = person.post("/office/login/code", {"code": code_of(secret, clock), "next": "/office/topics"})
    assert (right.status_code, right.location) == (303, "/office/topics")
    assert person.get("/office/").status_code == 200
    assert person.client.get_cookie("step", path="/office/login") is None
    who = f"account:{cast.organiser.id}"
    assert [(act, result) for by, act, _, result in noted(services) if by == who] == [
        ("two_step_on", "done"), ("two_step", "refused"), ("two_step", "done"), ("log_in", "done"),
    ]  # fmt: skip


@pytest.mark.rule("S82")
def test_a_code_is_good_once_and_neighbouring_steps_pass(house: Flask, cast: Cast, clock: Clock) -> None:
    secret, _ = enrol(cast.organiser, clock)
    late = code_of(secret, clock, -1)
    assert (
        begin_login(house).post("/office/login/code", {"code": f" {late[:3]} {late[3:]} "}).status_code == 303
    )
    assert begin_login(house).post("/office/login/code", {"code": late}).status_code == 422
    early = code_of(secret, clock, 1)
    assert begin_login(house).post("/office/login/code", {"code": early}).status_code == 303
    # older than the last one taken: a replay, though its time is not over
    assert begin_login(house).post("/office/login/code", {"code": code_of(secret, clock)}).status_code == 422
    clock.pass_by(minutes=2)
    for steps in (-2, 2):
        assert (
            begin_login(house).post("/office/login/code", {"code": code_of(secret, clock, steps)}).status_code
            == 422
        )
    assert begin_login(house).post("/office/login/code", {"code": code_of(secret, clock)}).status_code == 303


def test_five_wrong_codes_lock_and_the_lock_grows(
    house: Flask, cast: Cast, clock: Clock, services: Services
) -> None:
    secret, codes = enrol(cast.organiser, clock)
    person = begin_login(house)
    for _ in range(5):
        assert person.post("/office/login/code", {"code": "000000"}).status_code == 422
    for code in (code_of(secret, clock), codes[0]):
        assert person.post("/office/login/code", {"code": code}).status_code == 429
    clock.pass_by(minutes=11)
    person = begin_login(house)
    for _ in range(5):
        person.post("/office/login/code", {"code": "zzzzz-zzzzz"})
    clock.pass_by(minutes=11)
    assert begin_login(house).post("/office/login/code", {"code": code_of(secret, clock)}).status_code == 429
    clock.pass_by(minutes=10)
    assert begin_login(house).post("/office/login/code", {"code": code_of(secret, clock)}).status_code == 303


def test_a_recovery_code_is_good_once_and_stored_as_a_hash(
    house: Flask, cast: Cast, clock: Clock, services: Services
) -> None:
    secret, codes = enrol(cast.organiser, clock)
    assert begin_login(house).post("/office/login/code", {"code": codes[3].upper()}).status_code == 303
    assert begin_login(house).post("/office/login/code", {"code": codes[3]}).status_code == 422
    with services.database.reader() as session:
        stored = str(
            [vars(row) for kind in (RecoveryCodeRow, SecondFactorRow) for row in session.query(kind)]
        )
    assert not any(code in stored or code.replace("-", "") in stored for code in codes)
    assert secret not in stored
    assert ("recovery_used", "done") in [(act, result) for _, act, _, result in noted(services)]


def test_fresh_recovery_codes_void_the_former_ones(house: Flask, cast: Cast, clock: Clock) -> None:
    secret, codes = enrol(cast.organiser, clock)
    path = "/office/account/two-step/codes"
    assert cast.organiser.post(path, {"code": "000000"}).status_code == 422
    fresh = cast.organiser.post(path, {"code": code_of(secret, clock)})
    shown = re.findall(r'<li class="one-time">([^<]+)</li>', fresh.get_data(as_text=True))
    assert len(shown) == 10
    assert not set(shown) & set(codes)
    assert begin_login(house).post("/office/login/code", {"code": codes[0]}).status_code == 422
    assert begin_login(house).post("/office/login/code", {"code": shown[0]}).status_code == 303


def test_nothing_is_in_force_before_the_first_right_code(house: Flask, cast: Cast, clock: Clock) -> None:
    first = secret_on(cast.organiser.post("/office/account/two-step"))
    second = secret_on(cast.organiser.post("/office/account/two-step"))
    assert first != second
    wrong = cast.organiser.post("/office/account/two-step", {"code": code_of(first, clock)})
    assert wrong.status_code == 422
    assert secret_on(wrong) == second
    assert anonymous(house).post("/office/login", LOGIN).location == "/office/"
    assert (
        cast.organiser.post("/office/account/two-step", {"code": code_of(second, clock)}).status_code == 200
    )
    assert (
        cast.organiser.post("/office/account/two-step").status_code == 303
    )  # on already: nothing is drawn anew


def test_ending_it_takes_password_and_code(house: Flask, cast: Cast, clock: Clock) -> None:
    secret, _ = enrol(cast.organiser, clock)
    path = "/office/account/two-step/off"
    assert (
        cast.organiser.post(path, {"password": "wrong horse", "code": code_of(secret, clock)}).status_code
        == 422
    )
    assert cast.organiser.post(path, {"password": PASSWORD, "code": "000000"}).status_code == 422
    done = cast.organiser.post(path, {"password": PASSWORD, "code": code_of(secret, clock)})
    assert done.location == "/office/account?done=two_step_off"
    assert anonymous(house).post("/office/login", LOGIN).location == "/office/"
    assert (
        cast.organiser.post(path, {"password": PASSWORD, "code": code_of(secret, clock)}).status_code == 422
    )


def test_the_half_done_log_in_ends_and_cannot_be_made_up(house: Flask, cast: Cast, clock: Clock) -> None:
    secret, _ = enrol(cast.organiser, clock)
    person = begin_login(house)
    clock.pass_by(minutes=11)
    assert person.post("/office/login/code", {"code": code_of(secret, clock)}).location == "/office/login"
    forged = anonymous(house)
    for made_up in ("", "x.y", f'["{cast.organiser.id}","",9999999999999].AAAA', "null"):
        forged.client.set_cookie("step", made_up, path="/office/login")
        assert forged.post("/office/login/code", {"code": code_of(secret, clock)}).location == "/office/login"
        assert forged.get("/office/login/enrol").location == "/office/login"
    # a password changed meanwhile: the old one opens nothing any more
    waiting = begin_login(house)
    cast.administrator.post(f"/office/accounts/{cast.organiser.id}/password")
    assert waiting.post("/office/login/code", {"code": code_of(secret, clock)}).location == "/office/login"


@pytest.mark.rule("S82")
def test_the_administrator_asks_everybody_for_it(
    house: Flask, cast: Cast, clock: Clock, services: Services
) -> None:
    refused = cast.administrator.post("/office/policy", {"required": "1"})
    assert refused.status_code == 422
    assert "请先在“我的账号”里" in words_of(refused)
    secret, _ = enrol(cast.administrator, clock)
    assert cast.administrator.post("/office/policy", {"required": "1"}).status_code == 303
    assert "1个已经开启" in words_of(cast.administrator.get("/office/policy"))
    assert cast.organiser.get("/office/").status_code == 303  # out at once
    assert cast.representative.get("/join/waiting").status_code == 200  # cards are not concerned
    person = anonymous(house)
    assert person.post("/office/login", LOGIN).location.startswith("/office/login/enrol")
    assert person.get("/office/").status_code == 303
    assert "现在开启" in words_of(person.get("/office/login/enrol"))
    own = secret_on(person.post("/office/login/enrol"))
    assert person.post("/office/login/enrol", {"code": "000000"}).status_code == 422
    done = person.post("/office/login/enrol", {"code": code_of(own, clock)})
    assert done.get_data(as_text=True).count('<li class="one-time">') == 10
    assert person.get("/office/").status_code == 200
    off = cast.administrator.post(
        "/office/account/two-step/off", {"password": PASSWORD, "code": code_of(secret, clock)}
    )
    assert off.status_code == 422
    assert "不能关闭" in words_of(off)
    assert cast.administrator.post("/office/policy").status_code == 303
    assert (
        anonymous(house).post("/office/login", {"name": "周记录", "password": PASSWORD}).location
        == "/office/"
    )
    assert [act for _, act, _, _ in noted(services)].count("policy_changed") == 2


def test_who_lost_the_phone_is_let_in_by_the_administrator(house: Flask, cast: Cast, clock: Clock) -> None:
    enrol(cast.organiser, clock)
    assert "取消两步验证" in words_of(cast.administrator.get("/office/accounts"))
    path = f"/office/accounts/{cast.organiser.id}/two-step/off"
    for _ in range(2):
        assert cast.administrator.post(path).status_code == 303
    assert cast.organiser.get("/office/").status_code == 303
    assert anonymous(house).post("/office/login", LOGIN).location == "/office/"
    own = f"/office/accounts/{cast.administrator.id}/two-step/off"
    assert cast.administrator.post(own).status_code == 403  # one's own goes by password and code


@pytest.mark.parametrize("path", ["/office/policy", "/office/account/two-step"])
def test_pages_for_whom_they_are(cast: Cast, path: str) -> None:
    assert cast.representative.get(path).status_code == 403
    assert cast.stranger.get(path).status_code == 303
    assert cast.administrator.get(path).status_code == 200
    assert cast.supervisor.get(path).status_code == (403 if path == "/office/policy" else 200)


@pytest.mark.rule("S83")
def test_a_new_server_key_opens_what_a_former_one_sealed() -> None:
    former = two_step.sealing([b"a" * 32])
    sealed = former.encrypt(b"SECRET")
    rotated = two_step.sealing([b"b" * 32, b"a" * 32])
    assert rotated.decrypt(sealed) == b"SECRET"
    assert two_step.sealing([b"b" * 32]).decrypt(rotated.rotate(sealed)) == b"SECRET"
