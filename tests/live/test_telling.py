"""Telling a hall: a turnout waits a moment for more of it, other news does not, and who votes meanwhile is heard."""

import socket
import time
from typing import Any

import gevent
import pytest
from gevent.hub import get_hub
from hypothesis import given as for_all
from hypothesis import strategies as st

from server.domain.meeting import events as e
from server.domain.meeting.evolve import evolve
from server.live.hearing import LEAST_PART, MOST_PARTS, Hearing, in_parts
from server.live.room import LiveRoom
from server.service.clock import elapsed_ms
from server.service.room.keeper import RoomChanged
from server.store.writer import Committed
from tests.domain.cast import BEGUN, POLLED, ballot
from tests.domain.given import given
from tests.live.test_broadcast import broadcaster, loaded

MOMENT = 0.05


class Told:
    """Stands where sending stands: notes when which version went to how many, and may do something at each part."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.parts: list[tuple[int, list[str]]] = []
        self.at_each: Any = lambda: None
        self.version = 0
        monkeypatch.setattr("server.live.broadcast.framed", self._framed)
        monkeypatch.setattr("server.live.broadcast.broadcast", self._send)

    def _framed(self, event: str, message: dict[str, Any]) -> bytes:
        self.version = message["version"]
        return str(message["version"]).encode()

    def _send(self, server: object, sids: list[str], frame: bytes, patience: int) -> list[str]:
        self.parts.append((int(frame), list(sids)))
        self.at_each()
        return []


def polled() -> tuple[Any, LiveRoom]:
    """Return a broadcaster that goes by the real clock, and a room in which an open poll is shown to one phone."""
    ours, writer = broadcaster(elapsed_ms)  # type: ignore[arg-type]
    room = loaded(ours, writer, given(*POLLED).state)
    room.members["phone"].add("somebody")
    return ours, room


def cast_one(ours: Any, room: LiveRoom, seat: int, *, at_desk: bool = False) -> None:
    choice = ballot(seat, "for", is_recorded=at_desk, is_counted=not at_desk)
    change = RoomChanged("m1", room.revision + 1, room.view.state, (("m1.p1", choice),))
    ours.announce(Committed([], [change]))


def test_a_turnout_waits_for_more_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(monkeypatch)
    ours, room = polled()
    for seat in (1, 2, 3):
        cast_one(ours, room, seat)
        gevent.sleep(0.01)
    assert told.parts == [], "three ballots are no news yet"
    with gevent.Timeout(5):
        while not told.parts:
            gevent.sleep(0.005)
    assert told.parts == [(10, ["somebody"])], "the three of them are told together"


def test_other_news_takes_a_waiting_turnout_along_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(monkeypatch)
    ours, room = polled()
    cast_one(ours, room, 1)
    left = evolve(room.view.state, e.PresenceLeft(2, "self"), elapsed_ms())
    ours.announce(Committed([], [RoomChanged("m1", 9, left, ())]))
    gevent.sleep(0.02)
    assert told.parts == [(9, ["somebody"])]
    gevent.sleep(0.2)
    assert len(told.parts) == 1, "and nothing is told twice"


def test_what_the_desk_enters_is_shown_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = Told(monkeypatch)
    ours, room = polled()
    room.members["console"].add("desk")
    cast_one(ours, room, 1, at_desk=True)
    gevent.sleep(0.02)
    assert (8, ["desk"]) in told.parts


def test_who_votes_while_the_hall_is_told_gets_an_answer_before_the_rest_of_the_hall_its_news(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = Told(monkeypatch)
    ours, writer = broadcaster(elapsed_ms)  # type: ignore[arg-type]
    room = loaded(ours, writer, given(*BEGUN).state)
    room.members["phone"] |= {f"phone-{n}" for n in range(3 * LEAST_PART)}
    answered_after: list[int] = []

    def vote() -> None:
        ours.hearing.given(1)
        gevent.spawn_later(0.001, answer)

    def answer() -> None:
        answered_after.append(len(told.parts))
        ours.hearing.answered(1)

    told.at_each = vote
    ours.announce(Committed([], [RoomChanged("m1", 8, evolve(room.view.state, e.QueueOpened("i1"), 0), ())]))
    gevent.sleep(MOMENT)
    assert [len(sids) for _, sids in told.parts] == [LEAST_PART] * 3
    assert answered_after == [1, 2, 3]


def test_news_that_comes_while_the_hall_is_told_follows_whole_and_in_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    told = Told(monkeypatch)
    ours, writer = broadcaster(elapsed_ms)  # type: ignore[arg-type]
    room = loaded(ours, writer, given(*BEGUN).state)
    room.members["phone"] |= {f"phone-{n}" for n in range(2 * LEAST_PART)}
    opened = evolve(room.view.state, e.QueueOpened("i1"), 0)
    closed = evolve(opened, e.QueueClosed("i1", ()), 0)

    def close_once() -> None:
        told.at_each = lambda: None
        ours.announce(Committed([], [RoomChanged("m1", 9, closed, ())]))
        room.fresh()  # somebody says hello in between, and has it drawn

    told.at_each = close_once
    ours.announce(Committed([], [RoomChanged("m1", 8, opened, ())]))
    gevent.sleep(0.3)
    assert [version for version, _ in told.parts] == [8, 8, 9, 9]
    assert room.sent_version["phone"] == 9
    assert not room.unsent["phone"]


@for_all(st.integers(0, 20_000))
def test_the_parts_are_the_hall(count: int) -> None:
    phones = [str(number) for number in range(count)]
    parts = list(in_parts(phones))
    assert [sid for part in parts for sid in part] == phones
    assert len(parts) <= MOST_PARTS
    assert all(len(part) >= LEAST_PART for part in parts[:-1])


def test_nobody_is_waited_for_who_has_said_nothing() -> None:
    hearing = Hearing()
    assert min(hearing.pause() for _ in range(20)) < 0.000_5, "a turn of the loop, not a wait"
    hearing.given(2)
    hearing.answered(2)
    began = time.perf_counter()
    for _ in range(20):
        hearing.pause()
    assert time.perf_counter() - began < MOMENT


def test_a_writer_that_does_not_answer_holds_up_nobody_for_long() -> None:
    hearing = Hearing()
    hearing.given(1)
    assert hearing.pause() < 10 * MOMENT


def test_what_lies_at_a_socket_is_read_in_one_pause() -> None:
    ours, theirs = socket.socketpair()
    heard: list[bytes] = []
    with ours, theirs:
        loop: Any = get_hub().loop
        watcher = loop.io(ours.fileno(), 1)
        watcher.start(lambda: heard.append(ours.recv(10)))
        theirs.send(b"ballot")
        Hearing().pause()
        watcher.close()
    assert heard == [b"ballot"]
