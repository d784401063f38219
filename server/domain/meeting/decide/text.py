"""What a text from outside must be before it becomes part of the record."""

import unicodedata

_ALLOWED_CONTROLS = "\n\t"
# Bidi controls and zero-width characters can make a motion read otherwise than it is stored (S84).
_FORBIDDEN = frozenset(
    "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


def is_sound_text(text: str, longest: int, *, shortest: int = 1) -> bool:
    """Tell whether a text is NFC, of allowed length (characters) and free of control and bidi characters (S84)."""
    if not shortest <= len(text.strip()) or len(text) > longest:
        return False
    if not unicodedata.is_normalized("NFC", text):
        return False
    return not any(
        char in _FORBIDDEN or (unicodedata.category(char) in ("Cc", "Cs") and char not in _ALLOWED_CONTROLS)
        for char in text
    )
