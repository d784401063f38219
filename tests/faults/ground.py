"""A database of open meetings whose people are all there and signed in, and what they wish."""

import itertools
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from server.domain.meeting import commands as c
from server.service.access.sessions import redeem_ticket
from server.service.clock import now_ms
from server.service.room.wishes import Wish
from server.service.samples.halls import SampleMeeting, add_sample_area, add_sample_meeting
from server.store.migrations import migrate
from server.store.writer import Unit
from tests.faults.hall_process import Answer, Hall, Sent, build

CHOICES = ("for", "against", "abstain")
_IDS = itertools.count()


@dataclass(frozen=True, slots=True)
class Room:
    """One open meeting at its first item; sessions of chair, secretary and seats (counted from 1)."""

    meeting: str
    chair: str
    secretary: str
    seats: Sequence[str]
    representatives: Sequence[str]

    def chair_wishes(self, command: c.RoomCommand) -> Sent:
        return Sent(self.chair, self.meeting, new_command(), command)

    def secretary_wishes(self, command: c.RoomCommand) -> Sent:
        return Sent(self.secretary, self.meeting, new_command(), command)

    def casts(self, seat: int, poll: str, choice: str, nonce: str = "") -> Sent:
        """A ballot; the same nonce again is the same ballot."""
        ballot = c.CastBallot(poll, choice, nonce or f"{poll}.{seat}")
        return Sent(self.seats[seat - 1], self.meeting, new_command(), ballot)

    def opens(self) -> Sent:
        """The meeting's next poll; the n-th has the id ``poll(n)``."""
        return self.chair_wishes(c.OpenPoll(f"{self.meeting}.i1", "是否更换楼道灯", secrecy="open"))

    def poll(self, number: int) -> str:
        return f"{self.meeting}.p{number}"


def new_command() -> str:
    """A command id nobody used before in this run."""
    return f"c{next(_IDS)}"


def prepare(data: Path, meetings: int, seats: int) -> list[Room]:
    """Write meetings that are open, with everybody checked in and the first item current."""
    data.mkdir(parents=True)
    answers: dict[str, Answer] = {}
    hall = build(data, answers.update, now_ms)
    migrate(hall.database)
    hall.writer.start()
    try:
        area = _run(hall, add_sample_area)
        rooms = [_settle_in(hall, area, number, seats) for number in range(1, meetings + 1)]
        _open(hall, rooms)
    finally:
        hall.writer.close()
        hall.database.close()
    assert all(isinstance(answer, int) for answer in answers.values()), answers
    return rooms


def _run(hall: Hall, run: Any) -> Any:
    done: Future[Any] = hall.writer.submit(run)
    return done.result(60)


def _settle_in(hall: Hall, area: str, number: int, seats: int) -> Room:
    now = now_ms()

    def settle_in(unit: Unit) -> tuple[SampleMeeting, list[str]]:
        sample = add_sample_meeting(unit, hall.rooms, now, area, number, seats)
        unit.session.flush()
        tickets = (sample.chair, sample.secretary, *(seat.ticket for seat in sample.seats))
        return sample, [redeem_ticket(unit, now, ticket).signed_in.session for ticket in tickets]

    sample, sessions = _run(hall, settle_in)
    return Room(
        sample.id, sessions[0], sessions[1], sessions[2:], [seat.representative for seat in sample.seats]
    )


def _open(hall: Hall, rooms: Sequence[Room]) -> None:
    for room in rooms:
        sent = [Sent(session, room.meeting, new_command(), c.CheckIn()) for session in room.seats]
        sent += [room.chair_wishes(c.OpenMeeting()), room.chair_wishes(c.BeginItem(f"{room.meeting}.i1"))]
        hall.writer.wish_all(
            [Wish(w.session, w.meeting, w.command_id, w.command, w.command_id) for w in sent]
        )
    _run(hall, lambda unit: None)  # whatever was queued before is settled
