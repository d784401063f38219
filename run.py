#!/usr/bin/env python3
"""Entry of 议事厅: makes this machine ready, then hands over to `server.cli`.

Standard library only, because it runs before anything is installed. What it does, and in which order:

1. looks for the system libraries (and, for `test`, programs) that cannot come from PyPI; as root it installs
   them with apt-get, otherwise it prints the one line to run and stops with exit status 2;
2. makes `.venv` and installs the hash-locked pins; a stamp says which pins are in it, so the next start
   skips this; a folder without a finished stamp is half-made and is made anew;
3. replaces itself by the environment's Python, so that no extra process stands between terminal and server.
"""

from __future__ import annotations

import collections
import contextlib
import ctypes
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, NoReturn

    Stamp = dict[str, Any]

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / "set-up.json"
WEB = ROOT / "web"
WEB_STAMP = WEB / "node_modules" / ".set-up.json"
OLDEST_PYTHON = (3, 11)

# Debian package → the shared library it must bring. Loading is asked, not dpkg: what counts is that it works.
LIBRARIES = {
    "libpango-1.0-0": "libpango-1.0.so.0",
    "libpangoft2-1.0-0": "libpangoft2-1.0.so.0",
    "libharfbuzz-subset0": "libharfbuzz-subset.so.0",  # without it a Chinese PDF takes ten times as long
}
# Debian package → any one of these programs; only the tests need them.
TEST_PROGRAMS = {
    "chromium": ("chromium", "chromium-browser", "google-chrome"),
    "poppler-utils": ("pdftotext",),
    "nodejs": ("node",),
    "npm": ("npm",),
}
# How the suite is spread over the cores; a later `-n 0` among the arguments runs it in one process.
IN_QUEUES = ("-n", "auto", "--dist", "loadfile", "--no-loadscope-reorder")
# Settings that would make pip install elsewhere than into the environment.
PIP_DETOURS = ("PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER", "PIP_PYTHON", "PIP_REQUIREMENT")

# Lines of pip, uv and npm that say how far they are.
TELLING = ("Collecting ", "Downloading ", "Installing ", "Building ", "Prepared ", "Resolved ")


class CannotGoOn(Exception):
    """Ends the set-up with one sentence for the person at the terminal and exit status 2."""


