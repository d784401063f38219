"""Live rooms: begun from a snapshot without losing a commit that came meanwhile; turnout under its own version."""

import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from typing import Any

import gevent
import pytest

from server.domain.meeting import events as e
from server.domain.meeting.evolve import evolve
from server.domain.meeting.state import Meeting
from server.live.broadcast import Broadcaster
from server.live.room import LiveRoom
from server.screens.card import RoomCard
from server.service.room.keeper import RoomChanged, RoomSnapshot
from server.store.writer import Committed
from tests.domain.cast import BEGUN, NOON, POLLED_IN_SECRET, ballot
from tests.domain.given import given
from tests.shape.tree import ROOT

CARD = RoomCard("会议", "议事会", "2026年第1次会议", "议事长廊", "林平", "周敏", NOON, {})
WORDS = json.loads((ROOT / "web" / "words.json").read_text(encoding="utf-8"))


class Straight:
    """The loop's mailbox, read at once."""

    def post(self, act: Callable[[], None]) -> None:
        act()


class Asked:
    """A writer that only notes what it is asked for."""

    def __init__(self) -> None:
        self.futures: list[Future[Any]] = []

    def submit(self, run: object) -> "Future[Any]":
        self.futures.append(Future())
        return self.futures[-1]

    look = submit


class Clock:
    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> int:
        return self.now


def broadcaster(clock: Clock | None = None) -> tuple[Broadcaster, Asked]:
    writer = Asked()
    clock = clock or Clock()
    ours = Broadcaster(Straight(), None, clock, WORDS, clock)  # type: ignore[arg-type]
    ours.attach(None, writer)  # type: ignore[arg-type]
    return ours, writer


def loaded(ours: Broadcaster, writer: Asked, state: Meeting) -> LiveRoom:
    """Have the meeting's room made from a snapshot at revision 7."""
    hello = gevent.spawn(ours.room, "m1")
    gevent.sleep(0)
    writer.futures[0].set_result(RoomSnapshot(state, 7, {}, CARD))
    room = hello.get(timeout=5)
    assert isinstance(room, LiveRoom)
    return room


def test_a_commit_during_the_loading_of_a_room_is_not_lost() -> None:
    ours, writer = broadcaster()
    before = given(*BEGUN).state
    after = evolve(before, e.QueueOpened("i1"), NOON)
    hello = gevent.spawn(ours.room, "m1")
    gevent.sleep(0)
    # The snapshot was taken before the transaction it waited in; the transaction's own news comes first.
    ours.announce(Committed([], [RoomChanged("m1", 8, after, ())]))
    writer.futures[0].set_result(RoomSnapshot(before, 7, {}, CARD))
    room = hello.get(timeout=5)
    assert isinstance(room, LiveRoom)
    assert (room.revision, room.view.state.queue_open) == (8, True)


def test_two_hellos_load_a_room_once() -> None:
    ours, writer = broadcaster()
    hellos = [gevent.spawn(ours.room, "m1") for _ in range(2)]
    gevent.sleep(0)
    writer.futures[0].set_result(RoomSnapshot(given(*BEGUN).state, 7, {}, CARD))
    first, second = (hello.get(timeout=5) for hello in hellos)
    assert first is second
    assert len(writer.futures) == 1


def test_other_news_does_not_wait_for_a_held_back_turnout() -> None:
    clock = Clock()
    ours, writer = broadcaster(clock)
    polled = given(*POLLED_IN_SECRET).state
    room = loaded(ours, writer, polled)
    room.turnout_shown_at = clock.now
    ours.announce(
        Committed([], [RoomChanged("m1", 8, polled, (("m1.p1", replace(ballot(1, None), received_at=0)),))])
    )
    gevent.sleep(0.15)
    assert room.is_step_planned
    clock.now += 200
    left = evolve(polled, e.PresenceLeft(2, "self"), clock.now)
    ours.announce(Committed([], [RoomChanged("m1", 9, left, ())]))
    gevent.sleep(0.01)
    assert room.sent_version["projector"] == 9
    assert room.drawn.screens["projector"]["poll"]["cast"] == 0


