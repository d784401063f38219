"""What the terminal says in a pavilion, and which calls it refuses."""

from pathlib import Path

import pytest

from server.cli import hall
from server.cli.hall import check_address, news
from server.cli.unable import CannotServe
from server.documents.qr import wifi_text
from server.service.hall.addresses import LanAddress
from server.service.hall.watch import HallState
from server.settings import Choices, Settings, SettingsWrong, read_settings

HOME = LanAddress("wlan0", "192.168.1.7", "192.168.1.0/24", True)
URL = "http://192.168.1.7:8000"


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setattr(
        hall, "lan_addresses", lambda: [HOME, LanAddress("eth0", "10.0.0.4", "10.0.0.0/8", False)]
    )
    return read_settings({}, Choices(data=tmp_path, hall=True))


def told(before: HallState | None, after: HallState, settings: Settings) -> str:
    return "\n".join(news(before, after, settings, URL))


def test_the_terminal_tells_each_thing_once(settings: Settings) -> None:
    away, there = HallState(None, "", 0, 0), HallState(HOME.address, HOME.network, 0, 0)
    late, through = (
        HallState(HOME.address, HOME.network, 0, 120_000),
        HallState(HOME.address, HOME.network, 1, 0),
    )
    assert "还没有连上网络" in told(None, away, settings)
    first = told(away, there, settings)
    assert f"{URL}/join" in first
    assert "10.0.0.4（eth0）" in first
    assert told(there, there, settings) == ""
    assert "AP 隔离" in told(there, late, settings)
    assert "ufw allow 8000/tcp" in told(there, late, settings)
    assert told(late, late, settings) == ""
    assert told(late, through, settings) == "已有手机连通。"
    assert told(through, through, settings) == ""


def test_the_hall_is_open_to_phones_by_itself(settings: Settings) -> None:
    assert (settings.host, settings.is_loopback) == ("0.0.0.0", False)  # noqa: S104 expected


def test_an_address_of_another_machine_is_refused_with_those_there_are(
    tmp_path: Path, settings: Settings
) -> None:
    check_address(read_settings({}, Choices(data=tmp_path, hall=True, address="10.0.0.4")))
    with pytest.raises(CannotServe, match=r"192\.168\.1\.7（wlan0）"):
        check_address(read_settings({}, Choices(data=tmp_path, hall=True, address="192.168.9.9")))


@pytest.mark.parametrize(
    "choices",
    [
        Choices(address="192.168.1.7"),
        Choices(wifi="长廊"),
        Choices(hall=True, host="127.0.0.1"),
        Choices(hall=True, wifi_password="jinsui2026"),
        Choices(hall=True, wifi="长廊", wifi_password="short"),
        Choices(hall=True, workers=2, database_url="postgresql://a/b", redis_url="redis://a"),
    ],
)
def test_what_cannot_work_in_a_pavilion_is_refused(choices: Choices) -> None:
    with pytest.raises(SettingsWrong):
        read_settings({}, choices)


def test_a_phone_understands_the_wifi_code() -> None:
    assert wifi_text("金穗;长廊", "a:b\\c") == "WIFI:T:WPA;S:金穗\\;长廊;P:a\\:b\\\\c;;"
    assert wifi_text("open", "") == "WIFI:S:open;;"
