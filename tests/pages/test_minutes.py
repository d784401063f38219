"""The minutes' pages: who may read, edit, sign and publish, and what they meet when they may not."""

import re
import subprocess
import zlib
from html import unescape
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.domain.actor import Role
from server.pages.context import Services
from server.service.access import issue_ticket, redeem_ticket
from server.store.tables.minutes import DocumentRow
from tests.pages.cast import Cast, Person, browser_of, card_of, words_of
from tests.pages.house import Clock
from tests.service.held_meeting import MINUTE, MOTION, STROKES, HeldMeeting, filled, hold_meeting

SENTENCE = "赞成4票、反对1票、弃权0票，赞成票超过实到人数的三分之二，表决通过。"


@pytest.fixture
def held(services: Services, cast: Cast, clock: Clock) -> HeldMeeting:
    """A meeting that ended 25 minutes ago."""
    made = hold_meeting(
        lambda run: services.writer.submit(run).result(10),
        services.rooms,
        cast.council,
        clock() - 60 * MINUTE,
    )
    clock.now = made.closed_at + 10 * MINUTE
    return made


def by_ticket(house: Flask, services: Services, meeting: str, role: Role, holder: str) -> Person:
    """Return the browser of somebody who came in by a ticket of one meeting."""
    now = services.clock()

    def run(unit):  # type: ignore[no-untyped-def]
        token = issue_ticket(unit.session, now, role, holder=holder, expires_at=now + 10**9, meeting=meeting)
        unit.session.flush()
        return redeem_ticket(unit, now, token)

    return browser_of(house, services.writer.submit(run).result(10))


def typed(response: TestResponse) -> str:
    """Return what stands in the editor."""

    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", response.get_data(as_text=True), re.DOTALL)
    assert found is not None
    return unescape(found[1])


def hidden(response: TestResponse, name: str) -> str:
    """Return a hidden field's value."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', response.get_data(as_text=True))
    assert found is not None, name
    return found[1]


def save(person: Person, meeting: str, text: str, base: int) -> TestResponse:
    """Save a text."""
    return person.post(f"/office/minutes/{meeting}", {"markdown": text, "base_version": str(base)})


def finalise(person: Person, meeting: str) -> None:
    """Fill the draft, save and freeze it."""
    page = person.get(f"/office/minutes/{meeting}")
    assert save(person, meeting, filled(typed(page)), int(hidden(page, "base_version"))).status_code == 303
    page = person.get(f"/office/minutes/{meeting}")
    form = {"base_version": hidden(page, "base_version"), "confirmed": "1"}
    assert person.post(f"/office/minutes/{meeting}/finalise", form).status_code == 303


def sign(person: Person, meeting: str, **changes: str) -> TestResponse:
    """Sign on one's own device."""
    named = f"?for={changes['for']}" if "for" in changes else ""
    page = person.get(f"/minutes/{meeting}/sign{named}")
    assert page.status_code == 200, page.status_code
    form = {"answer": "signed", "text": "", "strokes": STROKES, "sha256": hidden(page, "sha256")}
    return person.post(f"/minutes/{meeting}/sign", form | changes)


def test_the_list_says_what_waits(cast: Cast, held: HeldMeeting) -> None:
    words = words_of(cast.secretary.get("/office/minutes"))
    assert "2026年第3次会议" in words
    assert "还没有整理" in words
    finalise(cast.secretary, held.id)
    assert "待签字，已答复0人" in words_of(cast.secretary.get("/office/minutes"))
    assert cast.chair.get("/office/minutes").status_code == 403
    assert cast.stranger.get("/office/minutes").location.startswith("/office/login")


def test_an_empty_list_says_so(cast: Cast) -> None:
    assert "没有等着整理的纪要" in words_of(cast.secretary.get("/office/minutes"))


def test_the_editor_opens_on_the_draft_with_the_facts_beside(cast: Cast, held: HeldMeeting) -> None:
    page = cast.secretary.get(f"/office/minutes/{held.id}")
    assert page.status_code == 200
    assert "〔表决结果 1〕" in typed(page)
    words = words_of(page)
    assert SENTENCE in words
    assert "李桂香（邻长） 赞成" in words
    assert "采购并安装健身器材6件" in words
    assert cast.organiser.get(f"/office/minutes/{held.id}").status_code == 200
    assert cast.chair.get(f"/office/minutes/{held.id}").status_code == 200


@pytest.mark.parametrize("path", ["", "/versions"])
def test_only_those_who_keep_the_record_come_to_the_editor(cast: Cast, held: HeldMeeting, path: str) -> None:
    address = f"/office/minutes/{held.id}{path}"
    for person in (cast.representative, cast.administrator, cast.supervisor):
        assert person.get(address).status_code == 403
    assert cast.stranger.get(address).location.startswith("/office/login?next=")
    assert cast.secretary.get(f"/office/minutes/nowhere{path}").status_code == 404


