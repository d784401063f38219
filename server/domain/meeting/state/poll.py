"""What is asked of the room, its ballots and its answer."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from server.domain.meeting.commands.words import Method, Nature, Option, Secrecy
from server.domain.meeting.events.question import NamedBallot, PartyTally
from server.domain.meeting.pass_rule import PassRule, Verdict
from server.domain.meeting.state.ways import HandsCount

PollState = Literal["open", "closed", "published", "void"]


@dataclass(frozen=True, slots=True)
class Count:
    """What the closing of a poll found."""

    tally: tuple[tuple[str, int], ...]
    participants: tuple[int, ...]
    silent: tuple[int, ...]
    ballots: tuple[NamedBallot, ...] | None
    parties: tuple[PartyTally, ...] | None
    verdict: Verdict
    hands: bool = False


@dataclass(frozen=True, slots=True)
class Poll:
    """表决: frozen at opening; ``base`` are the seats that count as present (R92), ``recused`` who stands aside."""

    id: str
    item: str
    text: str
    options: tuple[Option, ...]
    secrecy: Secrecy
    nature: Nature
    rule: PassRule
    entitled: frozenset[int]
    base: frozenset[int]
    opened_at: int
    state: PollState = "open"
    count: Count | None = None
    void_reason: str | None = None
    method: Method = "ballots"
    recused: frozenset[int] = frozenset()
    recused_present: frozenset[int] = frozenset()
    hands: HandsCount | None = None
    amendment: str | None = None
    paper: frozenset[int] = frozenset()
    may_change: bool = False

    @property
    def decides_motion(self) -> bool:
        """Whether its outcome is the item's: neither a sounding nor an amendment's poll decides the motion."""
        return self.nature != "sounding" and self.amendment is None


@dataclass(frozen=True, slots=True)
class Adoption:
    """An adoption without objection, shown as a result."""

    item: str
    text: str
    present: int
    entitled: int
    amendment: str | None = None


@dataclass(frozen=True, slots=True)
class Consent:
    """A question to the room that waits for its answer."""

    item: str
    text: str
    amendment: str | None = None


@dataclass(frozen=True, slots=True)
class Ballot:
    """选票 in the box: ``choice`` is None in a secret poll, ``revision`` the version of the first answer.

    ``is_discarded`` marks one that was sent back and is in no box any more.
    ``is_recorded`` when it was entered at the desk, ``is_counted`` false until the second person confirmed it.
    """

    seat: int
    choice: str | None
    nonce: str
    received_at: int
    revision: int
    is_recorded: bool = False
    is_counted: bool = True
    is_discarded: bool = False


@dataclass(frozen=True, slots=True)
class BallotBox:
    """The ballots of the open poll, kept beside the log; ``totals`` is filled in when a secret poll is closed.

    ``superseded`` maps seat and nonce of ballots changed or withdrawn to their versions: a late retry of one must not
    bring it back (R64, R66).
    """

    ballots: Mapping[int, Ballot] = field(default_factory=dict)
    totals: Mapping[str, int] | None = None
    superseded: Mapping[tuple[int, str], int] = field(default_factory=dict)


EMPTY_BOX = BallotBox()
