import hashlib
import re
import socket
import threading
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from server.documents.failed import DocumentFailed
from server.documents.markdown import to_html
from server.documents.papers import Attendee, MinutesPaper, PartyPresence
from server.documents.pool import DocumentPool
from tests.documents.cast import RARE, VERDICT, minutes_paper
from tests.documents.conftest import PdfText
from tests.documents.test_markdown import HOSTILE

LINE_MM, MARGIN_LEFT, MARGIN_TOP, TYPE_WIDTH, TYPE_HEIGHT = 10.227, 28, 37, 156, 225
POINT = 25.4 / 72


def plain(body: str, **changes: object) -> MinutesPaper:
    """Minutes of a body alone, to measure lines on."""
    paper = minutes_paper()
    bare: dict[str, object] = dict.fromkeys(("presence", "observers", "results", "tasks", "signatures"), ())
    return replace(paper, **{**bare, "voided": None, "body_html": to_html(body), **changes})  # type: ignore[arg-type]


def lines_of(bbox: str) -> list[list[tuple[float, float, float, str]]]:
    """Every page as lines (left, top, right in mm, text), from `pdftotext -bbox-layout`."""
    pages = []
    for page in bbox.split("<page ")[1:]:
        lines = []
        for line in re.findall(r"<line ([^>]*)>(.*?)</line>", page, re.DOTALL):
            box = {name: float(value) * POINT for name, value in re.findall(r'(\w+)="([\d.]+)"', line[0])}
            text = "".join(re.findall(r"<word [^>]*>(.*?)</word>", line[1]))
            lines.append((box["xMin"], box["yMin"], box["xMax"], text))
        pages.append(lines)
    return pages


def test_a_page_has_22_lines_of_28_characters(pool: DocumentPool, pdf_text: PdfText) -> None:
    pages = lines_of(pdf_text(pool.render(plain("议" * 1900)), "-bbox-layout"))
    body = [line for line in pages[1] if set(line[3]) == {"议"}]
    assert len(body) == 22
    assert {len(line[3]) for line in body} == {28}
    for upper, lower in pairwise(body):
        assert lower[1] - upper[1] == pytest.approx(LINE_MM, abs=0.05)
    assert min(line[0] for line in body) == pytest.approx(MARGIN_LEFT, abs=0.6)
    assert max(line[2] for line in body) == pytest.approx(MARGIN_LEFT + TYPE_WIDTH, abs=0.6)
    assert body[0][1] > MARGIN_TOP
    assert body[-1][1] < MARGIN_TOP + TYPE_HEIGHT


@pytest.mark.parametrize("rows", [9, 20])
def test_the_check_lines_never_stand_on_a_page_of_their_own(
    pool: DocumentPool, pdf_text: PdfText, rows: int
) -> None:
    one = minutes_paper().signatures[0]
    lines = tuple(replace(one, name=f"签名人{number:02d}") for number in range(rows))
    text = pdf_text(pool.render(plain("议" * 600, signatures=lines)), "-layout")
    last = [page for page in text.split("\f") if page.strip()][-1]
    assert "校验码" in last
    assert "盖章处" in last
    assert "签名人" in last


def test_justified_lines_end_at_the_same_edge(pool: DocumentPool, pdf_text: PdfText) -> None:
    sentence = "2026年3月20日，议事会协商了器材选址，“不同意见”也记下来，应到25人，实到23人；"
    pages = lines_of(pdf_text(pool.render(plain(sentence * 40)), "-bbox-layout"))
    body = [line for line in pages[1] if "议事会" in line[3] or "应到" in line[3]]
    assert len(body) > 15
    # A full-width mark at the end of a line keeps its own blank half, so the box is what must end at the edge.
    assert {round(line[2]) for line in body} == {MARGIN_LEFT + TYPE_WIDTH}


def test_a_figure_stays_with_its_measure_word(pool: DocumentPool, pdf_text: PdfText) -> None:
    pages = lines_of(pdf_text(pool.render(plain("共用器材16件、反对4票、" * 120)), "-bbox-layout"))
    ends = [line[3][-1] for page in pages for line in page if "器材" in line[3]]
    assert len(ends) > 40
    assert not any(end.isdigit() for end in ends)


def test_the_page_number_stands_outside_on_the_outer_side(pool: DocumentPool, pdf_text: PdfText) -> None:
    pages = lines_of(pdf_text(pool.render(minutes_paper()), "-bbox-layout"))
    for number, page in enumerate(pages, 1):
        ((left, top, right, _),) = (line for line in page if line[3] == f"—{number}—")
        assert top > MARGIN_TOP + TYPE_HEIGHT + 3
        if number % 2:
            assert right == pytest.approx(MARGIN_LEFT + TYPE_WIDTH - 5.57, abs=1)
        else:
            assert left == pytest.approx(MARGIN_LEFT + 5.57, abs=1)


def test_every_page_carries_the_check_strip(pool: DocumentPool, pdf_text: PdfText) -> None:
    paper = minutes_paper()
    pages = pdf_text(pool.render(paper)).split("\f")[:-1]
    for number, page in enumerate(pages, 1):
        assert f"防改校验码 {paper.root[:12]}" in page
        assert f"第{number}页" in page
        assert f"共{len(pages)}页" in page
    assert paper.root in pages[-1]
    assert paper.text_sha256[:32] in pages[-1]


