"""A small project around the real run.py, and machines that lack this or that."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.shape.tree import ROOT

NOBODY = 65534
CLI = """
import importlib.metadata, json, os, sys
facts = {
    "arguments": sys.argv[1:],
    "process": os.getpid(),
    "prefix": sys.prefix,
    "fonts": os.environ["FONTCONFIG_FILE"],
    "folder": os.getcwd(),
    "pebble": importlib.metadata.version("pebble-for-tests"),
}
print(json.dumps(facts))
"""


@dataclass(frozen=True, slots=True)
class Run:
    """What one start printed and how it ended."""

    status: int
    out: str
    err: str
    process: int

    @property
    def facts(self) -> dict[str, object]:
        """Return what the server said; anything else on stdout fails here."""
        assert self.status == 0, self.err
        facts = json.loads(self.out)
        assert isinstance(facts, dict)
        return facts


@dataclass(frozen=True, slots=True)
class Project:
    """A clone with one tiny pin, so that set-up is real but takes seconds and no network."""

    folder: Path

    @property
    def venv(self) -> Path:
        return self.folder / ".venv"

    def pin(self, version: str, sha256: str = "") -> None:
        """Ask for a version of the one package; its wheel lies beside."""
        wheel = make_wheel(self.folder / "wheels", version)
        digest = sha256 or hashlib.sha256(wheel.read_bytes()).hexdigest()
        text = f"pebble-for-tests=={version} \\\n    --hash=sha256:{digest}\n"
        (self.folder / "requirements.txt").write_text(text, encoding="utf-8")

    def environment(self, **more: str) -> dict[str, str]:
        """Return a bare environment; pip is told by its own variables where the wheel lies."""
        home = self.folder / "home"
        return {
            "PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin",
            "HOME": str(home),
            "LANG": "C",
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.folder / "wheels"),
            **more,
        }

    def start(
        self,
        *arguments: str,
        environment: Mapping[str, str] | None = None,
        user: int | None = None,
        folder: Path | None = None,
        before: Sequence[str] = (),
    ) -> Run:
        """Run `python3 run.py` to its end."""
        with subprocess.Popen(
            [*before, python_for_all(), str(self.folder / "run.py"), *arguments],
            cwd=folder or self.folder,
            env=dict(environment or self.environment()),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        ) as process:
            out, err = process.communicate(timeout=120)
        return Run(process.returncode, out, err, process.pid)


def make_project() -> Project:
    """Lay a project into a folder that every user may enter."""
    folder = Path(tempfile.mkdtemp(prefix="council-set-up-"))
    folder.chmod(0o755)
    shutil.copy(ROOT / "run.py", folder)
    for name in ("server", "wheels", "home"):
        (folder / name).mkdir()
    (folder / "server" / "__init__.py").touch()
    (folder / "server" / "cli.py").write_text(CLI, encoding="utf-8")
    project = Project(folder)
    project.pin("1.0")
    return project


def python_for_all() -> str:
    """Return a Python that an ordinary user may start too, as on any Debian."""
    for python in ("/usr/bin/python3", os.path.realpath(sys.executable)):
        probe = [python, "-c", "import sys; sys.exit(sys.version_info < (3, 11))"]
        with_rights = {"user": NOBODY} if os.geteuid() == 0 else {}
        try:
            if subprocess.run(probe, check=False, cwd="/", **with_rights).returncode == 0:  # type: ignore[call-overload]
                return python
        except OSError:
            continue
    raise AssertionError("no Python 3.11 that every user may start")


def make_wheel(folder: Path, version: str) -> Path:
    """Write the smallest wheel that pip accepts."""
    name, info = "pebble_for_tests", f"pebble_for_tests-{version}.dist-info"
    files = {
        f"{name}/__init__.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: pebble-for-tests\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as box:
        for path, text in files.items():
            box.writestr(zipfile.ZipInfo(path), text)
    return wheel


def without_pango(project: Project) -> dict[str, str]:
    """Return an environment in which the linker truly fails to load Pango: a broken file comes first."""
    broken = project.folder / "broken"
    broken.mkdir(exist_ok=True)
    for library in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0"):
        (broken / library).write_bytes(b"")
    return project.environment(LD_LIBRARY_PATH=str(broken))


def without_ensurepip(project: Project) -> dict[str, str]:
    """Return an environment whose Python finds no ensurepip, as on a Debian without python3-venv."""
    (project.folder / "hidden").mkdir(exist_ok=True)
    hide = project.folder / "hidden" / "sitecustomize.py"
    hide.write_text("import sys\nsys.modules['ensurepip'] = None\n", encoding="utf-8")
    return project.environment(PYTHONPATH=str(hide.parent))


def program(project: Project, name: str, script: str) -> Path:
    """Put a program of the test's own first on the path."""
    folder = project.folder / "programs"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)
    return folder
