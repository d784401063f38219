import re
from dataclasses import replace

import pytest

from server.documents.papers import NoticeItem
from server.documents.pool import DocumentPool
from server.service.access.joining import typed_ticket
from tests.documents.cast import cards_paper, notice_paper, sign_in_paper
from tests.documents.conftest import PdfText


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text)


def pages_of(pdf: bytes, pdf_text: PdfText) -> int:
    found = re.search(r"Pages: +(\d+)", pdf_text(pdf, tool="pdfinfo"))
    assert found is not None
    return int(found[1])


@pytest.mark.rule("P28")
def test_a_notice_fits_one_page_and_has_its_form(pool: DocumentPool, pdf_text: PdfText) -> None:
    pdf = pool.render(notice_paper())
    text = squeezed(pdf_text(pdf, "-layout"))
    assert pages_of(pdf, pdf_text) == 1
    for words in (
        "会议通知2026年第4次会议", "4月17日星期五晚上7点", "小区议事长廊", "一上次定的事办得怎么样通报10分钟",
        "四夏季凉亭开放时间只听意见", "请谁来五方议事代表25人", "芙蓉社区居委会（章）", "2026年4月7日", "0731-55550100",
    ):  # fmt: skip
        assert words in text, words
    assert "公示" not in text  # a call is a notice; 公示 is for drafts and results (P28)


def test_a_long_agenda_goes_on_without_splitting_an_item(pool: DocumentPool, pdf_text: PdfText) -> None:
    items = tuple(NoticeItem(f"第{number}件要商量的事情", "协商表决", 15) for number in range(1, 15))
    pdf = pool.render(replace(notice_paper(), items=items))
    assert pages_of(pdf, pdf_text) == 2
    text = squeezed(pdf_text(pdf, "-layout"))
    assert "十第10件要商量的事情协商表决15分钟" in text
    assert "14第14件要商量的事情协商表决15分钟" in text


def test_the_signature_of_a_notice_is_never_cut_off_at_the_end_of_a_page(
    pool: DocumentPool, pdf_text: PdfText
) -> None:
    for lines in range(3, 12):
        paper = replace(notice_paper(), invited=tuple(f"{number}栋全体住户" for number in range(lines)))
        text = squeezed(pdf_text(pool.render(paper), "-layout"))
        assert f"{paper.organisation}（章）" in text, lines
        assert squeezed(paper.issued_on) in text, lines


def test_eight_cards_stand_on_a_sheet(pool: DocumentPool, pdf_text: PdfText) -> None:
    pdf = pool.render(cards_paper(17))
    pages = [squeezed(page) for page in pdf_text(pdf, "-layout").split("\f")[:-1]]
    assert [page.count("议事代表第") for page in pages] == [8, 8, 1]
    assert "丁立中" in pages[0]
    assert "小区管理单位" in pages[0]
    assert "任期2025年9月至2028年8月" in pages[0]


def test_no_sheet_of_cards_is_left_empty(pool: DocumentPool, pdf_text: PdfText) -> None:
    assert pages_of(pool.render(cards_paper(8)), pdf_text) == 1
    assert pages_of(pool.render(cards_paper(1)), pdf_text) == 1


def test_a_ticket_can_be_typed_where_it_cannot_be_scanned(pool: DocumentPool, pdf_text: PdfText) -> None:
    paper = cards_paper(2)
    tickets = ("a-Bc_d-3fgHI1jkl-mno_p", "--__zz9-8__7-6543210Aa")
    cards = [
        replace(card, ticket_url=f"https://a.example/join#t={ticket}")
        for card, ticket in zip(paper.cards, tickets, strict=True)
    ]
    text = pdf_text(pool.render(replace(paper, cards=tuple(cards))), "-raw")
    printed = re.findall(r"入会码\s+((?:\S{4}[ \n]+){5}\S{2})\s", text)
    assert [typed_ticket(groups) for groups in printed] == list(tickets)
    assert "a-Bc _d-3\nfgHI 1jkl\n-mno _p" in text
    assert "http" not in text


@pytest.mark.rule("P25")
def test_the_sign_in_sheet_repeats_its_head_and_asks_no_telephone(
    pool: DocumentPool, pdf_text: PdfText
) -> None:
    paper = sign_in_paper()
    pages = pdf_text(pool.render(paper), "-layout").split("\f")[:-1]
    assert len(pages) == 2
    for page in pages:
        assert "本人签名" in squeezed(page)
    text = squeezed("".join(pages))
    assert f"应到{len(paper.seats)}人" in text
    assert "电话" not in text
