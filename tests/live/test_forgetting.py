"""Rooms that are over and that nobody looks at leave the memory, and are read again as they were when somebody asks."""

import gc
import json
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import gevent
import pytest
from sqlalchemy import text

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.live.broadcast import Broadcaster
from server.live.channel import Moved
from server.live.neighbours import AGAIN_MS, Neighbours
from server.live.room import LiveRoom
from server.live.wakeup import LoopPost
from server.service.room import keeper
from server.service.room.keeper import RoomKeeper, RoomSnapshot
from server.service.room.wishes import WishHandler
from server.service.samples.halls import add_sample_area, add_sample_meeting
from server.service.samples.past import CHAIR, representative
from server.store.database import open_database
from server.store.log import verify_log
from server.store.tables import metadata
from server.store.writer import Writer
from tests.live.test_broadcast import WORDS

NOW = 1_795_000_000_000
MOTION = "同意放在3栋与4栋之间"


class Worker:
    """One worker's rooms on a database of its own; the test's thread is the loop's."""

    def __init__(self, folder: Path) -> None:
        self.database = open_database(f"sqlite:///{folder / 'council.sqlite'}")
        metadata.create_all(self.database.writing)
        self.post = LoopPost()
        self.rooms = RoomKeeper(lambda: NOW)
        self.live = Broadcaster(self.post, self.rooms, lambda: NOW, WORDS, lambda: NOW)
        self.writer = Writer(
            self.database, WishHandler(self.rooms, lambda: NOW).carry_out, self.live.announce
        )
        self.live.attach(None, self.writer)
        self.writer.start()
        self.area = self.writer.submit(add_sample_area).result(10)
        self.meetings = 0

    def call(self) -> str:
        """A called meeting of five."""
        self.meetings += 1
        number = self.meetings
        made = self.writer.submit(
            lambda unit: add_sample_meeting(unit, self.rooms, NOW, self.area, number, 5)
        ).result(10)
        return made.id

    def say(self, meeting: str, actor: Actor, command: c.Command) -> None:
        """One command in a transaction of its own."""
        self.writer.submit(lambda unit: self.rooms.decide(unit, meeting, actor, command, NOW)).result(10)

    def hold(self) -> str:
        """A meeting with a published vote that is over."""
        meeting = self.call()
        item, poll = f"{meeting}.i1", f"{meeting}.p1"
        seats = [representative(seat) for seat in range(1, 6)]
        steps: list[tuple[Actor, c.Command]] = [(seat, c.CheckIn()) for seat in seats]
        steps += [(CHAIR, c.OpenMeeting()), (CHAIR, c.BeginItem(item))]
        steps += [(CHAIR, c.OpenPoll(item, MOTION, "open"))]
        steps += [(seat, c.CastBallot(poll, "for", seat.key)) for seat in seats]
        steps += [(CHAIR, c.ClosePoll(poll)), (CHAIR, c.PublishPoll(poll)), (CHAIR, c.CloseMeeting())]
        for actor, command in steps:
            self.say(meeting, actor, command)
        return meeting

    def show(self, meeting: str) -> LiveRoom:
        """The room as somebody's hello finds it."""
        room = self.live.room(meeting)
        assert room is not None
        return room

    def snapshot(self, rooms: RoomKeeper, meeting: str) -> RoomSnapshot:
        """A meeting as a keeper reads it."""
        found = self.writer.look(lambda session: rooms.snapshot(session, meeting)).result(10)
        assert found is not None
        return found

    def close(self) -> None:
        self.writer.close()
        self.post.close()
        self.database.close()


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[Worker]:
    made = Worker(tmp_path)
    yield made
    made.close()


def in_memory(meeting: str) -> int:
    """How many live rooms of a meeting there are, held by whatever."""
    gc.collect()
    return sum(isinstance(found, LiveRoom) and found.view.state.id == meeting for found in gc.get_objects())


def test_a_closed_room_nobody_looks_at_goes_and_comes_back_as_it_was(worker: Worker) -> None:
    over, called = worker.hold(), worker.call()
    room = worker.show(over)
    worker.show(called)
    before, revision = room.fresh().screens, room.revision
    assert before["projector"]["result"]["outcome"] == "passed"
    room.members["projector"].add("sid")
    worker.live.forget_quiet_rooms()
    assert set(worker.live.rooms()) == {over, called}  # somebody looks on
    room.members["projector"].discard("sid")
    worker.live.forget_quiet_rooms()
    assert set(worker.live.rooms()) == {called}
    del room
    assert in_memory(over) == 0
    again = worker.show(over)
    assert (again.revision, again.fresh().screens) == (revision, before)
    assert worker.live.count_phones() == {"projector": 0, "console": 0, "phone": 0}


