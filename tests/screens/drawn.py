"""The screens of a meeting told by its events, with the names of the cast."""

import json
from typing import Any

from server.domain.meeting import events as e
from server.domain.meeting.state import Ballot
from server.screens import whole
from server.screens.card import RoomCard, SeatName
from tests.domain.given import given
from tests.shape.tree import ROOT

WORDS = json.loads((ROOT / "web" / "words.json").read_text(encoding="utf-8"))
# two of the names are the same, as happens in every large council
NAMES = dict(enumerate(("赵国庆", "钱进", "孙芳", "李敏", "吴伟", "吴伟"), 1))


def screen(kind: whole.ScreenKind, *events: e.Event, ballots: tuple[Ballot, ...] = ()) -> dict[str, Any]:
    """Return one screen after these events."""
    card = RoomCard("", "", "", "", "", "", 0, {n: SeatName(name, "") for n, name in NAMES.items()})
    view = whole.View(given(*events).state, {one.seat: one for one in ballots}, card, WORDS)
    return whole.draw(view).screens[kind]
