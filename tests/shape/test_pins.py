"""What comes from outside: pinned, hashed, licensed and free of any address but the public ones."""

import ast
import hashlib
import json
import re
import sys
import tomllib
from pathlib import Path

import pytest

import server
from tests.shape.tree import ROOT

REQUIREMENTS = ["requirements.txt", "requirements-dev.txt"]
VENDORED = ["web/static/vendor", "web/static/fonts"]


@pytest.mark.parametrize("name", REQUIREMENTS)
def test_every_pin_is_exact_and_hashed(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ")
    pins = [line for line in text.splitlines() if line[:1].isalnum()]
    assert pins
    loose = [
        p for p in pins if not re.match(r"[a-z0-9._-]+(\[[a-z,]+\])?==[^ ]+ .*--hash=sha256:[0-9a-f]{64}", p)
    ]
    assert not loose, loose


@pytest.mark.parametrize(
    "name", [*REQUIREMENTS, "requirements.in", "requirements-dev.in", "web/package-lock.json"]
)
def test_no_list_of_pins_names_where_to_fetch_from(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"--(extra-)?index-url|--find-links|--trusted-host|\"resolved\"|registry\.", text)


def test_both_lists_agree_on_what_they_share() -> None:
    first, second = (pins_of(name) for name in REQUIREMENTS)
    assert {n: (v, second[n]) for n, v in first.items() if second.get(n, v) != v} == {}


def test_every_package_of_the_browser_tools_is_locked_by_hash() -> None:
    lock = json.loads((ROOT / "web/package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if not entry.get("integrity")] == []


@pytest.mark.parametrize("folder", VENDORED)
def test_vendored_files_are_those_of_their_list(folder: str) -> None:
    listed = json.loads((ROOT / folder / "VENDORED.json").read_text(encoding="utf-8"))
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in (ROOT / folder).iterdir()
        if path.name not in {"VENDORED.json", "README.md", "fonts.conf"} and path.suffix != ".ts"
    }
    assert found == listed["files"]
    assert listed["packages"]
    assert all(
        package["name"] and package["version"] and package["licence"] for package in listed["packages"]
    )


def test_set_up_needs_nothing_but_the_standard_library() -> None:
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    wanted = {a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    wanted |= {(n.module or "").split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert wanted - sys.stdlib_module_names == set()


def test_set_up_can_still_speak_on_an_older_python() -> None:
    # Ubuntu 20.04 brings Python 3.8: it must read the file to say that 3.11 is needed.
    ast.parse((ROOT / "run.py").read_text(encoding="utf-8"), feature_version=(3, 8))


def test_the_version_is_one() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == server.__version__


def test_every_setting_of_the_environment_is_in_the_readme() -> None:
    settings = (ROOT / "server/settings.py").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = set(re.findall(r"COUNCIL_[A-Z_]+", settings))
    assert len(names) >= 5
    assert [name for name in sorted(names) if name not in readme] == []


def pins_of(name: str) -> dict[str, str]:
    text = Path(ROOT / name).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[a-z,]+\])?==([^ ]+)", text, re.MULTILINE))
