"""The panels of deciding: poll, result, resolutions, me (CONTRACT, panels; secrecy S38)."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from server.domain.meeting.sentence import consent_sentence, poll_sentence, seal_of, threshold_words
from server.domain.meeting.state import Adoption, Ballot, Meeting, Poll
from server.screens.card import RoomCard
from server.screens.ideas import my_ideas
from server.screens.motions import asked_amendment
from server.screens.panels import Panel, party_sign
from server.screens.ways import dissents_of, hands_figures, seats_named


def poll_panel(state: Meeting, ballots: Mapping[int, Ballot], shown_cast: int | None) -> Panel:
    """Return the panel ``poll``: turnout only, never a count per option while it is open.

    ``shown_cast`` replaces the turnout of an open secret poll, which moves at steps of five seconds (S38).
    """
    poll = state.poll
    if poll is None:
        return None
    cast = cast_count(poll, ballots)
    if poll.secrecy == "secret" and poll.state == "open" and shown_cast is not None:
        cast = shown_cast
    return {
        "id": poll.id,
        "item": poll.item,
        "state": poll.state,
        "text": poll.text,
        "options": [{"id": option.id, "text": option.text} for option in poll.options],
        "secrecy": poll.secrecy,
        "nature": poll.nature,
        "entitled": len(poll.entitled),
        "present": len(poll.base),
        "cast": cast,
        "rule": threshold_words(poll.rule, recused=bool(poll.recused)),
        "opened_at": poll.opened_at,
        "void_reason": poll.void_reason,
        "amendment": asked_amendment(state, poll.amendment),
        "parties": _turnout_by_party(state, poll, ballots) if poll.secrecy == "open" else None,
        "method": poll.method,
        "recused": sorted(poll.recused),
        "paper": sorted(poll.paper),
        "may_change": poll.may_change,
    }


def cast_count(poll: Poll, ballots: Mapping[int, Ballot]) -> int:
    """Return how many ballots count: from the closing once there is one, else from the box."""
    if poll.count is not None:
        return poll.count.verdict.cast
    return sum(ballot.is_counted for ballot in ballots.values())


def _turnout_by_party(state: Meeting, poll: Poll, ballots: Mapping[int, Ballot]) -> list[dict[str, Any]]:
    if poll.count is not None:
        voted = poll.count.participants
    else:
        voted = tuple(seat for seat, ballot in ballots.items() if ballot.is_counted)
    party_of = [seat.party for seat in state.seats]
    cast = Counter(party_of[seat - 1] for seat in voted)
    if poll.count is not None and poll.count.hands and poll.count.parties is not None:
        cast = Counter({row.party: row.cast for row in poll.count.parties})
    entitled = Counter(party_of[seat - 1] for seat in poll.entitled)
    present = Counter(party_of[seat - 1] for seat in poll.base)
    return [
        {
            **party_sign(party),
            "entitled": entitled[party.id],
            "present": present[party.id],
            "cast": cast[party.id],
        }
        for party in state.parties
    ]


def desk_figures(state: Meeting, ballots: Mapping[int, Ballot], card: RoomCard) -> dict[str, Any]:
    """Return what the console adds to an open named poll: records to confirm, and who has not voted (R69).

    ``at_desk`` tells whom the desk checked in: they are the ones a ballot is most likely recorded for.
    """
    poll = state.poll
    if poll is not None and poll.method == "hands":
        return {"unconfirmed": [], "silent": [], "hands": hands_figures(state, poll, card)}
    if poll is None or poll.secrecy == "secret" or poll.state != "open":
        return {"unconfirmed": [], "silent": []}
    waiting = sorted(seat for seat, ballot in ballots.items() if not ballot.is_counted)
    silent = sorted(poll.base - ballots.keys())
    return {
        "unconfirmed": [
            {**person, "choice": ballots[person["seat"]].choice} for person in _people(state, card, waiting)
        ],
        "silent": [
            {**person, "at_desk": person["seat"] in state.at_desk} for person in _people(state, card, silent)
        ],
    }


def _people(state: Meeting, card: RoomCard, seats: Iterable[int]) -> Iterator[dict[str, Any]]:
    """Yield who sits where, told apart from others of the same name by party and number."""
    parties = {party.id: party.name for party in state.parties}
    for seat in seats:
        holder = state.seat(seat)
        yield {
            "representative": holder.representative,
            "seat": seat,
            "name": card.name(seat),
            "party": parties[holder.party],
        }


def result_panel(state: Meeting, card: RoomCard, *, sees_closed: bool) -> Panel:
    """Return the panel ``result``: the last published one; the console sees it from ``closed``.

    Party tallies and the list of who chose what exist in open polls alone (S24, P13). ``entitled``, ``present`` and
    ``cast`` are the poll's own figures, so that the silent are told in secret polls too.
    """
    if state.adoption is not None:
        return _adopted(state.adoption)
    poll = state.poll
    if poll is None or poll.count is None:
        return None
    if poll.state != "published" and not (sees_closed and poll.state == "closed"):
        return None
    return {
        "poll": poll.id,
        "item": poll.item,
        "text": poll.text,
        "tally": dict(poll.count.tally),
        "entitled": poll.count.verdict.entitled,
        "present": poll.count.verdict.present,
        "cast": poll.count.verdict.cast,
        "options": [{"id": option.id, "text": option.text} for option in poll.options],
        "parties": _tally_by_party(state, poll),
        "ballots": _named_ballots(state, poll, card),
        "nature": poll.nature,
        "secrecy": poll.secrecy,
        "outcome": poll.count.verdict.outcome,
        "seal": seal_of(poll.nature, poll.count.verdict.outcome),
        "sentence": poll_sentence(state, poll),
        "method": poll.method,
        "hands": hands_figures(state, poll, card),
        "recused": seats_named(state, card, poll.recused),
        "dissents": dissents_of(state, poll, card),
    }


def _adopted(adoption: Adoption) -> dict[str, Any]:
    """Return a result without a poll: nobody objected (无异议)."""
    return {
        "poll": None,
        "item": adoption.item,
        "text": adoption.text,
        "tally": {},
        "entitled": adoption.entitled,
        "present": adoption.present,
        "cast": 0,
        "options": [],
        "parties": None,
        "ballots": None,
        "nature": "deliberative",
        "secrecy": "open",
        "outcome": "passed",
        "seal": "passed",
        "sentence": consent_sentence(adoption),
        "method": "ballots",
        "hands": None,
        "recused": [],
        "dissents": [],
    }


def _tally_by_party(state: Meeting, poll: Poll) -> list[dict[str, Any]] | None:
    if poll.count is None or poll.count.parties is None:
        return None
    parties = {party.id: party for party in state.parties}
    return [
        {
            **party_sign(parties[row.party]),
            "tally": dict(row.tally),
            "entitled": row.entitled,
            "present": row.present,
            "cast": row.cast,
        }
        for row in poll.count.parties
    ]


def _named_ballots(state: Meeting, poll: Poll, card: RoomCard) -> list[dict[str, Any]] | None:
    if poll.count is None or poll.count.ballots is None:
        return None
    return [
        {
            "seat": ballot.seat,
            "name": card.name(ballot.seat),
            "party_id": state.seat(ballot.seat).party,
            "choice": ballot.choice,
        }
        for ballot in poll.count.ballots
    ]


def resolutions_panel(state: Meeting) -> Panel:
    """Return the panel ``resolutions``: what was decided today, with its tasks."""
    names = {party.id: party.name for party in state.parties}
    return {
        "items": [
            {
                "id": resolution.id,
                "number": resolution.number,
                "item": resolution.item,
                "text": resolution.text,
                "sentence": resolution.sentence,
                "tasks": [
                    {
                        "id": task.id,
                        "text": task.text,
                        "accountable": names.get(task.accountable, task.accountable),
                        "post": task.post,
                        "due": task.due,
                    }
                    for task in resolution.tasks
                ],
            }
            for resolution in state.resolutions
            if not resolution.void
        ]
    }


def me_panel(state: Meeting, card: RoomCard, seat: int, ballots: Mapping[int, Ballot]) -> Panel:
    """Return the panel ``me``: one's own seat, presence and ballot.

    In a secret poll ``received_at`` is null and there is no ``choice``; an open one says to its owner alone what was
    chosen, so that the receipt stands again after a reload or on another phone (R65).
    """
    holder = state.seat(seat)
    poll = state.poll
    ballot = ballots.get(seat) if poll is not None else None
    mine = None
    if poll is not None and ballot is not None and ballot.is_counted:
        mine = {
            "poll": poll.id,
            "received_at": ballot.received_at if poll.secrecy == "open" else None,
            **({"choice": ballot.choice} if poll.secrecy == "open" else {}),
        }
    party = state.party(holder.party)
    return {
        "representative": holder.representative,
        "seat": seat,
        "name": card.name(seat),
        "party": party.name,
        "party_id": party.id,
        "present": seat in state.present,
        "ballot": mine,
        "ideas": my_ideas(state, seat),
    }
