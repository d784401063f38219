"""What changed between two texts, line by line and inside a changed line character by character (T90)."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Literal

Kind = Literal["same", "gone", "new"]
# Beyond this a paragraph is shown whole as gone and new: comparing characters costs their product.
LONGEST_COMPARED = 1_500


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that stayed, went or came."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the comparison; ``kind`` is ``mixed`` when only a part of it changed."""

    kind: Literal["same", "gone", "new", "mixed"]
    pieces: tuple[Piece, ...]


def compare(former: str, later: str) -> tuple[Line, ...]:
    """Return the lines of both texts in reading order."""
    old, new = former.splitlines(), later.splitlines()
    lines: list[Line] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            lines += [_whole("same", text) for text in old[a:b]]
        else:
            lines += _changed(old[a:b], new[c:d])
    return tuple(lines)


def mark_changes(former: str, later: str) -> tuple[Piece, ...]:
    """Return one text turned into another as it is read aloud: runs that stayed, went and came.

    A single character that happens to stay between two changes is no resting place for the eye and goes with them.
    Texts that have little in common are shown whole, the old one and then the new one.
    """
    if not _are_alike(former, later):
        return (Piece("gone", former), Piece("new", later))
    pieces: list[Piece] = []
    matcher = SequenceMatcher(None, former, later, autojunk=False)
    codes = matcher.get_opcodes()
    gone = came = ""
    for place, (tag, a, b, c, d) in enumerate(codes):
        is_between = 0 < place < len(codes) - 1
        if tag == "equal" and (b - a > 1 or not is_between):
            pieces += [Piece(kind, text) for kind, text in _both(gone, came) if text]
            pieces.append(Piece("same", former[a:b]))
            gone = came = ""
        else:
            gone, came = gone + former[a:b], came + later[c:d]
    return (*pieces, *(Piece(kind, text) for kind, text in _both(gone, came) if text))


def _both(gone: str, came: str) -> tuple[tuple[Kind, str], tuple[Kind, str]]:
    return ("gone", gone), ("new", came)


def _whole(kind: Kind, text: str) -> Line:
    return Line(kind, (Piece(kind, text),))


def _changed(old: Sequence[str], new: Sequence[str]) -> list[Line]:
    lines: list[Line] = []
    for gone, came in zip_longest(old, new):
        if gone is None or came is None:
            lines.append(_whole("gone", gone) if came is None else _whole("new", came))
        elif _are_alike(gone, came):
            lines.append(Line("mixed", _pieces(gone, came)))
        else:
            lines += [_whole("gone", gone), _whole("new", came)]
    return lines


def _are_alike(gone: str, came: str) -> bool:
    if max(len(gone), len(came)) > LONGEST_COMPARED:
        return False
    return SequenceMatcher(None, gone, came, autojunk=False).ratio() > 0.5


def _pieces(gone: str, came: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    for tag, a, b, c, d in SequenceMatcher(None, gone, came, autojunk=False).get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", gone[a:b]))
            continue
        if b > a:
            pieces.append(Piece("gone", gone[a:b]))
        if d > c:
            pieces.append(Piece("new", came[c:d]))
    return tuple(pieces)
