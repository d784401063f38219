"""What is measured with one server: a storm of arrivals, events to everybody, ballots over a second, at once."""

import json
import os
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.load.phones import EVENT, Busy, Crowd, Entry, LoadFailed, Phone, command

EVENT_GAP_SECONDS = 0.15
STORM_SECONDS = 2.0
SPREAD_SECONDS = 1.0  # ballots of a whole hall
QUIET_SECONDS = 0.3  # before and after a poll is opened
HANDS = 100.0  # a second, in a busy room
BUSY_SECONDS = 3.0


@dataclass(frozen=True, slots=True)
class Subject:
    """A running server with a meeting: its process, its people, what the chair needs to know.

    `empty_kib` is the memory it had before anybody came; `entering` are the figures of everybody's joining.
    """

    name: str
    process: int
    chair: Entry
    projector: Entry
    phones: Sequence[Entry]
    item: str
    empty_kib: int
    entering: dict[str, float] = field(default_factory=dict)


@dataclass(slots=True)
class Round:
    """The figures of one round with one server; milliseconds unless the name says otherwise."""

    figures: dict[str, float] = field(default_factory=dict)
    client_share: dict[str, float] = field(default_factory=dict)
    event_bytes: int = 0
    poll_bytes: int = 0
    hello_bytes: int = 0


def processor_seconds(process: int) -> float:
    """Processor time of another process in seconds, to the nanosecond: the kernel's clock of that process."""
    return time.clock_gettime((~process << 3) | 2)


