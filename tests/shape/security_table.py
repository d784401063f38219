"""The table of security rules: which tests prove each, or why none does; writes docs/security.md when run."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.shape.tree import ROOT, own_files

RULES = Path(__file__).with_name("rules.toml")
PAGE = ROOT / "docs" / "security.md"
LAST_RULE = 93


def read_rules() -> dict[str, dict[str, str]]:
    """Return rule → subject and, where there is one, reason."""
    return tomllib.loads(RULES.read_text(encoding="utf-8"))


def marked() -> dict[str, set[tuple[str, str]]]:
    """Return rule → (file, test) of every test that bears its mark; read from the sources, nothing is run."""
    found: dict[str, set[tuple[str, str]]] = {}
    for path in own_files(".py", under="tests"):
        tree = ast.parse((ROOT / path).read_text(encoding="utf-8"), filename=str(path))
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for rule in _rules_of(node):
                    found.setdefault(rule, set()).add((path.as_posix(), node.name))
    return found


def _rules_of(test: ast.FunctionDef) -> Iterator[str]:
    for mark in test.decorator_list:
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.rule":
            for argument in mark.args:
                yield str(ast.literal_eval(argument))


def page() -> str:
    """Return the table as Markdown."""
    rules, proofs = read_rules(), marked()
    proved = sum(1 for rule in rules if rule in proofs)
    lines = [
        "# Security rules",
        "",
        f"{LAST_RULE} rules, {proved} of them proved by tests that bear their mark (`pytest.mark.rule`), the others",
        "with their reason. Written by `python -m tests.shape.security_table`; a test compares it with the sources.",
        "",
        "| rule | about | proved in | what is left, and why |",
        "|---|---|---|---|",
    ]
    for rule, entry in rules.items():
        files = sorted({file.removeprefix("tests/").removesuffix(".py") for file, _ in proofs.get(rule, ())})
        shown = ", ".join(f"`{file}`" for file in files)
        lines.append(f"| {rule} | {entry['subject']} | {shown} | {entry.get('reason', '')} |")
    return "\n".join(lines) + "\n"


def number_of(rule: str) -> int:
    """Return 17 for S17, 0 for anything that is no rule."""
    found = re.fullmatch(r"S([1-9][0-9]?)", rule)
    return int(found[1]) if found and int(found[1]) <= LAST_RULE else 0


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")
