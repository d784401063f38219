"""What a text from outside must be before it becomes part of the record (S84)."""

import re
import unicodedata

# What is asked of the room, in characters.
LONGEST_TEXT = 600

_ALLOWED_CONTROLS = "\n\t"
# Only the joiners of scripts and of composed pictures; names and labels do without them (is_sound_name).
_JOINERS = frozenset("\u200c\u200d")
# Seen as nothing although they count as letters, marks or pictures: they would make two texts read alike.
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\u180b\u180c\u180d\u180f")
# Controls, format characters, half a surrogate pair, separators no line has: they turn, hide or cut what is read.
_UNSOUND = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_HALVES = re.compile("[\ud800-\udfff]")
# More marks on one letter than any script needs run over the lines above and below.
_MOST_MARKS = 6
# Letters of other alphabets that nobody tells from a Latin one at a glance.
_ALIKE = str.maketrans(
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501"
    "\u04cf\u043a\u043c\u043d\u0442\u0432\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba",
    "aeopcyxijsdlkmhtbaopvik",
)


def is_sound_text(text: str, longest: int, *, shortest: int = 1) -> bool:
    """Tell whether a text is NFC, of allowed length (characters), and reads as it is stored: no controls but line
    feed and tab, no bidi or other unseen characters, no noncharacters, no towers of marks.
    """
    if not shortest <= len(text.strip()) or len(text) > longest:
        return False
    if not unicodedata.is_normalized("NFC", text):
        return False
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        if category in _UNSOUND and char not in _ALLOWED_CONTROLS and char not in _JOINERS:
            return False
        if char in _UNSEEN or _is_noncharacter(ord(char)):
            return False
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks > _MOST_MARKS:
            return False
    return True


def is_sound_name(text: str, longest: int, *, shortest: int = 1) -> bool:
    """Tell whether a text may be a name or a label: sound, on one line, and without joiners nobody sees."""
    unseen = _JOINERS.union(_ALLOWED_CONTROLS)
    return is_sound_text(text, longest, shortest=shortest) and unseen.isdisjoint(text)


def is_storable(text: str) -> bool:
    """Tell whether every database can hold a text at all, be it an id or a key: no NUL, no half of a pair (S84)."""
    return "\x00" not in text and (text.isascii() or not _HALVES.search(text))


def likeness(name: str) -> str:
    """Return what a name looks like: two names of one likeness are taken for each other (NFKC, case, alphabets)."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(folded.translate(_ALIKE).split())


def _is_noncharacter(code: int) -> bool:
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF
