"""`python3 run.py bench`: the product against Socket.IO on Node, on this machine, in this hour.

Absolute times move from machine to machine; the ratios inside one run hold. So every server is alive at once,
the rounds are interleaved, and the medians are compared. The yardstick's own cost is printed beside the
figure of the reference machine, to show what this machine is worth.
"""

import argparse
import contextlib
import json
import os
import platform
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.load import subjects
from tests.load.phones import LoadFailed
from tests.load.scenarios import Round, Subject, run_round

REFERENCE_DELIVERY_US = 17.4  # Socket.IO on the reference machine, 1,000 phones
BUSIEST_CLIENT = 0.5


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the table: what it is, its unit, which way is better and the ratio aimed at."""

    name: str
    title: str
    unit: str
    target: str


FIGURES = (
    Figure("last_phone_ms", "event to the last phone", "ms", "≤ 1.0"),
    Figure("delivery_us", "processor time per delivery", "µs", "≤ 0.9"),
    Figure("ack_p50_ms", "ballots in one second: answered, median", "ms", ""),
    Figure("ack_p99_ms", "ballots in one second: answered, p99", "ms", "≤ 1.0"),
    Figure("turnout_ms", "final turnout on every phone after the last answer", "ms", "≤ 250 ms"),
    Figure("ballots_per_second", "ballots at once", "/s", "≥ 0.6"),
    Figure("ballot_us", "processor time per ballot at once", "µs", ""),
    Figure("all_ready_ms", "arrivals in 2 s: all ready", "ms", "≤ 4,000 ms"),
    Figure("kib_per_phone", "memory per phone", "KiB", "≤ 60 KiB"),
)


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    phones: tuple[int, ...]
    rounds: int
    events: int
    has_product: bool


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark; exit status 0 for a valid run, 1 for an invalid one, 2 when something is missing."""
    parser = argparse.ArgumentParser(prog="run.py bench", description="Compare with Socket.IO on Node.")
    parser.add_argument("--json", metavar="FILE", help="write the figures to FILE")
    parser.add_argument("--quick", action="store_true", help="one short round")
    parser.add_argument("--phones", type=int, nargs="+", help="numbers of phones (default 200 1000)")
    parser.add_argument("--rounds", type=int, help="rounds to take the median of (default 3)")
    parser.add_argument("--driver-only", action="store_true", help="leave the product out")
    options = parser.parse_args(arguments)
    plan = Plan(
        phones=tuple(options.phones or [200, 1_000]),
        rounds=options.rounds or (1 if options.quick else 3),
        events=6 if options.quick else 20,
        has_product=not options.driver_only,
    )
    try:
        subjects.install_relay()
        report = measure(plan)
    except LoadFailed as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 2
    print_report(report)
    if options.json:
        Path(options.json).write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    return 0 if report["valid"] else 1


def measure(plan: Plan) -> dict[str, Any]:
    """Measures every size of hall; the report is what --json writes."""
    sizes = [_measure_hall(plan, phones) for phones in plan.phones]
    return {
        "valid": all(hall["valid"] for hall in sizes),
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
            "load_average": os.getloadavg()[0],
        },
        "rounds": plan.rounds,
        "reference_delivery_us": REFERENCE_DELIVERY_US,
        "halls": sizes,
    }


def _measure_hall(plan: Plan, phones: int) -> dict[str, Any]:
    subjects.raise_descriptor_limit(phones)
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as folder,
        _servers(plan, phones, Path(folder)) as servers,
    ):
        rounds: dict[str, list[Round]] = {subject.name: [] for subject, _ in servers}
        for number in range(plan.rounds):
            for subject, _ in servers:
                _say(f"{phones} phones, round {number + 1} of {plan.rounds}: {subject.name}")
                rounds[subject.name].append(run_round(subject, plan.events, is_first=False))
        # Memory is only taken by the first who come; later ones find it there.
        memory = {subject.name: first.figures["kib_per_phone"] for subject, first in servers}
    return summarise(phones, rounds, memory)


@contextlib.contextmanager
def _servers(plan: Plan, phones: int, folder: Path) -> Iterator[list[tuple[Subject, Round]]]:
    """All servers, each after a first round that opens the meeting, warms it up and is not counted.

    The product goes first: the others then send as many bytes as it does.
    """
    with contextlib.ExitStack() as stack:
        servers: list[tuple[Subject, Round]] = []
        sizes = subjects.Sizes()

        def warm(subject: Subject) -> Round:
            _say(f"{phones} phones, warming up: {subject.name}")
            servers.append((subject, run_round(subject, 4, is_first=True)))
            return servers[-1][1]

        if plan.has_product:
            first = warm(stack.enter_context(subjects.product(folder, phones)))
            sizes = subjects.Sizes(first.event_bytes, first.hello_bytes)
        warm(stack.enter_context(subjects.driver(folder, phones, sizes)))
        warm(stack.enter_context(subjects.relay(folder, phones, sizes)))
        yield servers


def summarise(phones: int, rounds: dict[str, list[Round]], memory: dict[str, float]) -> dict[str, Any]:
    """Medians over the rounds, ratios to the relay, and whether the load client was idle enough to be believed."""
    figures: dict[str, Any] = {}
    for figure in FIGURES:
        medians = {
            name: statistics.median(one.figures[figure.name] for one in taken)
            for name, taken in rounds.items()
        }
        if figure.name == "kib_per_phone":
            medians = dict(memory)
        line: dict[str, Any] = {"unit": figure.unit, **medians}
        for name, median in medians.items():
            if name != "relay":
                ratio = median / medians["relay"] if medians["relay"] > 0 else None
                line["ratio" if name == "product" else f"{name}_ratio"] = ratio
        figures[figure.name] = line
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


def print_report(report: dict[str, Any]) -> None:
    """The table on the terminal."""
    for hall in report["halls"]:
        names = [name for name in ("product", "driver", "relay") if name in hall["event_bytes"]]
        sizes = ", ".join(f"{name} {size}" for name, size in hall["event_bytes"].items())
        print(
            f"\n{hall['phones']} phones, medians of {report['rounds']} interleaved rounds; bytes per event: {sizes}"
        )
        print(f"{'':52}" + "".join(f"{name:>12}" for name in names) + f"{'ratio':>9}{'driver':>9}  target")
        for figure in FIGURES:
            line = hall["figures"][figure.name]
            values = "".join(f"{line[name]:12,.1f}" for name in names)
            ratios = "".join(_ratio(line.get(key)) for key in ("ratio", "driver_ratio"))
            print(f"{figure.title + ', ' + figure.unit:52}{values}{ratios}  {figure.target}")
        relay = hall["figures"]["delivery_us"]["relay"]
        print(
            f"relay per delivery here {relay:.1f} µs, on the reference machine {report['reference_delivery_us']} µs"
        )
        verdict = "valid" if hall["valid"] else "INVALID: the load client was the bottleneck"
        print(f"load client at most {hall['busiest_client']:.0%} of a core: {verdict}")
    print(f"\nload average {report['machine']['load_average']:.1f} on {report['machine']['cores']} cores")


def _ratio(value: float | None) -> str:
    return f"{'–':>9}" if value is None else f"{value:9.2f}"


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