@pytest.mark.parametrize("act", ["", "/preview", "/finalise", "/regenerate", "/reopen", "/publish"])
def test_nobody_else_changes_anything(cast: Cast, held: HeldMeeting, act: str) -> None:
    form = {"markdown": "我来改", "base_version": "0", "confirmed": "1", "reason": "改"}
    assert cast.representative.post(f"/office/minutes/{held.id}{act}", form).status_code == 403
    assert cast.secretary.client.post(f"/office/minutes/{held.id}{act}", data=form).status_code == 403
    assert "我来改" not in typed(cast.secretary.get(f"/office/minutes/{held.id}"))


def test_a_secretary_by_ticket_keeps_the_minutes_of_that_meeting_alone(
    house: Flask, services: Services, cast: Cast, held: HeldMeeting, clock: Clock
) -> None:
    secretary = by_ticket(house, services, held.id, Role.SECRETARY, "周文")
    page = secretary.get(f"/office/minutes/{held.id}")
    assert page.status_code == 200
    assert save(secretary, held.id, "第一稿", 0).status_code == 303
    assert "记录人 周文" in words_of(secretary.get(f"/office/minutes/{held.id}"))
    other = hold_meeting(
        lambda run: services.writer.submit(run).result(10), services.rooms, cast.council, clock(), ordinal=4
    )
    assert secretary.get(f"/office/minutes/{other.id}").status_code == 403


def test_saving_twice_and_conflicts_lose_nothing(cast: Cast, held: HeldMeeting) -> None:
    assert save(cast.secretary, held.id, "第一稿\n\n共同的一段", 0).status_code == 303
    assert save(cast.secretary, held.id, "第一稿\n\n共同的一段", 0).status_code == 303
    assert save(cast.organiser, held.id, "周敏的第二稿\n\n共同的一段", 1).status_code == 303
    late = save(cast.secretary, held.id, "我的第二稿\n\n共同的一段", 1)
    assert late.status_code == 409
    assert typed(late) == "我的第二稿\n\n共同的一段"
    assert "周敏的第二稿" in words_of(late)
    assert hidden(late, "base_version") == "2"
    assert save(cast.secretary, held.id, typed(late), 2).status_code == 303
    versions = cast.secretary.get(f"/office/minutes/{held.id}/versions")
    assert "第3版" in words_of(versions)
    assert "<del>" in versions.get_data(as_text=True)
    compared = cast.secretary.get(f"/office/minutes/{held.id}/versions?former=1&later=2")
    assert "第1版到第2版" in words_of(compared)


def test_an_unsound_text_stays_in_the_editor(cast: Cast, held: HeldMeeting) -> None:
    for text in ("藏\u202e字", ">" * 30 + " 太深"):
        answer = save(cast.secretary, held.id, text, 0)
        assert answer.status_code == 422
        assert typed(answer) == text
    assert save(cast.secretary, held.id, "", 0).status_code == 422
    assert save(cast.secretary, held.id, "好", -5).status_code == 303


def test_the_preview_works_as_a_form_and_as_a_part(cast: Cast, held: HeldMeeting) -> None:
    form = {"markdown": "## 一、标题\n\n〔表决结果 1〕\n\n<b>不是标签</b>", "base_version": "0"}
    page = cast.secretary.post(f"/office/minutes/{held.id}/preview", form)
    assert page.status_code == 200
    assert typed(page) == form["markdown"]
    assert "<h2>一、标题</h2>" in page.get_data(as_text=True)
    part = cast.secretary.post(f"/office/minutes/{held.id}/preview", form | {"part": "1"}).get_data(
        as_text=True
    )
    assert "<html" not in part
    assert SENTENCE in part
    assert "&lt;b&gt;不是标签&lt;/b&gt;" in part
    deep = cast.secretary.post(
        f"/office/minutes/{held.id}/preview", {"markdown": ">" * 30 + "深", "part": "1"}
    )
    assert "层次太深" in words_of(deep)


def test_hostile_markdown_does_nothing_anywhere(cast: Cast, held: HeldMeeting) -> None:
    hostile = (
        "<script>alert(1)</script>\n\n<img src=x onerror=alert(1)>\n\n[点](javascript:alert(1))\n\n"
        "![图](http://169.254.169.254/)\n\n<style>body{display:none}</style>\n\n</div></main>"
    )
    save(cast.secretary, held.id, hostile, 0)
    form = {"base_version": "1", "confirmed": "1"}
    assert cast.secretary.post(f"/office/minutes/{held.id}/finalise", form).status_code == 303
    for path in (f"/minutes/{held.id}", f"/minutes/{held.id}/sign", f"/office/minutes/{held.id}"):
        page = cast.secretary.get(path).get_data(as_text=True)
        body = page[page.index("<body") :]
        assert "<script>alert" not in body
        assert "javascript:" not in body
        assert "<img" not in body
        assert "<style" not in body
        assert "&lt;script&gt;" in body


