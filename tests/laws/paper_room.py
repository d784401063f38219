"""A meeting kept on paper: the rules, the log's lines and a box, without a database. It is the laws' model."""

from collections import Counter
from dataclasses import replace

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide import Decided, decide
from server.domain.meeting.evolve import evolve, fold
from server.domain.meeting.state import Ballot, BallotBox, Meeting
from server.domain.refusal import Refusal
from server.store.codec import read_line
from server.store.log import NO_FORMER_ROOT, LogEnd, chain
from tests.domain.cast import CALLED, NOON


class PaperRoom:
    """What the service does, said once more in the plainest way."""

    def __init__(self, called: e.MeetingCalled = CALLED) -> None:
        self.state = Meeting("m1")
        self.lines: list[str] = []
        self.end = LogEnd(-1, NO_FORMER_ROOT)
        self.revision = 0
        self.boxes: dict[str, dict[int, Ballot]] = {}
        self.choices: dict[str, dict[int, str]] = {}
        self.closed: list[e.PollClosed] = []
        self.former: dict[str, dict[tuple[int, str], int]] = {}
        self._write((called,), NOON)

    def send(self, command: c.RoomCommand, actor: Actor, now: int) -> Decided | Refusal:
        """Decide a command and keep what follows."""
        poll = getattr(command, "poll", "")
        totals = Counter(self.choices.get(poll, {}).values())
        decision = decide(
            command,
            self.state,
            actor,
            now,
            BallotBox(self.boxes.get(poll, {}), totals, self.former.get(poll, {})),
        )
        if isinstance(decision, Refusal) or decision.repeats is not None:
            return decision
        self.revision += 1
        if decision.superseded is not None and decision.poll is not None:
            gone = self.boxes[decision.poll].pop(decision.superseded)
            del self.choices[decision.poll][gone.seat]
            self.former.setdefault(decision.poll, {})[gone.seat, gone.nonce] = gone.revision
        if decision.ballot is not None and decision.poll is not None and decision.choice is not None:
            kept = replace(decision.ballot, revision=self.revision)
            self.boxes.setdefault(decision.poll, {})[kept.seat] = kept
            self.choices.setdefault(decision.poll, {})[decision.ballot.seat] = decision.choice
        if decision.confirmed is not None and decision.poll is not None:
            box = self.boxes[decision.poll]
            box[decision.confirmed] = replace(box[decision.confirmed], is_counted=True)
        if decision.discarded is not None and decision.poll is not None:
            del self.boxes[decision.poll][decision.discarded]
            del self.choices[decision.poll][decision.discarded]
        self._write(decision.events, now)
        return decision

    @property
    def box(self) -> dict[int, Ballot]:
        """The box of the last opened poll."""
        return self.boxes.get(self.state.polls[-1].id, {}) if self.state.polls else {}

    def replayed(self) -> Meeting:
        """Fold the lines as they are stored."""
        return fold(Meeting("m1"), [read_line(line) for line in self.lines])

    def _write(self, events: tuple[e.Event, ...], now: int) -> None:
        rows, self.end = chain(self.end, "m1", now, events)
        self.lines += [str(row["line"]) for row in rows]
        for event in events:
            if isinstance(event, e.PollClosed):
                self.closed.append(event)
            self.state = evolve(self.state, event, now)
