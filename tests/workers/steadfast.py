"""Phones that keep trying until they have a definite answer, as the real ones do, and a hall full of them."""

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import websocket

from server.store.database import open_database
from server.store.log import verify_log
from tests.contract.client import House, Json, Participant, Refused, Socket, new_id
from tests.workers.cluster import Cluster, worker_behind, workers_of

PATIENCE = 45.0
CHOICES = ("for", "against", "abstain")
# What a phone answers with another try: no connection, none that lasts, no answer in time.
TROUBLE = (OSError, websocket.WebSocketException, Refused, AssertionError)


class LoggedOut(Exception):
    """Nobody may ever lose a session to a fault."""


class Steadfast:
    """One person's screen; ``do`` returns only with a definite answer, the same id all the while."""

    def __init__(self, person: Participant, meeting: str, screen: str) -> None:
        self.person = person
        self.meeting = meeting
        self.screen = screen
        self.socket: Socket | None = None
        self.dials = 0

    def connect(self) -> Socket:
        """The connection that stands, or a new one; a refused session is no trouble but a fault."""
        if self.socket is None:
            self.dials += 1
            try:
                # A stopped worker still takes connections in and never answers: the next try may meet another.
                made = Socket(self.person.house, {"sid": self.person.cookies["sid"]}, patience=2.5)
            except Refused as refused:
                if str(refused) != "UNAVAILABLE":
                    raise LoggedOut(refused) from None
                raise
            made.wire.settimeout(4)
            try:
                answer = made.hello(self.meeting, self.screen)
            except BaseException:
                made.close()
                raise
            if not answer["ok"]:
                made.close()
                if answer["refusal"]["code"] != "UNAVAILABLE":
                    raise LoggedOut(answer)
                raise ConnectionError("hello")
            self.socket = made
        return self.socket

    def drop(self) -> None:
        if self.socket is not None:
            with suppress(Exception):
                self.socket.close()
            self.socket = None

    def do(self, name: str, data: Json) -> Json:
        """Send a command until it is answered for good."""
        message = {"id": new_id(), "name": name, "data": data}
        end = time.monotonic() + PATIENCE
        while True:
            assert time.monotonic() < end, f"{name}: no definite answer"
            try:
                answer: Json = self.connect().call("command", message)
            except TROUBLE:
                self.drop()
                time.sleep(random.uniform(0.05, 0.3))
                continue
            if answer["ok"] or answer["refusal"]["code"] not in ("UNAVAILABLE", "TOO_OFTEN"):
                return answer
            time.sleep(random.uniform(0.1, 0.4))

    def until(self, met: Callable[[Json], Any], seconds: float) -> float:
        """Look until the screen is as wanted, dialling anew when need be; returns how long it took."""
        begun = time.monotonic()
        while True:
            left = begun + seconds - time.monotonic()
            try:
                self.connect().until(met, min(left, 3))
                return time.monotonic() - begun
            except TROUBLE as trouble:
                if left <= 0:
                    raise
                # A screen that hears nothing is not asked again: it has to heal by itself.
                if not isinstance(trouble, AssertionError):
                    self.drop()
                    time.sleep(0.1)


