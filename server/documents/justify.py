"""Flush right edges for Chinese: the library stretches blanks only, and Chinese lines have none. Worker only."""

from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

from server.documents.breaks import without_hints

# A line that is short of more than this per character (a long link was moved on) stays ragged.
MAX_SPREAD = 0.15  # of the font size


def install() -> None:
    """Replaces WeasyPrint's stretching of a justified line by ours, in this process.

    The function is private to the pinned version; `test_justified_lines_end_at_the_same_edge` watches over it.
    """
    inline.justify_line = _spread


def _spread(context: Any, line: Any, extra_width: float) -> None:
    """Shares the missing width among all characters of the line but the last."""
    for box in _texts(line):
        # The hints have done their work, and would get a share of the width.
        box.text = box.pango_layout.text = without_hints(box.text)
    gaps = sum(len(box.text) for box in _texts(line)) - 1
    if gaps > 0 and extra_width / gaps <= MAX_SPREAD * line.style["font_size"]:
        _widen(line, extra_width / gaps, 0.0)


def _texts(box: Any) -> list[Any]:
    if isinstance(box, boxes.TextBox):
        return [box]
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return [text for child in box.children for text in _texts(child)]
    return []


def _widen(box: Any, spacing: float, advance: float) -> float:
    """Moves a box by what the boxes before it grew, widens its text, and gives the sum for the next one."""
    if isinstance(box, boxes.TextBox):
        box.position_x += advance
        own = box.style["letter_spacing"]
        box.style = box.style.copy()
        box.style["letter_spacing"] = spacing + (0 if own == "normal" else own)
        growth = spacing * len(box.text)
    elif isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.position_x += advance
        growth = 0.0
        for child in box.children:
            if child.is_in_normal_flow():
                growth = _widen(child, spacing, advance + growth) - advance
    else:
        box.translate(advance, 0)
        return advance
    box.width += growth
    return advance + growth
