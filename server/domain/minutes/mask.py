"""What the public edition (公开版) leaves out of free text: names, telephone and identity numbers, rooms (T105)."""

import re
from collections.abc import Mapping

WITHHELD = "〔略〕"

# A mobile number may be written in groups; an identity number ends in a check digit; a room is 3单元402室 or 402室.
_TELEPHONE = re.compile(r"(?<!\d)(?:1[3-9]\d[ -]?\d{4}[ -]?\d{4}|0\d{2,3}-?\d{7,8})(?!\d)")
_IDENTITY = re.compile(r"(?<!\d)\d{17}[\dXx](?![\dXx])")
_ROOM = re.compile(r"(?:\d{1,3}(?:单元|门|号楼)-?)?\d{3,4}(?:室|房)")


def public_text(text: str, posts: Mapping[str, str]) -> str:
    """Return a text for the public edition; ``posts`` maps each name to what the public may see in its place.

    Longer names go first, so that one name inside another is not taken apart. Where the text says the post already,
    it is not said twice.
    """
    for name in sorted((name for name in posts if len(name) > 1), key=len, reverse=True):
        post = posts[name]
        text = text.replace(post + name, post).replace(name, post)
    for pattern in (_IDENTITY, _TELEPHONE, _ROOM):
        text = pattern.sub(WITHHELD, text)
    return text


def representative_words(party: str, post: str) -> str:
    """Return how the public edition names a representative: 邻长代表（5栋邻长）."""
    return f"{party}代表（{post}）" if post else f"{party}代表"