class Assembly:
    """Everybody of one meeting: chair, two projectors, and as many phones as there are seats."""

    def __init__(self, cluster: Cluster, house: House, seats: int) -> None:
        seeded = cluster.unused.pop()
        self.cluster = cluster
        self.meeting: str = seeded["id"]
        with ThreadPoolExecutor(4) as pool:
            people = list(pool.map(house.enter, seeded["representatives"][:seats]))
        self.phones = [Steadfast(person, self.meeting, "phone") for person in people]
        self.chair = Steadfast(house.enter(seeded["chair"]), self.meeting, "console")
        observer = house.enter(seeded["observer"])
        self.projectors = [Steadfast(observer, self.meeting, "projector") for _ in range(2)]
        self.healed: list[float] = []
        for phone in self.phones:
            assert phone.do("presence.check_in", {})["ok"]
        self._chair("meeting.open", {})
        self.item = self.chair.connect().panels["agenda"]["items"][0]["id"]
        self._chair("agenda.begin", {"item": self.item})

    def _chair(self, name: str, data: Json) -> None:
        answer = self.chair.do(name, data)
        assert answer["ok"], (name, answer)

    def open_poll(self) -> str:
        self._chair("poll.open", {"item": self.item, "text": "是否更换楼道灯", "secrecy": "open"})
        opened = self.cluster.ask(
            "SELECT line FROM event WHERE meeting_id = :meeting AND type = 'poll.opened' ORDER BY seq DESC LIMIT 1",
            meeting=self.meeting,
        )
        found: str = opened[0].line.split('"poll":"')[1].split('"')[0]
        return found

    def vote(self, poll: str, fault: Callable[[], None], seconds: float = 0.8) -> dict[int, str]:
        """Everybody votes within some time, in whose middle something happens; returns seat → choice."""
        choices = {seat: random.choice(CHOICES) for seat in range(len(self.phones))}
        refused: list[Json] = []

        def cast(seat: int) -> None:
            time.sleep(random.uniform(0, seconds))
            data = {"poll": poll, "choice": choices[seat], "nonce": f"{poll}.{seat}"}
            answer = self.phones[seat].do("ballot.cast", data)
            if not answer["ok"]:
                refused.append(answer)

        failures: list[BaseException] = []

        def guarded(seat: int) -> None:
            try:
                cast(seat)
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=guarded, args=(seat,)) for seat in choices]
        for thread in threads:
            thread.start()
        time.sleep(random.uniform(0.2, 0.6) * seconds)
        fault()
        for thread in threads:
            thread.join(2 * PATIENCE)
        assert not failures, failures[0]
        assert not refused, refused[0]
        return choices

    def ballots(self, poll: str) -> list[Any]:
        return self.cluster.ask("SELECT seat, choice FROM ballot WHERE poll = :poll", poll=poll)

    def round(self, fault: Callable[[], None], after: Callable[[], None] = lambda: None) -> None:
        """One poll with a fault in its middle: nothing lost, unexpected or twice, both projectors show it all.

        ``after`` ends the fault, once the screens were looked at.
        """
        poll = self.open_poll()
        choices = self.vote(poll, fault)
        everybody = len(choices)
        for projector in self.projectors:
            self.healed.append(
                projector.until(lambda panels: panels["poll"] and panels["poll"]["cast"] == everybody, 10)
            )
        after()
        assert Counter((row.seat - 1, row.choice) for row in self.ballots(poll)) == Counter(choices.items())
        self._chair("poll.close", {"poll": poll})
        self.chair.until(lambda panels: panels["result"] and panels["result"]["poll"] == poll, 15)
        assert self.chair.socket is not None
        tally = self.chair.socket.panels["result"]["tally"]
        assert {option: count for option, count in tally.items() if count} == Counter(choices.values())
        self.check_record()

    def check_record(self) -> None:
        """Chain, sequence and end of the log; polls only move forward, nothing after a close."""
        database = open_database(self.cluster.postgres.url)
        try:
            with database.reader(5) as session:
                verify_log(session, self.meeting)
        finally:
            database.close()
        types = self.cluster.ask(
            "SELECT type FROM event WHERE meeting_id = :meeting AND type LIKE 'poll.%' ORDER BY seq",
            meeting=self.meeting,
        )
        kept = [row.type for row in types]
        assert kept == ["poll.opened", "poll.closed"] * (len(kept) // 2)

    def spread(self) -> Counter[int | None]:
        """How many phones each worker has."""
        assert self.cluster.server is not None
        workers = workers_of(self.cluster.server)
        ports = [phone.connect().wire.sock.getsockname()[1] for phone in self.phones]
        return Counter(worker_behind(port, self.cluster.server.house, workers) for port in ports)

    def close(self) -> None:
        for one in (*self.phones, self.chair, *self.projectors):
            one.drop()


def figures(seconds: Sequence[float]) -> str:
    """The median and the longest of some times, for people."""
    ordered = sorted(seconds) or [0.0]
    return f"median {ordered[len(ordered) // 2] * 1000:.0f} ms, longest {ordered[-1] * 1000:.0f} ms"
