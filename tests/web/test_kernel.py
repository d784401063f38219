"""Runs the tests of the browsers' kernel in Node, and holds its sources to what old phones can read."""

import hashlib
import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

WEB = Path(__file__).parents[2] / "web"
SUITES = sorted(Path(__file__).parent.glob("*.test.mjs"))
# Safari on iOS 13.0 parses neither; a module that does not parse leaves the phone without a live screen.
TOO_NEW = re.compile(r"\?\.[a-zA-Z\[(]|\?\?|\.at\(|replaceAll|Promise\.any|structuredClone|randomUUID")


def test_the_kernel_keeps_its_promises() -> None:
    node = shutil.which("node")
    assert node, "node is missing: `python3 run.py test` installs it"
    command = [node, "--test", *map(str, SUITES)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"^\S pass [1-9]", done.stdout, re.MULTILINE), done.stdout


@pytest.mark.parametrize(
    "source",
    sorted((WEB / "static" / "live").rglob("*.js")),
    ids=lambda path: f"{path.parent.name}/{path.name}",
)
def test_old_phones_can_read_every_module(source: Path) -> None:
    code = "\n".join(
        line
        for line in source.read_text("utf-8").splitlines()
        if not line.lstrip().startswith(("//", "*", "/*"))
    )
    assert TOO_NEW.findall(code) == []
    assert ".innerHTML" not in code
    assert "dangerouslySetInnerHTML" not in code
    assert len(code.splitlines()) <= 400


def test_the_bundle_is_the_one_that_was_listed() -> None:
    vendor = WEB / "static" / "vendor"
    listed = json.loads((vendor / "VENDORED.json").read_text("utf-8"))
    found = {name: hashlib.sha256((vendor / name).read_bytes()).hexdigest() for name in listed["files"]}
    assert found == listed["files"]
    licences = (vendor / "LICENSES.txt").read_text("utf-8")
    for package in listed["packages"]:
        assert f"{package['name']} {package['version']} ({package['licence']})" in licences
