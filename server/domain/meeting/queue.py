"""The speaker queue's order: a pure function of who waits, who has spoken and the mode (R8, R9)."""

from collections.abc import Mapping, Sequence

from server.domain.meeting.commands.words import Stance
from server.domain.meeting.state import Meeting, PastSpeech, Waiting

# A point of order without a reason is the least pressing of all.
_RANK = {"hearing": 0, "breach": 1, "count": 2, "procedure": 3, None: 3}
_SIDES = ("for", "against", "other")


def speaking_order(meeting: Meeting) -> tuple[Waiting, ...]:
    """Return those who wait in speaking order; ``meeting.waiting`` stands in order of arrival.

    Points of order come first, the more pressing before the others (R15). Then those who have turns left on the
    item, in the order of the mode, then those who ask for an extra turn, likewise (R13). Whom the chair moved
    stands before whom it was put (R10).
    """
    points = sorted(
        (hand for hand in meeting.waiting if hand.point_of_order), key=lambda hand: _RANK[hand.reason]
    )
    hands = [hand for hand in meeting.waiting if not hand.point_of_order]
    if not hands:
        return _as_moved(points)
    spoken = _spoken(meeting)
    limit = meeting.speaking_rules.turns_per_item
    first, extra = hands, []
    if limit is not None:
        first = [hand for hand in hands if _count(spoken, hand.seat) < limit]
        extra = [hand for hand in hands if _count(spoken, hand.seat) >= limit]
    ordered = _by_mode(meeting, first, spoken)
    later = _by_mode(meeting, extra, [*spoken, *_soon(meeting, ordered)])
    return (*_as_moved(points), *_as_moved([*ordered, *later]))


def is_extra(meeting: Meeting, seat: int) -> bool:
    """Tell whether a further ordinary turn of the seat on the current item is one above the limit (R13)."""
    limit = meeting.speaking_rules.turns_per_item
    return limit is not None and _count(_spoken(meeting), seat) >= limit


def _spoken(meeting: Meeting) -> list[PastSpeech]:
    """Return the ordinary turns of the current item with the running one as the last."""
    item = meeting.current_item
    if item is None:
        return []
    turns = list(meeting.speeches_on(item.id))
    speech = meeting.speech
    if speech is not None and not speech.point_of_order:
        party = meeting.seat(speech.seat).party
        turns.append(PastSpeech(speech.seat, party, item.id, speech.stance, False, speech.spoken_ms))
    return turns


def _soon(meeting: Meeting, hands: list[Waiting]) -> list[PastSpeech]:
    """Return the turns that hands will have had, for the order of those who come after them."""
    return [PastSpeech(hand.seat, meeting.seat(hand.seat).party, "", hand.stance, False, 0) for hand in hands]


def _count(turns: Sequence[PastSpeech], seat: int) -> int:
    return sum(turn.seat == seat for turn in turns)


def _by_mode(meeting: Meeting, hands: list[Waiting], spoken: list[PastSpeech]) -> list[Waiting]:
    mode = meeting.order_of_queue
    last = spoken[-1] if spoken else None
    if mode == "alternating":
        sides = {hand.seat: _side(hand.stance) for hand in hands}
        return _in_turn(hands, sides, _SIDES, _side(last.stance) if last else None)
    if mode == "party_rotation":
        parties = {hand.seat: meeting.seat(hand.seat).party for hand in hands}
        return _in_turn(hands, parties, tuple(p.id for p in meeting.parties), last.party if last else None)
    if mode == "least_spoken":
        return sorted(hands, key=lambda hand: (_count(spoken, hand.seat), meeting.spoken_ms(hand.seat)))
    return hands


def _side(stance: Stance) -> str:
    return stance if stance in ("for", "against") else "other"


def _in_turn(
    hands: list[Waiting], group_of: Mapping[int, str], cycle: tuple[str, ...], last: str | None
) -> list[Waiting]:
    """Serve groups in a cycle from the one after the last served, first come first within, skipping empty ones."""
    groups = {name: [hand for hand in hands if group_of[hand.seat] == name] for name in cycle}
    at = cycle.index(last) + 1 if last in cycle else 0
    order: list[Waiting] = []
    while len(order) < len(hands):
        waiting = groups[cycle[at % len(cycle)]]
        if waiting:
            order.append(waiting.pop(0))
        at += 1
    return order


def _as_moved(order: list[Waiting]) -> tuple[Waiting, ...]:
    """Apply the chair's moves in the order in which they were made; one before somebody who left counts no more."""
    moved = sorted((hand for hand in order if hand.moved), key=lambda hand: hand.moved)
    for hand in moved:
        others = [other for other in order if other is not hand]
        seats = [other.seat for other in others]
        if hand.ahead_of is None:
            order = [hand, *others]
        elif hand.ahead_of in seats:
            place = seats.index(hand.ahead_of)
            order = [*others[:place], hand, *others[place:]]
    return tuple(order)
