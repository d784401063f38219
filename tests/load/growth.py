"""Ten times as many meetings in the database: commands and pages take as long as before."""

import statistics
import tempfile
import time
from pathlib import Path
from typing import Any

from tests.load import subjects
from tests.load.beside import archive, council_of
from tests.load.figures import Figure, section
from tests.load.phones import Busy, Entry, LoadFailed
from tests.load.scenarios import Sitting, prepare, processor_seconds

YOUNG, TIMES = 20, 10
PHONES = 25
ASKS = 40
_NAMES = {
    "command": "a command of the chair, acknowledged and on every phone",
    "join": "a ticket redeemed",
    "state": "the phone's state over HTTP",
    "council": "the public page of a council",
    "meetings": "a council's list of meetings",
    "minutes": "published minutes",
    "front": "the front page, which names every council",
}


def measure(young: int = YOUNG, times: int = TIMES, asks: int = ASKS) -> dict[str, Any]:
    """Processor time of the server for each act, at `young` past meetings and at ten times as many."""
    with Busy() as busy:
        before, after = _costs(young, asks), _costs(young * times, asks)
    lines = [
        (
            Figure(
                f"{name}_times",
                f"{title}: {after[name]:,.0f} µs, times as much",
                "×",
                "product",
                most=None if name == "front" else 1.25,
            ),
            {"product": after[name] / before[name]},
        )
        for name, title in _NAMES.items()
    ]
    title = f"Growth: {young * times} past meetings against {young} (processor time of the server)"
    return section("growth", title, lines, busy.share)


def _costs(meetings: int, asks: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        held: list[str] = []
        with subjects.served(
            Path(folder), PHONES, prepared=lambda data: held.extend(archive(data, meetings))
        ) as server:
            costs = {"join": _join(server, asks)}  # first: a ticket redeemed again ends the session before
            subject = subjects.enter(server, server.seeded["meetings"][0])
            costs |= _pages(server, subject.phones[0], held[-1], asks)
            sitting = Sitting(subject)
            try:
                sitting.arrive()
                prepare(sitting)
                sitting.events(4)
                sitting.events(asks // 2 * 2)
            finally:
                sitting.crowd.leave()
    # A command's cost is known per delivery.
    return {"command": sitting.result.figures["delivery_us"] * PHONES, **costs}


def _join(server: subjects.Served, asks: int) -> float:
    meeting = server.seeded["meetings"][0]
    before = processor_seconds(server.process)
    for number in range(asks):
        subjects.join(
            server.port, meeting["representatives"][1 + number % (PHONES - 1)], meeting["id"], "phone"
        )
    return (processor_seconds(server.process) - before) * 1e6 / asks


def _pages(server: subjects.Served, phone: Entry, held: str, asks: int) -> dict[str, float]:
    council = council_of(server.data, held)
    meeting = server.seeded["meetings"][0]["id"]
    paths = {
        "state": f"/meetings/{meeting}/state?screen=phone",
        "council": f"/c/{council}/",
        "meetings": f"/c/{council}/meetings",
        "minutes": f"/minutes/{held}",
        "front": "/?all",
    }
    return {name: _page(server, path, phone.cookie, asks) for name, path in paths.items()}


def _page(server: subjects.Served, path: str, cookie: str | None, asks: int) -> float:
    """The median of five stretches, in µs of the server's processor time for one page."""
    costs = []
    for _ in range(5):
        before = processor_seconds(server.process)
        for _ in range(asks // 4 or 1):
            status, _, _ = subjects.ask(server.port, "GET", path, Cookie=cookie or "")
            if status != 200:
                raise LoadFailed(f"GET {path} answered {status}")
        time.sleep(0.02)  # what the server does after its answer belongs to it
        costs.append((processor_seconds(server.process) - before) * 1e6 / (asks // 4 or 1))
    return statistics.median(costs)
