"""Presence and quorum, overall and per party."""

import pytest

from server.domain.meeting import events as e
from server.domain.meeting.pass_rule import Quorum
from server.domain.meeting.presence import count_presence
from tests.domain.cast import OPENED, arrived
from tests.domain.given import given


def test_presence_is_counted_overall_and_per_party() -> None:
    counted = count_presence(given(*arrived(1, 5, 6)).state)
    assert (counted.entitled, counted.present, counted.needed, counted.is_reached) == (6, 3, 4, False)
    assert [(p.party.id, p.entitled, p.present, p.needed, p.is_reached) for p in counted.parties] == [
        ("estate", 1, 1, 1, True),
        ("property", 1, 0, 1, False),
        ("community", 1, 0, 1, False),
        ("steward", 1, 0, 1, False),
        ("owner", 2, 2, 1, True),
    ]


@pytest.mark.rule("R44")
def test_reached_means_heads_and_every_party() -> None:
    assert count_presence(given(*arrived(1, 2, 3, 4, 5)).state).is_reached
    five_without_one_party = count_presence(given(*arrived(1, 2, 3, 5, 6)).state)
    assert five_without_one_party.present >= five_without_one_party.needed
    assert not five_without_one_party.is_reached


def test_presence_can_be_counted_against_another_quorum() -> None:
    assert count_presence(given(*arrived(1)).state, Quorum("1/6", 0)).is_reached
    assert not count_presence(given(*OPENED).state, Quorum("1/1", 1)).is_reached


def test_who_left_does_not_count() -> None:
    assert not count_presence(given(*OPENED, e.PresenceLeft(3, "self")).state).is_reached