def test_freezing_with_places_left_needs_a_word(cast: Cast, held: HeldMeeting) -> None:
    page = cast.secretary.get(f"/office/minutes/{held.id}")
    save(cast.secretary, held.id, typed(page), 0)
    hasty = cast.secretary.post(f"/office/minutes/{held.id}/finalise", {"base_version": "1"})
    assert hasty.status_code == 422
    assert "PLACES_LEFT" in words_of(hasty)
    assert "请记录人补写" in words_of(hasty)
    stale = cast.secretary.post(
        f"/office/minutes/{held.id}/finalise", {"base_version": "0", "confirmed": "1"}
    )
    assert stale.status_code == 409


def test_writing_anew_asks_first_and_keeps_the_former_text(cast: Cast, held: HeldMeeting) -> None:
    save(cast.secretary, held.id, "手写的一稿", 0)
    path = f"/office/minutes/{held.id}"
    assert cast.secretary.post(f"{path}/regenerate", {"base_version": "1"}).status_code == 422
    done = cast.secretary.post(f"{path}/regenerate", {"base_version": "1", "confirmed": "1"})
    assert done.status_code == 303
    assert "〔表决结果 1〕" in typed(cast.secretary.get(path))
    assert "手写的一稿" in words_of(cast.secretary.get(f"{path}/versions"))


def test_before_the_freezing_participants_wait_and_strangers_find_nothing(
    cast: Cast, held: HeldMeeting
) -> None:
    assert "纪要正在整理" in words_of(cast.representative.get(f"/minutes/{held.id}"))
    assert cast.representative.get(f"/minutes/{held.id}/sign").status_code == 303
    assert cast.stranger.get(f"/minutes/{held.id}").status_code == 404
    assert cast.stranger.get("/minutes/nowhere").status_code == 404
    assert cast.stranger.get(f"/minutes/{held.id}/sign").status_code == 403


def test_before_publication_the_full_text_is_for_participants(cast: Cast, held: HeldMeeting) -> None:
    finalise(cast.secretary, held.id)
    words = words_of(cast.representative.get(f"/minutes/{held.id}"))
    assert "待签的纪要" in words
    assert "李桂香" in words
    assert "看完了，去签字" in words
    for path in (f"/minutes/{held.id}", f"/minutes/{held.id}.pdf", f"/minutes/{held.id}/archive.pdf"):
        assert cast.stranger.get(path).status_code == 404
    assert cast.representative.get(f"/minutes/{held.id}.pdf").status_code == 404
    assert cast.supervisor.get(f"/minutes/{held.id}").status_code == 200


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
    ("changes", "code"),
    [
        ({"answer": ""}, "ANSWER_MISSING"),
        ({"strokes": ""}, "SIGNATURE"),
        ({"strokes": "[]"}, "SIGNATURE_EMPTY"),
        ({"strokes": "<svg/>"}, "SIGNATURE_UNREADABLE"),
        ({"strokes": "[" + "0," * 40_000}, "SIGNATURE_TOO_LONG"),
        ({"answer": "signed_with_reservation"}, "REASON_MISSING"),
        ({"answer": "refused"}, "REASON_MISSING"),
        ({"answer": "refused", "text": "长" * 301}, "TEXT_WRONG"),
        ({"sha256": "0" * 64}, "TEXT_CHANGED"),
    ],
)
def test_what_is_missing_is_said_and_what_was_entered_stays(
    cast: Cast, held: HeldMeeting, changes: dict[str, str], code: str
) -> None:
    finalise(cast.secretary, held.id)
    answer = sign(cast.representative, held.id, **({"text": ""} | changes))
    assert answer.status_code == 422
    assert code in words_of(answer)
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
    assert "林平的答复" in words_of(cast.chair.get(f"/minutes/{held.id}/sign"))
    assert sign(cast.chair, held.id).status_code == 303
    assert sign(cast.secretary, held.id).status_code == 303
    assert "已答复2人" in words_of(cast.secretary.get(f"/office/minutes/{held.id}"))