def test_where_telling_everybody_takes_long_the_next_news_wait_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Clock()
    ours, writer = broadcaster(clock)
    state = given(*BEGUN).state
    room = loaded(ours, writer, state)
    room.members["phone"].add("somebody")

    def tell_slowly(*_: object) -> list[str]:
        clock.now += 60
        return []

    monkeypatch.setattr("server.live.broadcast.broadcast", tell_slowly)
    opened = evolve(state, e.QueueOpened("i1"), clock.now)
    ours.announce(Committed([], [RoomChanged("m1", 8, opened, ())]))
    gevent.sleep(0.02)
    assert room.sent_version["phone"] == 8
    clock.now += 50  # over 100 ms since the last news began, but not two and a half times their duration
    closed = evolve(opened, e.QueueClosed("i1", ()), clock.now)
    ours.announce(Committed([], [RoomChanged("m1", 9, closed, ())]))
    gevent.sleep(0.02)
    assert room.sent_version["phone"] == 8
    assert room.sent_version["projector"] == 9, "the wall does not wait for a hall of thousands"
    clock.now += 50
    gevent.sleep(0.15)
    assert room.sent_version["phone"] == 9


def test_a_screen_rests_after_a_large_message_and_the_others_do_not() -> None:
    room = LiveRoom.of(RoomSnapshot(given(*BEGUN).state, 1, {}, CARD), WORDS)

    def told(at: int) -> list[str]:
        before = room.view.state
        assert before.current_item is not None
        item = before.current_item.id
        news = e.QueueClosed(item, ()) if before.queue_open else e.QueueOpened(item)
        state = evolve(before, news, at)
        room.take_in(RoomChanged("m", room.revision + 1, state, ()), at)
        return [kind for kind, *_ in room.pending_changes(at)]

    assert told(NOON) == ["projector", "console", "phone"]
    room.rest("console", NOON, 750_000)
    assert told(NOON + 100) == ["projector", "phone"]
    assert room.rests_for(NOON + 100) == 650
    assert told(NOON + 749) == ["projector", "phone"]
    assert told(NOON + 750) == ["projector", "console", "phone"]
    assert room.rests_for(NOON + 750) is None


class Slow:
    """A socket for which much waits until it is read."""

    def __init__(self) -> None:
        self.backlog_bytes = 0
        self.heard: list[dict[str, Any]] = []

    def write(self, frame: bytes) -> None:
        self.heard.append(json.loads(frame[frame.index(b"[") :])[1])

    write_soon = write


def test_who_reads_too_slowly_is_passed_over_and_gets_the_whole_screen_later() -> None:
    ours, _ = broadcaster()
    slow, quick = Slow(), Slow()
    outbox = type("Outbox", (), {"empty": lambda self: None})()
    ours._server = type("Server", (), {"live_links": {"slow": slow, "quick": quick}, "live_outbox": outbox})()
    room = LiveRoom.of(RoomSnapshot(given(*BEGUN).state, 1, {}, CARD), WORDS)
    room.members["console"] = {"slow", "quick"}

    def flush_after(news: Any) -> None:
        state = evolve(room.view.state, news, NOON)
        room.take_in(RoomChanged("m", room.revision + 1, state, ()), NOON)
        ours._flush(room)

    assert room.view.state.current_item is not None
    item = room.view.state.current_item.id
    slow.backlog_bytes = 1_000_000
    flush_after(e.QueueOpened(item))
    assert (len(quick.heard), len(slow.heard)) == (1, 0)
    ours._make_amends(room)
    assert slow.heard == [], "it has not read what waits"
    slow.backlog_bytes = 0
    ours._make_amends(room)
    (whole,) = slow.heard
    assert (whole["since"], whole["version"]) == (0, 2)
    assert whole["panels"] == json.loads(json.dumps(room.fresh().screens["console"]))
    ours._make_amends(room)
    assert len(slow.heard) == 1
    assert room.passed_over == {}


def test_a_turnout_alone_rests_twice_as_long_while_ballots_wait_and_nothing_else_does() -> None:
    room = LiveRoom.of(RoomSnapshot(given(*POLLED_IN_SECRET).state, 1, {}, CARD), WORDS)

    def told(at: int, *, is_busy: bool) -> bool:
        return "phone" in [kind for kind, *_ in room.pending_changes(at, is_busy=is_busy)]

    def unsent(*names: str) -> None:
        room.unsent["phone"] = set(names)

    room.rest("phone", NOON, 400, took=60)
    unsent("poll")
    assert not told(NOON + 149, is_busy=False)
    assert not told(NOON + 299, is_busy=True)
    assert told(NOON + 300, is_busy=True)
    room.rest("phone", NOON, 400, took=60)
    unsent("poll")
    assert told(NOON + 150, is_busy=False), "nobody waits: the hall is told"
    room.rest("phone", NOON, 400, took=60)
    unsent("poll", "result")
    assert told(NOON + 150, is_busy=True), "a result is no turnout"
