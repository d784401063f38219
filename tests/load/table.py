"""The benchmark's report as a table: on the terminal, and as the middle of docs/performance.md.

`python3 -m tests.load.table FILE` prints the Markdown; with `--write PAGE` it replaces what stands in PAGE
between the two marks.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
_SERVERS = ("product", "driver", "relay")


def terminal(report: dict[str, Any]) -> str:
    """The report in columns."""
    lines: list[str] = []
    for part in [*report["halls"], *report.get("sections", ())]:
        names = _servers(part)
        lines += ["", _title(part, report)]
        lines.append(f"{'':58}" + "".join(f"{name:>12}" for name in names) + f"{'ratio':>9}  target")
        for line in part["figures"].values():
            values = "".join(f"{_number(line.get(name)):>12}" for name in names)
            title = f"{line['title']}, {line['unit']}"
            lines.append(
                f"{title:58}{values}{_ratio(line.get('ratio')):>9}  {line['target']} {_mark(line['met'])}".rstrip()
            )
        lines += [text for text in _remarks(part, report) if text]
    machine = report["machine"]
    lines.append(
        f"\n{report['date']}, {machine['processor']}, {machine['cores']} cores, {machine['system']}, "
        f"Python {machine['python']}, load average {machine['load_average']:.1f} → {machine['load_average_after']:.1f}"
    )
    return "\n".join([*lines, f"command: {report['command']}"])


def markdown(report: dict[str, Any]) -> str:
    """The report as Markdown tables."""
    machine = report["machine"]
    where = (
        f"Measured {report['date']} on {machine['processor']}, {machine['cores']} cores, {machine['system']}, "
        f"Python {machine['python']}; load average {machine['load_average']:.1f} before and "
        f"{machine['load_average_after']:.1f} after (its own servers'). Command: `{report['command']}`."
    )
    lines = [where]
    for part in [*report["halls"], *report.get("sections", ())]:
        names = _servers(part)
        lines += ["", f"### {_title(part, report)}", ""]
        lines.append(f"| | {' | '.join(names)} | ratio | target | |")
        lines.append("|---|" + "---:|" * (len(names) + 1) + "---|---|")
        for line in part["figures"].values():
            values = " | ".join(_number(line.get(name)) for name in names)
            lines.append(
                f"| {line['title']}, {line['unit']} | {values} | {_ratio(line.get('ratio'))} "
                f"| {line['target']} | {_mark(line['met'])} |"
            )
        lines += ["", *(text for text in _remarks(part, report) if text)]
    return "\n".join(lines) + "\n"


def _servers(part: dict[str, Any]) -> list[str]:
    return [name for name in _SERVERS if any(name in line for line in part["figures"].values())]


def _title(part: dict[str, Any], report: dict[str, Any]) -> str:
    if "title" in part:
        return str(part["title"])
    sizes = ", ".join(f"{name} {size}" for name, size in part["event_bytes"].items())
    rounds = f"medians of {report['rounds']} interleaved rounds; bytes per event: {sizes}"
    return f"{part['phones']:,} phones in one hall ({rounds})"


def _remarks(part: dict[str, Any], report: dict[str, Any]) -> Iterator[str]:
    if "delivery_us" in part["figures"] and "relay" in part["figures"]["delivery_us"]:
        relay = part["figures"]["delivery_us"]["relay"]
        there = report["reference_delivery_us"]
        yield f"The relay per delivery here {relay:.1f} µs, on the reference machine {there} µs."
    verdict = "valid" if part["valid"] else "INVALID: the load client was the bottleneck"
    yield f"Load client at most {part['busiest_client']:.0%} of a core: {verdict}."
    yield str(part.get("note", ""))


def _number(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 1_000 else f"{value:,.1f}"


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _mark(is_met: bool | None) -> str:
    return {True: "✓", False: "✗", None: ""}[is_met]


def write_into(page: Path, text: str) -> None:
    """Replaces what stands between the marks of a page; ValueError when they are missing."""
    before, begin, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise ValueError(f"{page} has no place for the figures")
    page.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")


def main() -> None:
    """Prints the tables of a report, or writes them into a page."""
    parser = argparse.ArgumentParser(prog="python3 -m tests.load.table")
    parser.add_argument("file", type=Path)
    parser.add_argument("--write", metavar="PAGE", type=Path)
    options = parser.parse_args()
    text = markdown(json.loads(options.file.read_text(encoding="utf-8")))
    if options.write:
        write_into(options.write, text)
    else:
        sys.stdout.write(text)


if __name__ == "__main__":
    main()
