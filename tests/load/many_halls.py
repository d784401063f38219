"""200 halls of 25 on one server: one event per hall and second, evenly spread."""

import contextlib
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.load import subjects
from tests.load.figures import Figure, section
from tests.load.phones import ANSWER, EVENT, Busy, Crowd, LoadFailed, Phone, command
from tests.load.scenarios import STORM_SECONDS, Subject, processor_seconds

HALLS, PHONES = 200, 25
SECONDS = 8.0
_FIGURES = (
    Figure("halls_p50_ms", "event to each phone, median", "ms"),
    Figure("halls_p99_ms", "event to each phone, p99", "ms", "product", most=100),
    Figure("halls_core", "processor time, share of a core", "%", "product", most=60),
    Figure("halls_command_us", "processor time per event of a hall (25 deliveries)", "µs"),
    Figure("halls_ready_ms", "arrivals in 2 s: all ready", "ms", "product", most=4_000),
)


def measure(
    rounds: int, halls: int = HALLS, phones: int = PHONES, seconds: float = SECONDS
) -> dict[str, Any]:
    """The product and the relay, interleaved; medians of the rounds."""
    subjects.raise_descriptor_limit(halls * (phones + 1))
    taken: dict[str, list[dict[str, float]]] = {"product": [], "relay": []}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, contextlib.ExitStack() as stack:
        product = stack.enter_context(subjects.product(Path(folder), phones, halls))
        relay = stack.enter_context(subjects.relay(Path(folder), phones, subjects.Sizes(), halls))
        for server in (product, relay):
            Round(server).run(seconds / 4, is_first=True)
        for _ in range(rounds):
            for server in (product, relay):
                taken[server[0].name].append(Round(server).run(seconds))
    lines = [
        (figure, {name: statistics.median(one[figure.name] for one in of) for name, of in taken.items()})
        for figure in _FIGURES
    ]
    share = max(one["client"] for of in taken.values() for one in of)
    title = f"{halls} halls of {phones} phones, one event per hall and second"
    return section("halls", title, lines, share)


class Round:
    """One round with one server, from the storm to the last event."""

    def __init__(self, halls: Sequence[Subject]) -> None:
        self._halls = halls
        self._crowd = Crowd()
        self._member_of: dict[int, int] = {}
        self._sent_at = [0.0] * len(halls)
        self._waits: list[float] = []

    def run(self, seconds: float, *, is_first: bool = False) -> dict[str, float]:
        """Returns the figures by name, and the client's share."""
        try:
            ready = self._arrive()
            if is_first:
                self._open_all()
            before = processor_seconds(self._halls[0].process)
            with Busy() as busy:
                taps = self._tap(seconds)
            spent = processor_seconds(self._halls[0].process) - before
        finally:
            self._crowd.leave()
        waits = sorted(self._waits)
        return {
            "halls_p50_ms": statistics.median(waits) * 1000,
            "halls_p99_ms": waits[int(len(waits) * 0.99)] * 1000,
            "halls_core": spent / busy.wall_seconds * 100,
            "halls_command_us": spent * 1e6 / taps,
            "halls_ready_ms": ready,
            "client": busy.share,
        }

    def _arrive(self) -> float:
        self._chairs = self._crowd.arrive([hall.chair for hall in self._halls], STORM_SECONDS)
        started = time.perf_counter()
        entries = [(number, entry) for number, hall in enumerate(self._halls) for entry in hall.phones]
        people = self._crowd.arrive([entry for _, entry in entries], STORM_SECONDS)
        for (number, _), phone in zip(entries, people, strict=True):
            self._member_of[phone.descriptor] = number
        return (max(phone.ready_at for phone in people) - started) * 1000

    def _open_all(self) -> None:
        for name in ("meeting.open", "agenda.begin"):
            sends = [
                (chair, command(name, {"item": hall.item} if name == "agenda.begin" else {}))
                for chair, hall in zip(self._chairs, self._halls, strict=True)
            ]
            self._crowd.send_all(sends, 0.5)
        until = time.perf_counter() + 1
        self._crowd.pump(lambda *_: None, lambda: time.perf_counter() > until, 5, lambda now: 0.02)

    def _tap(self, seconds: float) -> int:
        count = len(self._halls)
        seconds_each = max(2, int(seconds) // 2 * 2)  # what is opened is closed again
        taps, sent = count * seconds_each, 0
        expected = sum(len(hall.phones) for hall in self._halls) * seconds_each
        started = time.perf_counter()

        def send_due(now: float) -> float:
            nonlocal sent
            while sent < min(taps, int((now - started) * count) + 1):
                number, turn = sent % count, sent // count
                self._sent_at[number] = time.perf_counter()
                self._chairs[number].socket.send(command("queue.close" if turn % 2 else "queue.open", {}))
                sent += 1
            return 0.002

        def on_text(phone: Phone, text: bytes, now: float) -> None:
            if text.startswith(EVENT):
                number = self._member_of.get(phone.descriptor)
                if number is not None:
                    self._waits.append(now - self._sent_at[number])
            elif text.startswith(ANSWER) and b'"ok":true' not in text[:60]:
                raise LoadFailed(f"command refused: {text[:300].decode()}")

        self._crowd.pump(on_text, lambda: len(self._waits) >= expected, seconds_each + 20, send_due)
        return taps
