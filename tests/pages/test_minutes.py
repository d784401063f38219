"""The minutes to read: for participants before publication, for everybody after, and both papers."""

import re
import subprocess
import zlib
from pathlib import Path

import pytest

from server.pages.context import Services
from server.store.tables.minutes import DocumentRow
from tests.pages.cast import Cast, words_of
from tests.pages.minutes_desk import SENTENCE, finalise, hidden, save, sign, typed
from tests.service.held_meeting import HeldMeeting


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


@pytest.mark.rule("S44")
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
    words = words_of(cast.secretary.get(path))
    assert "主持人林主持、记录人周记录还没有答复，答复以后才能公布。" in words
    assert words.count("我来签") == 1
    assert cast.secretary.post(f"{path}/publish", {"confirmed": "1"}).status_code == 422
    sign(cast.chair, held.id)
    sign(cast.secretary, held.id)
    assert "还有4人没有答复，纪要上印“未签字”" in words_of(cast.secretary.get(path))
    hasty = cast.secretary.post(f"{path}/publish")
    assert hasty.status_code == 422
    assert "SIGNATURES_MISSING" in words_of(hasty)
    assert cast.stranger.get(f"/minutes/{held.id}").status_code == 404
    assert cast.secretary.post(f"{path}/publish", {"confirmed": "1"}).status_code == 303
    page = cast.stranger.get(f"/minutes/{held.id}")
    assert page.status_code == 200
    words = words_of(page)
    assert SENTENCE in words
    assert "会议由议事会主持人主持，记录人记录。" in words
    assert "未签字1人" in words
    assert "缺席" not in words
    assert "采购并安装健身器材6件" in words
    assert re.search(r'href="/tasks/[^"]+"', page.get_data(as_text=True))
    for name in ("李桂香", "赵国庆", "钱进", "孙芳", "周全", "林主持", "周记录"):
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
    sign(cast.chair, held.id)
    sign(cast.secretary, held.id)
    cast.secretary.post(f"/office/minutes/{held.id}/publish", {"confirmed": "1"})
    public = cast.stranger.get(f"/minutes/{held.id}.pdf")
    archive = cast.representative.get(f"/minutes/{held.id}/archive.pdf")
    assert archive.headers["Content-Disposition"].startswith("inline;")
    for answer in (public, archive):
        words = pdf_words(answer.data, tmp_path)
        assert SENTENCE in words
        assert "未签字" in words
        assert "缺席" not in words
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
