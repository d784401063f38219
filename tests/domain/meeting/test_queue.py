"""The speaking order: points of order first, then by arrival."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.meeting.queue import speaking_order
from server.domain.meeting.state import Waiting

HANDS = st.lists(st.builds(Waiting, st.integers(1, 30), st.just("talk"), st.booleans()), max_size=20)


@pytest.mark.rule("R15")
def test_points_of_order_come_first_and_arrival_decides_within() -> None:
    waiting = tuple(
        Waiting(seat, "talk", point) for seat, point in ((3, False), (1, True), (2, False), (4, True))
    )
    assert [hand.seat for hand in speaking_order(waiting)] == [1, 4, 3, 2]


@given(HANDS.map(tuple))
def test_nobody_is_lost_and_nobody_overtakes_in_a_lane(waiting: tuple[Waiting, ...]) -> None:
    order = speaking_order(waiting)
    for lane in (True, False):
        assert [hand for hand in order if hand.point_of_order is lane] == [
            hand for hand in waiting if hand.point_of_order is lane
        ]
    assert all(a.point_of_order >= b.point_of_order for a, b in pairwise(order))
