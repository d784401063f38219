"""What must not wear a server out: eight hours of reconnects, and phones that stop reading."""

import json
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.load import subjects
from tests.load.figures import Figure, section
from tests.load.phones import ANSWER, EVENT, Busy, LoadFailed, Phone, command
from tests.load.scenarios import Sitting, Subject, prepare, processor_seconds, resident_kib

RECONNECTING, TIMES = 500, 32  # every quarter of an hour, for eight hours
HALL, STALLED = 400, 20
EVENTS, EVENT_GAP_SECONDS = 260, 0.105
_RECONNECTS = (
    Figure("reconnects", "connections made and ended", ""),
    Figure("memory_times", "memory at the end, times that after the first hour", "×", "product", most=1.1),
    Figure("threads_more", "threads more than after the first hour", "", "product", most=0),
    Figure("files_more", "open files more than after the first hour", "", "product", most=4),
    Figure("reconnect_us", "processor time per reconnect, hello included", "µs"),
)
_STALLS = (
    Figure("lost", "events that a reading phone missed", "", "product", most=0),
    Figure(
        "corrupt",
        "frames that were not whole or not in order, stalled phones included",
        "",
        "product",
        most=0,
    ),
    Figure("dropped", "stalled phones that were let go", ""),
    Figure("stalled_kib", "memory the server needed more, per stalled phone", "KiB", "product", most=600),
)


def threads_and_files(process: int) -> tuple[int, int]:
    """How many threads and open files a process has."""
    here = Path(f"/proc/{process}")
    return len(list((here / "task").iterdir())), len(list((here / "fd").iterdir()))


def reconnects(phones: int = RECONNECTING, times: int = TIMES) -> dict[str, Any]:
    """Everybody comes, says hello and goes, `times` times."""
    subjects.raise_descriptor_limit(phones)
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        subjects.product(Path(folder), phones) as (subject,),
    ):
        sitting = Sitting(subject)
        with Busy() as busy:
            found = _come_and_go(sitting, subject, times)
        sitting.crowd.leave()
    title = f"Eight hours of reconnects: {phones} phones, {times} times"
    lines = [(figure, {"product": found[figure.name]}) for figure in _RECONNECTS]
    series = ", ".join(f"{kib / 1024:.0f}" for kib in found["series"])
    return section("reconnects", title, lines, busy.share, f"Memory in MiB, hour by hour: {series}.")


def _come_and_go(sitting: Sitting, subject: Subject, times: int) -> dict[str, Any]:
    sitting.arrive()
    crowd, process = sitting.crowd, subject.process
    crowd.part(sitting.phones)
    series: list[int] = []
    counts = (0, 0)
    before = processor_seconds(process)
    for number in range(1, times + 1):
        crowd.part(crowd.arrive(subject.phones, 0.2))
        if number % (times // 8) == 0:
            sitting.settle(0.3)
            series.append(resident_kib(process))
            counts = counts if len(series) > 1 else threads_and_files(process)
    spent = processor_seconds(process) - before
    sitting.settle(0.5)
    threads, files = threads_and_files(process)
    return {
        "reconnects": times * len(subject.phones),
        "memory_times": series[-1] / series[0],
        "threads_more": threads - counts[0],
        "files_more": files - counts[1],
        "reconnect_us": spent * 1e6 / (times * len(subject.phones)),
        "series": series,
    }


def stalls(phones: int = HALL, stalled: int = STALLED, events: int = EVENTS) -> dict[str, Any]:
    """Some phones stop reading while long texts are worded; later they read on, and every frame is parsed."""
    subjects.raise_descriptor_limit(phones)
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        subjects.product(Path(folder), phones) as (subject,),
    ):
        sitting = Sitting(subject)
        with Busy() as busy:
            try:
                sitting.arrive()
                prepare(sitting)
                found = _Stall(sitting, stalled).run(events)
            finally:
                sitting.crowd.leave()
    title = f"{stalled} of {phones} phones stop reading for {events} long events"
    lines = [(figure, {"product": found[figure.name]}) for figure in _STALLS]
    return section("stalled", title, lines, busy.share)


class _Stall:
    """Follows the chain of versions on every phone: `since` of an event is at most what the phone has."""

    def __init__(self, sitting: Sitting, stalled: int) -> None:
        self._sitting = sitting
        self._silent = sitting.phones[:stalled]
        self._versions: dict[int, int] = {}
        self._marks: dict[int, int] = {}
        self._corrupt = 0

    def run(self, events: int) -> dict[str, float]:
        sitting = self._sitting
        process = sitting.subject.process
        sitting.crowd.pause(self._silent)
        before = resident_kib(process)
        most = before
        for number in range(1, events + 1):
            self._say(number)
            most = max(most, resident_kib(process))
        reading = [phone for phone in sitting.phones if phone not in self._silent]
        lost = sum(events - self._marks.get(phone.descriptor, 0) for phone in reading)
        dropped = sitting.crowd.resume(self._silent, self._read)
        return {
            "lost": lost,
            "corrupt": self._corrupt,
            "dropped": dropped,
            "stalled_kib": (most - before) / len(self._silent),
        }

    def _say(self, number: int) -> None:
        """The chair words a text of 600 characters; everybody who reads has it before the next."""
        text = f"第{number}稿：" + "同意本方案，" * 90
        sitting = self._sitting
        due = time.perf_counter() + EVENT_GAP_SECONDS
        data = {"item": sitting.subject.item, "text": text}
        sitting.chair.socket.send(command("motion.word", data, number=number))
        left = {phone.descriptor for phone in sitting.phones if phone not in self._silent}

        def on_text(phone: Phone, text: bytes, now: float) -> None:
            self._read(phone, text, now)
            if self._marks.get(phone.descriptor, 0) == number:
                left.discard(phone.descriptor)

        sitting.crowd.pump(on_text, lambda: not left and time.perf_counter() > due, 20.0, lambda now: 0.01)

    def _read(self, phone: Phone, text: bytes, now: float) -> None:
        """Parses every frame in full."""
        if not text.startswith(EVENT):
            if text.startswith(ANSWER) and b'"ok":true' not in text[:60]:
                raise LoadFailed(f"refused: {text[:300].decode()}")
            return
        try:
            change = json.loads(text.removeprefix(b"42/live,"))[1]
            motion = change["panels"].get("motion") or "第0稿："
            wording = motion["text"] if isinstance(motion, dict) else motion  # the relay's has no item
            since, version = change["since"], change["version"]
        except (ValueError, KeyError, IndexError):
            self._corrupt += 1
            return
        known = self._versions.get(phone.descriptor, since)
        if since > known or version <= since:
            self._corrupt += 1
        self._versions[phone.descriptor] = version
        self._marks[phone.descriptor] = int(wording[1 : wording.index("稿")])
