"""Five hundred phones and a chair: they vote until the server dies, and come back."""

import json
import os
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from tests.contract.client import House, Json, Participant, Socket
from tests.load.phones import ANSWER, Crowd, Entry, LoadFailed, Phone, command, frame

# So many ballots are under way at once: a hall votes within seconds, not in one instant, and dies in between.
UNDERWAY = 60
CHOICES = ("for", "against", "abstain")
Ballots = dict[int, str]


class Voters:
    """The people of one seeded meeting; sessions outlive the server, connections do not."""

    def __init__(self, house: House, meeting: Json) -> None:
        self.house = house
        self.meeting: str = meeting["id"]
        with ThreadPoolExecutor(8) as pool:
            self.participants: Sequence[Participant] = list(pool.map(house.enter, meeting["representatives"]))
        self.chair_participant = house.enter(meeting["chair"])
        self.crowd = Crowd()
        self.phones: list[Phone] = []
        self.chair: Socket | None = None

    def arrive(self) -> Socket:
        """Everybody connects and says hello; returns the chair's console."""
        hello = {"protocol": 1, "meeting": self.meeting, "screen": "phone"}
        entries = [
            Entry(self.house.port, f"sid={participant.cookies['sid']}", hello)
            for participant in self.participants
        ]
        self.phones = self.crowd.arrive(entries, 0)
        self.chair = self.chair_participant.show(self.meeting, "console")
        return self.chair

    def leave(self) -> None:
        """The connections are gone, whoever ended them."""
        self.crowd.leave()
        self.chair_participant.close()

    def panels(self, seat: int) -> Any:
        """What a phone was shown when it came in."""
        answer = self.phones[seat].answer.decode()
        return json.loads(answer[answer.index("[") :])[0]["panels"]

    def check_in(self) -> None:
        self.crowd.send_all([(phone, command("presence.check_in", {})) for phone in self.phones], 0)

    def vote(self, poll: str, ballots: Ballots, kill_at: int, kill: Callable[[], None]) -> set[int]:
        """Send ballots in small bursts; kill the server when so many were answered. Returns the seats answered."""
        waiting = list(ballots)
        answered: set[int] = set()
        seat_of = {phone.descriptor: seat for seat, phone in enumerate(self.phones)}
        killed = False

        def send_some(now: float) -> float:
            nonlocal killed
            unanswered = len(ballots) - len(waiting) - len(answered)
            for _ in range(min(20, len(waiting)) if unanswered < UNDERWAY else 0):
                seat = waiting.pop()
                with suppress(OSError):
                    self.phones[seat].socket.send(ballot(poll, seat, ballots[seat]))
            if len(answered) >= kill_at and not killed:
                killed = True
                kill()
            return 0.002

        def on_text(phone: Phone, text: bytes, now: float) -> None:
            if text.startswith(ANSWER):
                assert b'"ok":true' in text, text
                answered.add(seat_of[phone.descriptor])

        with suppress(LoadFailed):
            self.crowd.pump(on_text, lambda: len(answered) == len(ballots), 30, send_some)
        if killed:
            self._read_what_is_left(on_text)
        return answered

    def _read_what_is_left(self, on_text: Callable[[Phone, bytes, float], None]) -> None:
        """Answers that were on their way when the server died were given all the same."""
        for phone in self.phones:
            with suppress(OSError, LoadFailed):
                while data := phone.socket.recv(65_536):
                    self.crowd._read(phone, data, on_text)


def ballot(poll: str, seat: int, choice: str) -> bytes:
    """A ballot with a nonce of its own; a retry is the same ballot under a new command id."""
    data = {"poll": poll, "choice": choice, "nonce": f"{poll}.{seat}"}
    envelope = {"id": os.urandom(8).hex(), "name": "ballot.cast", "data": data}
    return frame("42/live,7" + json.dumps(["command", envelope]))


def ballots_of(seats: Iterable[int], turn: int) -> Ballots:
    """Who chooses what in one poll."""
    return {seat: CHOICES[(seat * 7 + turn) % 3] for seat in seats}


def stored(data: Path, poll: str) -> list[tuple[int, str]]:
    """Read the box from the file, as it lies there after the server died; seats are counted from 0."""
    with closing(sqlite3.connect(data / "council.sqlite", timeout=10)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        rows = connection.execute("SELECT seat, choice FROM ballot WHERE poll = ?", (poll,)).fetchall()
    return [(seat - 1, choice) for seat, choice in rows]