def resident_kib(process: int) -> int:
    """Resident memory of another process in KiB."""
    for line in Path(f"/proc/{process}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise LoadFailed("the server has no memory any more")


class Sitting:
    """One meeting with its phones connected; the chair's commands go through here."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.crowd = Crowd()
        self.result = Round()
        self.poll = ""
        self.poll_text = ""

    def arrive(self) -> None:
        """Everybody connects within STORM_SECONDS; the chair and the projector are there before."""
        self.chair, self.projector = self.crowd.arrive([self.subject.chair, self.subject.projector], 0)
        with Busy() as busy:
            started = time.perf_counter()
            self.phones = self.crowd.arrive(self.subject.phones, STORM_SECONDS)
            last = max(phone.ready_at for phone in self.phones)
        self.note("all_ready_ms", (last - started) * 1000, busy)
        taken = resident_kib(self.subject.process) - self.subject.empty_kib
        self.result.figures["kib_per_phone"] = taken / len(self.phones)
        self.result.figures |= self.subject.entering

    def note(self, name: str, figure: float, busy: Busy) -> None:
        self.result.figures[name] = figure
        self.result.client_share[name] = busy.share

    def act(self, name: str, data: dict[str, Any], *, is_waited_for: bool = True) -> tuple[float, float]:
        """The chair acts; returns when it was sent and when the last phone had the change (perf_counter).

        When the projector had it stands in `shown_at`.
        """
        waiting = {phone.descriptor for phone in self.phones} if is_waited_for else set()
        state: dict[str, Any] = {"answer": b"", "last": 0.0, "bytes": 0}

        def on_text(phone: Phone, text: bytes, now: float) -> None:
            if phone is self.chair:
                if text.startswith(b"43/live,"):
                    state["answer"] = text
                elif text.startswith(EVENT):
                    self._learn(text)
            elif text.startswith(EVENT):
                if phone is self.projector:
                    self.shown_at = now
                    return
                waiting.discard(phone.descriptor)
                state["last"] = now
                state["bytes"] = len(text)

        self.shown_at = 0.0
        sent = time.perf_counter()
        self.chair.socket.send(command(name, data))
        self.crowd.pump(
            on_text,
            lambda: bool(state["answer"]) and not waiting and (self.shown_at > 0 or not is_waited_for),
            30.0,
        )
        if b'"ok":true' not in state["answer"][:60]:
            raise LoadFailed(f"{name} refused: {state['answer'][:300].decode()}")
        self.act_bytes = state["bytes"]
        return sent, state["last"]

    def _learn(self, text: bytes) -> None:
        """Keeps the id of the open poll from the chair's own changes."""
        if b'"poll":{' in text:
            poll = json.loads(text.removeprefix(b"42/live,"))[1]["panels"]["poll"]
            if poll["state"] == "open":
                self.poll, self.poll_text = poll["id"], poll["text"]

    def settle(self, seconds: float) -> None:
        """Reads whatever still comes for a while."""
        until = time.perf_counter() + seconds
        self.crowd.pump(lambda *_: None, lambda: time.perf_counter() > until, seconds + 1, lambda now: 0.02)

    def events(self, count: int) -> None:
        """The chair opens and closes the queue; milliseconds from the tap to the last phone."""
        took: list[float] = []
        shown: list[float] = []
        busy = Busy()
        processor = 0.0
        self.result.hello_bytes = len(self.phones[0].answer)
        for number in range(count):
            self.settle(EVENT_GAP_SECONDS)
            before = processor_seconds(self.subject.process)
            with busy:
                sent, last = self.act("queue.open" if number % 2 == 0 else "queue.close", {})
            processor += processor_seconds(self.subject.process) - before
            took.append((last - sent) * 1000)
            shown.append((self.shown_at - sent) * 1000)
            self.result.event_bytes = self.act_bytes
        self.note("tap_quiet_ms", statistics.median(shown), busy)
        self.note("last_phone_ms", statistics.median(took), busy)
        self.result.figures["delivery_us"] = processor * 1e6 / (count * len(self.phones))

    def ballots(self, seconds: float) -> None:
        """Every phone casts, over `seconds` or at once; acknowledged means durable."""
        self._open_poll()
        ballots = [
            (
                phone,
                command("ballot.cast", {"poll": self.poll, "choice": "for", "nonce": os.urandom(8).hex()}),
            )
            for phone in self.phones
        ]
        told = Told(len(self.phones))
        self.crowd.notice = told.notice  # type: ignore[method-assign]
        before = processor_seconds(self.subject.process)
        with Busy() as busy:
            started = time.perf_counter()
            self.crowd.send_all(ballots, seconds)
        processor = processor_seconds(self.subject.process) - before
        last_answer = max(phone.answered_at for phone in self.phones)
        self.crowd.pump(
            lambda phone, text, now: told.notice(phone, text, now) if text.startswith(EVENT) else None,
            lambda: len(told.at) > len(self.phones) + 1,  # the chair and the projector too
            10.0,
        )
        waits = sorted((phone.answered_at - phone.sent_at) * 1000 for phone in self.phones)
        turnout = (max(told.at.values()) - last_answer) * 1000
        self.result.poll_bytes = told.bytes
        if seconds:
            self.note("ack_p50_ms", statistics.median(waits), busy)
            self.note("ack_p99_ms", waits[int(len(waits) * 0.99)], busy)
            self.note("turnout_ms", turnout, busy)
        else:
            self.note("ballots_per_second", len(waits) / (last_answer - started), busy)
            self.result.figures["ballot_us"] = processor * 1e6 / len(waits)
        self.act("poll.close", {"poll": self.poll})

    def busy_room(self) -> None:
        """Hands go up and down, HANDS a second, while the chair words the motion: from tap to projector."""
        self.act("queue.open", {})
        raising = self.phones[: min(len(self.phones), int(HANDS * BUSY_SECONDS / 2))]
        hands = [(phone, command("floor.request", {"stance": "for"})) for phone in raising]
        hands += [(phone, command("floor.withdraw", {})) for phone in raising]
        taps = Taps(self, HANDS / 25)
        self.crowd.notice, self.crowd.between = taps.notice, taps.tap  # type: ignore[method-assign]
        before = processor_seconds(self.subject.process)
        with Busy() as busy:
            self.crowd.send_all(hands, BUSY_SECONDS)
        processor = processor_seconds(self.subject.process) - before
        self.crowd.between = lambda now: None  # type: ignore[method-assign]
        self.settle(QUIET_SECONDS)
        self.note("tap_busy_ms", statistics.median(taps.took), busy)
        self.result.figures["command_us"] = processor * 1e6 / (len(hands) + len(taps.took))
        self.act("queue.close", {})

    def _open_poll(self) -> None:
        self.settle(QUIET_SECONDS)
        text = f"同意本方案吗 {os.urandom(4).hex()}"
        self.act("poll.open", {"item": self.subject.item, "text": text, "secrecy": "open"})
        # The console's own change may come a moment after the phones'.
        self.crowd.pump(self._on_console, lambda: self.poll_text == text, 5.0)
        self.settle(QUIET_SECONDS)

    def _on_console(self, phone: Phone, text: bytes, now: float) -> None:
        if phone is self.chair and text.startswith(EVENT):
            self._learn(text)

    def check_in(self) -> None:
        """Every phone says it is there; those that were already are left alone."""
        absent = [(phone, command("presence.check_in", {})) for phone in self.phones]
        self.crowd.send_all(absent, 0)
        self.settle(0.5)


class Told:
    """Notes when each screen had the final turnout; ``at`` by descriptor (perf_counter)."""

    def __init__(self, cast: int) -> None:
        self._final = tuple(b'"cast":%d%b' % (cast, end) for end in (b",", b"}"))
        self._known, self._is_final = b"", False
        self.at: dict[int, float] = {}
        self.bytes = 0

    def notice(self, phone: Phone, text: bytes, now: float) -> None:
        """Called for every change; a broadcast is the same object for everybody, and looked through once."""
        if text is not self._known:
            self._known, self._is_final = text, self._final[0] in text or self._final[1] in text
        if self._is_final:
            self.at[phone.descriptor] = now
            self.bytes = len(text)


class Taps:
    """The chair words the motion again and again; notes how long each wording takes to the projector."""

    def __init__(self, sitting: Sitting, per_second: float) -> None:
        self._sitting = sitting
        self._gap = 1 / per_second
        self._sent_at = 0.0
        self._mark = b""
        self.took: list[float] = []

    def tap(self, now: float) -> None:
        """Called between two reads of the crowd."""
        if now - self._sent_at < self._gap or self._mark:
            return
        mark = os.urandom(6).hex()
        self._mark, self._sent_at = mark.encode(), now
        data = {"item": self._sitting.subject.item, "text": f"同意本方案 {mark}"}
        self._sitting.chair.socket.send(command("motion.word", data, number=7))

    def notice(self, phone: Phone, text: bytes, now: float) -> None:
        """Called for every change that reaches anybody."""
        if phone is self._sitting.projector and self._mark and self._mark in text:
            self.took.append((now - self._sent_at) * 1000)
            self._mark = b""


def prepare(sitting: Sitting) -> None:
    """Opens the meeting, lets everybody check in and begins the first item: once per server."""
    sitting.act("meeting.open", {})
    sitting.check_in()
    sitting.act("agenda.begin", {"item": sitting.subject.item})


def run_round(subject: Subject, events: int, *, is_first: bool) -> Round:
    """One round with one server, from the storm to the last ballot."""
    sitting = Sitting(subject)
    try:
        sitting.arrive()
        if is_first:
            prepare(sitting)
        sitting.events(events)
        sitting.ballots(SPREAD_SECONDS)
        sitting.ballots(0.0)
        sitting.busy_room()
    finally:
        sitting.crowd.leave()
    return sitting.result
