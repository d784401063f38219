"""A meeting in a pavilion: one laptop, one Wi-Fi, no Internet; the laptop sleeps, its address changes."""

import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.cli.pavilion import Pavilion, inside, standing, tries_to_leave
from tests.contract.client import House, Participant, Refused
from tests.contract.hall import Hall
from tests.contract.server import RunningServer, seed

FIRST, SECOND = "192.168.43.1", "10.20.30.1"
ANYWHERE = "0.0.0.0"  # noqa: S104 what a pavilion binds
CHOICES = ("--no-demo", "--hall", "--host", ANYWHERE, "--wifi", "金穗;长廊", "--wifi-password", "jinsui2026")


@pytest.fixture
def pavilion() -> Iterator[Pavilion]:
    with standing(FIRST, "192.168.43.77") as built:
        yield built


def wait(met: Callable[[], object], seconds: float = 15) -> None:
    until = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < until
        time.sleep(0.05)


def test_a_meeting_without_internet_survives_sleep_and_a_change_of_address(
    pavilion: Pavilion, tmp_path: Path
) -> None:
    meeting = seed(tmp_path / "data", 1, 7)["meetings"][0]
    with inside(pavilion.laptop):
        server = RunningServer(tmp_path / "data", choices=CHOICES)
    try:
        _meet(pavilion, server, meeting)
    finally:
        server.stop()


def _meet(pavilion: Pavilion, server: RunningServer, meeting: dict[str, object]) -> None:
    port, local = server.port, House(server.port)
    wait(lambda: f"手机打开 http://{FIRST}:{port}/join" in server.printed())
    with inside(pavilion.laptop):
        wall = local.ask("GET", "/hall")
        assert wall.status == 200
        assert f"{FIRST}:{port}" in wall.text
        assert "172.17.0.1" not in wall.text
        assert local.ask("GET", "/hall/state").json["phones"] == 0
    with inside(pavilion.phone):
        assert House(port, FIRST).ask("GET", "/hall/phone").status == 200
        stranger = House(port, FIRST).ask("GET", "/hall")
        assert (stranger.status, "jinsui2026" in stranger.text) == (403, False)
        hall = Hall(House(port, FIRST), meeting)
        hall.begin()
        hall.chair.do("queue.open")
        hall.phone(0).do("floor.request", {"stance": "talk"})
        hall.chair.until_version(hall.chair.do("floor.grant"))
    with inside(pavilion.laptop):
        state = local.ask("GET", "/hall/state").json
        assert (state["phones"], state["said"]) == (1, "已有手机连通：1部")
    wait(lambda: "已有手机连通。" in server.printed())
    _sleep(pavilion, server, hall)
    _stay(pavilion)
    _move(pavilion, server, hall, meeting)


def _sleep(pavilion: Pavilion, server: RunningServer, hall: Hall) -> None:
    """The lid is closed for a while: whoever was in is still in, and the speaker's deadline is the same instant."""
    with inside(pavilion.phone):
        before = hall.participant(0).show(hall.id, "phone")
        deadline = before.panels["floor"]["deadline"]
        assert deadline is not None
        server.process.send_signal(signal.SIGSTOP)
        time.sleep(2.5)
        server.process.send_signal(signal.SIGCONT)
        assert hall.phone(1).send("floor.request", {"stance": "talk"})["ok"]
        after = hall.participant(0).socket().hello(hall.id, "phone")
        assert after["panels"]["floor"]["deadline"] == deadline
        assert abs(after["now"] - time.time() * 1000) < 2_000


def _stay(pavilion: Pavilion) -> None:
    """Nothing in all this wanted to go further than the hall; a packet that did is counted, as the last lines show."""
    with inside(pavilion.laptop):
        assert tries_to_leave() == 0
        with (
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stray,
            pytest.raises(OSError, match="unreach"),
        ):
            stray.sendto(b"?", ("198.51.100.1", 53))
        assert tries_to_leave() == 1


def _move(pavilion: Pavilion, server: RunningServer, hall: Hall, meeting: dict[str, object]) -> None:
    """Another router, another address: what is shown follows, and people come back into their seats."""
    port = server.port
    pavilion.move(SECOND, "10.20.30.9")
    wait(lambda: f"手机打开 http://{SECOND}:{port}/join" in server.printed())
    with inside(pavilion.laptop):
        state = House(port).ask("GET", "/hall/state").json
        assert (state["url"], state["phones"]) == (f"http://{SECOND}:{port}", 0)
    with inside(pavilion.phone):
        moved = Hall(House(port, SECOND), meeting)
        phone: Participant = moved.participant(0)
        assert phone.show(moved.id, "phone").panels["me"]["present"] is True
        assert moved.phone(1).panels["speaker_queue"]["length"] == 1
        with pytest.raises(Refused):
            phone.socket(origin=f"http://{FIRST}:{port}")
        moved.hang_up()
    hall.hang_up()
