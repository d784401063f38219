"""Change one thing at a time in the rules and see whether a test notices; ``python -m tests.mutation --help``."""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
PAGE = ROOT / "docs" / "mutation.md"
MUTATED = ("server/domain/meeting", "server/domain/procedure")
TESTS = ("tests/domain/meeting", "tests/domain/procedure", "tests/laws/test_rules.py", "tests/screens")
COPIED = ("server", "tests", "web", "run.py", "pyproject.toml")
LEFT = shutil.ignore_patterns("__pycache__", "node_modules")
SURVIVED, NOT_RUN, NO_TESTS = 0, None, 33
_SETTINGS = """
[tool.mutmut]
source_paths = {sources}
also_copy = ["server", "tests", "web", "run.py"]
pytest_add_cli_args = ["-n0", "-p", "no:cacheprovider", "-x"]
pytest_add_cli_args_test_selection = {tests}
"""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A change nobody noticed: its name and the lines before and after."""

    mutant: str
    before: str
    after: str


@dataclass(slots=True)
class Explanation:
    """Why some survivors may survive; ``used`` counts them."""

    mutant: re.Pattern[str]
    before: re.Pattern[str]
    after: re.Pattern[str]
    why: str
    used: int = 0

    def covers(self, survivor: Survivor) -> bool:
        """Tell whether this explains the survivor."""
        return all(
            pattern.search(text)
            for pattern, text in (
                (self.mutant, survivor.mutant),
                (self.before, survivor.before),
                (self.after, survivor.after),
            )
        )


def read_explanations() -> list[Explanation]:
    """Return what ``explained.toml`` explains."""
    entries = tomllib.loads((HERE / "explained.toml").read_text(encoding="utf-8"))["survivor"]
    return [
        Explanation(
            re.compile(entry.get("mutant", "")),
            re.compile(entry.get("before", "")),
            re.compile(entry.get("after", "")),
            entry["why"],
        )
        for entry in entries
    ]


def prepare(folder: Path) -> None:
    """Copy what is needed into the folder, with the tool's settings."""
    for name in COPIED:
        source, target = ROOT / name, folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=LEFT, dirs_exist_ok=True)
        else:
            shutil.copy2(source, target)
    with (folder / "pyproject.toml").open("a", encoding="utf-8") as settings:
        settings.write(_SETTINGS.format(sources=json.dumps(MUTATED), tests=json.dumps(TESTS)))


def run(folder: Path, patterns: Sequence[str]) -> None:
    """Run the tool to its end; what it prints is kept beside the copy."""
    environ = {**os.environ, "PYTHONPATH": "", "TERM": "dumb"}
    with (folder / "mutmut.log").open("wb") as log:
        subprocess.run(
            [sys.executable, "-m", "mutmut", "run", "--max-children", str(os.cpu_count() or 1), *patterns],
            cwd=folder,
            env=environ,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
        )


def outcomes(folder: Path) -> Iterator[tuple[str, int | None]]:
    """Yield every mutant with its test run's exit code, None where it was not run."""
    for meta in sorted((folder / "mutants").rglob("*.meta")):
        yield from json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"].items()


def survivor_of(folder: Path, mutant: str) -> Survivor:
    """Return the lines a mutant changed."""
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", mutant],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    lines = [line for line in shown.splitlines() if not line.startswith(("---", "+++"))]
    before, after = (
        "\n".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in ("-", "+")
    )
    return Survivor(mutant, before, after)


def page(codes: Iterable[tuple[str, int | None]], explained: Counter[str], seconds: float) -> str:
    """Return the table of a whole run: module, changes, noticed, explained."""
    totals: Counter[str] = Counter()
    alive: Counter[str] = Counter()
    for mutant, code in codes:
        module = mutant.rsplit(".", 1)[0].removeprefix("server.domain.")
        totals[module] += 1
        alive[module] += code in (SURVIVED, NO_TESTS)
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M")
    lines = [
        "# Would the tests notice?",
        "",
        f"Written {when} UTC by `python -m tests.mutation --write`, {seconds / 60:.0f} minutes on {os.cpu_count()}",
        f"cores: {totals.total()} changes to the rules, {totals.total() - alive.total()} noticed by a test,",
        f"{alive.total()} explained.",
        "",
        "| module of `server/domain` | changes | noticed | explained |",
        "|---|---:|---:|---:|",
        *(
            f"| `{module}` | {totals[module]} | {totals[module] - alive[module]} | {alive[module]} |"
            for module in sorted(totals)
        ),
        "",
        "| why a change may go unnoticed | how many |",
        "|---|---:|",
        *(f"| {why} | {count} |" for why, count in explained.most_common()),
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run, compare with the explanations, and say what nobody noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pattern", nargs="*", help="for instance server.domain.meeting.tally*")
    parser.add_argument("--folder", type=Path, help="go on in this folder")
    parser.add_argument("--write", action="store_true", help="write docs/mutation.md after a whole run")
    asked = parser.parse_args()
    folder = asked.folder or Path(tempfile.mkdtemp(prefix="mutation-"))
    print(f"in {folder}", flush=True)
    if not (folder / "pyproject.toml").exists():
        prepare(folder)
    began = datetime.now(UTC)
    run(folder, asked.pattern)
    return judge(folder, began, may_write=asked.write)


def judge(folder: Path, began: datetime, *, may_write: bool) -> int:
    """Say what nobody noticed and nothing explains; return the exit status."""
    codes = list(outcomes(folder))
    ran = [(mutant, code) for mutant, code in codes if code is not NOT_RUN]
    is_whole = len(ran) == len(codes) > 0
    explanations, explained, left = read_explanations(), Counter[str](), []
    for mutant in (mutant for mutant, code in ran if code in (SURVIVED, NO_TESTS)):
        survivor = survivor_of(folder, mutant)
        entry = next((one for one in explanations if one.covers(survivor)), None)
        if entry is None:
            left.append(survivor)
        else:
            entry.used += 1
            explained[entry.why] += 1
    for survivor in left:
        print(f"{survivor.mutant}\n- {survivor.before}\n+ {survivor.after}")
    idle = [entry.why for entry in explanations if is_whole and not entry.used]
    print(
        f"{len(codes)} changes, {len(ran)} tried, {explained.total()} explained, {len(left)} unexplained",
        *idle,
    )
    if may_write and is_whole and not left:
        PAGE.write_text(page(codes, explained, (datetime.now(UTC) - began).total_seconds()), encoding="utf-8")
    return 0 if ran and not left and not idle else 1


if __name__ == "__main__":
    sys.exit(main())
