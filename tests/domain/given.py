"""given(events).when(command, actor).then(events | refusal): rules read like minutes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from server.domain.actor import Actor
from server.domain.meeting import events as e
from server.domain.meeting.commands import Command
from server.domain.meeting.decide import Decided, Decision, decide
from server.domain.meeting.evolve import fold
from server.domain.meeting.state import EMPTY_BOX, Ballot, BallotBox, Meeting
from server.domain.refusal import Fact, Refusal, RefusalCode
from tests.domain.cast import CALLED, NOON


@dataclass(frozen=True, slots=True)
class Answer:
    """What a command met with."""

    decision: Decision
    state: Meeting

    def then(self, *events: e.Event) -> Meeting:
        """Exactly these events happen and nothing is written beside them; returns the meeting afterwards."""
        assert self.decision == Decided(events)
        return fold(self.state, ((event, NOON) for event in events))

    def then_refused(self, code: RefusalCode, **facts: Fact) -> None:
        """The refusal bears this code and at least these facts."""
        assert isinstance(self.decision, Refusal), self.decision
        assert self.decision.code == code, self.decision
        assert {name: self.decision.facts.get(name) for name in facts} == facts

    def granted(self) -> Decided:
        """The wish was granted; returns what is to be written."""
        assert isinstance(self.decision, Decided), self.decision
        return self.decision


@dataclass(frozen=True, slots=True)
class Given:
    """A meeting as told by its events, and the box of its last poll."""

    state: Meeting
    box: BallotBox = EMPTY_BOX

    def with_ballots(self, *ballots: Ballot, totals: Mapping[str, int] | None = None) -> "Given":
        return replace(self, box=BallotBox({one.seat: one for one in ballots}, totals))

    def when(self, command: Command, actor: Actor, now: int = NOON) -> Answer:
        return Answer(decide(command, self.state, actor, now, self.box), self.state)


def given(*events: e.Event, at: int = NOON, called: e.MeetingCalled = CALLED) -> Given:
    """The meeting was called and then all this happened, at one instant."""
    return Given(fold(Meeting("m1"), ((event, at) for event in (called, *events))))
