"""The wall's page in a pavilion: for the machine itself and those who run the meeting; the Wi-Fi password is on it."""

from dataclasses import replace

import pytest
from flask import Flask

from server.service.hall.addresses import LanAddress
from server.service.hall.watch import HallWatch, Wifi
from tests.pages.cast import Cast, words_of
from tests.pages.house import Clock

HERE = LanAddress("wlan0", "192.168.1.7", "192.168.1.0/24", True)
PHONE = {"REMOTE_ADDR": "192.168.1.20"}


@pytest.fixture
def watch(house: Flask, clock: Clock) -> HallWatch:
    made = HallWatch(clock, wifi=Wifi("金穗长廊", "jinsui2026"), addresses=lambda: [HERE])
    house.extensions["council"] = replace(house.extensions["council"], hall=made)
    return made


def test_the_machine_itself_sees_both_codes(house: Flask, watch: HallWatch) -> None:
    browser = house.test_client()
    for remote in ("127.0.0.1", HERE.address):
        answer = browser.get("/hall", environ_overrides={"REMOTE_ADDR": remote})
        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "no-store"
        assert "jinsui2026" in words_of(answer)
        assert answer.text.count('class="qr"') == 2
        assert "hall.test/join" in answer.text.replace("<wbr>", "")
    assert browser.get("/hall/state").get_json()["phones"] == 0


def test_a_phone_is_counted_but_does_not_see_the_password(house: Flask, watch: HallWatch, cast: Cast) -> None:
    browser = house.test_client()
    assert "已经连通" in words_of(browser.get("/hall/phone", environ_overrides=PHONE))
    for path in ("/hall", "/hall/state"):
        answer = browser.get(path, environ_overrides=PHONE)
        assert answer.status_code == 403
        assert "jinsui2026" not in answer.text
    assert cast.representative.get("/hall", environ_overrides=PHONE).status_code == 403
    for person in (cast.organiser, cast.secretary, cast.chair, cast.administrator):
        assert person.get("/hall", environ_overrides=PHONE).status_code == 200
    state = browser.get("/hall/state").get_json()
    assert (state["phones"], state["said"], state["help"]) == (1, "已有手机连通：1部", False)


def test_after_two_minutes_the_page_says_what_to_do(house: Flask, watch: HallWatch, clock: Clock) -> None:
    browser = house.test_client()
    assert 'data-help="no"' in browser.get("/hall").text
    clock.pass_by(minutes=2)
    page = browser.get("/hall")
    assert 'data-help="yes"' in page.text
    assert "AP 隔离" in words_of(page)
    assert browser.get("/hall/state").get_json()["help"] is True


def test_outside_of_a_pavilion_there_is_no_such_page(house: Flask, cast: Cast) -> None:
    assert house.test_client().get("/hall").status_code == 403
    assert cast.administrator.get("/hall/state").status_code == 403
