"""A screen as a phone keeps it: knows the contract's rule for messages and nothing else."""

from collections.abc import Mapping
from typing import Any


class Onlooker:
    """Holds the panels of one screen kind; applies a message when since ≤ mine ≤ version and drops older ones."""

    def __init__(self, kind: str, seat: int | None, version: int, panels: Mapping[str, Any]) -> None:
        self.kind = kind
        self.seat = seat
        self.version = version
        self.panels = dict(panels)

    def take_changes(self, since: int, version: int, panels: Mapping[str, Any]) -> None:
        assert since <= self.version, "the server left a gap"
        if version <= self.version:
            return
        self.version = version
        self.panels |= panels

    def take_mine(self, panels: Mapping[str, Any]) -> None:
        self.panels |= panels
