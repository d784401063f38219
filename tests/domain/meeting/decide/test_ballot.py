"""选票: cast on a phone, recorded at the desk, confirmed by a second person; one seat, one ballot."""

import pytest

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide import Decided
from server.domain.meeting.state import Ballot
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import (
    BEGUN,
    EVERYBODY,
    FENG,
    LIN,
    NOON,
    POLLED,
    POLLED_IN_SECRET,
    REPRESENTATIVES,
    ZHAO,
    ZHOU,
    arrived,
    ballot,
    poll_opened,
)
from tests.domain.given import given

CAST = c.CastBallot("m1.p1", "for", "n1")
RECORD = c.RecordBallot("m1.p1", "r1", "for", "n1")
CONFIRM = c.ConfirmBallot("m1.p1", "r1")
SECOND_POLL = (*POLLED, e.PollVoided("m1.p1", "念错了"), poll_opened(2))
CLOSED_POLL = (*POLLED, e.PollVoided("m1.p1", "念错了"))


def test_a_present_seat_casts_and_no_event_is_written() -> None:
    decided = given(*POLLED).when(CAST, ZHAO).granted()
    assert decided == Decided(poll="m1.p1", ballot=Ballot(1, "for", "n1", NOON, 0), choice="for")


@pytest.mark.rule("R74")
def test_a_secret_ballot_does_not_know_its_choice() -> None:
    decided = given(*POLLED_IN_SECRET).when(c.CastBallot("m1.p1", "against", "n1"), ZHAO).granted()
    assert decided.ballot is not None
    assert decided.ballot.choice is None
    assert decided.choice == "against"
    assert "against" not in repr(decided.ballot)


@pytest.mark.parametrize("choice", ["for", "against", "abstain"])
def test_every_option_can_be_chosen(choice: str) -> None:
    assert given(*POLLED).when(c.CastBallot("m1.p1", choice, "n1"), ZHAO).granted().choice == choice


@pytest.mark.rule("R64")
@pytest.mark.parametrize("before", [POLLED, POLLED_IN_SECRET])
def test_the_same_nonce_gets_the_first_answer(before: tuple[e.Event, ...]) -> None:
    secret = before is POLLED_IN_SECRET
    box = given(*before).with_ballots(ballot(1, None if secret else "for", "n1", revision=41))
    box.when(CAST, ZHAO).granted()
    assert box.when(CAST, ZHAO).decision == Decided(repeats=41)


def test_the_same_nonce_with_another_choice_is_bad_data_in_an_open_poll() -> None:
    box = given(*POLLED).with_ballots(ballot(1, "for", "n1"))
    box.when(c.CastBallot("m1.p1", "against", "n1"), ZHAO).then_refused(R.BAD_DATA, field="choice")


def test_a_secret_poll_never_tells_whether_the_choice_was_the_same() -> None:
    box = given(*POLLED_IN_SECRET).with_ballots(ballot(1, None, "n1", revision=41))
    for choice in ("for", "against", "abstain"):
        assert box.when(c.CastBallot("m1.p1", choice, "n1"), ZHAO).decision == Decided(repeats=41)


@pytest.mark.rule("R62")
@pytest.mark.parametrize("before", [POLLED, POLLED_IN_SECRET])
@pytest.mark.parametrize("choice", ["for", "against"])
def test_another_nonce_is_a_second_ballot(before: tuple[e.Event, ...], choice: str) -> None:
    kept = None if before is POLLED_IN_SECRET else "for"
    box = given(*before).with_ballots(ballot(1, kept, "n1"))
    box.when(c.CastBallot("m1.p1", choice, "n2"), ZHAO).then_refused(R.ALREADY_VOTED)


def test_a_retry_is_answered_after_the_close_and_after_leaving() -> None:
    gone = (*POLLED, e.PresenceLeft(1, "self"))
    given(*gone).with_ballots(ballot(1, "for", "n1")).when(CAST, ZHAO).granted()
    closed = given(*CLOSED_POLL, e.ItemFinished("i1"), e.MeetingClosed())
    assert closed.with_ballots(ballot(1, "for", "n1", revision=9)).when(CAST, ZHAO).decision == Decided(
        repeats=9
    )