def main(arguments: Sequence[str]) -> int:
    """Make ready and hand over; returns only when it cannot."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError):
            stream.reconfigure(errors="replace")  # type: ignore[union-attr]
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # what set-up has started must not outlive it
    testing = bool(arguments) and arguments[0] == "test"
    try:
        refuse_other_systems()
        if arguments and arguments[0] == "doctor" and not explain():
            return 2
        make_ready(testing)
    except CannotGoOn as stop:
        print(stop, file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\n已中断,下次启动会接着做完。 (Interrupted; the next start repairs it.)", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"{error}\n不能写入项目文件夹:请检查权限和磁盘空间 (cannot write here)", file=sys.stderr)
        return 2
    return hand_over(testing, arguments)


def hand_over(testing: bool, arguments: Sequence[str]) -> NoReturn:
    """Become the server, or the tests or the benchmark that stand beside it."""
    environment = child_environment()
    if testing:
        os.chdir(ROOT)
        command = [str(PYTHON), "-m", "pytest", *IN_QUEUES, *arguments[1:]]
    elif arguments and arguments[0] == "bench":
        command = [str(PYTHON), "-P", "-m", "tests.load.bench", *arguments[1:]]
    else:
        # -P: a folder named `server` where the person happens to stand must not be taken for ours.
        command = [str(PYTHON), "-P", "-m", "server.cli", *arguments]
    sys.stderr.flush()
    os.execve(command[0], command, environment)


def child_environment() -> dict[str, str]:
    """Return the environment of the server: our fonts, our packages, UTF-8 whatever the locale says."""
    environment = {k: v for k, v in os.environ.items() if k not in ("PYTHONHOME", "PYTHONSTARTUP")}
    environment.update(
        FONTCONFIG_FILE=str(WEB / "static" / "fonts" / "fonts.conf"),
        PYTHONPATH=str(ROOT),
        PYTHONNOUSERSITE="1",
        PYTHONUTF8="1",
        VIRTUAL_ENV=str(VENV),
    )
    return environment


def refuse_other_systems() -> None:
    """Stop where set-up cannot work, and name the documented route."""
    if sys.version_info < OLDEST_PYTHON:
        found = ".".join(map(str, sys.version_info[:3]))
        raise CannotGoOn(
            f"需要 Python 3.11 或更新版本,现在是 {found}。请使用 Debian 12、Ubuntu 24.04 或更新的系统。"
            " (Python 3.11 or newer is needed.)"
        )
    if os.name == "nt":
        raise CannotGoOn(
            "Windows 上请先在管理员终端运行 wsl --install -d Debian,"
            "再在 Debian 里运行同一条命令 python3 run.py。 (On Windows use WSL 2.)"
        )


# --- what the system must bring ---------------------------------------------------------------------------


def missing_packages(testing: bool) -> list[str]:
    """Return the Debian packages that must be installed first, in the order of the tables above."""
    missing = [package for package, library in LIBRARIES.items() if not loads(library)]
    if testing:
        missing += [p for p, programs in TEST_PROGRAMS.items() if not any(map(shutil.which, programs))]
    if not is_ready(testing) and not can_make_venv():
        missing.insert(0, venv_package())
    return missing


def loads(library: str) -> bool:
    """Tell whether the dynamic linker finds the library and everything that it needs."""
    names = [library]
    if sys.platform == "darwin":
        name = library.split(".so")[0]
        names = [f"{folder}{name}.0.dylib" for folder in ("", "/opt/homebrew/lib/", "/usr/local/lib/")]
    for name in names:
        with contextlib.suppress(OSError):
            ctypes.CDLL(name)
            return True
    return False


def can_make_venv() -> bool:
    """Tell whether an environment with pip can be made: Debian ships venv and ensurepip apart from Python."""
    return harmless_uv() is not None or all(importlib.util.find_spec(m) for m in ("venv", "ensurepip"))


def venv_package() -> str:
    """Return the package that brings `ensurepip` to the running Python."""
    is_default = os.path.realpath("/usr/bin/python3") == os.path.realpath(sys.executable)
    return "python3-venv" if is_default else f"python3.{sys.version_info.minor}-venv"


def install_packages(packages: Sequence[str]) -> None:
    """Install with apt-get as root; anybody else gets the one exact line."""
    if shutil.which("apt-get") is None:
        raise CannotGoOn(other_route(packages))
    install = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if os.geteuid() != 0:
        both = f"apt-get update && {' '.join(install)}"
        line = f"sudo sh -c '{both}'" if shutil.which("sudo") else f"su -c '{both}'"
        raise CannotGoOn(f"{line}  # 请先运行这一行,再运行一次 run.py (run this line first)")
    say(f"安装系统软件:{' '.join(packages)}")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "-q", "update"], install):
        # apt-get speaks on stdout, which belongs to the command we are asked to run (`seed --json`).
        done = subprocess.run(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=sys.stderr.fileno(), check=False
        )
    if done.returncode != 0:
        raise CannotGoOn(
            f"系统软件没有装上。请检查网络和软件源,再手动运行:{' '.join(install)}  (apt-get failed, see above)"
        )


def other_route(packages: Sequence[str]) -> str:
    """Return what to do where there is no apt-get."""
    if sys.platform == "darwin":
        return "请先运行 brew install python pango harfbuzz node poppler,再运行一次 run.py (see README)"
    return (
        f"这台机器没有 apt-get。请用系统自带的包管理器装好与 {' '.join(packages)} 相当的软件,再运行一次 run.py"
        " (install what corresponds to these Debian packages)"
    )


# --- the Python environment -------------------------------------------------------------------------------


def make_ready(testing: bool) -> None:
    """Do what is missing, and nothing when nothing is."""
    missing = missing_packages(testing)
    if missing:
        install_packages(missing)
        left = missing_packages(testing)
        if left:
            raise CannotGoOn(
                f"装好后仍然找不到 {' '.join(left)},请运行 python3 run.py doctor (still missing)"
            )
    if not is_ready(testing):
        with only_one():
            if not is_ready(testing):  # another start may have done it while we waited
                install_pins(testing)
    if testing and read_stamp(WEB_STAMP) != web_key():
        with only_one():
            install_web_tools()


def requirement_files(testing: bool) -> list[Path]:
    """Return the lists of pins that must be in the environment."""
    return [ROOT / "requirements.txt", *([ROOT / "requirements-dev.txt"] if testing else [])]


def pins_key(file: Path) -> str:
    """Return the mark of one list of pins in this place; a changed list or a moved project shows."""
    return hashlib.sha256(f"{VENV}\0".encode() + file.read_bytes()).hexdigest()


def is_ready(testing: bool) -> bool:
    """Tell whether the very pins that are asked for are in a whole environment. Costs a few file reads."""
    stamp = read_stamp(STAMP)
    return is_whole(stamp) and all(stamp.get(f.name) == pins_key(f) for f in requirement_files(testing))


def is_whole(stamp: Stamp) -> bool:
    """Tell whether set-up finished here, its Python is still the same and no package was taken away since."""
    if not stamp or stamp.get("python") != os.path.realpath(PYTHON) or not PYTHON.exists():
        return False
    return set(stamp.get("packages", [])) <= set(installed())


def installed() -> list[str]:
    """Return the names in the folder of packages."""
    names = (name.name for folder in VENV.glob("lib/python3*/site-packages") for name in folder.iterdir())
    return sorted(name for name in names if name != "__pycache__")


def read_stamp(file: Path) -> Stamp:
    """Return what a finished set-up wrote; nothing when there is none or it is damaged."""
    try:
        stamp = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def write_stamp(file: Path, stamp: Stamp) -> None:
    """Write the stamp in one step, so that it is never half there."""
    draft = file.with_suffix(".new")
    draft.write_text(json.dumps(stamp, indent=1), encoding="utf-8")
    draft.replace(file)


def install_pins(testing: bool) -> None:
    """Make or renew the environment; while this runs there is no stamp, so a broken run is seen next time."""
    stamp = read_stamp(STAMP)
    files = requirement_files(testing or "requirements-dev.txt" in stamp)
    uv = harmless_uv()
    installer = "uv" if uv else "pip"
    if not is_whole(stamp) or (installer == "pip" and stamp.get("installer") != "pip"):
        make_venv(uv)
    STAMP.unlink(missing_ok=True)
    pins = sum(line[:1].isalnum() for f in files for line in f.read_text(encoding="utf-8").splitlines())
    say(f"安装 Python 组件(共 {pins} 个,第一次要一两分钟)")
    chosen = [word for file in files for word in ("-r", str(file))]
    if uv:
        command = [uv, "pip", "install", "--python", str(PYTHON), "--require-hashes", *chosen]
    else:
        manner = ["--disable-pip-version-check", "--no-input", "--no-user", "--require-hashes"]
        command = [str(PYTHON), "-I", "-m", "pip", "install", *manner, *chosen]
    run_stage(command, "Python 组件没有装上。请检查网络,或用 pip config 设好软件源,再运行一次 (pip failed)")
    state: Stamp = {"python": os.path.realpath(PYTHON), "installer": installer, "packages": installed()}
    write_stamp(STAMP, {**state, **{file.name: pins_key(file) for file in files}})


def make_venv(uv: str | None) -> None:
    """Make the environment anew; what stood in its place was never finished or has lost its Python."""
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        say("上次没有装完或已损坏,重新准备 .venv")
        shutil.rmtree(VENV)
    say("准备 Python 环境 .venv")
    python = os.path.realpath(sys.executable) if sys.prefix != sys.base_prefix else sys.executable
    command = [uv, "venv", "--python", python] if uv else [python, "-I", "-m", "venv"]
    run_stage([*command, str(VENV)], ".venv 没有建成。请确认这个文件夹可以写入、磁盘还有空间 (no .venv)")


def harmless_uv() -> str | None:
    """Return uv if it is there and nobody has told pip anything: uv does not read pip's settings."""
    files = ["/etc/pip.conf", "/etc/xdg/pip/pip.conf", "~/.pip/pip.conf", "~/.config/pip/pip.conf"]
    files += [f"{os.environ.get('XDG_CONFIG_HOME', '~/.config')}/pip/pip.conf", f"{sys.prefix}/pip.conf"]
    told = any(k.startswith("PIP_") for k in os.environ) or any(Path(f).expanduser().exists() for f in files)
    return None if told else shutil.which("uv")


