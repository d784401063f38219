"""Presence and quorum (签到与法定人数), overall and per party (R44)."""

from collections import Counter
from dataclasses import dataclass

from server.domain.meeting.events import Party
from server.domain.meeting.pass_rule import Quorum, party_needed, quorum_needed
from server.domain.meeting.state import Meeting


@dataclass(frozen=True, slots=True)
class PartyPresence:
    """One party's seats: entitled, present, needed, and whether that is reached."""

    party: Party
    entitled: int
    present: int
    needed: int

    @property
    def is_reached(self) -> bool:
        """Whether enough of this party are there."""
        return self.present >= self.needed


@dataclass(frozen=True, slots=True)
class Presence:
    """The room's presence; ``is_reached`` means overall and every party."""

    entitled: int
    present: int
    needed: int
    parties: tuple[PartyPresence, ...]

    @property
    def is_reached(self) -> bool:
        """Whether the quorum stands."""
        return self.present >= self.needed and all(party.is_reached for party in self.parties)


def count_presence(meeting: Meeting, quorum: Quorum | None = None) -> Presence:
    """Count presence against a quorum, by default the procedure's."""
    quorum = quorum or meeting.rule.quorum
    entitled = Counter(seat.party for seat in meeting.seats)
    present = Counter(meeting.seats[number - 1].party for number in meeting.present)
    parties = tuple(
        PartyPresence(party, entitled[party.id], present[party.id], party_needed(quorum, entitled[party.id]))
        for party in meeting.parties
    )
    return Presence(
        len(meeting.seats), len(meeting.present), quorum_needed(quorum, len(meeting.seats)), parties
    )
