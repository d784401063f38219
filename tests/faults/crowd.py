"""Eight voters at a time, each waiting for the answer to its last wish before the next one votes."""

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from server.domain.meeting import commands as c
from tests.faults.ground import CHOICES, Room
from tests.faults.hall_process import Answer, HallProcess, Sent
from tests.faults.oracle import History

AT_ONCE = 8


@dataclass(slots=True)
class Crowd:
    """The people of one room; the last seat comes and goes at the secretary's desk, so that events are written too."""

    room: Room
    history: History
    number: int = 1
    under_way: dict[str, Sent] = field(default_factory=dict)

    @property
    def voters(self) -> range:
        return range(1, len(self.room.seats))

    def open_poll(self, hall: HallProcess) -> str:
        """Open the room's next poll; returns its id."""
        opened = hall.ask([self.room.opens()])
        assert set(map(type, opened.values())) == {int}, opened
        return self.room.poll(self.number)

    def wishes(self, poll: str) -> Iterator[Sent]:
        """Ballots with comings and goings between them, and only those once everybody has voted."""
        for seat in self.voters:
            choice = CHOICES[(seat * 7 + self.number) % 3]
            sent = self.room.casts(seat, poll, choice)
            self.history.attempted[poll, seat] = (choice, f"{poll}.{seat}")
            yield sent
            if seat % AT_ONCE == 0:
                yield self._comes_or_goes(seat // AT_ONCE)
        seat = 0
        while True:
            seat += 1
            yield self._comes_or_goes(seat)

    def _comes_or_goes(self, step: int) -> Sent:
        who = self.room.representatives[-1]
        return self.room.secretary_wishes(c.Leave(who) if step % 2 else c.CheckIn(who))

    def vote_until(self, hall: HallProcess, poll: str, is_over: Callable[[], bool]) -> None:
        """Keep eight wishes under way until the time is up or the hall is dead."""
        wishes = self.wishes(poll)
        self._send(hall, list(islice(wishes, AT_ONCE)))
        while not is_over():
            answers = hall.hear(0.002)
            if answers is None:
                return
            self.note_all(answers)
            self._send(hall, list(islice(wishes, len(answers))))

    def _send(self, hall: HallProcess, wishes: list[Sent]) -> None:
        if wishes:
            self.under_way.update({wish.command_id: wish for wish in wishes})
            hall.send(wishes)

    def note_all(self, answers: Iterable[tuple[str, Answer]]) -> None:
        """Write answers into the history."""
        for command_id, answer in answers:
            command = self.under_way.pop(command_id).command
            if not isinstance(answer, int):
                assert answer in ("ALREADY_PRESENT", "NOT_PRESENT"), answer
            elif isinstance(command, c.CastBallot):
                self.history.acknowledged.add((command.poll, int(command.nonce.rpartition(".")[2])))
            else:
                self.history.commands.add(command_id)

    def settle(self, hall: HallProcess, poll: str) -> float:
        """Everybody without an answer asks again under the same nonce; returns how long it took (I4)."""
        started = time.monotonic()
        again = []
        for seat in self.voters:
            if (poll, seat) in self.history.acknowledged and seat % 10:
                continue  # a tenth of those who know ask all the same
            choice = CHOICES[(seat * 7 + self.number) % 3]
            self.history.attempted[poll, seat] = (choice, f"{poll}.{seat}")
            again.append(self.room.casts(seat, poll, choice))
        self.under_way = {wish.command_id: wish for wish in again}
        self.note_all(hall.ask(again).items())
        assert not self.under_way, "no definite answer"
        return time.monotonic() - started

    def close_poll(self, hall: HallProcess, poll: str) -> None:
        closed = hall.ask([self.room.chair_wishes(c.ClosePoll(poll))])
        assert set(map(type, closed.values())) == {int}, closed
