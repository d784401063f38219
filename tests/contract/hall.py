"""One seeded meeting with its people, entered only when they are needed."""

from collections.abc import Sequence
from typing import Any

from tests.contract.client import House, Json, Participant, Socket


class Hall:
    """A called meeting of ten seats, two of each party; everybody has a ticket, nobody is in yet."""

    def __init__(self, house: House, seeded: Json) -> None:
        self.house = house
        self.seeded = seeded
        self.id: str = seeded["id"]
        self.seats: Sequence[Json] = seeded["seats"]
        self._participants: dict[str, Participant] = {}
        self._shown: dict[tuple[str, str], Socket] = {}

    def participant(self, who: str | int) -> Participant:
        """``chair``, ``secretary``, ``observer`` or a seat counted from 0."""
        key = str(who)
        if key not in self._participants:
            ticket = self.seats[who]["ticket"] if isinstance(who, int) else self.seeded[who]
            self._participants[key] = self.house.enter(ticket)
        return self._participants[key]

    def show(self, who: str | int, screen: str) -> Socket:
        """The person's screen, opened once."""
        key = (str(who), screen)
        if key not in self._shown:
            self._shown[key] = self.participant(who).show(self.id, screen)
        return self._shown[key]

    @property
    def chair(self) -> Socket:
        return self.show("chair", "console")

    @property
    def secretary(self) -> Socket:
        return self.show("secretary", "console")

    @property
    def observer(self) -> Socket:
        return self.show("observer", "phone")

    @property
    def projector(self) -> Socket:
        return self.show("observer", "projector")

    def phone(self, seat: int) -> Socket:
        return self.show(seat, "phone")

    def representative(self, seat: int) -> str:
        name: str = self.seats[seat]["representative"]
        return name

    def item(self, position: int) -> str:
        """The id of an agenda item, counted from 0."""
        found: str = self.chair.panels["agenda"]["items"][position]["id"]
        return found

    # Stages a test can begin with.

    def check_in(self, *seats: int) -> None:
        """These seats are there, entered at the desk."""
        for seat in seats:
            self.secretary.do("presence.check_in", {"representative": self.representative(seat)})

    def open(self, *seats: int) -> None:
        """The meeting is open with these seats, by default a quorum of seven with all five parties."""
        self.check_in(*(seats or range(7)))
        self.chair.do("meeting.open")

    def begin(self, *seats: int) -> str:
        """The first item is current; returns its id."""
        self.open(*seats)
        item = self.item(0)
        self.chair.do("agenda.begin", {"item": item})
        return item

    def poll(self, *seats: int, **how: Any) -> str:
        """A poll is open on the first item; returns its id."""
        item = self.begin(*seats)
        return self.ask(item, **how)

    def ask(self, item: str, **how: Any) -> str:
        """Open a poll on the current item; returns its id."""
        version = self.chair.do(
            "poll.open", {"item": item, "text": "是否放在凉亭边", "secrecy": "open"} | how
        )
        found: str = self.chair.until_version(version)["poll"]["id"]
        return found

    def cast(self, seat: int, poll: str, choice: str = "for", nonce: str | None = None) -> Json:
        return self.phone(seat).send(
            "ballot.cast", {"poll": poll, "choice": choice, "nonce": nonce or f"nonce-{seat}"}
        )

    def hang_up(self) -> None:
        """Close every socket; people stay signed in and may open others."""
        for participant in self._participants.values():
            participant.close()
        self._shown.clear()
