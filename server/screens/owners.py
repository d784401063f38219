"""A calm word about matters that belong to the owners' own decision (业主共同决定, P1–P2, L120)."""

from server.domain.meeting.state import AgendaItem
from server.screens.words import Words


def owners_hint(words: Words, item: AgendaItem) -> str | None:
    """Return the hint for an item whose title or motion names such a matter, None for any other.

    It informs the chair and blocks nothing: a word in a title is no judgement of the matter.
    """
    entry = words["owners_decide"]
    text = item.title + (item.motion or "")
    matter = next((word for word in entry["matters"].values() if word in text), None)
    return None if matter is None else entry["hint"].replace("{matter}", matter)