def test_an_edit_after_signatures_voids_them_in_sight_of_all(cast: Cast, held: HeldMeeting) -> None:
    finalise(cast.secretary, held.id)
    sign(cast.representative, held.id)
    path = f"/office/minutes/{held.id}"
    text = typed_after_freezing = "改过的一稿"
    assert save(cast.secretary, held.id, text, 1).status_code == 422
    assert typed(save(cast.secretary, held.id, text, 1)) == typed_after_freezing
    assert cast.secretary.post(f"{path}/reopen", {"reason": " "}).status_code == 422
    assert cast.secretary.post(f"{path}/reopen", {"reason": "日期写错了"}).status_code == 303
    assert "1人的签字失效。理由：日期写错了" in words_of(cast.secretary.get(path))
    assert "先前的签字因修改失效" in words_of(cast.representative.get(f"/minutes/{held.id}"))
    page = cast.secretary.get(path)
    save(cast.secretary, held.id, typed(page) + "\n补一句。", int(hidden(page, "base_version")))
    finalise(cast.secretary, held.id)
    assert "此前1人的签字因修改失效" in words_of(cast.representative.get(f"/minutes/{held.id}"))
    assert sign(cast.representative, held.id).status_code == 303


def test_publishing_asks_about_missing_answers_and_makes_the_page_public(
    cast: Cast, held: HeldMeeting
) -> None:
    finalise(cast.secretary, held.id)
    sign(cast.representative, held.id)
    path = f"/office/minutes/{held.id}"
    hasty = cast.secretary.post(f"{path}/publish")
    assert hasty.status_code == 422
    assert "SIGNATURES_MISSING" in words_of(hasty)
    assert cast.stranger.get(f"/minutes/{held.id}").status_code == 404
    assert cast.secretary.post(f"{path}/publish", {"confirmed": "1"}).status_code == 303
    page = cast.stranger.get(f"/minutes/{held.id}")
    assert page.status_code == 200
    words = words_of(page)
    assert SENTENCE in words
    assert "采购并安装健身器材6件" in words
    assert re.search(r'href="/tasks/[^"]+"', page.get_data(as_text=True))
    for name in ("李桂香", "赵国庆", "钱进", "孙芳", "周全", "林平", "周文"):
        assert name not in words
    assert 'class="signature"' not in page.get_data(as_text=True)
    assert cast.stranger.get(f"/minutes/{held.id}/archive.pdf").status_code == 404
    assert cast.secretary.post(f"{path}/publish", {"confirmed": "1"}).status_code == 422
    assert cast.secretary.post(f"{path}/reopen", {"reason": "再改"}).status_code == 422
    assert cast.representative.get(f"/minutes/{held.id}/sign").status_code == 200
    assert "已公布" in words_of(cast.secretary.get("/office/minutes"))


def pdf_words(pdf: bytes, folder: Path) -> str:
    """Return the words of a PDF without blanks."""
    path = folder / "minutes.pdf"
    path.write_bytes(pdf)
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return re.sub(r"\s", "", done.stdout.decode())


def drawn_paths(pdf: bytes) -> int:
    """Count the curves drawn in a PDF: a signature is the only thing made of them."""

    total = 0
    for stream in re.findall(rb"stream\r?\n(.*?)endstream", pdf, re.DOTALL):
        try:
            content = zlib.decompress(stream)
        except zlib.error:
            continue
        total += len(re.findall(rb" [cvy]\n", content))
    return total


def test_both_pdfs_hold_the_sentence_and_only_the_archive_the_hand(
    services: Services, cast: Cast, held: HeldMeeting, tmp_path: Path
) -> None:
    finalise(cast.secretary, held.id)
    unsigned = cast.representative.get(f"/minutes/{held.id}/archive.pdf")
    assert unsigned.mimetype == "application/pdf"
    sign(cast.representative, held.id)
    cast.secretary.post(f"/office/minutes/{held.id}/publish", {"confirmed": "1"})
    public = cast.stranger.get(f"/minutes/{held.id}.pdf")
    archive = cast.representative.get(f"/minutes/{held.id}/archive.pdf")
    assert archive.headers["Content-Disposition"].startswith("inline; filename=minutes.pdf;")
    for answer in (public, archive):
        assert SENTENCE in pdf_words(answer.data, tmp_path)
    assert "李桂香" in pdf_words(archive.data, tmp_path)
    assert "李桂香" not in pdf_words(public.data, tmp_path)
    assert drawn_paths(archive.data) > drawn_paths(unsigned.data)
    assert drawn_paths(public.data) == drawn_paths(unsigned.data)


def test_a_pdf_is_printed_once_for_the_same_content(
    services: Services, cast: Cast, held: HeldMeeting
) -> None:
    finalise(cast.secretary, held.id)
    first = cast.representative.get(f"/minutes/{held.id}/archive.pdf")
    with services.database.reader() as session:
        made = session.get_one(DocumentRow, (held.id, "minutes_archive"))
        stamp = made.stamp
    again = cast.representative.get(
        f"/minutes/{held.id}/archive.pdf", headers={"If-None-Match": first.headers["ETag"]}
    )
    assert again.status_code == 304
    sign(cast.representative, held.id)
    cast.representative.get(f"/minutes/{held.id}/archive.pdf")
    with services.database.reader() as session:
        assert session.get_one(DocumentRow, (held.id, "minutes_archive")).stamp != stamp
