"""Reading a roster pasted from a spreadsheet: each line is good, worth a second look, or wrong (T57)."""

import csv
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from server.documents.glyphs import missing_characters
from server.domain.meeting.decide.text import is_sound_name
from server.service.community.roster import LONGEST_NAME, LONGEST_POST, LONGEST_TELEPHONE, NewRepresentative
from server.store.tables.areas import PartyRow

MOST_LINES = 500
# Nine bytes a character once encoded in a form: this stays under what a form may hold (S64).
LONGEST_PASTE = 25_000
_COLUMNS = ("name", "party", "post", "telephone")
# Heads people write over their columns; without a head the order is the one the page asks for.
_HEADS = {
    "姓名": "name",
    "名字": "name",
    "代表": "name",
    "所属方": "party",
    "方": "party",
    "类别": "party",
    "职务或楼栋": "post",
    "职务": "post",
    "楼栋": "post",
    "电话": "telephone",
    "手机": "telephone",
    "联系电话": "telephone",
}


@dataclass(frozen=True, slots=True)
class PastedLine:
    """One line as understood; ``person`` is None when it cannot be saved, ``words`` says why or what to check."""

    number: int
    name: str
    party: str
    post: str
    telephone: str
    state: Literal["good", "check", "wrong"]
    words: str
    person: NewRepresentative | None


def read_pasted(
    text: str, parties: Sequence[PartyRow], sitting: Mapping[str, int], names: Sequence[tuple[str, str]]
) -> tuple[PastedLine, ...]:
    """Return the lines of a pasted table: 姓名, 所属方, 职务或楼栋, 电话, separated by tabs, commas or blanks.

    ``sitting`` counts who sits in each party already; ``names`` are their (party id, name).
    """
    rows = _rows(text)
    order, rows = _order(rows)
    counts = Counter(sitting)
    known = set(names)
    lines = []
    for number, cells in rows[:MOST_LINES]:
        given = dict(zip(order, cells, strict=False))
        line = _understand(number, given, parties, counts, known)
        if line.person is not None:
            counts[line.person.party_id] += 1
            known.add((line.person.party_id, line.person.name))
        lines.append(line)
    return tuple(lines)


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """Split into numbered lines of trimmed cells; empty lines are left out."""
    lines = unicodedata.normalize("NFC", text[:LONGEST_PASTE]).replace("\r\n", "\n").split("\n")
    rows = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        if "\t" in line:
            cells = line.split("\t")
        elif "," in line or "，" in line:
            cells = next(csv.reader([line.replace("，", ",")]), [])
        else:
            cells = line.split()
        rows.append((number, [cell.strip() for cell in cells]))
    return rows


def _order(rows: list[tuple[int, list[str]]]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """Return what each column holds, and the rows without the head."""
    if rows and any(cell in _HEADS for cell in rows[0][1]) and rows[0][1][0] not in ("", None):
        heads = [_HEADS.get(cell, f"unknown {place}") for place, cell in enumerate(rows[0][1])]
        if "name" in heads:
            return heads, rows[1:]
    return list(_COLUMNS), rows


def _understand(
    number: int,
    given: Mapping[str, str],
    parties: Sequence[PartyRow],
    counts: Mapping[str, int],
    known: set[tuple[str, str]],
) -> PastedLine:
    name, party_words = given.get("name", ""), given.get("party", "")
    post, telephone = given.get("post", ""), given.get("telephone", "")

    def line(state: Literal["good", "check", "wrong"], words: str, party: PartyRow | None) -> PastedLine:
        person = None
        if party is not None and state != "wrong":
            person = NewRepresentative(party.id, name, post, telephone)
        shown = party.name if party is not None else party_words
        return PastedLine(number, name, shown, post, telephone, state, words, person)

    fault = _fault(name, post, telephone)
    if fault:
        return line("wrong", fault, None)
    found = find_party(party_words, parties)
    if found is None:
        return line("wrong", "没有这一方" if party_words else "没有写所属方", None)
    if (found.id, name) in known:
        return line("wrong", "名册里已经有了", found)
    if counts.get(found.id, 0) >= found.seats:
        return line("wrong", f"{found.name}只有{found.seats}席，已经满了", found)
    missing = missing_characters(name + post)
    if missing:
        return line("check", f"“{'、'.join(missing)}”印不出来，请换一种写法或手写补上", found)
    if found.name != party_words:
        return line("check", f"按“{found.name}”登记", found)
    if telephone and not any(char.isdigit() for char in telephone):
        return line("check", "电话里没有数字", found)
    return line("good", "", found)


def _fault(name: str, post: str, telephone: str) -> str:
    if not name:
        return "没有写姓名"
    for words, value, longest in (
        ("姓名", name, LONGEST_NAME),
        ("职务或楼栋", post, LONGEST_POST),
        ("电话", telephone, LONGEST_TELEPHONE),
    ):
        if len(value) > longest:
            return f"{words}超过{longest}个字"
        if value and not is_sound_name(value, longest):
            return f"{words}里有看不见的特殊字符"
    return ""


def find_party(words: str, parties: Sequence[PartyRow]) -> PartyRow | None:
    """Return the party somebody meant: its name, its sign, or the only name that contains or is contained in it."""
    for party in parties:
        if words in (party.name, party.mark):
            return party
    if not words:
        return None
    near = [party for party in parties if words in party.name or party.name in words]
    return near[0] if len(near) == 1 else None
