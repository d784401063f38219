"""Markdown to safe HTML: one way for the pages and the printed minutes (T66, S59, S60)."""

import re
from dataclasses import dataclass

import nh3
from markdown import Markdown

from server.documents.failed import DocumentFailed

# The parser's time grows with the square of lines and of opening brackets; these bounds keep it under one second.
MAX_CHARACTERS = 50_000
MAX_LINES = 2_000
MAX_BRACKETS = 500
MAX_DEPTH = 8

TAGS = {
    *("p", "br", "strong", "em", "ul", "ol", "li", "blockquote", "code", "pre", "h2", "h3", "h4"),
    *("table", "thead", "tbody", "tr", "th", "td", "a", "hr", "del"),
}
# Without "*" the library would let `title` and `lang` through on every tag.
ATTRIBUTES: dict[str, set[str]] = {"a": {"href"}, "*": set()}
SCHEMES = {"https", "mailto"}

# The page has its h1; a text begins at the second level and knows three.
_HEADINGS = re.compile(r"(</?h)([156])>")
_LEVEL = {"1": "2", "5": "4", "6": "4"}
_QUOTES = re.compile(rf"^(?:[ \t]*>){{{MAX_DEPTH + 1}}}", re.MULTILINE)
_INDENT = re.compile(rf"^(?: {{4}}|\t){{{2 * MAX_DEPTH + 1}}}", re.MULTILINE)
_RESULT = re.compile(r"<p>〔表决结果 ?([1-9][0-9]?)〕</p>\n?")


@dataclass(frozen=True, slots=True)
class ResultPlace:
    """Where a text asks for the facts of a verdict; `number` counts the meeting's results from 1."""

    number: int


def to_html(text: str) -> str:
    """Turns Markdown into HTML that holds nothing but the tags of S60, for page and PDF alike.

    Raw HTML is shown as typed. No images, no ids, no styles; links only https and mailto. A line break stays
    one; neither back-ticks nor four blanks in front make code: people indent paragraphs so.
    Raises DocumentFailed: TEXT_TOO_LONG (50,000 characters, 2,000 lines, 500 brackets), TEXT_TOO_DEEP,
    TEXT_UNREADABLE.
    """
    if len(text) > MAX_CHARACTERS or text.count("\n") > MAX_LINES or text.count("[") > MAX_BRACKETS:
        raise DocumentFailed("TEXT_TOO_LONG", "正文太长，最多5万字、2000行。请删减，或把附件另外上传。")
    if _QUOTES.search(text) or _INDENT.search(text):
        raise _too_deep()
    try:
        html = _parser().convert(text)
        html = _HEADINGS.sub(lambda found: f"{found[1]}{_LEVEL[found[2]]}>", html)
        return clean(html)
    except RecursionError:
        raise _too_deep() from None
    except UnicodeEncodeError:
        raise DocumentFailed("TEXT_UNREADABLE", "正文里有读不出的字符。请删去乱码再保存。") from None


def clean(html: str) -> str:
    """Leaves only the tags of S60 with `href` of https and mailto; cleaning twice changes nothing."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel="noopener noreferrer nofollow",
    )


def _too_deep() -> DocumentFailed:
    return DocumentFailed("TEXT_TOO_DEEP", f"正文的层次太深，最多{MAX_DEPTH}层。请减少缩进或引用。")


def _parser() -> Markdown:
    # Made anew each time: a Markdown object keeps state and pages run on many threads. It costs under 1 ms.
    parser = Markdown(extensions=["tables", "sane_lists", "nl2br"], output_format="html")
    parser.preprocessors.deregister("html_block")
    parser.inlinePatterns.deregister("html")
    parser.parser.blockprocessors.deregister("code")
    # No images (they would fetch), and no code: its pattern takes 20 s for 50,000 back-ticks.
    for pattern in ("image_link", "image_reference", "short_image_ref", "backtick"):
        parser.inlinePatterns.deregister(pattern)
    return parser


def split_at_results(html: str) -> tuple[str | ResultPlace, ...]:
    """Cuts the HTML of minutes where a line `〔表决结果 n〕` stands alone, so that facts go in by reference (T62)."""
    parts: list[str | ResultPlace] = []
    end = 0
    for found in _RESULT.finditer(html):
        parts += [html[end : found.start()], ResultPlace(int(found[1]))]
        end = found.end()
    parts.append(html[end:])
    return tuple(part for part in parts if part)
