"""Facts of what was asked of the room and what it answered."""

from dataclasses import dataclass

from server.domain.meeting.commands.words import HandCount, Method, Nature, Option, Secrecy
from server.domain.meeting.pass_rule import PassRule, Verdict


@dataclass(frozen=True, slots=True)
class PollOpened:
    """Text, options, rule and the entitled list, frozen (R59, R60).

    ``recused`` are seats that stand aside, ``recused_present`` those of them that are there; ``counted`` is how many
    were counted in the room before the question (P5).
    """

    poll: str
    item: str
    text: str
    options: tuple[Option, ...]
    secrecy: Secrecy
    nature: Nature
    rule: PassRule
    entitled: tuple[int, ...]
    present: tuple[int, ...]
    method: Method = "ballots"
    recused: tuple[int, ...] = ()
    recused_present: tuple[int, ...] = ()
    counted: int | None = None
    amendment: str | None = None
    may_change: bool = False


@dataclass(frozen=True, slots=True)
class NamedBallot:
    """Who chose what in an open poll; ``on_paper`` when it was entered at the desk."""

    seat: int
    choice: str
    on_paper: bool


@dataclass(frozen=True, slots=True)
class PartyTally:
    """One party's figures of a closed open poll."""

    party: str
    entitled: int
    present: int
    cast: int
    tally: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PollClosed:
    """The count: totals always, seats and choices (sorted by seat) only in open polls, silent and discarded seats.

    After a show of hands nobody is named: ``hands`` holds what was counted.
    """

    poll: str
    tally: tuple[tuple[str, int], ...]
    participants: tuple[int, ...]
    silent: tuple[int, ...]
    discarded: tuple[int, ...]
    ballots: tuple[NamedBallot, ...] | None
    parties: tuple[PartyTally, ...] | None
    verdict: Verdict
    hands: tuple[HandCount, ...] | None = None


@dataclass(frozen=True, slots=True)
class PollPublished:
    """The result was shown to all."""

    poll: str


@dataclass(frozen=True, slots=True)
class PollVoided:
    """The poll counts for nothing, with the reason."""

    poll: str
    reason: str


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """The chair asked whether anybody objects."""

    item: str
    text: str
    amendment: str | None = None


@dataclass(frozen=True, slots=True)
class ConsentRecorded:
    """The room's answer; without objection the text is adopted."""

    item: str
    text: str
    objection: bool
    present: int
    entitled: int
    amendment: str | None = None


QuestionEvent = PollOpened | PollClosed | PollPublished | PollVoided | ConsentAsked | ConsentRecorded

QUESTION_TYPES: dict[str, type[QuestionEvent]] = {
    "poll.opened": PollOpened,
    "poll.closed": PollClosed,
    "poll.published": PollPublished,
    "poll.voided": PollVoided,
    "consent.asked": ConsentAsked,
    "consent.recorded": ConsentRecorded,
}
