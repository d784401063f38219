"""Sizes and names of files, folders, functions and classes (house rules H1, H2, glossary)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.shape.tree import ROOT, own_files

FLOORS = ["pages", "live", "service", "documents", "screens", "store", "domain"]
LONGEST_FILE = 400
LONGEST_TEMPLATE = 200
LONGEST_FUNCTION = 40
LONGEST_README = 25
SHAPELESS = {
    "utils",
    "util",
    "helpers",
    "helper",
    "common",
    "core",
    "base",
    "managers",
    "manager",
    "misc",
    "models",
}
# The glossary's column "never", as far as a class could be named so.
SECOND_WORDS = {
    "Announcement", "Attendance", "Auditor", "Clerk", "Dashboard", "Delegate", "Faction", "Guest", "Interruption",
    "Leader", "Majority", "Member", "Members", "Moderation", "Moderator", "Org", "Owner", "Proposal", "Recorder",
    "Score", "Sticky", "Survey", "Threshold", "Timer", "Todo", "Triage", "Turn", "User", "Vote", "Voter",
    "Voting", "Waitlist", "Widget", "Zone",
}  # fmt: skip
# Words that make a class of behaviour out of what should be a function (H6).
EMPTY_WORDS = {"Manager", "Helper", "Util", "Utils", "Base", "Abstract", "Repository", "Impl"}


def test_no_file_is_longer_than_a_reader_can_hold() -> None:
    long = []
    for path in own_files(".py", ".js", ".mjs", ".ts", ".css", ".html"):
        if "versions" in path.parts:
            continue  # a migration is a list of tables, written once and never edited
        lines = len((ROOT / path).read_text(encoding="utf-8").splitlines())
        if lines > (LONGEST_TEMPLATE if path.suffix == ".html" else LONGEST_FILE):
            long.append(f"{path}: {lines}")
    assert not long, "\n".join(long)


def test_no_function_is_longer_than_forty_lines() -> None:
    long = []
    for path, node in functions():
        lines = (node.end_lineno or 0) - node.lineno + 1
        if lines > LONGEST_FUNCTION and "versions" not in path.parts:
            long.append(f"{path}:{node.lineno} {node.name}: {lines}")
    assert not long, "\n".join(long)


@pytest.mark.parametrize("floor", FLOORS)
def test_each_floor_states_its_law_in_a_few_lines(floor: str) -> None:
    lines = (ROOT / "server" / floor / "README.md").read_text(encoding="utf-8").splitlines()
    assert 4 <= len(lines) <= LONGEST_README


def test_no_folder_or_module_has_a_shapeless_name() -> None:
    names = {part for path in own_files(".py", ".js", ".mjs") for part in (*path.parts[:-1], path.stem)}
    assert not names & SHAPELESS


def test_no_class_bears_a_second_word_for_a_thing() -> None:
    wrong = []
    for path, node in classes():
        if set(re.findall(r"[A-Z][a-z]+", node.name)) & (SECOND_WORDS | EMPTY_WORDS):
            wrong.append(f"{path}:{node.lineno} {node.name}")
    assert not wrong, "\n".join(wrong)


def test_no_unfinished_mark_is_left() -> None:
    marks = re.compile(r"NotImplemented" + r"Error|TO" + r"DO|FIX" + r"ME|XX" + r"X\b")
    left = [
        f"{path}:{number}"
        for path in own_files(".py", ".js", ".mjs", ".html", ".css")
        for number, line in enumerate((ROOT / path).read_text(encoding="utf-8").splitlines(), 1)
        if marks.search(line)
    ]
    assert not left, "\n".join(left)


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path in own_files(".py"):
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def classes() -> Iterator[tuple[Path, ast.ClassDef]]:
    for path in own_files(".py"):
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))):
            if isinstance(node, ast.ClassDef):
                yield path, node
