"""计票: totals always; seats, choices and parties in open polls only."""

from dataclasses import replace

from server.domain.meeting import events as e
from server.domain.meeting.state import BallotBox, Poll
from server.domain.meeting.tally import count_poll
from tests.domain.cast import POLLED, POLLED_IN_SECRET, ballot
from tests.domain.given import Given, given


def poll_of(before: Given) -> Poll:
    poll = before.state.poll
    assert poll is not None
    return poll


def test_an_open_poll_is_counted_by_seat_and_party() -> None:
    box = given(*POLLED).with_ballots(
        ballot(5), ballot(1), ballot(6, "against"), ballot(2, "abstain", is_recorded=True)
    )
    closed = count_poll(box.state, poll_of(box), box.box)
    assert closed.ballots is not None
    assert [(b.seat, b.choice, b.on_paper) for b in closed.ballots] == [
        (1, "for", False),
        (2, "abstain", True),
        (5, "for", False),
        (6, "against", False),
    ]
    assert closed.parties is not None
    assert [(p.party, p.entitled, p.present, p.cast, dict(p.tally)) for p in closed.parties] == [
        ("estate", 1, 1, 1, {"for": 1, "against": 0, "abstain": 0}),
        ("property", 1, 1, 1, {"for": 0, "against": 0, "abstain": 1}),
        ("community", 1, 1, 0, {"for": 0, "against": 0, "abstain": 0}),
        ("steward", 1, 1, 0, {"for": 0, "against": 0, "abstain": 0}),
        ("owner", 2, 1, 2, {"for": 1, "against": 1, "abstain": 0}),
    ]


def test_an_option_nobody_chose_counts_nought() -> None:
    box = given(*POLLED).with_ballots(ballot(1))
    assert count_poll(box.state, poll_of(box), box.box).tally == (("for", 1), ("against", 0), ("abstain", 0))


def test_a_secret_poll_is_counted_without_seats_choices_or_parties() -> None:
    box = given(*POLLED_IN_SECRET).with_ballots(
        *(ballot(seat, None) for seat in range(1, 6)), totals={"for": 4, "abstain": 1}
    )
    closed = count_poll(box.state, poll_of(box), box.box)
    assert (closed.ballots, closed.parties) == (None, None)
    assert closed.tally == (("for", 4), ("against", 0), ("abstain", 1))
    assert (closed.verdict.present, closed.verdict.cast, closed.verdict.outcome) == (5, 5, "passed")


def test_nobody_voted() -> None:
    box = given(*POLLED)
    closed = count_poll(box.state, poll_of(box), BallotBox())
    assert (closed.verdict.outcome, closed.verdict.deciding) == ("void", "nobody_voted")
    assert (closed.participants, closed.silent) == ((), (1, 2, 3, 4, 5, 6))


def test_the_quorum_of_the_count_is_that_of_the_poll_not_of_the_moment() -> None:
    left = given(*POLLED, e.PresenceLeft(1, "self"), e.PresenceLeft(2, "self"), e.PresenceLeft(3, "self"))
    box = left.with_ballots(*(ballot(seat) for seat in range(1, 5)))
    verdict = count_poll(box.state, poll_of(box), box.box).verdict
    assert (verdict.present, verdict.outcome) == (5, "passed")
    thin = replace(poll_of(left), base=frozenset({1, 2}))
    assert count_poll(box.state, thin, box.box).verdict.deciding == "quorum"


def test_unconfirmed_records_are_discarded_and_listed() -> None:
    box = given(*POLLED).with_ballots(ballot(1), ballot(3, is_recorded=True, is_counted=False))
    closed = count_poll(box.state, poll_of(box), box.box)
    assert (closed.participants, closed.discarded, closed.verdict.cast) == ((1,), (3,), 1)
