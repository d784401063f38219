"""What the command line may ask of a running server, or do itself when none runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from server.domain.actor import Role
from server.pages.context import Services
from server.service.access.accounts import CreatedAccount, create_account
from server.service.access.audit import COMMAND_LINE, Act, note
from server.store.backups import copy_database
from server.store.writer import Unit


def create_office_account(services: Services, *, name: str, role: str, area: str | None) -> dict[str, Any]:
    """Create an office account; its password is in the answer and nowhere else."""
    now = services.clock()

    def create(unit: Unit) -> CreatedAccount:
        made = create_account(unit, now, name=name, role=Role(role), area_id=area)
        note(unit, now, COMMAND_LINE, Act.ACCOUNT_CREATED, f"account:{made.account_id}")
        return made

    created = services.writer.submit(create).result()
    return {"name": name, "password": created.password}


def back_up(services: Services, *, file: str) -> dict[str, Any]:
    """Copy a consistent state of a SQLite database while it serves."""
    target = Path(file)
    if target.exists():
        return {"error": f"{target} 已经存在，请换一个文件名。"}
    if services.database.kind != "sqlite":
        return {"error": "PostgreSQL 数据库请用 pg_dump 备份。"}
    copy_database(services.database, target)
    now = services.clock()
    services.writer.submit(lambda unit: note(unit, now, COMMAND_LINE, Act.BACKUP_MADE)).result()
    return {"file": str(target), "bytes": target.stat().st_size}


ACTS: dict[str, Callable[..., dict[str, Any]]] = {"account": create_office_account, "backup": back_up}
