"""run.py on machines that are bare, broken or ready. Everything is real but the size of the pins."""

import os
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.run import machine
from tests.run.machine import NOBODY, Project, make_project

ORDINARY = NOBODY if os.geteuid() == 0 else None
AS_ROOT = () if os.geteuid() == 0 else ("unshare", "--map-root-user")


@pytest.fixture
def bare() -> Iterator[Project]:
    project = make_project()
    yield project
    shutil.rmtree(project.folder)


@pytest.fixture(scope="module")
def ready() -> Iterator[Project]:
    project = make_project()
    assert project.start().status == 0
    yield project
    shutil.rmtree(project.folder)


def test_the_first_start_makes_everything_and_becomes_the_server(bare: Project, tmp_path: Path) -> None:
    (tmp_path / "server").mkdir()  # a stranger's folder of the same name where the person stands
    (tmp_path / "server" / "__init__.py").touch()
    run = bare.start("serve", "--port", "0", folder=tmp_path)
    assert run.facts == {
        "arguments": ["serve", "--port", "0"],
        "process": run.process,  # the same process: nothing is left between terminal and server
        "prefix": str(bare.venv),
        "fonts": str(bare.folder / "web/static/fonts/fonts.conf"),
        "folder": str(tmp_path),
        "pebble": "1.0",
    }
    assert "Python" in run.err


def test_the_second_start_says_nothing_and_costs_less_than_two_seconds(ready: Project) -> None:
    direct, through = [], []
    for _ in range(3):
        began = time.perf_counter()
        through_run = ready.start()
        through.append(time.perf_counter() - began)
        assert through_run.facts
        assert through_run.err == ""
        began = time.perf_counter()
        command = [str(ready.venv / "bin/python"), "-P", "-m", "server.cli"]
        more = {"FONTCONFIG_FILE": "", "PYTHONPATH": str(ready.folder)}
        subprocess.run(command, env=ready.environment(**more), check=True, capture_output=True)
        direct.append(time.perf_counter() - began)
    assert min(through) - min(direct) < 2


def test_an_ordinary_user_without_pango_gets_one_line_and_status_2(bare: Project) -> None:
    run = bare.start(environment=machine.without_pango(bare), user=ORDINARY)
    assert run.status == 2
    assert run.out == ""
    assert len(run.err.splitlines()) == 1
    line = run.err
    assert "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0'" in line
    assert "harfbuzz" not in line  # only what is missing
    assert not bare.venv.exists()


def test_the_one_line_is_a_command_that_a_shell_takes_as_it_stands(bare: Project) -> None:
    line = bare.start(environment=machine.without_pango(bare), user=ORDINARY).err
    log = bare.folder / "log"
    programs = machine.program(bare, "apt-get", f'echo "$@" >> {log}')
    for asker in ("sudo", "su"):
        machine.program(bare, asker, '[ "$1" = sh ] && shift; shift; exec sh -c "$1"')
    environment = bare.environment(PATH=f"{programs}:/usr/bin:/bin")
    subprocess.run(["sh", "-c", line], env=environment, check=True)
    assert log.read_text().splitlines() == [
        "update",
        "install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0",
    ]


def test_an_ordinary_user_without_the_venv_module_gets_one_line(bare: Project) -> None:
    run = bare.start(environment=machine.without_ensurepip(bare), user=ORDINARY)
    assert (run.status, run.out, len(run.err.splitlines())) == (2, "", 1)
    assert "-venv" in run.err
    assert "libpango" not in run.err


def test_the_tests_ask_for_programs_that_serving_does_not_need(bare: Project) -> None:
    few = bare.folder / "few"
    few.mkdir()
    (few / "apt-get").symlink_to("/bin/true")
    (bare.folder / "requirements-dev.txt").write_text("", encoding="utf-8")
    run = bare.start("test", environment=bare.environment(PATH=str(few)), user=ORDINARY)
    assert (run.status, len(run.err.splitlines())) == (2, 1)
    assert "chromium poppler-utils nodejs npm'" in run.err


def test_root_installs_what_is_missing_and_goes_on(bare: Project) -> None:
    environment = machine.without_pango(bare)
    broken, log = bare.folder / "broken", bare.folder / "log"
    script = f'echo "$DEBIAN_FRONTEND $@" >> {log}; [ "$1" = install ] && rm -r {broken}; exit 0'
    programs = machine.program(bare, "apt-get", script)
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    run = bare.start(environment=environment, before=AS_ROOT)
    assert run.facts["pebble"] == "1.0"
    assert log.read_text().splitlines() == [
        "noninteractive -q update",
        "noninteractive install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0",
    ]


def test_root_with_a_failing_apt_get_is_told_what_to_run(bare: Project) -> None:
    environment = machine.without_pango(bare)
    programs = machine.program(bare, "apt-get", "exit 100")
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    run = bare.start(environment=environment, before=AS_ROOT)
    assert run.status == 2
    assert "apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0" in run.err
    assert not bare.venv.exists()