def test_what_happened_meanwhile_is_there_when_somebody_asks_again(worker: Worker) -> None:
    meeting = worker.hold()
    revision = worker.show(meeting).revision
    worker.live.forget_quiet_rooms()
    with worker.database.writing.begin() as connection:
        connection.execute(text("UPDATE seat_name SET name = '已删除的人' WHERE seat = 1"))
    worker.writer.submit(lambda unit: worker.rooms.touch(unit, meeting)).result(10)
    gevent.sleep(0)  # the news of it finds no room, and makes none
    assert meeting not in worker.live.rooms()
    again = worker.show(meeting)
    assert again.revision == revision + 1
    assert "已删除的人" in json.dumps(again.fresh().screens["console"]["roster"], ensure_ascii=False)


def test_of_all_meetings_that_are_over_a_few_stay_at_hand(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeper, "CLOSED_KEPT", 2)
    running = worker.call()
    held = [worker.hold() for _ in range(4)]
    assert set(worker.rooms._rooms) == {running, *held[-2:]}
    for meeting in held:  # whichever is asked for, it is as a keeper that never knew it reads it
        assert worker.snapshot(worker.rooms, meeting) == worker.snapshot(RoomKeeper(lambda: NOW), meeting)
        assert len(worker.rooms._rooms) == 3
    # The log of one that was let go is gone on with where it ended.
    former = worker.snapshot(RoomKeeper(lambda: NOW), held[0]).revision
    event = e.MinutesFinalised("0" * 64, ("representative:1",))
    worker.writer.submit(lambda unit: worker.rooms.append(unit, held[0], NOW, [event])).result(10)
    assert worker.snapshot(worker.rooms, held[0]).revision == former + 1
    with worker.database.reader(5) as session:
        assert all(verify_log(session, meeting) for meeting in (running, *held))


class Rooms:
    """A broadcaster that shows what it is told to."""

    def __init__(self) -> None:
        self.shown: dict[str, LiveRoom] = {}
        self.changes: list[Any] = []

    def rooms(self) -> dict[str, LiveRoom]:
        return self.shown

    def room_changed(self, change: Any) -> None:
        self.changes.append(change)


class Slow:
    """A writer that answers when the test says so."""

    def __init__(self) -> None:
        self.asked: list[Future[Any]] = []

    def look(self, run: Callable[[Any], Any]) -> "Future[Any]":
        self.asked.append(Future())
        return self.asked[-1]


class Straight:
    """The loop's mailbox, read at once."""

    def post(self, act: Callable[[], None]) -> None:
        act()


def test_news_of_a_room_that_was_let_go_meanwhile_do_no_harm(worker: Worker) -> None:
    """F14: else this worker never again heard of the meeting from the others."""
    meeting = worker.call()
    snapshot = worker.snapshot(worker.rooms, meeting)
    ours, writer = Rooms(), Slow()
    clock = [NOW]
    made: Any = Neighbours  # with stand-ins for all it is not asked about
    neighbours = made(
        "redis://127.0.0.1:1", Straight(), None, writer, worker.rooms, lambda: clock[0], ours, None
    )

    def hear(revision: int) -> None:
        neighbours._take(Moved(meeting, revision))

    ours.shown[meeting] = LiveRoom.of(snapshot, WORDS)
    hear(50)
    del ours.shown[meeting]  # while it is read
    writer.asked[0].set_result(snapshot)
    assert ours.changes == []
    ours.shown[meeting] = LiveRoom.of(snapshot, WORDS)
    hear(51)  # planned for later, as the last reading was just now
    assert len(writer.asked) == 1
    del ours.shown[meeting]  # while it waits
    gevent.sleep(AGAIN_MS / 1000 + 0.05)
    assert len(writer.asked) == 1
    ours.shown[meeting] = LiveRoom.of(snapshot, WORDS)
    clock[0] += AGAIN_MS
    hear(52)
    assert len(writer.asked) == 2
    writer.asked[1].set_result(snapshot)
    assert len(ours.changes) == 1
