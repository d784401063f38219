"""The command line as CONTRACT describes it, tried from outside on real folders and a real server."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.contract.server import RunningServer, seed
from tests.ports import free_port
from tests.shape.tree import ROOT

PARTIES = ["小区管理单位", "物业", "社区", "邻长", "业主"]


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one command of the product."""
    return subprocess.run(
        [sys.executable, "-m", "server.cli", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    data = tmp_path_factory.mktemp("seeded") / "data"
    return data, seed(data, 2, 7)


def test_seed_prints_one_object_with_every_secret(seeded: tuple[Path, dict[str, Any]]) -> None:
    _, printed = seeded
    assert set(printed) == {"meetings", "account", "minutes"}
    assert len(printed["meetings"]) == 2
    for meeting in printed["meetings"]:
        assert set(meeting) == {"id", "number", "chair", "secretary", "observer", "representatives", "seats"}
        assert [seat["ticket"] for seat in meeting["seats"]] == meeting["representatives"]
        assert [seat["party"] for seat in meeting["seats"]] == [PARTIES[n % 5] for n in range(7)]
    assert Path(printed["minutes"]).read_bytes().startswith(b"%PDF")


def test_a_folder_in_use_refuses_seed_and_restore_but_answers_account_and_backup(
    seeded: tuple[Path, dict[str, Any]],
    tmp_path: Path,
) -> None:
    data, _ = seeded
    server = RunningServer(data)
    copy, sealed = tmp_path / "copy.db", tmp_path / "copy.age"
    try:
        refused = call("seed", "--data", str(data), "--meetings", "1", "--representatives", "5", "--json")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "正被另一个议事厅使用" in refused.stderr
        account = call("account", "create", "周文", "--role", "secretary", "--data", str(data))
        assert account.returncode == 0, account.stderr
        assert "只显示这一次" in account.stdout
        again = call("account", "reset", "周文", "--data", str(data))
        assert "新密码" in again.stdout, again.stderr
        assert "两步验证已取消" in again.stdout
        nobody = call("account", "reset", "没有这人", "--data", str(data))
        assert (nobody.returncode, "没有账号" in nobody.stderr) == (1, True)
        assert call("backup", str(copy), "--data", str(data)).returncode == 0
        assert call("backup", str(sealed), "--data", str(data)).returncode == 0
        assert call("restore", str(copy), "--data", str(data)).returncode == 2
    finally:
        server.stop()
    with closing(sqlite3.connect(copy)) as database:
        assert database.execute("select count(*) from account where name='周文'").fetchone() == (1,)
    elsewhere = tmp_path / "elsewhere"
    assert call("restore", str(copy), "--data", str(elsewhere)).returncode == 0
    assert call("restore", str(copy), "--data", str(elsewhere)).returncode != 0
    third, key = str(tmp_path / "third"), str(data / "backup.key")
    assert "--key" in call("restore", str(sealed), "--data", third).stderr
    assert "3 场会议的议事日志完整" in call("restore", str(sealed), "--data", third, "--key", key).stdout


@pytest.mark.rule("S48")
def test_verify_names_a_meeting_whose_record_was_touched(
    seeded: tuple[Path, dict[str, Any]], tmp_path: Path
) -> None:
    data, printed = seeded
    copy = tmp_path / "copy.db"
    assert call("backup", str(copy), "--data", str(data)).returncode == 0
    sound = call("verify", str(copy))
    assert sound.returncode == 0
    assert "议事日志完整" in sound.stdout
    meeting = printed["meetings"][0]["id"]
    with closing(sqlite3.connect(copy)) as database:
        database.execute(
            "update event set line = replace(line, '180', '181') where meeting_id = ?", (meeting,)
        )
        database.commit()
    touched = call("verify", str(copy))
    assert touched.returncode == 1
    assert meeting in touched.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ["serve", "--workers", "2"],
        ["serve", "--demo", "--host", "192.0.2.1"],
        ["seed", "--meetings", "0", "--representatives", "5", "--json"],
        ["seed", "--meetings", "1", "--representatives", "5"],
        ["account", "create", "x", "--role", "king"],
        ["nonsense"],
    ],
)
def test_a_wrong_call_ends_with_status_2_and_a_sentence(arguments: list[str], tmp_path: Path) -> None:
    done = call(*arguments, *(["--data", str(tmp_path / "data")] if arguments != ["nonsense"] else []))
    assert done.returncode == 2
    assert done.stderr.strip()
    assert done.stdout == ""


def test_an_address_in_use_is_said_in_a_sentence(seeded: tuple[Path, dict[str, Any]], tmp_path: Path) -> None:
    data, _ = seeded
    server = RunningServer(data, port=free_port())
    try:
        done = call("serve", "--data", str(tmp_path / "data"), "--port", str(server.port), "--no-demo")
    finally:
        server.stop()
    assert done.returncode == 2
    assert "--port" in done.stderr


def test_doctor_says_what_is_there(tmp_path: Path) -> None:
    done = call("doctor", "--data", str(tmp_path))
    assert done.returncode == 0
    assert "文件排版：可用" in done.stdout


def test_health_as_the_contract_says(seeded: tuple[Path, dict[str, Any]]) -> None:
    data, _ = seeded
    server = RunningServer(data)
    try:
        answer = server.house.ask("GET", "/healthz")
        body = json.loads(answer.body)
    finally:
        server.stop()
    assert (body["status"], body["database"], body["workers"]) == ("ok", "sqlite", 1)
    assert body["version"]
