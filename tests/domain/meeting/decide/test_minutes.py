"""纪要: frozen for signing, answered by every signatory, taken up again, published."""

from typing import Literal

import pytest

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import EVERYBODY, LIN, OPENED, POLLED, QIAN, WU, ZHAO, ZHENG, ZHOU
from tests.domain.given import given

SHA, OTHER, DRAWING = "a" * 64, "b" * 64, "d" * 64
SIGNATORIES = ("chair", "secretary", "1", "2", "3", "4", "5")
CLOSED = (*OPENED, e.MeetingClosed())
SIGNING = (*CLOSED, e.MinutesFinalised(SHA, SIGNATORIES))
PUBLISHED = (*SIGNING, e.MinutesPublished(SHA, SIGNATORIES))
KEEPING: tuple[c.MinutesCommand, ...] = (
    c.FinaliseMinutes(SHA),
    c.ReopenMinutes("改一处日期"),
    c.PublishMinutes(confirmed=True),
)
Reply = Literal["signed", "signed_with_reservation", "refused", "absent"]


def signed(signatory: str, answer: Reply = "signed", by: str = "self") -> e.MinutesSigned:
    return e.MinutesSigned(signatory, answer, SHA, "", DRAWING, by)


def sign(signatory: str, answer: Reply = "signed", text: str = "", drawing: str = DRAWING) -> c.SignMinutes:
    return c.SignMinutes(signatory, answer, SHA, text, drawing)


@pytest.mark.parametrize("actor", [ZHOU, LIN])
def test_chair_or_secretary_freezes_the_text_for_everybody_who_was_there(actor: Actor) -> None:
    left = (*OPENED, e.PresenceLeft(2, "self"), e.MeetingClosed())
    after = given(*left).when(c.FinaliseMinutes(SHA), actor).then(e.MinutesFinalised(SHA, SIGNATORIES))
    assert (after.minutes.state, after.minutes.sha256) == ("signing", SHA)


@pytest.mark.parametrize("sha256", ["", "A" * 64, "a" * 63, "g" * 64, "a" * 64 + "\n"])
def test_a_digest_is_a_digest(sha256: str) -> None:
    given(*CLOSED).when(c.FinaliseMinutes(sha256), ZHOU).then_refused(R.BAD_DATA, field="sha256")


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one not in (LIN, ZHOU)])
@pytest.mark.parametrize("command", KEEPING)
def test_nobody_else_keeps_the_minutes(command: c.MinutesCommand, actor: Actor) -> None:
    given(*CLOSED).when(command, actor).then_refused(R.NOT_ALLOWED)


@pytest.mark.parametrize("command", KEEPING)
def test_only_a_closed_meeting_has_minutes(command: c.MinutesCommand) -> None:
    given(*POLLED).when(command, ZHOU).then_refused(R.INVALID_TRANSITION, state="open")


def test_each_milestone_has_its_turn() -> None:
    given(*SIGNING).when(c.FinaliseMinutes(SHA), ZHOU).then_refused(R.INVALID_TRANSITION, state="signing")
    for command in KEEPING[1:]:
        given(*CLOSED).when(command, ZHOU).then_refused(R.INVALID_TRANSITION, state="draft")
    for command in KEEPING:
        given(*PUBLISHED).when(command, ZHOU).then_refused(R.INVALID_TRANSITION, state="published")
    for before in (CLOSED, PUBLISHED):
        given(*before).when(sign("1"), ZHAO).then_refused(R.INVALID_TRANSITION)


@pytest.mark.rule("P8")
@pytest.mark.parametrize(
    ("signatory", "actor", "by"),
    [
        ("1", ZHAO, "self"),
        ("1", ZHOU, "desk"),
        ("chair", LIN, "self"),
        ("chair", ZHOU, "desk"),
        ("secretary", ZHOU, "self"),
    ],
)
def test_people_sign_on_their_phone_or_at_the_desk(signatory: str, actor: Actor, by: str) -> None:
    after = given(*SIGNING).when(sign(signatory), actor).then(signed(signatory, by=by))
    assert [one.signatory for one in after.minutes.signatures] == [signatory]


@pytest.mark.rule("P10")
@pytest.mark.parametrize(
    ("signatory", "actor"),
    [("2", ZHAO), ("1", LIN), ("secretary", LIN), ("chair", ZHAO), ("1", ZHENG), ("secretary", QIAN)],
)
def test_nobody_signs_for_another(signatory: str, actor: Actor) -> None:
    given(*SIGNING).when(sign(signatory), actor).then_refused(R.NOT_ALLOWED)


@pytest.mark.parametrize("signatory", ["6", "7", "x", ""])
def test_who_was_not_there_is_no_signatory(signatory: str) -> None:
    given(*SIGNING).when(sign(signatory), ZHOU).then_refused(R.NOT_FOUND, what="signatory")


