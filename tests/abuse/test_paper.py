"""A5: what a hostile text can make the press do: no file, no packet, no end, no harm to the server."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from server.documents.failed import DocumentFailed
from server.documents.markdown import to_html
from server.documents.papers import MinutesPaper
from server.documents.pool import DocumentPool
from tests.documents.cast import minutes_paper

SECRET = "the-secret-of-this-machine"
SECONDS = 34.0


@pytest.fixture(scope="module")
def press() -> Iterator[DocumentPool]:
    pool = DocumentPool(workers=1)
    yield pool
    pool.close()


class Listener:
    """An address of this machine that notes whoever knocks."""

    def __init__(self) -> None:
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self._socket.listen()
        self.port: int = self._socket.getsockname()[1]
        self.knocks = 0
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                self._socket.accept()[0].close()
            except OSError:
                return
            self.knocks += 1

    def close(self) -> None:
        self._socket.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    secret = Path(tmp_path_factory.mktemp("secret")) / "secret.txt"
    secret.write_text(SECRET, "utf-8")
    return secret


# {file} is a file of this machine, {host} an address of it that listens.
REACHING = (
    '<img src="file://{file}">',
    '<img src="{file}">',
    '<img src="http://{host}/x.png">',
    '<img srcset="http://{host}/x.png 1x">',
    '<img src="http://169.254.169.254/latest/meta-data/">',
    '<img src="http://[::1]:1/">',
    '<img src="http://10.0.0.1/">',
    '<img src="http://localhost.localdomain/">',
    '<link rel="attachment" href="file://{file}">',
    '<link rel="stylesheet" href="http://{host}/x.css">',
    '<a rel="attachment" href="file://{file}">x</a>',
    '<a href="file://{file}">x</a>',
    '<object data="file://{file}"></object>',
    '<embed src="file://{file}">',
    '<iframe src="file://{file}"></iframe>',
    '<iframe src="http://{host}/"></iframe>',
    '<base href="http://{host}/"><img src="x.png">',
    '<meta http-equiv="refresh" content="0;url=http://{host}/">',
    '<style>@import "http://{host}/x.css";</style>',
    "<style>@import url(file://{file});</style>",
    "<style>@font-face {{ font-family: x; src: url(http://{host}/x.ttf) }} p {{ font-family: x }}</style>",
    "<style>body {{ background: url(http://{host}/x.png) }}</style>",
    "<style>@page {{ size: 1e9px 1e9px; margin: -1e9px }}</style>",
    "<style>p {{ content: url(file://{file}) }} p::before {{ content: attr(x) }}</style>",
    '<p style="background: url(http://{host}/x.png)">x</p>',
    '<p style="position: absolute; top: -1e9px; font-size: 1e9px">x</p>',
    '<svg><image href="file://{file}"/></svg>',
    '<svg><use href="http://{host}/x.svg#x"/></svg>',
    '<svg><style>@import "http://{host}/x.css";</style></svg>',
    '<math href="http://{host}/"><mi>x</mi></math>',
    '<video poster="http://{host}/x.png"></video>',
    '<input type="image" src="http://{host}/x.png">',
    '<body background="http://{host}/x.png">',
    "<script>fetch('http://{host}/')</script>",
    "![x](file://{file})",
    "![x](http://{host}/x.png)",
    "[x](file://{file})",
    "<!ENTITY x SYSTEM 'file://{file}'>&x;",
    '<?xml-stylesheet href="http://{host}/x.css"?>',
    '<img src=\'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"><image href="http://{host}/"/></svg>\'>',
)


def paper_of(text: str, *, as_html: bool) -> MinutesPaper:
    """Return minutes with a text as somebody types it, or with HTML as if every check before the press had failed."""
    return replace(minutes_paper(), body_html=text if as_html else to_html(text))


def printed(press: DocumentPool, paper: MinutesPaper) -> bytes:
    """Print a paper; what cannot be printed is refused with a sentence and gives nothing."""
    failed: DocumentFailed | None = None
    try:
        return press.render(paper)
    except DocumentFailed as error:
        failed = error
    assert failed.code in ("RENDER_FAILED", "RENDER_TOO_SLOW", "GLYPH_MISSING", "TEXT_UNREADABLE")
    assert any("\u4e00" <= char <= "\u9fff" for char in failed.sentence)
    return b""


@pytest.mark.parametrize("as_html", [False, True])
def test_no_text_reaches_a_file_or_an_address(
    press: DocumentPool, listener: Listener, file: Path, as_html: bool
) -> None:
    """All forty in one paper, as typed text and as HTML that came past the cleaning of Markdown."""
    host = f"127.0.0.1:{listener.port}"
    whole = "\n\n".join(text.format(file=file, host=host) for text in REACHING)
    pdf = printed(press, paper_of(whole, as_html=as_html))
    if pdf:
        assert pdf.startswith(b"%PDF-")
        for word in (SECRET.encode(), b"/EmbeddedFile", b"/Launch", b"/JavaScript", b"/GoToR", b"file://"):
            assert word not in pdf
        if as_html:
            assert host.encode() not in pdf
    assert len(REACHING) >= 40
    assert listener.knocks == 0


ENDLESS = {
    "3,000 deep": "<blockquote>" * 3_000 + "x",
    "a list 900 deep": "<ul><li>" * 900 + "x",
    "a table of 400,000 cells": "<table>" + ("<tr>" + "<td>x</td>" * 400 + "</tr>") * 1_000 + "</table>",
    "a table in a table": "<table><tr><td>" * 200 + "x",
    "ten million letters": "<p>" + "议" * 10_000_000,
    "one word of a million letters": "<p>" + "w" * 1_000_000,
    "a hundred thousand paragraphs": "<p>议事</p>" * 100_000,
    "a million empty tags": "<em></em>" * 1_000_000,
    "broken entities": "&#x110000;&#0;&#xD800;&" * 10_000,
}


@pytest.mark.parametrize("name", ENDLESS)
def test_what_has_no_end_is_ended_and_the_next_paper_is_printed(
    press: DocumentPool, name: str, request: pytest.FixtureRequest
) -> None:
    slow = set(ENDLESS) - {"3,000 deep", "a table in a table", "broken entities"}
    if name in slow and not request.config.getoption("--abuse"):
        pytest.skip("takes the press's thirty seconds: with --abuse")
    began = time.monotonic()
    printed(press, paper_of(ENDLESS[name], as_html=True))
    assert time.monotonic() - began < 2 * SECONDS + 10  # a worker that falls is tried once more
    assert press.render(minutes_paper()).startswith(b"%PDF-")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 501, "x\n" * 2_001, "x" * 50_001, ">" * 9 + "x", " " * 80 + "x", "`" * 50_000, "*" * 50_000,
        "_a" * 25_000,
        "[a](" * 400, "|" * 50_000, "![" * 400, "<" * 50_000, "&" * 50_000, "\\" * 50_000, "- " * 25_000, "#" * 50_000,
    ],
)  # fmt: skip
def test_markdown_of_any_shape_takes_less_than_two_seconds(text: str) -> None:
    began = time.process_time()
    with suppress(DocumentFailed):
        to_html(text)
    assert time.process_time() - began < 2
