"""What the screens show of the ways of voting besides the phone: recusals, counted hands, dissent."""

from collections.abc import Iterable
from typing import Any

from server.domain.meeting.state import Meeting, Poll
from server.screens.card import RoomCard


def seats_named(state: Meeting, card: RoomCard, seats: Iterable[int]) -> list[dict[str, Any]]:
    """Return seats with their names and parties, by number."""
    parties = {party.id: party.name for party in state.parties}
    return [
        {
            "representative": state.seat(seat).representative,
            "seat": seat,
            "name": card.name(seat),
            "party": parties[state.seat(seat).party],
        }
        for seat in sorted(seats)
    ]


def recused_in(state: Meeting, card: RoomCard) -> list[dict[str, Any]]:
    """Return who stands aside in the current item, and why (P2)."""
    item = state.current_item
    if item is None or not state.recusals:
        return []
    found = {recusal.seat: recusal for recusal in state.recusals if recusal.item == item.id}
    return [
        {**person, "reason": found[person["seat"]].reason, "by": found[person["seat"]].by}
        for person in seats_named(state, card, found)
    ]


def hands_figures(state: Meeting, poll: Poll, card: RoomCard) -> dict[str, Any] | None:
    """Return counted hands for the console and the result: figures, 计票人 and 监票人; nobody else is named (R78)."""
    hands = poll.hands
    if hands is None:
        return None
    return {
        "counts": [{"option": one.option, "count": one.count, "party": one.party} for one in hands.counts],
        "counter": card.name(hands.counter),
        "checker": card.name(hands.checker),
        "confirmed": hands.is_confirmed,
    }


def dissents_of(state: Meeting, poll: Poll, card: RoomCard) -> list[dict[str, Any]]:
    """Return what those who did not agree left on record (R81)."""
    return [
        {"seat": dissent.seat, "name": card.name(dissent.seat), "text": dissent.text}
        for dissent in state.dissents
        if dissent.poll == poll.id
    ]
