"""Every check of the house, each as one test: what CI says and what a developer sees is the same."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.shape.tree import ROOT

BIN = Path(sys.executable).parent
NODE = ROOT / "web" / "node_modules" / ".bin"

CHECKS = {
    "ruff check": ([sys.executable, "-m", "ruff", "check", "."], ROOT),
    "ruff format": ([sys.executable, "-m", "ruff", "format", "--check", "."], ROOT),
    "mypy": ([sys.executable, "-m", "mypy"], ROOT),
    "import-linter": ([str(BIN / "lint-imports")], ROOT),
    "djlint": ([sys.executable, "-m", "djlint", "--lint", "web/templates"], ROOT),
    "biome": ([str(NODE / "biome"), "check", "--error-on-warnings", "."], ROOT / "web"),
    "tsc": ([str(NODE / "tsc"), "--project", "tsconfig.json"], ROOT / "web"),
}


@pytest.mark.parametrize("check", CHECKS)
def test_the_check_finds_nothing(check: str) -> None:
    command, folder = CHECKS[check]
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONUTF8": "1"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{check}\n{(done.stdout + done.stderr)[-6000:]}"