def test_a_late_ballot_is_refused() -> None:
    given(*CLOSED_POLL).when(CAST, ZHAO).then_refused(R.POLL_NOT_OPEN)
    given(*CLOSED_POLL).with_ballots(ballot(1, "for", "n0")).when(CAST, ZHAO).then_refused(R.POLL_NOT_OPEN)


def test_a_retry_is_answered_even_after_the_next_poll_began() -> None:
    box = given(*SECOND_POLL).with_ballots(ballot(1, "for", "n1", revision=9))
    assert box.when(CAST, ZHAO).decision == Decided(repeats=9)
    given(*SECOND_POLL).when(CAST, ZHAO).then_refused(R.POLL_NOT_OPEN)
    given(*SECOND_POLL).when(c.CastBallot("m1.p2", "for", "n1"), ZHAO).granted()


@pytest.mark.rule("R61")
def test_only_who_is_there_casts() -> None:
    given(*POLLED).when(CAST, FENG).then_refused(R.NOT_PRESENT)
    given(*POLLED, e.PresenceLeft(1, "self")).when(CAST, ZHAO).then_refused(R.NOT_PRESENT)


@pytest.mark.rule("R71")
def test_who_arrives_after_the_opening_may_cast() -> None:
    late = given(*POLLED, *arrived(6)).when(CAST, FENG).granted()
    assert late.ballot is not None
    assert late.ballot.seat == 6


@pytest.mark.rule("R60")
def test_a_seat_outside_the_list_may_not_cast() -> None:
    given(*BEGUN, poll_opened(entitled=(2, 3))).when(CAST, ZHAO).then_refused(R.NOT_ENTITLED)
    given(*BEGUN, poll_opened(entitled=(2, 3))).when(RECORD, ZHOU).then_refused(R.NOT_ENTITLED)


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one not in REPRESENTATIVES])
def test_only_a_seat_casts(actor: Actor) -> None:
    given(*POLLED).when(CAST, actor).then_refused(R.NOT_ALLOWED)


def test_a_chair_who_holds_a_seat_votes_from_a_phone() -> None:
    both = Actor("seat:1", frozenset({Role.CHAIR, Role.REPRESENTATIVE}), 1)
    given(*POLLED).when(CAST, both).granted()


@pytest.mark.parametrize(
    "command",
    [
        c.CastBallot("m1.p1", "maybe", "n1"),
        c.CastBallot("m1.p1", "", "n1"),
        c.CastBallot("m1.p1", "for", ""),
        c.CastBallot("m1.p1", "for", "n" * 65),
        c.RecordBallot("m1.p1", "r1", "maybe", "n1"),
        c.RecordBallot("m1.p1", "r1", "for", ""),
    ],
)
def test_an_unknown_option_and_an_unsound_nonce_are_bad_data(command: c.RoomCommand) -> None:
    for actor in (ZHAO, ZHOU, LIN):
        given(*POLLED).when(command, actor).then_refused(R.BAD_DATA)


@pytest.mark.parametrize(
    "command",
    [
        c.CastBallot("m1.p9", "for", "n1"),
        c.RecordBallot("m1.p9", "r1", "for", "n1"),
        c.RecordBallot("m1.p1", "r9", "for", "n1"),
        c.ConfirmBallot("m1.p9", "r1"),
        c.ConfirmBallot("m1.p1", "r9"),
    ],
)
def test_an_unknown_poll_or_person_is_not_found(command: c.RoomCommand) -> None:
    for actor in (ZHAO, ZHOU, LIN):
        given(*POLLED).when(command, actor).then_refused(R.NOT_FOUND)


@pytest.mark.rule("P6")
@pytest.mark.parametrize("nature", ["deliberative", "assembly"])
def test_a_recorded_ballot_of_a_deciding_poll_waits_for_the_second_person(nature: c.Nature) -> None:
    decided = given(*BEGUN, poll_opened(nature=nature)).when(RECORD, ZHOU).granted()
    assert decided.ballot == Ballot(1, "for", "n1", NOON, 0, is_recorded=True, is_counted=False)


