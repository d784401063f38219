"""Where a Chinese line may break: hints for a line breaker that follows Western rules for quotes and figures."""

import re

MAY_BREAK = "\u200b"
MUST_NOT_BREAK = "\u2060"

_PARTS = re.compile(r"(<[^>]*>)")
_OPENING = re.compile(r"(?<=[^\s“‘（〔《])([“‘])")
_CLOSING = re.compile(r"([”’])(?=[^\s”’，。；：、！？）〕》])")
_FIGURE = re.compile(r"([0-9])(?=[\u4e00-\u9fff])")


def hint_breaks(page: str) -> str:
    """Adds invisible hints to the text of an HTML page: a line may break before an opening and after a closing
    quote, and never between a figure and its measure word (6件, 4月30日).

    Tags are left as they are.
    """
    parts = _PARTS.split(page)
    return "".join(part if at % 2 else _hint(part) for at, part in enumerate(parts))


def without_hints(text: str) -> str:
    """Takes the hints out again once the lines are made."""
    return text.replace(MAY_BREAK, "").replace(MUST_NOT_BREAK, "")


def _hint(text: str) -> str:
    text = _OPENING.sub(MAY_BREAK + r"\1", text)
    text = _CLOSING.sub(r"\1" + MAY_BREAK, text)
    return _FIGURE.sub(r"\1" + MUST_NOT_BREAK, text)
