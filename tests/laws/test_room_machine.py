"""The whole room as a state machine: 200 meetings of 100 steps, every law looked at after every step (DESIGN §4)."""

from typing import Any, ClassVar

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting.events import EVENT_TYPES
from server.domain.refusal import Refusal
from server.screens import whole
from server.screens.whole import SCREENS
from tests.domain.cast import NOON, REPRESENTATIVES
from tests.laws.history import AMENDING, PRELUDE, anything, step
from tests.laws.paper_room import PaperRoom
from tests.laws.test_rules import check_direction, check_sense
from tests.laws.test_screens import view

MEETINGS, STEPS = 200, 100
# A draw of three bytes wanders better than an integer, which is drawn near nought too often.
DRAWN = st.binary(min_size=3, max_size=3)


class WholeRoom(RuleBasedStateMachine):
    """A meeting on paper, a wall that is drawn from changes alone, and a clock."""

    steps = 0
    meetings = 0
    happened: ClassVar[set[str]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.room = PaperRoom()
        self.now = NOON
        self.before = self.room.state
        self.drawn = whole.draw(view(self.room.state, self.room.box))
        self.screens: dict[str, dict[str, Any]] = {kind: dict(self.drawn.screens[kind]) for kind in SCREENS}
        self.accepted: dict[tuple[str, int], tuple[c.CastBallot, int]] = {}

    @initialize(is_early=st.booleans(), is_amended=st.booleans())
    def gather(self, is_early: bool, is_amended: bool) -> None:
        """Half of the meetings begin before anybody came, a quarter with amendments and ideas."""
        for command, actor in () if is_early else (*PRELUDE, *(AMENDING if is_amended else ())):
            assert not isinstance(self.room.send(command, actor, self.now), Refusal)

    @rule(drawn=DRAWN, seconds=st.integers(0, 60))
    def happens(self, drawn: bytes, seconds: int) -> None:
        """Somebody does what one does in a hall at that moment; one time in eight something odd."""
        self.now += seconds * 1000
        self._send(*step(self.room.state, drawn))

    @rule(drawn=DRAWN, number=st.integers(0, 2**16))
    def happens_out_of_turn(self, drawn: bytes, number: int) -> None:
        """Somebody tries what is most often refused, and the meeting goes on."""
        self._send(*anything(number))
        self._send(*step(self.room.state, drawn))

    @precondition(lambda self: self.accepted)
    @rule(drawn=DRAWN)
    def is_asked_again(self, drawn: bytes) -> None:
        """A phone whose answer was lost asks again and gets the first one (R64)."""
        accepted = sorted(self.accepted.items())
        (_, seat), (command, revision) = accepted[int.from_bytes(drawn) % len(accepted)]
        again = self.room.send(command, REPRESENTATIVES[seat - 1], self.now)
        assert not isinstance(again, Refusal)
        assert again.repeats == revision

    @rule(drawn=DRAWN)
    def is_told(self, drawn: bytes) -> None:
        """Something happens, and the screens take what changed since they were last told."""
        self._send(*step(self.room.state, drawn))
        self.drawn = whole.draw(view(self.room.state, self.room.box), self.room.revision, self.drawn)
        for kind in SCREENS:
            self.screens[kind] = whole.apply(
                self.screens[kind], whole.changes(self.screens[kind], self.drawn.screens[kind])
            )
            assert self.screens[kind] == self.drawn.screens[kind]

    def _send(self, command: c.RoomCommand, actor: Actor) -> None:
        WholeRoom.steps += 1
        room = self.room
        stood = (room.state, list(room.lines), dict(room.box), room.revision)
        decision = room.send(command, actor, self.now)
        if isinstance(decision, Refusal) or decision.repeats is not None:
            assert (room.state, room.lines, dict(room.box), room.revision) == stood
        else:
            assert room.revision == stood[3] + 1
            if isinstance(command, c.CastBallot) and decision.ballot is not None:
                self.accepted[command.poll, decision.ballot.seat] = (command, room.revision)

    @invariant()
    def makes_sense(self) -> None:
        """Every state is one a meeting can be in, and was reached forwards."""
        check_sense(self.room.state)
        check_direction(self.before, self.room.state)
        self.before = self.room.state

    @invariant()
    def keeps_an_open_box_shut(self) -> None:
        """While a poll is open its panels say how many voted, and nothing of what."""
        poll = self.room.state.poll
        if poll is not None and poll.state == "open":
            drawn = whole.draw(view(self.room.state, self.room.box)).screens
            for kind in SCREENS:
                assert drawn[kind]["result"] is None
                assert "tally" not in drawn[kind]["poll"]

    def teardown(self) -> None:
        """What is in memory is what the lines say; who has voted was counted once."""
        WholeRoom.meetings += 1
        WholeRoom.happened |= {line.split('"type":"')[1].split('"')[0] for line in self.room.lines}
        assert self.room.replayed() == self.room.state
        for closed in self.room.closed:
            raised = None if closed.hands is None else sum(one.count for one in closed.hands)
            cast = len(closed.participants) if raised is None else raised
            assert sum(count for _, count in closed.tally) == cast <= closed.verdict.entitled


def test_two_hundred_meetings_of_a_hundred_steps_keep_every_law() -> None:
    WholeRoom.steps = WholeRoom.meetings = 0
    WholeRoom.happened.clear()
    run_state_machine_as_test(
        WholeRoom,
        settings=settings(
            settings.default,
            max_examples=max(MEETINGS, settings.default.max_examples // 10),  # type: ignore[union-attr]
            stateful_step_count=STEPS + 20,  # a run may end early
        ),
    )
    assert WholeRoom.meetings >= MEETINGS
    assert WholeRoom.steps >= MEETINGS * STEPS
    # A machine that never gets anywhere would prove nothing.
    assert {
        kind for kind in set(EVENT_TYPES) - WholeRoom.happened if not kind.startswith("minutes.")
    } == set()
