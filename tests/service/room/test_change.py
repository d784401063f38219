"""A ballot changed or withdrawn where the procedure allows it: the box, the file, and a server that starts again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.poll import STANDARD_OPTIONS
from server.service.samples.past import CHAIR, representative
from server.store.ballots import read_box, read_superseded
from server.store.writer import Unit
from tests.service.room.test_keeper import MOTION, NOW, Room


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    made = Room(tmp_path)
    made.say(CHAIR, c.VoidPoll(made.poll, "换一种办法"))
    made.poll = f"{made.meeting.id}.p2"
    seats = tuple(range(1, 6))
    opened = e.PollOpened(
        made.poll, f"{made.meeting.id}.i1", MOTION, STANDARD_OPTIONS, "open", "deliberative",
        made.say(representative(1), c.Leave()).rule, seats, seats, may_change=True,
    )  # fmt: skip
    made.say(representative(1), c.CheckIn())
    made.writer.submit(lambda unit: made.rooms.append(unit, made.meeting.id, NOW, [opened])).result(10)
    yield made
    made.writer.close()
    made.database.close()


@pytest.mark.rule("R66", "R64")
@pytest.mark.parametrize("restarts", [False, True])
def test_the_last_ballot_counts_and_former_ones_stay_on_file(room: Room, restarts: bool) -> None:
    def cast(seat: int, choice: str, nonce: str) -> None:
        room.say(representative(seat), c.CastBallot(room.poll, choice, nonce))
        if restarts:
            room.rooms.forget()

    cast(1, "for", "one")
    cast(1, "against", "two")
    cast(1, "for", "one")  # a late retry of the first
    cast(2, "for", "three")
    room.say(representative(2), c.WithdrawBallot(room.poll))
    cast(2, "for", "three")
    cast(3, "for", "four")
    with room.database.reader() as session:
        box = read_box(session, room.poll)
        assert {seat: ballot.choice for seat, ballot in box.items()} == {1: "against", 3: "for"}
        assert set(read_superseded(session, room.poll)) == {(1, "one"), (2, "three")}
    state = room.say(CHAIR, c.ClosePoll(room.poll))
    count = state.polls[-1].count
    assert count is not None
    assert dict(count.tally) == {"for": 1, "against": 1, "abstain": 0}
    assert count.silent == (2, 4, 5)


@pytest.mark.rule("R66")
def test_one_transaction_may_hold_a_ballot_and_its_change(room: Room) -> None:
    def twice(unit: Unit) -> None:
        for choice, nonce in (("for", "one"), ("abstain", "two")):
            room.rooms.decide(
                unit, room.meeting.id, representative(1), c.CastBallot(room.poll, choice, nonce), NOW
            )

    room.writer.submit(twice).result(10)
    with room.database.reader() as session:
        assert read_box(session, room.poll)[1].choice == "abstain"
        assert set(read_superseded(session, room.poll)) == {(1, "one")}
