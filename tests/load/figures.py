"""What the benchmark's table has lines for, what is aimed at, and how rounds become medians and ratios."""

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.load.scenarios import Round

REFERENCE_DELIVERY_US = 17.4  # Socket.IO on the reference machine, 1,000 phones
OPENSLIDES_BALLOTS = 2.7  # a second, 500 voters connected, measured on the reference machine
BUSIEST_CLIENT = 0.5


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what it is, its unit, and what is aimed at for the product or for its ratio."""

    name: str
    title: str
    unit: str
    aim: str = ""  # "ratio" or "product"
    most: float | None = None
    least: float | None = None

    @property
    def target(self) -> str:
        """The aim as it is printed."""
        if self.most is None and self.least is None:
            return ""
        limit = f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}"
        return limit if self.aim == "ratio" else f"{limit} {self.unit}"

    def is_met(self, line: Mapping[str, Any]) -> bool | None:
        """Tells whether a line reaches its target; None when it has none or was not measured."""
        found = line.get(self.aim) if self.aim else None
        if found is None or not self.target:
            return None
        return (self.most is None or found <= self.most) and (self.least is None or found >= self.least)


FIGURES = (
    Figure("last_phone_ms", "event to the last phone", "ms", "ratio", most=1.0),
    Figure("delivery_us", "processor time per delivery", "µs", "ratio", most=0.9),
    Figure("tap_quiet_ms", "tap to projector, quiet room", "ms", "product", most=30),
    Figure("tap_busy_ms", "tap to projector, 100 hands a second", "ms", "product", most=150),
    Figure("command_us", "processor time per command, news to all included", "µs"),
    Figure("ack_p50_ms", "ballots in one second: answered, median", "ms"),
    Figure("ack_p99_ms", "ballots in one second: answered, p99", "ms", "ratio", most=1.0),
    Figure("turnout_ms", "final turnout on every phone after the last answer", "ms", "product", most=250),
    Figure("ballots_per_second", "ballots at once", "/s", "ratio", least=0.6),
    Figure("ballot_us", "processor time per ballot at once", "µs"),
    Figure("openslides", "ballots at once, times OpenSlides 3.3 (500 connected)", "×", "product", least=100),
    Figure("all_ready_ms", "arrivals in 2 s: all ready", "ms", "product", most=4_000),
    Figure("kib_per_phone", "memory per phone, its joining and seat included", "KiB", "product", most=60),
    Figure("joins_per_second", "tickets redeemed (POST /join)", "/s"),
    Figure("join_us", "processor time per ticket redeemed", "µs"),
)
# What only the first round after the start shows: memory is taken once, tickets are redeemed once.
ONCE = ("kib_per_phone", "joins_per_second", "join_us")


def figures_for(phones: int) -> Sequence[Figure]:
    """The lines of a hall; at 5,000 phones half of the relay's ballots at once is aimed at."""
    return [
        replace(figure, least=0.5) if figure.name == "ballots_per_second" and phones >= 5_000 else figure
        for figure in FIGURES
    ]


def line_of(figure: Figure, values: Mapping[str, float | None]) -> dict[str, Any]:
    """One line with its ratios to the relay; `values` has the figure by server."""
    known = {name: value for name, value in values.items() if value is not None}
    line: dict[str, Any] = {"title": figure.title, "unit": figure.unit, "target": figure.target, **known}
    relay = known.get("relay")
    for name, value in known.items():
        if name != "relay" and relay:
            line["ratio" if name == "product" else f"{name}_ratio"] = value / relay
    line["met"] = figure.is_met(line)
    return line


def summarise(phones: int, rounds: dict[str, list[Round]], first: dict[str, Round]) -> dict[str, Any]:
    """Medians over the rounds, ratios to the relay, and whether the load client was idle enough to be believed."""
    figures: dict[str, Any] = {}
    for figure in figures_for(phones):
        values = {name: _median(figure.name, taken, first[name]) for name, taken in rounds.items()}
        if any(value is not None for value in values.values()):
            figures[figure.name] = line_of(figure, values)
    shares = {
        name: {
            key: statistics.median(one.client_share[key] for one in taken) for key in taken[0].client_share
        }
        for name, taken in rounds.items()
    }
    busiest = max(share for of in shares.values() for share in of.values())
    return {
        "phones": phones,
        "figures": figures,
        "client_share": shares,
        "busiest_client": busiest,
        "valid": busiest <= BUSIEST_CLIENT,
        "event_bytes": {name: taken[-1].event_bytes for name, taken in rounds.items()},
    }


def _median(name: str, taken: Sequence[Round], first: Round) -> float | None:
    if name == "openslides":
        ballots = statistics.median(one.figures["ballots_per_second"] for one in taken)
        return ballots / OPENSLIDES_BALLOTS
    if name in ONCE:
        return first.figures.get(name)
    return statistics.median(one.figures[name] for one in taken)


def section(
    name: str,
    title: str,
    lines: Sequence[tuple[Figure, Mapping[str, float | None]]],
    share: float,
    note: str = "",
) -> dict[str, Any]:
    """Everything a scenario beside the halls found, as --json writes it."""
    return {
        "name": name,
        "title": title,
        "figures": {figure.name: line_of(figure, values) for figure, values in lines},
        "busiest_client": share,
        "valid": share <= BUSIEST_CLIENT,
        "note": note,
    }
