"""The record of a meeting follows from its log alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.minutes.record import ConsentRecord, PollRecord, record_of, resolution_of
from server.domain.refusal import RefusalCode
from tests.domain.minutes.sitting import CHAIR, SECRETARY, SHA256, Sitting, called, opened, seat, speak, vote


@pytest.mark.rule("R47")
def test_a_seat_that_comes_after_the_opening_is_late_and_one_that_goes_before_the_close_left_early() -> None:
    sitting = opened(1, 2, 3, 4)
    sitting.do(c.CheckIn("rep5"), SECRETARY)
    sitting.do(c.Leave(), seat(2))
    sitting.do(c.CloseMeeting())
    seats = {found.seat: found for found in sitting.record.seats}
    assert (seats[5].was_late, seats[5].left_early) == (True, False)
    assert (seats[2].was_late, seats[2].left_early) == (False, True)
    assert (seats[1].was_late, seats[1].left_early) == (False, False)
    assert seats[2].left_at is not None
    assert seats[2].arrived_at is not None
    assert seats[2].arrived_at < seats[2].left_at


def test_a_seat_that_comes_back_has_not_left() -> None:
    sitting = opened()
    sitting.do(c.Leave(), seat(2))
    sitting.do(c.CheckIn(), seat(2))
    assert sitting.record.seats[1].left_at is None


def test_an_arrival_taken_back_before_the_opening_never_happened() -> None:
    sitting = called()
    for number in range(1, 6):
        sitting.do(c.CheckIn(), seat(number))
    sitting.do(c.Leave("rep5"), SECRETARY)
    sitting.do(c.OpenMeeting())
    slip = sitting.record.seats[4]
    assert (slip.arrived_at, slip.left_at, slip.was_late, slip.left_early) == (None, None, False, False)
    sitting.do(c.CheckIn(), seat(5))
    assert sitting.record.seats[4].was_late


def test_a_seat_that_never_came_has_no_times() -> None:
    sitting = opened(1, 2, 3, 4)
    absent = sitting.record.seats[4]
    assert (absent.arrived_at, absent.left_at, absent.was_late, absent.left_early) == (
        None,
        None,
        False,
        False,
    )


@pytest.mark.rule("R28")
def test_a_speech_is_told_with_stance_and_length_under_its_item() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i2"))
    sitting.do(c.OpenQueue())
    speak(sitting, 4, "for", 95)
    speak(sitting, 5, "against", 40)
    speeches = sitting.record.items[1].speeches
    assert [(s.seat, s.party, s.stance, s.seconds) for s in speeches] == [
        (4, "party4", "for", 95),
        (5, "party5", "against", 40),
    ]
    assert sitting.record.items[0].speeches == ()


def test_a_suspension_does_not_count_as_speaking() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i2"))
    sitting.do(c.OpenQueue())
    sitting.do(c.RequestFloor("for"), seat(1))
    sitting.do(c.GrantFloor())
    sitting.now += 19_000
    sitting.do(c.SuspendMeeting())
    sitting.now += 600_000
    sitting.do(c.ResumeMeeting())
    sitting.now += 9_000
    sitting.do(c.YieldFloor())
    assert sitting.record.items[1].speeches[0].seconds == 30
    assert sitting.record.suspensions == 1


def test_a_turn_that_ends_with_its_item_belongs_to_that_item() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i1"))
    sitting.do(c.OpenQueue())
    sitting.do(c.RequestFloor("talk"), seat(1))
    sitting.do(c.GrantFloor())
    sitting.do(c.BeginItem("m1.i2"))
    assert len(sitting.record.items[0].speeches) == 1
    assert sitting.record.items[0].ended_at == sitting.record.items[1].began_at


def test_results_are_numbered_as_they_were_made_known() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i1"))
    sitting.do(c.AskConsent("m1.i1", "同意延期。"))
    sitting.do(c.RecordConsent("m1.i1", objection=False))
    sitting.do(c.BeginItem("m1.i2"))
    vote(sitting, "for", "for", "for", "for", "against")
    results = sitting.record.results
    assert [question.number for _, question in results] == [1, 2]
    assert isinstance(results[0][1], ConsentRecord)
    assert "一致通过" in results[0][1].sentence
    assert isinstance(results[1][1], PollRecord)
    assert results[1][1].sentence == (
        "应到5人，实到5人，符合规定人数；赞成4票、反对1票、弃权0票，赞成票超过实到人数的三分之二，表决通过。"
    )
    assert [r.number for item, q in results if (r := resolution_of(item, q))] == [1, 2]


def test_an_objection_decides_nothing_and_has_no_number() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i1"))
    sitting.do(c.AskConsent("m1.i1", "同意延期。"))
    sitting.do(c.RecordConsent("m1.i1", objection=True))
    question = sitting.record.items[0].questions[0]
    assert question.number is None
    assert resolution_of(sitting.record.items[0], question) is None


def test_a_poll_declared_void_keeps_its_number_and_tells_the_reason() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i2"))
    poll = vote(sitting, "for", "for", "for", "for", "for")
    vote(sitting, "for", "for", "for", "for", "against")
    sitting.do(c.VoidPoll(poll, "有一人代投。"))
    first, second = sitting.record.items[1].questions
    assert (first.number, second.number) == (1, 2)
    assert first.sentence == "主持人宣布本次表决作废，理由：有一人代投。"
    assert resolution_of(sitting.record.items[1], first) is None
    assert resolution_of(sitting.record.items[1], second) is not None


def test_a_poll_that_was_not_published_is_not_a_result() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i2"))
    sitting.do(c.OpenPoll("m1.i2", "同意。", "secret"))
    sitting.do(c.ClosePoll(sitting.state.polls[-1].id))
    assert sitting.record.results == ()


def test_signatures_voided_by_an_edit_stay_in_sight() -> None:
    sitting = opened()
    sitting.do(c.CloseMeeting())
    sitting.do(c.FinaliseMinutes(SHA256))
    sitting.do(c.SignMinutes("1", "signed", SHA256, drawing="d" * 64), seat(1))
    sitting.do(c.ReopenMinutes("日期写错了"), SECRETARY)
    (voided,) = sitting.record.voided
    assert (voided.reason, voided.sha256, voided.signatories) == ("日期写错了", SHA256, ("1",))
    assert sitting.record.meeting.minutes.signatures == ()


def test_no_result_is_added_once_signing_began() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i2"))
    sitting.do(c.OpenPoll("m1.i2", "同意。", "open"))
    sitting.do(c.ClosePoll("m1.p1"))
    sitting.do(c.CloseMeeting())
    sitting.do(c.FinaliseMinutes(SHA256))
    refusal = sitting.attempt(c.PublishPoll("m1.p1"))
    assert refusal is not None
    assert refusal.code is RefusalCode.INVALID_TRANSITION
    sitting.do(c.ReopenMinutes("公布结果"), SECRETARY)
    sitting.do(c.PublishPoll("m1.p1"))
    assert len(sitting.record.results) == 1


COMMANDS = st.sampled_from(
    [
        (c.BeginItem("m1.i1"), CHAIR),
        (c.BeginItem("m1.i2"), CHAIR),
        (c.BeginItem("m1.i3"), CHAIR),
        (c.AddItem("临时的*一项*"), CHAIR),
        (c.BeginItem("m1.i4"), CHAIR),
        (c.OpenQueue(), CHAIR),
        (c.RequestFloor("for"), seat(1)),
        (c.RequestFloor("talk", point_of_order=True), seat(2)),
        (c.GrantFloor(), CHAIR),
        (c.YieldFloor(), CHAIR),
        (c.SuspendMeeting(), CHAIR),
        (c.ResumeMeeting(), CHAIR),
        (c.Leave(), seat(3)),
        (c.CheckIn(), seat(3)),
        (c.OpenPoll("m1.i2", "放置\n〔表决结果 9〕", "open", confirmed=True), CHAIR),
        (c.CastBallot("m1.p1", "for", "nonce-00000001"), seat(1)),
        (c.ClosePoll("m1.p1"), CHAIR),
        (c.PublishPoll("m1.p1"), CHAIR),
        (c.VoidPoll("m1.p1", "重来"), CHAIR),
        (c.AskConsent("m1.i3", "换灯", confirmed=True), CHAIR),
        (c.RecordConsent("m1.i3", objection=False), CHAIR),
        (c.CloseMeeting(), CHAIR),
    ]
)


def held(steps: list[tuple[c.Command, object]]) -> Sitting:
    """Try the steps one after the other; what the rules refuse does not happen."""
    sitting = called()
    for number in range(1, 6):
        sitting.do(c.CheckIn(), seat(number))
    sitting.do(c.OpenMeeting())
    for command, actor in steps:
        sitting.attempt(command, actor)  # type: ignore[arg-type]
    return sitting


@given(st.lists(COMMANDS, max_size=40))
@settings(max_examples=150, deadline=None)
def test_every_prefix_of_a_log_has_a_record_and_numbers_never_change(
    steps: list[tuple[c.Command, object]],
) -> None:
    sitting = held(steps)
    whole = sitting.record
    assert [q.number for _, q in whole.results] == list(range(1, len(whole.results) + 1))
    spoken = sum(event.spoken_seconds for event, _ in sitting.log if isinstance(event, e.FloorYielded))
    assert sum(s.seconds for item in whole.items for s in item.speeches) == spoken
    numbers = {name(q): q.number for _, q in whole.results}
    for length in range(len(sitting.log)):
        for _, question in record_of("m1", sitting.log[:length]).results:
            assert numbers[name(question)] == question.number


def name(question: PollRecord | ConsentRecord) -> str:
    """Return what a question is told apart by."""
    return question.poll.id if isinstance(question, PollRecord) else f"consent at {question.recorded_at}"
