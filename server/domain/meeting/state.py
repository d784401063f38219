"""The meeting as it stands: frozen values folded from the log by ``evolve``."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from server.domain.meeting.commands import Nature, Option, Secrecy, Stance
from server.domain.meeting.events import NamedBallot, Party, PartyTally, Seat
from server.domain.meeting.pass_rule import Outcome, PassRule, Quorum, Verdict

# 五方协商 v1 (CONTRACT); a called meeting carries its own frozen rule.
FIVE_PARTY_RULE = PassRule("present", "2/3", True, Quorum("2/3", 1))

MeetingState = Literal["called", "open", "suspended", "closed"]
ItemState = Literal["pending", "current", "finished"]
PollState = Literal["open", "closed", "published", "void"]


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """议程项 as it stands: ``motion`` is the text put to the room, if any (P4), ``outcome`` what was decided.

    ``is_debated`` once its queue was closed.
    """

    id: str
    title: str
    minutes: int | None
    topic: str | None
    announced: bool
    state: ItemState = "pending"
    motion: str | None = None
    is_debated: bool = False
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """One hand that is up."""

    seat: int
    stance: Stance
    point_of_order: bool


@dataclass(frozen=True, slots=True)
class Speech:
    """The running turn; ``deadline`` is None while the meeting is suspended, ``remaining_ms`` then holds the rest.

    ``spoken_ms`` counts finished stretches, ``running_since`` begins the present one.
    """

    seat: int
    stance: Stance
    point_of_order: bool
    began_at: int
    allowance_seconds: int
    deadline: int | None
    running_since: int | None
    spoken_ms: int = 0
    remaining_ms: int | None = None


@dataclass(frozen=True, slots=True)
class Count:
    """What the closing of a poll found."""

    tally: tuple[tuple[str, int], ...]
    participants: tuple[int, ...]
    silent: tuple[int, ...]
    ballots: tuple[NamedBallot, ...] | None
    parties: tuple[PartyTally, ...] | None
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Poll:
    """表决: frozen at opening; ``base`` are the seats that count as present (R92)."""

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


@dataclass(frozen=True, slots=True)
class Adoption:
    """An adoption without objection, shown as a result."""

    item: str
    text: str
    present: int
    entitled: int


@dataclass(frozen=True, slots=True)
class Consent:
    """A question to the room that waits for its answer."""

    item: str
    text: str


@dataclass(frozen=True, slots=True)
class DraftedTask:
    """办理事项 as it was said in the room."""

    id: str
    text: str
    accountable: str
    post: str
    due: str


@dataclass(frozen=True, slots=True)
class Resolution:
    """决议 with its tasks; ``void`` after its poll was declared void."""

    id: str
    number: int
    item: str
    poll: str | None
    text: str
    sentence: str
    void: bool = False
    tasks: tuple[DraftedTask, ...] = ()


@dataclass(frozen=True, slots=True)
class Signature:
    """One signatory's answer to the minutes."""

    signatory: str
    answer: str
    sha256: str
    text: str
    drawing: str
    by: str
    signed_at: int


@dataclass(frozen=True, slots=True)
class MinutesMilestones:
    """How far the minutes have come; the text itself lives in a table."""

    state: Literal["draft", "signing", "published"] = "draft"
    sha256: str = ""
    signatories: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] = ()
    published_at: int | None = None


@dataclass(frozen=True, slots=True)
class Meeting:
    """一次议事会. ``attended`` remembers who was ever there, for the signature list.

    ``at_desk`` are those the desk checked in: most likely they have no phone of their own.
    """

    id: str
    council: str = ""
    procedure: str = ""
    rule: PassRule = FIVE_PARTY_RULE
    speaking_seconds: int = 180
    parties: tuple[Party, ...] = ()
    seats: tuple[Seat, ...] = ()
    seat_of: Mapping[str, int] = field(default_factory=dict)
    items: tuple[AgendaItem, ...] = ()
    state: MeetingState = "called"
    opened_at: int | None = None
    suspended_at: int | None = None
    closed_at: int | None = None
    present: frozenset[int] = frozenset()
    attended: frozenset[int] = frozenset()
    excused: frozenset[int] = frozenset()
    at_desk: frozenset[int] = frozenset()
    queue_open: bool = False
    waiting: tuple[Waiting, ...] = ()
    speech: Speech | None = None
    polls: tuple[Poll, ...] = ()
    is_poll_shown: bool = False
    adoption: Adoption | None = None
    consent: Consent | None = None
    resolutions: tuple[Resolution, ...] = ()
    tasks: int = 0
    minutes: MinutesMilestones = MinutesMilestones()

    def seat(self, number: int) -> Seat:
        """Return the seat with this number."""
        return self.seats[number - 1]

    def party(self, party_id: str) -> Party:
        """Return the party with this id."""
        for party in self.parties:
            if party.id == party_id:
                return party
        raise KeyError(party_id)

    def item(self, item_id: str) -> AgendaItem | None:
        """Return the agenda item with this id, if there is one."""
        return next((item for item in self.items if item.id == item_id), None)

    @property
    def current_item(self) -> AgendaItem | None:
        """The item under discussion, if any."""
        return next((item for item in self.items if item.state == "current"), None)

    @property
    def poll(self) -> Poll | None:
        """The last opened poll until the next item begins (CONTRACT, panel ``poll``)."""
        return self.polls[-1] if self.is_poll_shown else None

    def find_poll(self, poll_id: str) -> Poll | None:
        """Return any poll this meeting ever opened; the newest is asked for most."""
        for poll in reversed(self.polls):
            if poll.id == poll_id:
                return poll
        return None

    def with_poll(self, poll: Poll) -> tuple[Poll, ...]:
        """Return the polls with this one in place of its former self."""
        return tuple(poll if former.id == poll.id else former for former in self.polls)

    @property
    def has_open_question(self) -> bool:
        """Whether a poll or a consent waits for its answer."""
        return self.consent is not None or (self.poll is not None and self.poll.state == "open")


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
    """The ballots of the open poll, kept beside the log; ``totals`` is filled in when a secret poll is closed."""

    ballots: Mapping[int, Ballot] = field(default_factory=dict)
    totals: Mapping[str, int] | None = None


EMPTY_BOX = BallotBox()
