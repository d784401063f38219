"""Counting a box (计票): totals always, per party and seat only in open polls."""

from collections import Counter
from dataclasses import replace

from server.domain.meeting.events import NamedBallot, PartyTally, PollClosed
from server.domain.meeting.pass_rule import PartyCount, judge
from server.domain.meeting.state import BallotBox, HandsCount, Meeting, Poll


def count_poll(meeting: Meeting, poll: Poll, box: BallotBox) -> PollClosed:
    """Count a poll once, at its close; unconfirmed records are discarded and listed.

    Secret polls need ``box.totals`` (option → count) and yield neither seats with choices nor party tallies.
    """
    counted = {seat: ballot for seat, ballot in box.ballots.items() if ballot.is_counted}
    discarded = tuple(sorted(set(box.ballots) - set(counted)))
    silent = tuple(sorted(poll.entitled - set(counted)))
    named = None
    if poll.secrecy == "open":
        named = tuple(
            NamedBallot(seat, ballot.choice or "", ballot.is_recorded)
            for seat, ballot in sorted(counted.items())
        )
        totals = Counter(ballot.choice for ballot in named)
    else:
        totals = Counter(dict(box.totals or {}))
    tally = tuple((option.id, totals[option.id]) for option in poll.options)
    counts = _party_counts(meeting, poll, named, tuple(counted))
    parties = None
    if named is not None:
        parties = tuple(
            PartyTally(c.party, c.entitled, c.present, c.cast, tuple(c.tally.items())) for c in counts
        )
    verdict = judge(poll.rule, dict(tally), counts)
    return PollClosed(poll.id, tally, tuple(sorted(counted)), silent, discarded, named, parties, verdict)


def count_hands(meeting: Meeting, poll: Poll, hands: HandsCount) -> PollClosed:
    """Judge counted hands by the same rule as ballots; by party only where they were counted so (R78)."""
    totals: Counter[str] = Counter()
    by_party: Counter[tuple[str, str]] = Counter()
    for one in hands.counts:
        totals[one.option] += one.count
        if one.party is not None:
            by_party[one.party, one.option] += one.count
    counts = tuple(
        replace(
            count,
            cast=sum(by_party[count.party, option.id] for option in poll.options),
            tally={option.id: by_party[count.party, option.id] for option in poll.options},
        )
        for count in _party_counts(meeting, poll, None, ())
    )
    parties = None
    if by_party:
        parties = tuple(
            PartyTally(c.party, c.entitled, c.present, c.cast, tuple(c.tally.items())) for c in counts
        )
    tally = tuple((option.id, totals[option.id]) for option in poll.options)
    verdict = judge(poll.rule, dict(tally), counts)
    return PollClosed(poll.id, tally, (), (), (), None, parties, verdict, hands.counts)


def _party_counts(
    meeting: Meeting, poll: Poll, named: tuple[NamedBallot, ...] | None, participants: tuple[int, ...]
) -> tuple[PartyCount, ...]:
    party_of = {seat.number: seat.party for seat in meeting.seats}
    entitled = Counter(party_of[seat] for seat in poll.entitled)
    present = Counter(party_of[seat] for seat in poll.base)
    cast = Counter(party_of[seat] for seat in participants)
    choices = Counter((party_of[ballot.seat], ballot.choice) for ballot in named or ())
    recused = Counter(party_of[seat] for seat in poll.recused)
    recused_present = Counter(party_of[seat] for seat in poll.recused_present)
    return tuple(
        PartyCount(
            party.id,
            entitled[party.id],
            present[party.id],
            cast[party.id],
            {option.id: choices[party.id, option.id] for option in poll.options},
            recused[party.id],
            recused_present[party.id],
        )
        for party in meeting.parties
    )
