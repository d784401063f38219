"""What stands beside a meeting's log and is shown with it: names by seat, titles, place."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SeatName:
    """Who sits in a seat; ``post`` is what the public may see instead of the name."""

    name: str
    post: str


@dataclass(frozen=True, slots=True)
class RoomCard:
    """A meeting's outer data; ``number`` reads 2026年第3次会议."""

    title: str
    council: str
    number: str
    place: str
    chair: str
    secretary: str
    starts_at: int
    names: Mapping[int, SeatName]

    def name(self, seat: int) -> str:
        """Return the name beside a seat, or its number once the name was erased."""
        found = self.names.get(seat)
        return found.name if found is not None else f"{seat}号席位"