@pytest.mark.parametrize("damage", ["empty folder", "no python", "package taken away", "torn stamp"])
def test_a_half_made_environment_is_repaired(ready: Project, damage: str) -> None:
    packages = next(ready.venv.glob("lib/python3*/site-packages"))
    if damage == "empty folder":
        shutil.rmtree(ready.venv)
        (ready.venv / "bin").mkdir(parents=True)
    elif damage == "no python":
        (ready.venv / "bin" / "python").unlink()
    elif damage == "package taken away":
        shutil.rmtree(packages / "pebble_for_tests")
    else:
        (ready.venv / "set-up.json").write_text('{"python": ', encoding="utf-8")
        shutil.rmtree(packages / "pip")
    assert ready.start().facts["pebble"] == "1.0"
    assert (next(ready.venv.glob("lib/python3*/site-packages")) / "pebble_for_tests").is_dir()
    assert ready.start().err == ""


def test_a_start_killed_in_the_middle_is_finished_by_the_next(bare: Project) -> None:
    command = [machine.python_for_all(), str(bare.folder / "run.py")]
    with subprocess.Popen(
        command, env=bare.environment(), start_new_session=True, stderr=subprocess.DEVNULL
    ) as process:
        while not (bare.venv / "bin" / "python").exists():
            assert process.poll() is None
            time.sleep(0.01)
        os.killpg(process.pid, signal.SIGKILL)
    assert not (bare.venv / "set-up.json").exists()
    assert bare.start().facts["pebble"] == "1.0"


def test_what_set_up_has_started_ends_with_it(bare: Project) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:  # pip asks here and never hears an answer
        silent.settimeout(60)
        index = f"http://127.0.0.1:{silent.getsockname()[1]}/simple"
        environment = {**bare.environment(), "PIP_INDEX_URL": index, "PIP_RETRIES": "0"}
        del environment["PIP_NO_INDEX"], environment["PIP_FIND_LINKS"]
        command = [machine.python_for_all(), str(bare.folder / "run.py")]
        with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
            pip, _ = silent.accept()
            process.terminate()
            _, said = process.communicate(timeout=10)
        with pip:
            pip.settimeout(3)  # far below pip's own patience
            while pip.recv(4096):
                pass
    assert process.returncode == 130
    assert "已中断" in said
    assert "Traceback" not in said


def test_a_changed_pin_is_renewed_in_place(ready: Project) -> None:
    made = (ready.venv / "pyvenv.cfg").stat().st_ino
    ready.pin("1.1")
    assert ready.start().facts["pebble"] == "1.1"
    assert (ready.venv / "pyvenv.cfg").stat().st_ino == made
    ready.pin("1.0")
    assert ready.start().facts["pebble"] == "1.0"


def test_a_package_with_another_hash_is_not_installed_and_leaves_no_stamp(ready: Project) -> None:
    ready.pin("1.2", sha256="0" * 64)
    run = ready.start()
    assert (run.status, run.out) == (2, "")
    assert "hash" in run.err.lower()
    assert not (ready.venv / "set-up.json").exists()  # a renewal that broke off counts as half-made
    ready.pin("1.0")
    assert ready.start().facts["pebble"] == "1.0"


def test_two_starts_at_once_make_one_environment(bare: Project) -> None:
    runs: list[machine.Run] = []
    starts = [threading.Thread(target=lambda: runs.append(bare.start())) for _ in range(2)]
    for start in starts:
        start.start()
    for start in starts:
        start.join()
    assert [run.facts["pebble"] for run in runs] == ["1.0", "1.0"]
    assert sorted(run.err == "" for run in runs) == [False, True]


def test_pip_is_asked_where_it_has_been_told_something_and_never_led_astray(bare: Project) -> None:
    programs = machine.program(bare, "uv", "exit 9")  # uv would not hear what pip was told
    astray = bare.folder / "astray"
    environment = bare.environment(PIP_TARGET=str(astray), PIP_USER="1", PYTHONHOME="")
    environment["PATH"] = f"{programs}:{environment['PATH']}"
    assert bare.start(environment=environment).facts["pebble"] == "1.0"
    assert not astray.exists()


def test_doctor_names_what_is_missing_and_changes_nothing(bare: Project) -> None:
    run = bare.start("doctor", environment=machine.without_pango(bare))
    assert run.status == 2
    assert "libpango-1.0-0 libpangoft2-1.0-0" in run.out
    assert not bare.venv.exists()


def test_a_folder_that_cannot_be_written_is_said_plainly(bare: Project) -> None:
    bare.folder.chmod(0o555)
    run = bare.start(user=ORDINARY)
    bare.folder.chmod(0o755)
    assert run.status == 2
    assert "写入" in run.err
    assert "Traceback" not in run.err
