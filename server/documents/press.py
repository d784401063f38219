"""Paper to PDF: template, style sheets, WeasyPrint. Runs in the worker only."""

import html
import json
import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher

from server.documents import justify
from server.documents.breaks import hint_breaks
from server.documents.failed import DocumentFailed
from server.documents.glyphs import missing_characters
from server.documents.markdown import ResultPlace, clean, split_at_results
from server.documents.papers import MinutesPaper, Paper, ResultLine
from server.documents.qr import qr_svg
from server.documents.strokes import strokes_svg

WEB = Path(__file__).parents[2] / "web"

# Paper → its template and its own style sheet; tokens.css and print-page.css come before each.
PRINTS = {
    "MinutesPaper": ("minutes.html", "print-minutes.css"),
    "NoticePaper": ("notice.html", "print-notice.css"),
    "CardsPaper": ("cards.html", "print-cards.css"),
    "SignInPaper": ("sign_in.html", "print-sign-in.css"),
}

# What WeasyPrint says about web-only declarations in tokens.css helps nobody at run time.
logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
logging.getLogger("fontTools").setLevel(logging.CRITICAL)

_TAG = re.compile(r"<[^>]*>")
_PARTY_COLOUR = re.compile(r"--(party-\d(?:-on)?): (#[0-9A-Fa-f]{6})")


@dataclass(frozen=True, slots=True)
class Press:
    """Everything that stays the same from one render to the next."""

    templates: Environment
    fonts: FontConfiguration
    sheets: dict[str, list[CSS]]


def make_press() -> Press:
    """Reads templates, words and style sheets once; and prints a first page; costs about a second."""
    justify.install()
    tokens = (WEB / "static/css/tokens.css").read_text("utf-8")
    templates = Environment(
        loader=FileSystemLoader(WEB / "templates" / "documents"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.globals.update(
        qr_svg=qr_svg,
        strokes_svg=strokes_svg,
        words=json.loads((WEB / "words.json").read_text("utf-8")),
        # SVG shapes do not see the style sheet: the marks of the parties take the tokens as values.
        colours=dict(_PARTY_COLOUR.findall(tokens)),
    )
    fonts = FontConfiguration()
    shared = [_sheet(name, fonts) for name in ("tokens.css", "print-page.css")]
    sheets = {kind: [*shared, _sheet(own, fonts)] for kind, (_, own) in PRINTS.items()}
    press = Press(templates, fonts, sheets)
    _warm_up(press)
    return press


def _warm_up(press: Press) -> None:
    """Loads faces and tables of characters before somebody waits for them."""
    _refuse_missing_glyphs("议")
    page = "<p class='minutes'>议<b>事</b></p><p>议<b>事</b></p>"
    _write(HTML(string=page, url_fetcher=_deny()), press, "MinutesPaper")


def _sheet(name: str, fonts: FontConfiguration) -> CSS:
    text = (WEB / "static" / "css" / name).read_text("utf-8")
    return CSS(string=text, url_fetcher=_deny(), font_config=fonts)


def _deny() -> URLFetcher:
    """A fetcher that fetches nothing (S58): faces come from fontconfig, sheets as text, drawings inline."""
    return URLFetcher(allowed_protocols=(), allow_redirects=False)


def print_paper(press: Press, paper: Paper) -> bytes:
    """Renders one paper to PDF bytes; the same paper gives the same bytes.

    Raises DocumentFailed: GLYPH_MISSING, RENDER_FAILED. Costs 0.1–0.5 s of processor time for up to four pages.
    """
    kind = type(paper).__name__
    page = press.templates.get_template(PRINTS[kind][0]).render(paper=paper, **_arranged(paper))
    _refuse_missing_glyphs(page)
    try:
        return bytes(_write(HTML(string=hint_breaks(page), base_url=None, url_fetcher=_deny()), press, kind))
    except (RecursionError, MemoryError):
        raise DocumentFailed(
            "RENDER_FAILED", "这份文件的内容层次太深或太长，排不出版。请删减后再试。"
        ) from None


def _arranged(paper: Paper) -> dict[str, object]:
    """For minutes: prose and verdicts in the order of the text, then the verdicts it does not ask for.

    A place with no verdict behind it, or a second place for the same one, prints nothing.
    """
    if not isinstance(paper, MinutesPaper):
        return {}
    parts: list[str | ResultLine] = []
    placed: set[int] = set()
    for part in split_at_results(clean(paper.body_html)):
        if not isinstance(part, ResultPlace):
            parts.append(part)
        elif part.number <= len(paper.results) and part.number not in placed:
            placed.add(part.number)
            parts.append(paper.results[part.number - 1])
    unplaced = [result for number, result in enumerate(paper.results, 1) if number not in placed]
    return {"parts": parts, "unplaced": unplaced}


def _write(document: HTML, press: Press, kind: str) -> Any:
    return document.write_pdf(stylesheets=press.sheets[kind], font_config=press.fonts, pdf_tags=True)


def _refuse_missing_glyphs(page: str) -> None:
    missing = missing_characters(html.unescape(_TAG.sub("", page)))
    if missing:
        listed = "、".join(f"{char}（U+{ord(char):04X}）" for char in missing[:10])
        raise DocumentFailed(
            "GLYPH_MISSING", f"字库里没有这些字，印不出来：{listed}。请换字，或放入含有这些字的字体。"
        )
