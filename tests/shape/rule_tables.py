"""The tables of rules: which tests prove each, or why none does; writes docs/security.md and docs/rules.md when run."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.shape.tree import ROOT, own_files

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class RuleTable:
    """A list of rules, the page it is shown on, and the shape of their names."""

    title: str
    source: Path
    page: Path
    names: str

    def rules(self) -> dict[str, dict[str, str]]:
        """Return rule → subject and, where there is one, reason."""
        return tomllib.loads(self.source.read_text(encoding="utf-8"))

    def owns(self, rule: str) -> bool:
        """Tell whether a mark of this name belongs here."""
        return re.fullmatch(self.names, rule) is not None


SECURITY = RuleTable(
    "Security rules", HERE / "security_rules.toml", ROOT / "docs" / "security.md", r"S[1-9][0-9]?"
)
ROOM = RuleTable(
    "Rules of the room", HERE / "room_rules.toml", ROOT / "docs" / "rules.md", r"[RP][1-9][0-9]{0,2}"
)
TABLES = (SECURITY, ROOM)


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


def page(table: RuleTable) -> str:
    """Return a table as Markdown."""
    rules, proofs = table.rules(), marked()
    proved = sum(1 for rule in rules if rule in proofs)
    lines = [
        f"# {table.title}",
        "",
        f"{len(rules)} rules, {proved} of them proved by tests that bear their mark (`pytest.mark.rule`), the others",
        "with their reason. Written by `python -m tests.shape.rule_tables`; a test compares it with the sources.",
        "",
        "| rule | about | proved in | what is left, and why |",
        "|---|---|---|---|",
    ]
    for rule, entry in rules.items():
        files = sorted({file.removeprefix("tests/").removesuffix(".py") for file, _ in proofs.get(rule, ())})
        shown = ", ".join(f"`{file}`" for file in files)
        lines.append(f"| {rule} | {entry['subject']} | {shown} | {entry.get('reason', '')} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for each in TABLES:
        each.page.parent.mkdir(exist_ok=True)
        each.page.write_text(page(each), encoding="utf-8")