def web_key() -> Stamp:
    """Return the mark of the pinned tools that check and bundle the browser code."""
    return {"package-lock.json": hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()}


def install_web_tools() -> None:
    """Install the tools that check the browser code; serving needs none of them."""
    say("安装网页检查工具 (npm)")
    command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run_stage(command, "npm 组件没有装上:请检查网络和 npm 的软件源设置,再运行一次 (npm failed)", WEB)
    write_stamp(WEB_STAMP, web_key())


@contextlib.contextmanager
def only_one() -> Iterator[None]:
    """Hold the project folder, so that two starts at once do not build into each other."""
    import fcntl  # not on Windows, where we never come this far

    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def run_stage(command: Sequence[str], sentence: str, folder: Path = ROOT) -> None:
    """Run one step; a terminal sees what it is at, and its last lines stay for the case that it fails."""
    environment = {k: v for k, v in os.environ.items() if k not in PIP_DETOURS and k != "PYTHONHOME"}
    last: collections.deque[str] = collections.deque(maxlen=12)
    shows = sys.stderr.isatty()
    try:
        with subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
        ) as step:
            try:
                for line in step.stdout or ():
                    last.append(line.rstrip())
                    if shows and line.strip().startswith(TELLING):
                        print(
                            f"\r  {line.split('(')[0].strip()[:76]}\033[K",
                            end="",
                            file=sys.stderr,
                            flush=True,
                        )
            except BaseException:
                step.kill()  # our end is its end
                raise
    except FileNotFoundError as error:
        raise CannotGoOn(f"{error}\n{sentence}") from None
    if shows:
        print("\r\033[K", end="", file=sys.stderr, flush=True)
    if step.returncode != 0:
        raise CannotGoOn("\n".join([*last, sentence]))


def say(sentence: str) -> None:
    """Show a stage; on stderr, because stdout belongs to the command."""
    print(f"· {sentence} …", file=sys.stderr, flush=True)


def explain() -> bool:
    """Print what is missing, change nothing; True when the server's own doctor can go on from here."""
    missing = missing_packages(testing=False)
    for_tests = [package for package in missing_packages(testing=True) if package not in missing]
    ready = is_ready(testing=False)
    facts = [
        ("系统软件", "齐全" if not missing else f"缺少 {' '.join(missing)}"),
        ("测试用软件", "齐全" if not for_tests else f"缺少 {' '.join(for_tests)}(只在运行 test 时需要)"),
        ("Python 环境 .venv", "齐全" if ready else "还没有准备好,运行 python3 run.py 时会自动准备"),
    ]
    for name, state in facts:
        print(f"{name}:{state}")
    return ready and not missing


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
