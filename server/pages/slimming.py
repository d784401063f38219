"""Scripts and style sheets without what only their authors read; a phone's first view is a third smaller so."""

import re

_QUOTED_OR_COMMENT = re.compile(r"""("[^"\n]*"|'[^'\n]*')|/\*.*?\*/""", re.DOTALL)


def without_comments(path: str, text: str) -> str:
    """Return a script or style sheet of ours without comments; other files as they are.

    Lines keep their numbers, so that a report from a phone points at the right place. Of scripts only comments on
    lines of their own go, which is where the formatter puts long ones, and the blanks a line begins with: what they
    indent is code, or a template whose blanks between lines nobody sees. Vendored files stay whole with their licences.
    """
    if path.startswith("/static/vendor/"):
        return text
    if path.endswith(".css"):
        return _QUOTED_OR_COMMENT.sub(lambda found: found[1] or "\n" * found[0].count("\n"), text)
    return _without_comment_lines(text) if path.endswith(".js") else text


def _without_comment_lines(text: str) -> str:
    kept = []
    is_inside = False
    for line in text.split("\n"):
        words = line.strip()
        # a comment with code behind it on its line is a type in an expression: short, and left where it is
        opens = words.startswith("/**") and "*/" not in words[:-2]
        is_inside = is_inside or opens
        kept.append("" if is_inside or words.startswith("//") else line.lstrip(" "))
        is_inside = is_inside and not words.endswith("*/")
    return "\n".join(kept)
