"""The speaking order: points of order first, then the mode; nobody is lost, and each mode keeps its promise."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.meeting.queue import is_extra, speaking_order
from server.domain.meeting.rules import SpeakingOrder, SpeakingRules
from server.domain.meeting.state import Meeting, PastSpeech, Speech, Waiting
from tests.domain.cast import BEGUN, NOON
from tests.domain.given import given as told

MODES: tuple[SpeakingOrder, ...] = ("first_come", "alternating", "party_rotation", "least_spoken")
# Seats 5 and 6 are both owners; 1 to 4 are one each of the other parties.
MEETING = told(*BEGUN).state
SEATS = st.integers(1, 6)
STANCES = st.sampled_from(("for", "against", "talk"))
HANDS = st.lists(
    st.builds(Waiting, SEATS, STANCES, st.booleans()), unique_by=lambda hand: (hand.seat, hand.point_of_order)
)
TURNS = st.lists(st.tuples(SEATS, STANCES, st.integers(0, 300_000)), max_size=8)
ROOMS = st.builds(
    lambda hands, turns, mode, limit: room(hands, turns, mode, limit),
    HANDS,
    TURNS,
    st.sampled_from(MODES),
    st.sampled_from((None, 1, 2)),
)


def room(
    hands: list[Waiting],
    turns: list[tuple[int, str, int]] | None = None,
    mode: SpeakingOrder = "first_come",
    limit: int | None = None,
) -> Meeting:
    """A debate of item i1 with these hands up after these turns (seat, stance, ms)."""
    over = tuple(
        PastSpeech(seat, MEETING.seat(seat).party, "i1", stance, False, spoken)  # type: ignore[arg-type]
        for seat, stance, spoken in turns or ()
    )
    rules = SpeakingRules(mode, limit)
    return replace(MEETING, queue_open=True, waiting=tuple(hands), past_speeches=over, speaking_rules=rules)


def hands(*seats: int, stance: str = "talk") -> list[Waiting]:
    return [Waiting(seat, stance, False) for seat in seats]  # type: ignore[arg-type]


def seats(meeting: Meeting) -> list[int]:
    return [hand.seat for hand in speaking_order(meeting)]


@pytest.mark.rule("R15")
def test_points_of_order_come_first_and_arrival_decides_within() -> None:
    waiting = [Waiting(seat, "talk", point) for seat, point in ((3, False), (1, True), (2, False), (4, True))]
    assert seats(room(waiting)) == [1, 4, 3, 2]


@pytest.mark.rule("R15")
def test_the_more_pressing_point_of_order_comes_first() -> None:
    waiting = [
        Waiting(1, "talk", True),
        Waiting(2, "talk", True, "procedure"),
        Waiting(3, "talk", True, "count"),
        Waiting(4, "talk", True, "hearing"),
        Waiting(5, "talk", True, "breach"),
    ]
    assert seats(room(waiting)) == [4, 5, 3, 1, 2]


@pytest.mark.rule("R9")
def test_sides_alternate_from_the_one_after_the_last_and_an_empty_one_is_skipped() -> None:
    both = [*hands(1, 2, stance="for"), *hands(3, stance="against"), *hands(4), *hands(5, stance="for")]
    assert seats(room(both, mode="alternating")) == [1, 3, 4, 2, 5]
    assert seats(room(both, [(6, "for", 1)], "alternating")) == [3, 4, 1, 2, 5]
    assert seats(room(hands(1, 2, stance="for"), [(6, "for", 1)], "alternating")) == [1, 2]


@pytest.mark.rule("R9")
def test_parties_take_turns_from_the_one_after_the_last_speakers() -> None:
    assert seats(room(hands(5, 6, 1, 3), mode="party_rotation")) == [1, 3, 5, 6]
    assert seats(room(hands(5, 6, 1, 3), [(1, "talk", 1)], "party_rotation")) == [3, 5, 1, 6]


@pytest.mark.rule("R9")
def test_who_spoke_least_on_the_item_and_then_today_comes_first() -> None:
    spoken = [(1, "talk", 60_000), (2, "talk", 30_000), (2, "talk", 5_000)]
    assert seats(room(hands(2, 1, 3), spoken, "least_spoken")) == [3, 1, 2]
    assert seats(room(hands(1, 2), [(1, "talk", 9_000), (2, "talk", 3_000)], "least_spoken")) == [2, 1]


def test_the_running_turn_counts_as_the_last() -> None:
    speaking = room(hands(1, 3, 4), mode="party_rotation")
    speech = Speech(1, "talk", False, NOON, 180, NOON, NOON)
    assert seats(replace(speaking, speech=speech)) == [3, 4, 1]


@pytest.mark.rule("R13")
def test_who_has_had_the_turns_of_the_item_comes_after_everybody_else() -> None:
    debate = room(hands(1, 2, 3), [(1, "talk", 1), (1, "talk", 1)], limit=2)
    assert seats(debate) == [2, 3, 1]
    assert is_extra(debate, 1)
    assert not is_extra(debate, 2)
    assert not is_extra(room(hands(1), [(1, "talk", 1)] * 9), 1)


@pytest.mark.rule("R10")
def test_the_chair_puts_a_hand_before_another_one_or_before_all() -> None:
    waiting = hands(1, 2, 3, 4)
    waiting[3] = replace(waiting[3], moved=1, ahead_of=2)
    assert seats(room(waiting)) == [1, 4, 2, 3]
    waiting[2] = replace(waiting[2], moved=2)
    assert seats(room(waiting)) == [3, 1, 4, 2]
    assert seats(room([waiting[0], waiting[3]])) == [1, 4]


@given(ROOMS)
def test_nobody_is_lost_and_points_of_order_stay_ahead(debate: Meeting) -> None:
    order = speaking_order(debate)
    assert Counter(order) == Counter(debate.waiting)
    assert all(a.point_of_order >= b.point_of_order for a, b in pairwise(order))


@given(ROOMS)
def test_extra_turns_come_last_in_every_mode(debate: Meeting) -> None:
    extra = [is_extra(debate, hand.seat) for hand in speaking_order(debate) if not hand.point_of_order]
    assert extra == sorted(extra)


@pytest.mark.rule("R9")
@given(ROOMS)
def test_a_party_never_has_two_turns_running_while_another_waits(debate: Meeting) -> None:
    rotating = replace(debate, queue_order="party_rotation", speaking_rules=SpeakingRules())
    order = [MEETING.seat(hand.seat).party for hand in speaking_order(rotating) if not hand.point_of_order]
    last = [turn.party for turn in rotating.past_speeches[-1:]]
    for place, (a, b) in enumerate(pairwise([*last, *order])):
        assert a != b or set([*last, *order][place + 1 :]) == {b}


@pytest.mark.rule("R8")
@given(ROOMS)
def test_within_a_group_arrival_decides(debate: Meeting) -> None:
    """Two of one party, side and record stand in the order in which they raised their hands."""
    arrival = [hand for hand in debate.waiting if not hand.point_of_order]
    order = [hand for hand in speaking_order(debate) if not hand.point_of_order]
    for first, second in pairwise([hand for hand in arrival if hand.seat in (5, 6)]):
        alike = first.stance == second.stance
        record = [
            [turn for turn in debate.past_speeches if turn.seat == hand.seat] for hand in (first, second)
        ]
        if alike and not any(record):
            assert order.index(first) < order.index(second)