def test_one_answers_once() -> None:
    given(*SIGNING, signed("1")).when(sign("1"), ZHAO).then_refused(R.ALREADY_SIGNED)
    given(*SIGNING, signed("1")).when(sign("1", "absent", drawing=""), ZHOU).then_refused(R.ALREADY_SIGNED)


def test_one_signs_the_text_one_saw() -> None:
    command = c.SignMinutes("1", "signed", OTHER, "", DRAWING)
    given(*SIGNING).when(command, ZHAO).then_refused(R.TEXT_CHANGED)


@pytest.mark.parametrize("answer", ["signed_with_reservation", "refused"])
@pytest.mark.parametrize("text", ["", " "])
def test_a_reservation_and_a_refusal_give_a_reason(answer: Reply, text: str) -> None:
    command = sign("1", answer, text)
    given(*SIGNING).when(command, ZHAO).then_refused(R.REASON_MISSING if not text else R.BAD_DATA)
    given(*SIGNING).when(sign("1", answer, "金额没有写明"), ZHAO).granted()


@pytest.mark.parametrize("answer", ["signed", "signed_with_reservation"])
@pytest.mark.parametrize("drawing", ["", "x", "D" * 64])
def test_a_signature_is_drawn(answer: Reply, drawing: str) -> None:
    given(*SIGNING).when(sign("1", answer, "理由", drawing), ZHAO).then_refused(R.BAD_DATA, field="drawing")


@pytest.mark.parametrize("answer", ["refused", "absent"])
def test_what_is_not_a_drawing_never_enters_the_record(answer: Reply) -> None:
    given(*SIGNING).when(sign("1", answer, "理由", "<script>"), ZHOU).then_refused(
        R.BAD_DATA, field="drawing"
    )
    given(*SIGNING).when(sign("1", answer, "理由", ""), ZHOU).granted()


def test_only_the_desk_calls_somebody_absent() -> None:
    given(*SIGNING).when(sign("1", "absent", drawing=""), ZHAO).then_refused(R.NOT_ALLOWED)
    given(*SIGNING).when(sign("1", "absent", drawing=""), ZHOU).then(
        e.MinutesSigned("1", "absent", SHA, "", "", "desk")
    )


@pytest.mark.parametrize("text", ["长" * 301, "a\x00", "\u202e"])
def test_remarks_and_reasons_are_sound_texts(text: str) -> None:
    given(*SIGNING).when(sign("1", "refused", text), ZHAO).then_refused(R.BAD_DATA, field="text")
    given(*SIGNING).when(c.ReopenMinutes(text), ZHOU).then_refused(R.BAD_DATA, field="reason")


def test_taking_the_text_up_again_voids_every_signature_visibly() -> None:
    before = given(*SIGNING, signed("1"), signed("chair"))
    after = before.when(c.ReopenMinutes("改一处日期"), ZHOU).then(
        e.MinutesReopened("改一处日期", ("1", "chair"))
    )
    assert (after.minutes.state, after.minutes.signatures) == ("draft", ())
    given(*SIGNING).when(c.ReopenMinutes(""), ZHOU).then_refused(R.BAD_DATA, field="reason")


def test_publishing_needs_every_answer_or_the_chairs_word() -> None:
    most = (*SIGNING, *(signed(name) for name in SIGNATORIES[:-1]))
    given(*most).when(c.PublishMinutes(), ZHOU).then_refused(R.SIGNATURES_MISSING, count=1)
    given(*most).when(c.PublishMinutes(confirmed=True), ZHOU).then(e.MinutesPublished(SHA, ("5",)))
    after = given(*most, signed("5")).when(c.PublishMinutes(), LIN).then(e.MinutesPublished(SHA, ()))
    assert after.minutes.state == "published"


def test_a_refused_signature_is_an_answer() -> None:
    every = (*SIGNING, *(signed(name) for name in SIGNATORIES[:-1]), signed("5", "refused"))
    given(*every).when(c.PublishMinutes(), LIN).then(e.MinutesPublished(SHA, ()))


def test_the_seat_of_somebody_else_is_not_mine() -> None:
    given(*SIGNING).when(sign("5"), WU).then(signed("5"))
    given(*SIGNING).when(sign("4"), WU).then_refused(R.NOT_ALLOWED)


@pytest.mark.rule("R112")
def test_a_name_typed_on_ones_own_device_is_told_apart_and_never_typed_at_the_desk() -> None:
    typed = c.SignMinutes("1", "signed", SHA, manner="typed")
    seat = Actor("seat:1", frozenset({Role.REPRESENTATIVE}), 1)
    given(*SIGNING).when(typed, seat).then(e.MinutesSigned("1", "signed", SHA, "", "", "self", "typed"))
    given(*SIGNING).when(typed, ZHOU).then_refused(R.NOT_ALLOWED)
    given(*SIGNING).when(c.SignMinutes("1", "signed", SHA, "", DRAWING, "typed"), seat).then_refused(
        R.BAD_DATA, field="drawing"
    )
