"""What the notice froze: parties, seats, items, the procedure."""

from dataclasses import dataclass

from server.domain.meeting.pass_rule import PassRule
from server.domain.meeting.rules import PLAIN_POLL_RULES, PLAIN_SPEAKING_RULES, PollRules, SpeakingRules


@dataclass(frozen=True, slots=True)
class Party:
    """方: a side of the council; ``mark`` is the character on its sign, ``order`` its place (1…7)."""

    id: str
    name: str
    mark: str
    order: int


@dataclass(frozen=True, slots=True)
class Seat:
    """One right to speak and vote: number within the meeting, its representative and party, a salted name hash."""

    number: int
    representative: str
    party: str
    name_hash: str


@dataclass(frozen=True, slots=True)
class Item:
    """An agenda item as announced; ``minutes`` planned, ``topic`` the number of the topic it came from."""

    id: str
    title: str
    minutes: int | None = None
    topic: str | None = None


@dataclass(frozen=True, slots=True)
class MeetingCalled:
    """The notice went out: agenda, seats and procedure are frozen (T49)."""

    council: str
    procedure: str
    rule: PassRule
    speaking_seconds: int
    parties: tuple[Party, ...]
    seats: tuple[Seat, ...]
    items: tuple[Item, ...]
    speaking_rules: SpeakingRules = PLAIN_SPEAKING_RULES
    poll_rules: PollRules = PLAIN_POLL_RULES


CALLED_TYPES: dict[str, type[MeetingCalled]] = {
    "meeting.called": MeetingCalled,
}
