"""`python3 run.py bench`: the product against Socket.IO on Node, on this machine, in this hour.

Absolute times move from machine to machine; the ratios inside one run hold. So both servers are alive at once,
the rounds are interleaved, and the medians are compared. The yardstick's own cost is printed beside the
figure of the reference machine, to show what this machine is worth.
"""

import argparse
import contextlib
import json
import os
import platform
import shlex
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from tests.load import beside, growth, lasting, many_halls, soak, subjects
from tests.load.figures import REFERENCE_DELIVERY_US, summarise
from tests.load.phones import LoadFailed
from tests.load.scenarios import Round, Subject, run_round
from tests.load.table import terminal

SIZES = (200, 1_000, 2_000, 5_000)
# Beside the halls; each takes the number of rounds and is done within three minutes.
SCENARIOS: dict[str, Callable[[int], dict[str, Any]]] = {
    "halls": many_halls.measure,
    "beside": beside.measure,
    "growth": lambda rounds: growth.measure(),
    "reconnects": lambda rounds: lasting.reconnects(),
    "stalled": lambda rounds: lasting.stalls(),
}


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured: halls of these sizes by these servers beside the relay, then the other scenarios."""

    phones: tuple[int, ...]
    rounds: int
    events: int
    servers: tuple[str, ...] = ("product",)
    scenarios: tuple[str, ...] = ()


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs the benchmark; exit status 0 for a valid run, 1 for an invalid one, 2 when something is missing."""
    options = _parser().parse_args(arguments)
    try:
        if options.soak:
            return 0 if soak.run(options.soak) else 1
        subjects.install_relay()
        report = measure(
            _plan(options), ["run.py", "bench", *(sys.argv[1:] if arguments is None else arguments)]
        )
    except LoadFailed as failure:
        print(f"bench: {failure}", file=sys.stderr)
        return 2
    print(terminal(report))
    if options.json:
        Path(options.json).write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n")
    return 0 if report["valid"] else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py bench", description="Compare with Socket.IO on Node.")
    parser.add_argument(
        "--json", metavar="FILE", help="write the figures to FILE (tests.load.table makes a page of it)"
    )
    parser.add_argument("--quick", action="store_true", help="halls of 200 and 1,000, one short round")
    parser.add_argument("--phones", type=int, nargs="+", help="only halls of these sizes")
    parser.add_argument("--rounds", type=int, help="rounds to take the median of (default 3)")
    parser.add_argument("--only", nargs="+", choices=["hall", *SCENARIOS], help="only these scenarios")
    parser.add_argument(
        "--driver", action="store_true", help="measure the socket driver without the product too"
    )
    parser.add_argument("--driver-only", action="store_true", help="… and leave the product out")
    parser.add_argument(
        "--soak", type=float, metavar="MINUTES", help="a room that goes on and on: is memory flat?"
    )
    return parser


def _plan(options: argparse.Namespace) -> Plan:
    is_short = options.quick or options.phones or options.driver_only
    chosen = options.only or (["hall"] if is_short else ["hall", *SCENARIOS])
    sizes = options.phones or (SIZES[:2] if options.quick else SIZES)
    servers = (
        ("driver",) if options.driver_only else ("product", "driver") if options.driver else ("product",)
    )
    return Plan(
        phones=tuple(sizes) if "hall" in chosen else (),
        rounds=options.rounds or (1 if options.quick else 3),
        events=6 if options.quick else 20,
        servers=servers,
        scenarios=tuple(name for name in SCENARIOS if name in chosen),
    )


def measure(plan: Plan, command: Sequence[str]) -> dict[str, Any]:
    """Measures every size of hall and every other scenario; the report is what --json writes."""
    machine = {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "load_average": os.getloadavg()[0],
    }
    date = datetime.now().astimezone().isoformat(" ", "minutes")
    halls = [_measure_hall(plan, phones) for phones in plan.phones]
    sections = []
    for name in plan.scenarios:
        _say(f"scenario: {name}")
        sections.append(SCENARIOS[name](plan.rounds))
    machine["load_average_after"] = os.getloadavg()[0]
    return {
        "valid": all(part["valid"] for part in [*halls, *sections]),
        "date": date,
        "command": shlex.join(command),
        "machine": machine,
        "rounds": plan.rounds,
        "reference_delivery_us": REFERENCE_DELIVERY_US,
        "halls": halls,
        "sections": sections,
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


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
        first = {subject.name: warmed for subject, warmed in servers}
    return summarise(phones, rounds, first)


@contextlib.contextmanager
def _servers(plan: Plan, phones: int, folder: Path) -> Iterator[list[tuple[Subject, Round]]]:
    """All servers, each after a first round that opens the meeting, warms it up and is not counted.

    The product goes first: the others then send as many bytes as it does.
    """
    with contextlib.ExitStack() as stack:
        servers: list[tuple[Subject, Round]] = []
        sizes = subjects.Sizes()

        def warm(found: list[Subject]) -> Round:
            (subject,) = found
            _say(f"{phones} phones, warming up: {subject.name}")
            servers.append((subject, run_round(subject, 4, is_first=True)))
            return servers[-1][1]

        if "product" in plan.servers:
            _say(f"{phones} phones, seeding and entering: product")
            first = warm(stack.enter_context(subjects.product(folder, phones)))
            sizes = subjects.Sizes(first.event_bytes, first.poll_bytes, first.hello_bytes)
        if "driver" in plan.servers:
            warm(stack.enter_context(subjects.driver(folder, phones, sizes)))
        warm(stack.enter_context(subjects.relay(folder, phones, sizes)))
        yield servers


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
