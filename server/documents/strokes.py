"""Finger signatures: positions in, a drawing of our own out (S54). Speed and pressure are never taken."""

import json
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from server.documents.failed import DocumentFailed

MAX_STROKES = 200
MAX_POINTS = 500
MAX_POSITION = 4095
# 200 full strokes written with spaces are 2.6 million characters; nothing legal is longer.
MAX_CHARACTERS = 2_700_000

# The drawing is scaled into this box, in tenths of a millimetre of the printed page.
BOX_WIDTH, BOX_HEIGHT, MARGIN = 380, 120, 6

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Strokes:
    """A signature's lines (笔画), each a run of points; x and y are integers 0–4095 on one common scale."""

    lines: tuple[tuple[Point, ...], ...]


def parse_strokes(text: str) -> Strokes:
    """Reads what the pad sends: JSON `[[[x, y], …], …]`.

    Limits of S54: 1–200 strokes, 1–500 points each, integers 0–4095, at least two different points in all.
    Raises DocumentFailed: SIGNATURE_EMPTY, SIGNATURE_TOO_LONG, SIGNATURE_UNREADABLE.
    """
    if len(text) > MAX_CHARACTERS:
        raise DocumentFailed("SIGNATURE_TOO_LONG", "签名的笔画太多，没有收下。请点“重写”再签一次。")
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        raise _unreadable() from None
    if not isinstance(value, list):
        raise _unreadable()
    if len(value) > MAX_STROKES or any(isinstance(line, list) and len(line) > MAX_POINTS for line in value):
        raise DocumentFailed("SIGNATURE_TOO_LONG", "签名的笔画太多，没有收下。请点“重写”再签一次。")
    lines = tuple(_line(line) for line in value)
    if len({point for line in lines for point in line}) < 2:
        raise DocumentFailed("SIGNATURE_EMPTY", "还没有签名。请用手指在框内写下姓名。")
    return Strokes(lines)


def _line(value: object) -> tuple[Point, ...]:
    if not isinstance(value, list) or not value:
        raise _unreadable()
    return tuple(_point(point) for point in value)


def _point(value: object) -> Point:
    if not isinstance(value, list) or len(value) != 2:
        raise _unreadable()
    x, y = value
    return _position(x), _position(y)


def _position(value: object) -> int:
    # type() and not isinstance(): true and false are integers to Python, but not positions.
    if type(value) is not int or not 0 <= value <= MAX_POSITION:
        raise _unreadable()
    return value


def _unreadable() -> DocumentFailed:
    return DocumentFailed("SIGNATURE_UNREADABLE", "签名没有收到。请点“重写”再签一次。")


def strokes_svg(strokes: Strokes, name: str) -> Markup:
    """Draws a signature as inline SVG with class `signature`, at most 38 × 12 mm at its natural size.

    name: whose signature it is, for screen readers; escaped here.
    """
    scaled, width, height = _fit(strokes)
    path = "".join(_curve(line) for line in scaled)
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" class="signature" viewBox="0 0 {w} {h}" '
        'width="{mm_w}mm" height="{mm_h}mm" role="img" aria-label="{name}的手写签名">'
        '<path d="{path}" fill="none" stroke="#1C1916" stroke-width="5" stroke-linecap="round" '
        'stroke-linejoin="round"/></svg>'
    ).format(
        w=width, h=height, mm_w=_short(width / 10), mm_h=_short(height / 10), name=escape(name), path=path
    )


def _fit(strokes: Strokes) -> tuple[list[list[tuple[float, float]]], int, int]:
    """Moves and scales the lines into the box, so that the pen is equally thick in every signature."""
    points = [point for line in strokes.lines for point in line]
    left, top = min(x for x, _ in points), min(y for _, y in points)
    wide, high = max(x for x, _ in points) - left, max(y for _, y in points) - top
    scale = min((BOX_WIDTH - 2 * MARGIN) / max(wide, 1), (BOX_HEIGHT - 2 * MARGIN) / max(high, 1))
    scaled = [
        [(MARGIN + (x - left) * scale, MARGIN + (y - top) * scale) for x, y in line] for line in strokes.lines
    ]
    return scaled, round(wide * scale) + 2 * MARGIN, round(high * scale) + 2 * MARGIN


def _curve(line: list[tuple[float, float]]) -> str:
    """One stroke: quadratic curves through the middles between the points, so that corners round off."""
    (x, y), rest = line[0], line[1:]
    start = f"M{_short(x)} {_short(y)}"
    if not rest:
        return start + "h.1"  # a dot: a round cap needs a line to sit on
    if len(rest) == 1:
        return start + f"L{_short(rest[0][0])} {_short(rest[0][1])}"
    curves = [
        f"Q{_short(ax)} {_short(ay)} {_short((ax + bx) / 2)} {_short((ay + by) / 2)}"
        for (ax, ay), (bx, by) in pairwise(rest)
    ]
    return start + "".join(curves) + f"L{_short(rest[-1][0])} {_short(rest[-1][1])}"


def _short(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