@pytest.mark.rule("P27")
def test_everything_the_paper_says_is_printed(pool: DocumentPool, pdf_text: PdfText) -> None:
    text = re.sub(r"\s", "", pdf_text(pool.render(minutes_paper()), "-layout"))
    for words in (
        "金穗小区五方议事会纪要", "金穗议〔2026〕3号", "芙蓉社区居委会（盖章处）", "时间：2026年3月20日19时至20时35分",
        "主持人：林平（小区党支部书记）", "记录人：周文", "请假：社区居委会朱海燕", "缺席：业主姜文斌",
        "列席：居务监督委员会孙立诚", "邻长66420", "合计25231742", "张爱莲、孔庆䶮、华建𬭚、魏小梅（4票）",
        "形成金穗决〔2026〕3号，内容即上述表决事项", "2026-08", "附保留意见签字3月26日", "拒签3月26日", "补签",
        "业主于立平拒签，理由：“认为点位离3栋太近。”", "业主华建𬭚保留意见：", "因修改失效",
        "不属于“可靠的电子签名”", VERDICT,
    ):  # fmt: skip
        assert words in text, words


def test_rare_characters_are_drawn_with_embedded_fonts(pool: DocumentPool, pdf_text: PdfText) -> None:
    pdf = pool.render(minutes_paper())
    text = pdf_text(pdf)
    assert all(char in text for char in RARE)
    fonts = pdf_text(pdf, tool="pdffonts").splitlines()[2:]
    assert fonts
    for font in fonts:
        name, embedded = font.split()[0], font[:-12].split()[-3]
        assert re.fullmatch(r"[A-Z]{6}\+Noto-(Sans|Serif)-SC(-Bold)?", name)
        assert embedded == "yes"


def test_a_missing_glyph_is_an_error_that_names_it(pool: DocumentPool) -> None:
    with pytest.raises(DocumentFailed) as caught:
        pool.render(replace(minutes_paper(), chair="林\U0003134a"))
    assert caught.value.code == "GLYPH_MISSING"
    assert "U+3134A" in caught.value.sentence


@pytest.mark.parametrize("lines_before", [1, 6, 9, 12, 15, 20])
def test_a_verdict_and_its_table_share_a_page(
    pool: DocumentPool, pdf_text: PdfText, lines_before: int
) -> None:
    paper = minutes_paper()
    body = "\n\n".join(["一行。"] * lines_before) + "\n\n〔表决结果 1〕"
    paper = plain(body, results=paper.results[:1])
    (page,) = (page for page in pdf_text(pool.render(paper)).split("\f") if "表决情况" in page)
    for words in ("同意在3栋", "表决通过", "各方票数", "合计", "议定事项"):
        assert words in page


def test_verdicts_the_text_does_not_ask_for_follow_it(pool: DocumentPool, pdf_text: PdfText) -> None:
    paper = plain(
        "正文。\n\n〔表决结果 2〕\n\n〔表决结果 2〕\n\n〔表决结果 9〕\n\n尾。",
        results=minutes_paper().results,
    )
    text = re.sub(r"\s", "", pdf_text(pool.render(paper)))
    assert (
        text.index("无人提出异议")
        < text.index("尾。")
        < text.index("新增健身器材的放置位置")
        < text.index("合计")
    )
    assert text.count("无人提出异议") == 1
    assert "〔表决结果" not in text


def test_a_secret_poll_shows_totals_and_its_note_only(pool: DocumentPool, pdf_text: PdfText) -> None:
    note = "无记名：保密性取决于服务器管理者。"
    secret = replace(minutes_paper().results[0], secrecy="无记名", parties=None, ballots=None, note=note)
    text = re.sub(r"\s", "", pdf_text(pool.render(plain("〔表决结果 1〕", results=(secret,)))))
    assert note in text
    assert "合计25231742" in text
    assert "邻长6" not in text
    assert "名单" not in text


def test_a_long_list_of_persons_aligns_after_the_colon(pool: DocumentPool, pdf_text: PdfText) -> None:
    people = tuple(Attendee(f"代表{number:02d}") for number in range(60))
    paper = plain("正文。", presence=(PartyPresence("业主", people), PartyPresence("邻长", people[:3])))
    pieces = [line for page in lines_of(pdf_text(pool.render(paper), "-bbox-layout")) for line in page]
    left_of = {text: left for left, _, _, text in pieces}
    (label,) = (text for text in left_of if text.startswith("出席："))
    assert left_of[label] == pytest.approx(MARGIN_LEFT + 2 * 15.75 * POINT, abs=0.1)
    beginnings = [text for text in left_of if text.startswith(("代表", "邻长")) and left_of[text] < 65]
    assert len(beginnings) > 8
    for words in beginnings:
        assert left_of[words] == pytest.approx(MARGIN_LEFT + 5 * 15.75 * POINT, abs=0.1)
    assert not any(re.fullmatch("[0-9]{1,2}(、.*)?", text) for text in left_of)  # no name is torn apart


