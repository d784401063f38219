"""Which passwords may be chosen: length alone is asked for, but not one that a guesser tries first (S92, V6.2)."""

import re
import unicodedata
from collections.abc import Collection
from pathlib import Path

SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 200
# What is left when a known name is taken out has to be a secret by itself.
SHORTEST_REST = 6

# Commonest passwords are put together from a few pieces; love, numbers that sound like words, rows of the keyboard.
_LINES = (Path(__file__).parent / "common_passwords.txt").read_text(encoding="utf-8").splitlines()
_PIECES = {piece for line in _LINES if not line.startswith("#") for piece in line.split()}
_YEAR = r"(?:19[4-9][0-9]|20[0-4][0-9])(?:0[1-9]|1[0-2])?(?:0[1-9]|[12][0-9]|3[01])?"
_PIECE = "|".join(sorted(map(re.escape, _PIECES), key=len, reverse=True))
_PUT_TOGETHER = re.compile(rf"(?:{_PIECE}|{_YEAR}|[!@#.*_ -]){{1,4}}")
_ROWS = ("01234567890", "abcdefghijklmnopqrstuvwxyz", "qwertyuiopasdfghjklzxcvbnm", "!@#$%^&*()")


def password_fault(password: str, names: Collection[str] = ()) -> str:
    """Return why a password may not be chosen, as a sentence, or an empty text.

    ``names`` are words anybody knows of its owner: the account, the person, the community.
    """
    if len(password) < SHORTEST_PASSWORD:
        return f"至少{SHORTEST_PASSWORD}个字符，现在{len(password)}个"
    if len(password) > LONGEST_PASSWORD:
        return f"最多{LONGEST_PASSWORD}个字符"
    if "\x00" in password:
        return "里面有看不见的特殊字符，请重新输入"
    if is_guessed_first(password):
        return "这个密码太常见，别人一猜就中。请换一句自己记得住的话"
    if is_made_of_names(password, names):
        return "密码里几乎只有账号、姓名或者小区名称，别人猜得到。请换一句话"
    return ""


def is_guessed_first(password: str) -> bool:
    """Tell whether a password is among those a guesser tries first: common pieces, one piece again and again, a row."""
    plain = _plain(password)
    if _PUT_TOGETHER.fullmatch(plain) or _repeats(plain):
        return True
    return any(plain in row * 2 or plain in row[::-1] * 2 for row in _ROWS)


def is_made_of_names(password: str, names: Collection[str]) -> bool:
    """Tell whether hardly anything is left of a password without the names anybody knows."""
    plain = rest = _plain(password)
    for name in sorted((_plain(name) for name in names), key=len, reverse=True):
        if len(name) >= 2:
            rest = rest.replace(name, "")
    return rest != plain and len(rest) < SHORTEST_REST


def _repeats(text: str) -> bool:
    """Tell whether a text is a piece of at most five characters, again and again, the last time perhaps in part."""
    return any(text == (text[:size] * len(text))[: len(text)] for size in range(1, 6))


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().strip()
