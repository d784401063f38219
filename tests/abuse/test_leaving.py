"""S11: whoever is logged out, removed, disabled or replaced hears nothing more on a socket opened before."""

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
import websocket

from tests.abuse.conftest import Count
from tests.abuse.live import LiveHouse
from tests.abuse.office import OfficeDesk
from tests.contract.client import Participant, Socket, refusal_of
from tests.contract.hall import Hall

SEAT = 8


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, count: Count) -> Iterator[LiveHouse]:
    house = LiveHouse(tmp_path_factory.mktemp("leaving"), 14)
    yield house
    house.server.stop()
    assert not house.complaints()


@pytest.fixture(scope="module")
def administrator(live: LiveHouse) -> OfficeDesk:
    account = live.printed["account"]
    return OfficeDesk(live.server.house, account["name"], account["password"])


@pytest.fixture
def hall(live: LiveHouse) -> Iterator[Hall]:
    ours = live.hall()
    ours.begin()
    yield ours
    ours.hang_up()


def hears_nothing_more(hall: Hall, socket: Socket) -> None:
    """The line is cut with a word of farewell; what happens in the hall afterwards does not arrive on it."""
    with suppress(ConnectionError, websocket.WebSocketException, OSError):
        while True:
            assert socket.listen(5), "the line stayed open"
    farewells = [event for event, _ in socket.heard if event == "retired"]
    assert farewells == ["retired"], socket.heard
    assert socket.heard[-1][0] == "retired"
    heard = len(socket.heard)
    is_open = hall.chair.hello(hall.id, "console")["panels"]["speaker_queue"]["open"]
    version = hall.chair.do("queue.close" if is_open else "queue.open")
    hall.projector.until_version(version)
    with pytest.raises((OSError, websocket.WebSocketException, ConnectionError)):
        socket.call("command", {"id": "late", "name": "presence.check_in", "data": {}})
    assert len(socket.heard) == heard
    socket.close()


@pytest.mark.rule("S11")
def test_a_card_used_on_another_phone(hall: Hall, count: Count) -> None:
    for _ in range(count(3, 100)):
        former = hall.participant(SEAT).show(hall.id, "phone")
        hall._participants.pop(str(SEAT))
        hall.participant(SEAT)
        hears_nothing_more(hall, former)


@pytest.mark.parametrize("act", ["revoke", "leave"])
def test_a_card_revoked_and_a_representative_who_left(
    hall: Hall, administrator: OfficeDesk, act: str, count: Count
) -> None:
    for seat in range(SEAT, SEAT - count(1, 4), -1):
        phone = hall.participant(seat).show(hall.id, "phone")
        path = f"/office/representatives/{hall.representative(seat)}"
        assert administrator.post(f"{path}/{act}", {}).status == 303
        hears_nothing_more(hall, phone)
        answer = hall.house.post_json("/join", {"ticket": hall.seats[seat]["ticket"]})
        assert (answer.status, answer.json["refusal"]["code"]) == (403, "TICKET_REVOKED")


def watch(hall: Hall, desk: OfficeDesk) -> Socket:
    """Open the projector with an account's session."""
    return Participant(hall.house, desk.cookies, "").show(hall.id, "projector")


def log_out(administrator: OfficeDesk, desk: OfficeDesk, name: str) -> None:
    assert desk.post("/office/logout", {}).status == 303


def disable(administrator: OfficeDesk, desk: OfficeDesk, name: str) -> None:
    assert administrator.post(f"/office/accounts/{administrator.account(name)}/disable", {}).status == 303


def reset_password(administrator: OfficeDesk, desk: OfficeDesk, name: str) -> None:
    assert administrator.post(f"/office/accounts/{administrator.account(name)}/password", {}).status == 200


@pytest.mark.rule("S11")
@pytest.mark.parametrize("act", [log_out, disable, reset_password])
def test_an_account_that_is_out(
    hall: Hall,
    administrator: OfficeDesk,
    count: Count,
    act: Callable[[OfficeDesk, OfficeDesk, str], None],
) -> None:
    for number in range(count(1, 20)):
        name = f"{act.__name__}{number}"
        desk = administrator.open_account(name, "supervisor")
        screens = [watch(hall, desk), watch(hall, desk)]
        act(administrator, desk, name)
        for screen in screens:
            hears_nothing_more(hall, screen)
        assert desk.get(f"/meetings/{hall.id}/projector").status == 403


def test_after_the_meeting_nobody_acts_in_it_any_more(hall: Hall) -> None:
    """The end of a meeting cuts nobody off, as phones are led on to the minutes; but nothing is taken any more."""
    phone = hall.phone(0)
    item = hall.item(0)
    version = hall.chair.do("meeting.close")
    phone.until_version(version)
    for name, data in (
        ("presence.check_in", {}),
        ("presence.leave", {}),
        ("floor.request", {"stance": "talk"}),
        ("ballot.cast", {"poll": f"{hall.id}.p1", "choice": "for", "nonce": "n"}),
    ):
        assert refusal_of(phone.send(name, data)) in ("MEETING_NOT_OPEN", "NOT_FOUND"), name
    assert refusal_of(hall.chair.send("agenda.begin", {"item": item})) == "MEETING_NOT_OPEN"
    assert hall.chair.hello(hall.id, "console")["version"] == version