def test_the_public_edition_holds_no_drawing(pool: DocumentPool, pdf_text: PdfText) -> None:
    archive = minutes_paper()
    bare = tuple(replace(line, strokes=None) for line in archive.signatures)
    public = replace(archive, edition="public", signatures=bare, withheld=("手写签名",))
    text = re.sub(r"\s", "", pdf_text(pool.render(public)))
    assert "公开版" in text
    assert "公开版未列出：手写签名。" in text
    assert text.count("已签") == 6


def test_two_renders_are_byte_for_byte_the_same(pool: DocumentPool) -> None:
    other = DocumentPool(1)
    first, second, elsewhere = (
        pool.render(minutes_paper()),
        pool.render(minutes_paper()),
        other.render(minutes_paper()),
    )
    other.close()
    assert (
        hashlib.sha256(first).digest()
        == hashlib.sha256(second).digest()
        == hashlib.sha256(elsewhere).digest()
    )


def test_the_pdf_can_be_searched_navigated_and_read_aloud(pool: DocumentPool, pdf_text: PdfText) -> None:
    pdf = pool.render(minutes_paper())
    facts = dict(re.findall(r"(?m)^([^:\n]+): +(.*)$", pdf_text(pdf, tool="pdfinfo")))
    assert facts["Title"] == "关于新增健身器材选址等事项的会议纪要"
    assert facts["Tagged"] == "yes"
    assert facts["JavaScript"] == "no"
    assert facts["Page size"].endswith("(A4)")
    assert "反对4票、弃权2票" in re.sub(r"\s", "", pdf_text(pdf))


def test_four_pages_take_under_a_second_of_processor_time(pool: DocumentPool, pdf_text: PdfText) -> None:
    paper = minutes_paper()
    done = min((pool.render_measured(paper) for _ in range(3)), key=lambda rendered: rendered.cpu_seconds)
    facts = dict(re.findall(r"(?m)^([^:\n]+): +(.*)$", pdf_text(done.pdf, tool="pdfinfo")))
    assert int(facts["Pages"]) >= 4
    assert done.cpu_seconds < 1


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_printed_as_text(pool: DocumentPool, pdf_text: PdfText, text: str) -> None:
    pdf = pool.render(plain(text + "\n\n到此为止。"))
    assert "到此为止。" in pdf_text(pdf)
    assert b"/EmbeddedFile" not in pdf
    assert b"/JavaScript" not in pdf


def test_nothing_is_fetched_and_no_file_is_read(
    pool: DocumentPool, pdf_text: PdfText, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("机密内容")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        met: list[object] = []
        port = server.getsockname()[1]
        listener = threading.Thread(target=_listen, args=(server, met))
        listener.start()
        sources = f"http://127.0.0.1:{port}/x", secret.as_uri(), "data:text/css,*{color:red}"
        raw = "".join(
            f'<link rel=attachment href="{url}"><link rel=stylesheet href="{url}"><img src="{url}">'
            f'<object data="{url}"></object><style>@import url({url});</style>'
            f"<style>@font-face{{font-family:a;src:url({url})}}</style>"
            f'<svg><image href="{url}"/></svg><p style="background:url({url})">x</p>'
            for url in sources
        )
        base = minutes_paper()
        paper = replace(
            base, body_html=raw, title=raw, chair=raw, council=raw, place=raw, root=raw[:60], voided=raw
        )
        pdf = pool.render(paper)
        met.append(None)
        listener.join()
    assert met == [None]
    assert b"/EmbeddedFile" not in pdf
    assert "机密内容" not in pdf_text(pdf)


def _listen(server: socket.socket, met: list[object]) -> None:
    while not met:
        try:
            met.append(server.accept()[1])
        except TimeoutError:
            continue


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"body_html": "<blockquote>" * 3000 + "x"}, "RENDER_FAILED"),
        ({"body_html": "<ul><li>" * 1500 + "x"}, "RENDER_FAILED"),
        ({"chair": "半个\ud83d字"}, "TEXT_UNREADABLE"),
        ({"check_url": "https://example.cn/" + "a" * 3000}, "QR_TOO_LONG"),
    ],
    ids=["quotes", "lists", "surrogate", "url"],
)
def test_what_cannot_be_printed_fails_with_a_sentence(
    pool: DocumentPool, changes: dict[str, object], code: str
) -> None:
    worker = pool._seats[0].process.pid
    with pytest.raises(DocumentFailed) as caught:
        pool.render(replace(minutes_paper(), **changes))  # type: ignore[arg-type]
    assert caught.value.code == code
    assert caught.value.sentence.endswith("。")
    assert pool._seats[0].process.pid == worker
    assert pool.render(plain("还在。")).startswith(b"%PDF")


def test_odd_characters_in_names_do_no_harm(pool: DocumentPool, pdf_text: PdfText) -> None:
    odd = "林\u202e平\u0000\u0007\u200b" + "a\u0301" * 50
    assert "主持人" in pdf_text(pool.render(replace(minutes_paper(), chair=odd)))
