"""Which characters the printed pages can show: a missing glyph is told, never printed as an empty box (T110)."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

WEB = Path(__file__).parents[2] / "web"
# The folders that fonts.conf names: vendored faces, and licensed ones an office adds.
FONTS = (WEB / "static" / "fonts", WEB / "fonts")

# Marks that join, order or vary other characters draw nothing themselves.
_INVISIBLE = {"Cc", "Cf", "Zs", "Zl", "Zp"}


def missing_characters(text: str, folders: tuple[Path, ...] = FONTS) -> tuple[str, ...]:
    """Tells which characters of `text` no font of the house can print, once each, in order of appearance.

    Ask before a name is saved and show the answer; fonts an office dropped into a folder count too.
    Costs half a second the first time, microseconds later.
    """
    known = _covered(folders)
    wanted = dict.fromkeys(text)
    return tuple(char for char in wanted if ord(char) not in known and not _is_invisible(char))


def _is_invisible(char: str) -> bool:
    return (
        unicodedata.category(char) in _INVISIBLE
        or "\ufe00" <= char <= "\ufe0f"
        or "\U000e0100" <= char <= "\U000e01ef"
    )


@lru_cache(maxsize=4)
def _covered(folders: tuple[Path, ...]) -> frozenset[int]:
    covered: set[int] = set()
    for path in (path for folder in folders for path in folder.rglob("*")):
        if path.suffix.lower() in {".ttf", ".otf", ".ttc"}:
            covered.update(_characters(path))
    return frozenset(covered)


def _characters(path: Path) -> set[int]:
    """The characters of one font file; an unreadable file has none, for Pango will not use it either."""
    try:
        with path.open("rb") as file:
            if path.suffix.lower() == ".ttc":
                return {code for font in TTCollection(file, lazy=True).fonts for code in font.getBestCmap()}
            return set(TTFont(file, lazy=True).getBestCmap())
    except (TTLibError, OSError, KeyError):
        return set()
