"""Signing on one's own phone and on the desk's device: once, oneself, and nothing lost on the way."""

import re

import pytest
from flask import Flask

from server.domain.actor import Role
from server.pages.context import Services
from tests.pages.cast import Cast, card_of, words_of
from tests.pages.minutes_desk import by_ticket, finalise, hidden, sign
from tests.service.held_meeting import MOTION, STROKES, HeldMeeting


def test_a_representative_signs_once_and_has_a_receipt(cast: Cast, held: HeldMeeting) -> None:
    finalise(cast.secretary, held.id)
    page = cast.representative.get(f"/minutes/{held.id}/sign")
    words = words_of(page)
    assert MOTION in words
    assert "李桂香的答复" in words
    assert re.search(r"校验码 [0-9A-F]{4} [0-9A-F]{4} [0-9A-F]{4}", words)
    done = sign(cast.representative, held.id)
    assert (done.status_code, done.location) == (303, f"/minutes/{held.id}/sign")
    receipt = cast.representative.get(done.location)
    assert "已签字" in words_of(receipt)
    assert 'class="signature"' in receipt.get_data(as_text=True)
    form = {"answer": "refused", "text": "反悔", "sha256": hidden(page, "sha256")}
    twice = cast.representative.post(f"/minutes/{held.id}/sign", form)
    assert twice.status_code == 422
    assert "ALREADY_SIGNED" in words_of(twice)
    assert "去签字" not in words_of(cast.representative.get(f"/minutes/{held.id}"))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"answer": ""}, "ANSWER_MISSING"),
        ({"strokes": ""}, "SIGNATURE"),
        ({"strokes": "[]"}, "SIGNATURE_EMPTY"),
        ({"strokes": "<svg/>"}, "SIGNATURE_UNREADABLE"),
        ({"strokes": "[" + "0," * 40_000}, "SIGNATURE_TOO_LONG"),
        ({"answer": "signed_with_reservation"}, "还差一句理由"),
        ({"answer": "refused"}, "还差一句理由"),
        ({"answer": "refused", "text": "长" * 301}, "最多300个字"),
        ({"sha256": "0" * 64}, "TEXT_CHANGED"),
    ],
)
def test_what_is_missing_is_said_and_what_was_entered_stays(
    cast: Cast, held: HeldMeeting, changes: dict[str, str], words: str
) -> None:
    finalise(cast.secretary, held.id)
    answer = sign(cast.representative, held.id, **({"text": ""} | changes))
    assert answer.status_code == 422
    # Beside the answer, never at the head of a long page.
    assert words in words_of(answer).partition("李桂香的答复")[2]
    if changes.get("answer"):
        assert re.search(rf'value="{changes["answer"]}"[^>]* checked', answer.get_data(as_text=True))
    assert "已答复0人" in words_of(cast.secretary.get(f"/office/minutes/{held.id}"))


def test_a_reservation_and_a_refusal_are_kept_word_for_word(
    house: Flask, services: Services, cast: Cast, held: HeldMeeting
) -> None:
    finalise(cast.secretary, held.id)
    sign(cast.representative, held.id, answer="signed_with_reservation", text="请每月通报一次")
    other = card_of(house, services, cast.representatives["钱进"], cast.council)
    sign(other, held.id, answer="refused", text="没有听清", strokes="")
    words = words_of(cast.secretary.get(f"/office/minutes/{held.id}"))
    assert "“请每月通报一次”" in words
    assert "“没有听清”" in words


def test_at_the_desk_the_device_is_handed_over_and_nobody_signs_for_another(
    house: Flask, services: Services, cast: Cast, held: HeldMeeting
) -> None:
    finalise(cast.secretary, held.id)
    page = cast.secretary.get(f"/minutes/{held.id}/sign?for=2")
    assert "请把设备交给 钱进 本人" in words_of(page)
    without = sign(cast.secretary, held.id, **{"for": "2"})
    assert without.status_code == 422
    assert "NOT_MYSELF" in words_of(without)
    done = sign(cast.secretary, held.id, **{"for": "2", "myself": "1"})
    assert done.location == f"/minutes/{held.id}/sign?for=2"
    assert "签到台的设备" in words_of(cast.secretary.get(done.location))
    assert cast.secretary.get(f"/minutes/{held.id}/sign?for=77").status_code == 404
    assert cast.representative.get(f"/minutes/{held.id}/sign?for=2").status_code == 403
    assert cast.chair.get(f"/minutes/{held.id}/sign?for=2").status_code == 403
    forged = {"for": "3", "answer": "signed", "strokes": STROKES, "sha256": hidden(page, "sha256")}
    assert cast.representative.post(f"/minutes/{held.id}/sign", forged).status_code == 403
    observer = by_ticket(house, services, held.id, Role.OBSERVER, "孙立诚")
    assert observer.get(f"/minutes/{held.id}").status_code == 200
    assert observer.get(f"/minutes/{held.id}/sign").status_code == 303
    assert observer.post(f"/minutes/{held.id}/sign", forged).status_code == 403


def test_chair_and_secretary_sign_for_themselves(cast: Cast, held: HeldMeeting) -> None:
    finalise(cast.secretary, held.id)
    assert "林主持的答复" in words_of(cast.chair.get(f"/minutes/{held.id}/sign"))
    assert sign(cast.chair, held.id).status_code == 303
    assert sign(cast.secretary, held.id).status_code == 303
    assert "已答复2人" in words_of(cast.secretary.get(f"/office/minutes/{held.id}"))


def test_an_account_signs_only_where_the_meeting_names_its_holder(cast: Cast, held: HeldMeeting) -> None:
    finalise(cast.secretary, held.id)
    assert cast.organiser.get(f"/minutes/{held.id}/sign").location == f"/minutes/{held.id}"
    assert "去签字" not in words_of(cast.organiser.get(f"/minutes/{held.id}"))
    page = cast.organiser.get(f"/minutes/{held.id}/sign?for=secretary")
    assert "请把设备交给 周记录 本人" in words_of(page)
    form = {"for": "secretary", "answer": "signed", "strokes": STROKES, "sha256": hidden(page, "sha256")}
    assert "NOT_MYSELF" in words_of(cast.organiser.post(f"/minutes/{held.id}/sign", form))
    form.pop("for")
    assert cast.organiser.post(f"/minutes/{held.id}/sign", form).status_code == 403


@pytest.mark.rule("R112")
def test_where_nothing_can_be_drawn_the_own_name_is_typed_and_the_paper_says_so(
    cast: Cast, held: HeldMeeting
) -> None:
    finalise(cast.secretary, held.id)
    assert 'name="typed"' in cast.representative.get(f"/minutes/{held.id}/sign").get_data(as_text=True)
    wrong = sign(cast.representative, held.id, strokes="", typed="李桂芳")
    assert wrong.status_code == 422
    assert "NAME_WRONG" in words_of(wrong)
    assert sign(cast.representative, held.id, strokes="", typed="李 桂香").status_code == 303
    assert "输入姓名" in words_of(cast.representative.get(f"/minutes/{held.id}/sign"))
    # At the desk there is a pad, and nobody types for another.
    typed_at_desk = {"for": "2", "myself": "1", "strokes": "", "typed": "钱进"}
    assert "SIGNATURE" in words_of(sign(cast.secretary, held.id, **typed_at_desk))
