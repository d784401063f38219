"""Reading a form: NFC text, checked lengths, one Chinese sentence beside each field that is wrong."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from server.domain.meeting.decide.text import is_sound_text
from server.service.clock import instant_of

# What no page may hold, not even in the form that comes back.
_CONTROLS = dict.fromkeys({*range(0x20), 0x7F} - {0x09, 0x0A, 0x0D})


@dataclass(slots=True)
class Entered:
    """What somebody typed; ``values`` go back into the form, as far as a page may hold them, ``errors`` by field."""

    given: Mapping[str, str]
    values: dict[str, str] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)

    def text(self, name: str, longest: int, *, must: bool = True) -> str:
        """Return a field's text in NFC without blanks around it, line ends as ``\\n``."""
        text = unicodedata.normalize("NFC", self.given.get(name, "")).replace("\r\n", "\n").strip()
        self.values[name] = showable(text)
        if not text:
            if must:
                self.errors[name] = "这一栏要填"
        elif len(text) > longest:
            self.errors[name] = f"最多{longest}个字，现在{len(text)}个字"
        elif not is_sound_text(text, longest):
            self.errors[name] = "里面有看不见的特殊字符，请重新输入"
        return text

    def choice(self, name: str, allowed: Collection[str], *, must: bool = True) -> str:
        """Return the chosen value; an unknown one counts as none."""
        chosen = self.given.get(name, "")
        if chosen not in allowed:
            chosen = ""
            if must:
                self.errors[name] = "请选一项"
        self.values[name] = chosen
        return chosen

    def number(self, name: str, low: int, high: int, *, must: bool = True) -> int | None:
        """Return a whole number between two bounds, or None."""
        typed = unicodedata.normalize("NFKC", self.given.get(name, "")).strip()
        self.values[name] = showable(typed)
        if not typed and not must:
            return None
        if typed.isascii() and typed.isdigit() and len(typed) < 10 and low <= int(typed) <= high:
            return int(typed)
        self.errors[name] = f"请填{low}到{high}之间的数"
        return None

    def day(self, name: str, *, earliest: date | None = None) -> str:
        """Return a local date as ``YYYY-MM-DD``, or an empty text."""
        typed = self.given.get(name, "").strip()
        self.values[name] = showable(typed)
        try:
            found = date.fromisoformat(typed)
        except ValueError:
            self.errors[name] = "请选日期"
            return ""
        if earliest is not None and found < earliest:
            self.errors[name] = "日期已经过了"
        elif found.year > 2200:
            self.errors[name] = "日期太远了"
        return found.isoformat()

    def moment(self, day: str, clock: str) -> int | None:
        """Return the instant of a date field and a time field, or None."""
        typed = self.given.get(clock, "").strip()
        self.values[clock] = showable(typed)
        chosen = self.day(day)
        try:
            found = datetime.fromisoformat(f"{chosen or '2000-01-01'}T{typed}")
        except ValueError:
            self.errors[clock] = "请选时间，例如 19:30"
            return None
        return instant_of(found) if chosen and found.tzinfo is None else None

    def flag(self, name: str) -> bool:
        """Tell whether a box is ticked."""
        ticked = bool(self.given.get(name))
        self.values[name] = "1" if ticked else ""
        return ticked

    @property
    def is_good(self) -> bool:
        """Tell whether nothing was wrong."""
        return not self.errors


def showable(text: str) -> str:
    """Return a text that was sent as a page may show it again: without control characters but tab and line ends."""
    return text.translate(_CONTROLS)