def test_a_recorded_ballot_of_a_sounding_counts_at_once() -> None:
    decided = given(*BEGUN, poll_opened(nature="sounding")).when(RECORD, ZHOU).granted()
    assert decided.ballot is not None
    assert decided.ballot.is_counted


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one is not ZHOU])
def test_only_the_secretary_records(actor: Actor) -> None:
    given(*POLLED).when(RECORD, actor).then_refused(R.NOT_ALLOWED)


def test_nobody_records_in_a_secret_poll() -> None:
    for actor in (ZHOU, LIN, ZHAO):
        given(*POLLED_IN_SECRET).when(RECORD, actor).then_refused(R.NOT_ALLOWED)


@pytest.mark.rule("R63")
def test_phone_and_paper_exclude_each_other() -> None:
    box = given(*POLLED).with_ballots(ballot(1), ballot(2, is_recorded=True, is_counted=False))
    box.when(c.RecordBallot("m1.p1", "r1", "against", "other"), ZHOU).then_refused(R.ALREADY_VOTED)
    box.when(c.CastBallot("m1.p1", "for", "other"), REPRESENTATIVES[1]).then_refused(R.ALREADY_VOTED)


def test_a_record_is_repeated_under_its_nonce() -> None:
    box = given(*POLLED).with_ballots(ballot(1, "for", "n1", is_recorded=True, is_counted=False, revision=5))
    assert box.when(RECORD, ZHOU).decision == Decided(repeats=5)
    box.when(c.RecordBallot("m1.p1", "r1", "against", "n1"), ZHOU).then_refused(R.BAD_DATA)


def test_a_ballot_is_recorded_for_who_is_there() -> None:
    given(*POLLED).when(c.RecordBallot("m1.p1", "r6", "for", "n6"), ZHOU).then_refused(R.NOT_PRESENT)


def test_the_chair_confirms_a_record() -> None:
    box = given(*POLLED).with_ballots(ballot(1, is_recorded=True, is_counted=False))
    assert box.when(CONFIRM, LIN).decision == Decided(poll="m1.p1", confirmed=1)


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one is not LIN])
def test_nobody_else_is_the_second_person(actor: Actor) -> None:
    box = given(*POLLED).with_ballots(ballot(1, is_recorded=True, is_counted=False))
    box.when(CONFIRM, actor).then_refused(R.NOT_ALLOWED)


def test_there_has_to_be_a_record_to_confirm() -> None:
    given(*POLLED).when(CONFIRM, LIN).then_refused(R.NOT_FOUND, what="ballot")
    given(*POLLED).with_ballots(ballot(1)).when(CONFIRM, LIN).then_refused(R.NOT_FOUND, what="ballot")


def test_a_record_is_confirmed_once() -> None:
    box = given(*POLLED).with_ballots(ballot(1, is_recorded=True))
    box.when(CONFIRM, LIN).then_refused(R.INVALID_TRANSITION)


def test_nothing_is_confirmed_after_the_close() -> None:
    box = given(*CLOSED_POLL).with_ballots(ballot(1, is_recorded=True, is_counted=False))
    box.when(CONFIRM, LIN).then_refused(R.POLL_NOT_OPEN)


def test_a_record_entered_wrongly_is_sent_back_before_it_counts() -> None:
    waiting = ballot(1, "for", "n1", is_recorded=True, is_counted=False)
    box = given(*POLLED).with_ballots(waiting)
    discard = c.DiscardBallot("m1.p1", "r1")
    assert box.when(discard, LIN).granted() == Decided(poll="m1.p1", discarded=1)
    box.when(discard, ZHOU).then_refused(R.NOT_ALLOWED)


def test_a_ballot_that_counts_is_never_sent_back() -> None:
    discard = c.DiscardBallot("m1.p1", "r1")
    counted = ballot(1, "for", "n1", is_recorded=True)
    given(*POLLED).with_ballots(counted).when(discard, LIN).then_refused(R.INVALID_TRANSITION)
    given(*POLLED).with_ballots(ballot(1, "for", "n1")).when(discard, LIN).then_refused(R.NOT_FOUND)
