"""``account``, ``backup``, ``restore``, ``verify``, ``doctor``: what keeps an installation in order."""

import json
from pathlib import Path
from typing import Any

from server.app import backup_place, create_app
from server.cli.acts import ACTS
from server.cli.control import NoServer, ask_server
from server.cli.doctor import examine, is_healthy
from server.cli.folder import held
from server.cli.unable import NotDone
from server.service.upkeep.restoring import NotRestored, restore_backup
from server.settings import Settings
from server.store.backups import is_database, verify_copy
from server.store.codec import canonical
from server.store.log import ChainFault
from server.store.merkle import leaf_hash, root_hash


def ask_or_do(settings: Settings, act: str, **arguments: Any) -> dict[str, Any]:
    """Ask the running server, or do it here while holding the folder."""
    try:
        answer = ask_server(settings.data, act, **arguments)
    except NoServer:
        with held(settings.data):
            application = create_app(settings)
            try:
                answer = ACTS[act](application.services, **arguments)
            finally:
                application.close()
    if "error" in answer:
        raise NotDone(answer["error"])
    return answer


def restore(settings: Settings, file: Path, key: Path | None) -> str:
    """Put a backup into an empty data folder and say what its records are worth; FolderInUse while a server runs."""
    with held(settings.data):
        try:
            restored = restore_backup(file, key, backup_place(settings), settings.database_url)
        except NotRestored as reason:
            raise NotDone(str(reason)) from None
    if restored.touched is not None:
        return f"已恢复。注意：会议 {restored.touched} 的议事日志被改动过，请运行 verify 查看。"
    return f"已恢复，{restored.meetings} 场会议的议事日志完整。现在可以启动服务。"


def verify(file: Path) -> str:
    """Check a backup (every meeting's log) or an exported record, line by line; return what was found."""
    if not file.is_file():
        raise NotDone(f"找不到文件 {file}。")
    if is_database(file):
        return _verify_database(file)
    return _verify_record(file)


def _verify_database(file: Path) -> str:
    try:
        roots = verify_copy(file)
    except ChainFault as fault:
        raise NotDone(f"会议 {fault.meeting} 的议事日志在第 {fault.seq} 行被改动过。") from None
    lines = [f"会议 {meeting}：议事日志完整，防改校验码 {root}" for meeting, root in roots.items()]
    return "\n".join(lines) if lines else "这份备份里没有会议。"


def _verify_record(file: Path) -> str:
    text = file.read_text(encoding="utf-8")
    lines = text.split("\n")
    if lines.pop() != "" or not lines:
        raise NotDone("这不是议事厅导出的议事日志：最后一行不完整。")
    prev = None
    for number, line in enumerate(lines):
        try:
            record = json.loads(line)
            sound = canonical(record) == line and record["seq"] == number
            sound = sound and (prev is None or record["prev"] == prev)
        except (ValueError, KeyError, TypeError):
            sound = False
        if not sound:
            raise NotDone(f"议事日志在第 {number} 行被改动过，或者不是议事厅的议事日志。")
        prev = leaf_hash(line)
    return f"议事日志完整，共 {len(lines)} 行，防改校验码 {root_hash([leaf_hash(line) for line in lines])}"


def doctor(settings: Settings) -> str:
    """Say what this machine has and lacks; NotDone, with all of it, when something keeps it from working."""
    findings = examine(settings)
    said = "\n".join(f"[{kind}] {sentence}" for kind, sentence in findings)
    if not is_healthy(findings):
        raise NotDone(said)
    return said
