"""A sitting held through ``decide`` alone: five parties, five representatives, three items, a clock of its own."""

from dataclasses import dataclass, field

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide import Decided, decide
from server.domain.meeting.evolve import evolve
from server.domain.meeting.state import FIVE_PARTY_RULE, Ballot, BallotBox, Meeting
from server.domain.minutes.draft import DraftNames
from server.domain.minutes.record import MeetingRecord, record_of
from server.domain.refusal import Refusal

CHAIR = Actor("chair:lin", frozenset({Role.CHAIR}))
SECRETARY = Actor("secretary:zhou", frozenset({Role.SECRETARY}))
PARTIES = tuple(
    e.Party(f"party{order}", name, name[0], order)
    for order, name in enumerate(["小区管理单位", "物业", "社区", "邻长", "业主"], 1)
)
ITEMS = ("上次议定事项的办理情况", "新增健身器材放在哪里", "楼道灯更换")
NAMES = DraftNames(
    "金穗小区五方议事会",
    "2026年第3次会议",
    "小区议事长廊",
    "2026年3月20日19时至20时35分",
    "林平",
    "周文",
)
SHA256 = "9b" * 32


@dataclass
class Sitting:
    """Carries commands out one after the other; every act takes a second."""

    state: Meeting = field(default_factory=lambda: Meeting("m1"))
    log: list[tuple[e.Event, int]] = field(default_factory=list)
    now: int = 1_774_004_400_000
    box: dict[int, Ballot] = field(default_factory=dict)

    @property
    def record(self) -> MeetingRecord:
        """The record as far as the sitting has come."""
        return record_of(self.state.id, self.log)

    def append(self, *events: e.Event) -> None:
        """Take in events decided elsewhere."""
        for event in events:
            self.log.append((event, self.now))
            self.state = evolve(self.state, event, self.now)

    def attempt(self, command: c.Command, actor: Actor = CHAIR) -> Refusal | None:
        """Carry a command out if the rules allow it."""
        self.now += 1_000
        decision = decide(command, self.state, actor, self.now, BallotBox(self.box, self._totals(command)))
        if isinstance(decision, Refusal):
            return decision
        if decision.ballot is not None:
            self.box[decision.ballot.seat] = decision.ballot
        if isinstance(command, c.OpenPoll):
            self.box = {}
        self.append(*decision.events)
        assert isinstance(decision, Decided)
        return None

    def do(self, command: c.Command, actor: Actor = CHAIR) -> None:
        """Carry a command out; a refusal fails the test."""
        assert self.attempt(command, actor) is None

    def _totals(self, command: c.Command) -> dict[str, int] | None:
        if not isinstance(command, c.ClosePoll) or self.state.poll is None:
            return None
        return {"for": len(self.box)} if self.state.poll.secrecy == "secret" else None


def called() -> Sitting:
    """Return a meeting whose notice went out: a seat for each party, three items."""
    sitting = Sitting()
    seats = tuple(e.Seat(n, f"rep{n}", f"party{n}", "") for n in range(1, 6))
    items = tuple(e.Item(f"m1.i{n}", title) for n, title in enumerate(ITEMS, 1))
    sitting.append(e.MeetingCalled("c1", "five_party.v1", FIVE_PARTY_RULE, 180, PARTIES, seats, items))
    return sitting


def seat(number: int) -> Actor:
    """Return the representative of a seat."""
    return Actor(f"seat:{number}", frozenset({Role.REPRESENTATIVE}), number)


def opened(*present: int) -> Sitting:
    """Return an open meeting; without numbers everybody is there."""
    sitting = called()
    for number in present or range(1, 6):
        sitting.do(c.CheckIn(), seat(number))
    sitting.do(c.OpenMeeting())
    return sitting


def speak(sitting: Sitting, number: int, stance: c.Stance, seconds: int) -> None:
    """Let a representative ask for the floor and speak for so many seconds."""
    sitting.do(c.RequestFloor(stance), seat(number))
    sitting.do(c.GrantFloor())
    sitting.now += (seconds - 1) * 1_000
    sitting.do(c.YieldFloor())


def vote(sitting: Sitting, *choices: str, item: str = "m1.i2", text: str = "同意放置器材6件。") -> str:
    """Hold a named poll, seat 1 first, and publish it; return its id."""
    sitting.do(c.OpenPoll(item, text, "open"))
    poll = sitting.state.polls[-1].id
    for number, choice in enumerate(choices, 1):
        sitting.do(c.CastBallot(poll, choice, f"nonce-{number}-{poll}"), seat(number))
    sitting.do(c.ClosePoll(poll))
    sitting.do(c.PublishPoll(poll))
    return poll
