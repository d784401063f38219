"""Rooms on the writer's thread: what one transaction does to the box, the log and the cache."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting.state import Meeting
from server.domain.refusal import RefusalCode
from server.service.refused import Refused
from server.service.room.keeper import RoomKeeper
from server.service.room.wishes import WishHandler
from server.service.samples.halls import SampleMeeting, add_sample_area, add_sample_meeting
from server.service.samples.past import CHAIR, SECRETARY, representative
from server.store.database import open_database
from server.store.tables import metadata
from server.store.writer import Writer

NOW = 1_795_000_000_000
MOTION = "同意放在3栋与4栋之间"


class Room:
    """One seeded hall of five, with a poll open on its first item."""

    def __init__(self, folder: Path) -> None:
        self.database = open_database(f"sqlite:///{folder / 'council.sqlite'}")
        metadata.create_all(self.database.writing)
        self.rooms = RoomKeeper(lambda: NOW)
        self.writer = Writer(
            self.database, WishHandler(self.rooms, lambda: NOW).carry_out, lambda committed: None
        )
        self.writer.start()
        self.meeting: SampleMeeting = self.writer.submit(
            lambda unit: add_sample_meeting(unit, self.rooms, NOW, add_sample_area(unit), 1, 5)
        ).result(10)
        self.poll = f"{self.meeting.id}.p1"
        item = f"{self.meeting.id}.i1"
        for seat in range(1, 6):
            self.say(representative(seat), c.CheckIn())
        for command in (c.OpenMeeting(), c.BeginItem(item), c.OpenPoll(item, MOTION, "open")):
            self.say(CHAIR, command)

    def say(self, actor: Actor, command: c.Command) -> Meeting:
        """Carry out one command in a transaction of its own."""
        return self.writer.submit(
            lambda unit: self.rooms.decide(unit, self.meeting.id, actor, command, NOW)
        ).result(10)

    def record(self, seat: int, choice: str, nonce: str) -> None:
        """Enter a paper ballot at the desk."""
        self.say(
            SECRETARY, c.RecordBallot(self.poll, self.meeting.seats[seat - 1].representative, choice, nonce)
        )


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    yield made
    made.writer.close()
    made.database.close()


def test_a_record_sent_back_is_entered_again_and_counts_once(room: Room) -> None:
    person = room.meeting.seats[4].representative
    room.record(5, "against", "wrong")
    room.say(CHAIR, c.DiscardBallot(room.poll, person))
    room.record(5, "for", "right")
    room.say(CHAIR, c.ConfirmBallot(room.poll, person))
    for restarted in (False, True):
        if restarted:
            room.rooms.forget()
        snapshot = room.writer.look(lambda session: room.rooms.snapshot(session, room.meeting.id)).result(10)
        assert snapshot is not None
        assert {seat: (b.choice, b.is_counted) for seat, b in snapshot.box.items()} == {5: ("for", True)}
    closed = room.say(CHAIR, c.ClosePoll(room.poll))
    assert closed.polls[0].count is not None
    assert dict(closed.polls[0].count.tally) == {"for": 1, "against": 0, "abstain": 0}


def test_a_confirmed_record_is_not_sent_back(room: Room) -> None:
    person = room.meeting.seats[4].representative
    room.record(5, "for", "n")
    room.say(CHAIR, c.ConfirmBallot(room.poll, person))
    with pytest.raises(Refused) as caught:
        room.say(CHAIR, c.DiscardBallot(room.poll, person))
    assert caught.value.refusal.code is RefusalCode.INVALID_TRANSITION


def test_nobody_but_the_chair_sends_a_record_back(room: Room) -> None:
    room.record(5, "for", "n")
    stranger = Actor("x", frozenset({Role.OBSERVER}))
    with pytest.raises(Refused):
        room.say(stranger, c.DiscardBallot(room.poll, room.meeting.seats[4].representative))
