"""A2: random walks of a whole hall over real sockets, with reconnecting and restarts, against the paper room."""

import random
from collections.abc import Iterator

import pytest

from server.domain.meeting import commands as c
from server.domain.refusal import Refusal
from tests.abuse.conftest import Count
from tests.abuse.live import LiveHouse
from tests.abuse.walker import DEALT, Walkers
from tests.contract.hall import Hall
from tests.domain.cast import NOON, REPRESENTATIVES
from tests.laws.history import PRELUDE, step
from tests.laws.paper_room import PaperRoom

WALKS = (6, 200)
WHOSE_LINE: tuple[str | int, ...] = ("chair", "secretary", "observer", 0, 1, 2)


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory, count: Count) -> Iterator[LiveHouse]:
    house = LiveHouse(tmp_path_factory.mktemp("walk"), count(*WALKS), seats=6)
    yield house
    house.server.stop()
    assert not house.complaints()


def test_the_hall_does_what_the_paper_room_does(live: LiveHouse, count: Count) -> None:
    granted = 0
    for walk in range(count(*WALKS)):
        chance = random.Random(f"walk {walk}")
        hall = live.hall()
        paper = PaperRoom(DEALT)
        walkers = Walkers(hall)
        wished = list(PRELUDE) if walk % 2 else []
        for number in range(count(60, 100)):
            command, actor = wished.pop(0) if wished else step(paper.state, chance.randbytes(3))
            if isinstance(command, c.CancelFloor):
                continue  # hangs on seconds that the paper room counts in another way
            answer = walkers.say(actor, command)
            if answer is None:
                continue
            decision = paper.send(command, actor, NOON + number * 7_000)
            expected = decision.code.value if isinstance(decision, Refusal) else "granted"
            met = "granted" if answer["ok"] else answer["refusal"]["code"]
            assert met == expected, (walk, number, actor.key, command, answer)
            granted += met == "granted"
            _disturb(live, hall, chance, walk, number)
            if number % 10 == 9:
                _compare(hall, paper)
        _compare(hall, paper)
        hall.hang_up()
    assert granted > 100


def _disturb(live: LiveHouse, hall: Hall, chance: random.Random, walk: int, number: int) -> None:
    """Now and then somebody's line breaks, somebody comes in by card on another phone, the server starts anew."""
    draw = chance.random()
    if draw < 0.05:
        who: str | int = chance.choice(WHOSE_LINE)
        hall.participant(who).close()
        hall._shown = {key: socket for key, socket in hall._shown.items() if key[0] != str(who)}
    elif draw < 0.08:
        seat = chance.randrange(6)
        former = hall._participants.pop(str(seat), None)
        hall._shown.pop((str(seat), "phone"), None)
        hall.participant(seat)  # the card again: the former session ends
        if former is not None:
            for socket in former.opened:
                assert socket.is_ended()
            former.close()
    elif walk == 0 and number == 40:
        hall.hang_up()
        live.restart()
        hall.house = live.server.house


def _compare(hall: Hall, paper: PaperRoom) -> None:
    """A fresh look at the console and at two phones shows the paper room's state."""
    state = paper.state
    panels = hall.chair.hello(hall.id, "console")["panels"]
    assert panels["meeting"]["state"] == state.state
    assert [item["state"] for item in panels["agenda"]["items"]] == [item.state for item in state.items]
    assert panels["presence"]["present"] == len(state.present)
    queue = panels["speaker_queue"]
    assert queue["open"] == state.queue_open
    assert sorted(queue["order"]) == sorted(hand.seat for hand in state.waiting)
    speaker = panels["floor"]["speaker"]
    assert (speaker is None) == (state.speech is None)
    assert (panels["consent"] is None) == (state.consent is None)
    if state.poll is not None and panels["poll"] is not None:
        assert panels["poll"]["state"] == state.poll.state
        if state.poll.state == "open" and state.poll.secrecy == "open":
            assert panels["poll"]["cast"] == sum(ballot.is_counted for ballot in paper.box.values())
    for seat in (1, 4):
        me = hall.phone(seat - 1).hello(hall.id, "phone")["panels"]["me"]
        assert me["present"] == (seat in state.present)
        if state.poll is not None and state.poll.state == "open":
            ballot = paper.box.get(seat)
            assert (me["ballot"] is not None) == (ballot is not None and ballot.is_counted)


def test_the_walk_notices_a_room_that_forgets_a_ballot(live: LiveHouse) -> None:
    """The model is worth something: with one ballot taken out of it, the comparison fails."""
    hall = Hall(live.server.house, live.printed["meetings"][1])
    paper, walkers = PaperRoom(DEALT), Walkers(hall)
    known = hall.chair.hello(hall.id, "console")["panels"]["presence"]["present"]
    if known == 0:
        assert walkers.say(REPRESENTATIVES[0], c.CheckIn()) is not None
    with pytest.raises(AssertionError):
        _compare(hall, paper)
    hall.hang_up()
