import time
from contextlib import suppress
from html.parser import HTMLParser

import pytest

from server.documents.failed import DocumentFailed
from server.documents.markdown import TAGS, ResultPlace, clean, split_at_results, to_html

HOSTILE = [
    "<script>alert(1)</script>",
    "a <img src=x onerror=alert(1)> b",
    "![照片](http://169.254.169.254/)",
    "![照片][p]\n\n[p]: http://169.254.169.254/",
    "[点我](javascript:alert(1))",
    "[点我](JaVaScRiPt:alert(1))",
    "[点我](data:text/html;base64,PHNjcmlwdD4=)",
    "[点我](file:///etc/passwd)",
    "[点我](http://example.cn)",
    "[点我](//example.cn/)",
    "<javascript:alert(1)>",
    '[点我](https://example.cn" onmouseover="alert(1))',
    '[点我](https://example.cn "题目")',
    "<link rel=attachment href=file:///etc/passwd>",
    "<style>@import url(http://127.0.0.1/)</style>",
    '<p style="background:url(http://127.0.0.1/)">a</p>',
    "<svg><script>alert(1)</script></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<!-- a --><?php ?><![CDATA[ <b>x</b> ]]>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#x3c;script&#x3e;alert(1)",
    "<a href='https://example.cn' id=x class=y>a</a>",
    "## 题目 {#x onclick=alert(1)}",
    "|a|b|\n|:-|-:|\n|<img src=x>|<script>|",
    "\x02klzzwxh:0000\x03 \x00",
    "`<b>`\n\n    <script>alert(1)</script>",
]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.mark.rule("S60")
@pytest.mark.parametrize("text", HOSTILE)
def test_only_harmless_tags_come_out(text: str) -> None:
    reader = Tags()
    reader.feed(to_html(text))
    for tag, attributes in reader.seen:
        assert tag in TAGS
        assert set(attributes) <= {"href", "rel"}
        assert (attributes.get("href") or "https:").startswith(("https:", "mailto:"))
    assert clean(to_html(text)) == to_html(text)


@pytest.mark.rule("S59")
def test_raw_html_is_shown_as_it_was_typed() -> None:
    assert to_html("<b>粗</b>") == "<p>&lt;b&gt;粗&lt;/b&gt;</p>"
    assert to_html("<div>\n\n# a\n\n</div>") == "<p>&lt;div&gt;</p>\n<h2>a</h2>\n<p>&lt;/div&gt;</p>"


@pytest.mark.rule("S60")
def test_links_carry_what_keeps_them_harmless() -> None:
    assert to_html("[公告](https://example.cn/a)") == (
        '<p><a href="https://example.cn/a" rel="noopener noreferrer nofollow">公告</a></p>'
    )


def test_headings_begin_at_the_second_level_and_end_at_the_fourth() -> None:
    html = to_html("# 一\n\n## 二\n\n###### 六")
    assert html == "<h2>一</h2>\n<h2>二</h2>\n<h4>六</h4>"


def test_people_write_as_they_are_used_to() -> None:
    assert to_html("　　第一行\n第二行\n\n    缩进") == "<p>第一行<br>\n第二行</p>\n<p>缩进</p>"
    assert to_html("1.由物业公司办理。\n2.由邻长协办。") == "<p>1.由物业公司办理。<br>\n2.由邻长协办。</p>"


def test_results_are_placed_by_reference() -> None:
    html = to_html("前\n\n〔表决结果 1〕\n\n中〔表决结果 2〕\n\n〔表决结果12〕")
    assert split_at_results(html) == (
        "<p>前</p>\n",
        ResultPlace(1),
        "<p>中〔表决结果 2〕</p>\n",
        ResultPlace(12),
    )
    assert split_at_results("") == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("议" * 50_001, "TEXT_TOO_LONG"),
        ("a\n" * 2_001, "TEXT_TOO_LONG"),
        ("[" * 501, "TEXT_TOO_LONG"),
        (">" * 3_000 + "x", "TEXT_TOO_DEEP"),
        ("- " * 3_000 + "x", "TEXT_TOO_DEEP"),
        ("\n".join("    " * n + "- x" for n in range(60)), "TEXT_TOO_DEEP"),
        ("半个\ud83d字", "TEXT_UNREADABLE"),
    ],
)
def test_what_cannot_be_read_is_refused_in_chinese(text: str, code: str) -> None:
    with pytest.raises(DocumentFailed) as caught:
        to_html(text)
    assert caught.value.code == code
    assert caught.value.sentence.endswith("。")


@pytest.mark.parametrize(
    "unit", ["[a](<", "a\n===\n", "``a`", "*_", "\\", "1. ", "<", "[\\!\t&(\tb&`", "|a|b|\n|-|-|\n"]
)
def test_no_text_keeps_the_server_busy(unit: str) -> None:
    times = [50_000 // len(unit)]
    times += [limit // unit.count(char) for char, limit in (("[", 500), ("\n", 2_000)) if char in unit]
    began = time.process_time()
    with suppress(DocumentFailed):
        to_html(unit * min(times))
    assert time.process_time() - began < 4
