"""What the command line may ask of a running server, or do itself when none runs."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from server.domain.actor import Role
from server.pages.context import Services
from server.service.access.accounts import (
    CreatedAccount,
    change_password,
    create_account,
    find_by_name,
    hash_password,
    new_password,
)
from server.service.access.audit import COMMAND_LINE, Act, note
from server.service.access.two_step import turn_off
from server.service.schedule.jobs import JobFailed
from server.service.upkeep.backups import ENDING, ready_key, seal_copy, write_copy
from server.store.backups import NotACopy
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
    """Copy a consistent state of the database while it serves; encrypted where the name ends in .age."""
    target = Path(file)
    if target.exists():
        return {"error": f"{target} 已经存在，请换一个文件名。"}
    if not target.parent.is_dir():
        return {"error": f"没有文件夹 {target.parent}，请先建好。"}
    said = ""
    try:
        if target.suffix == ENDING:
            said = ready_key(services.upkeep.place)
            seal_copy(services.database, target, services.upkeep.place)
        else:
            write_copy(services.database, target)
    except JobFailed as failed:
        return {"error": str(failed)}
    except NotACopy:
        target.unlink(missing_ok=True)
        return {"error": "数据库已损坏，没有留下备份：请运行 doctor 检查。"}
    now = services.clock()
    services.writer.submit(lambda unit: note(unit, now, COMMAND_LINE, Act.BACKUP_MADE)).result()
    return {"file": str(target), "bytes": target.stat().st_size, "said": said}


def reset_office_account(services: Services, *, name: str) -> dict[str, Any]:
    """Let somebody back in who is locked out: a new password, no second step, every sign-in ended."""
    now, password = services.clock(), new_password()
    with services.database.reader() as session:
        account_id = find_by_name(session, name)
    if account_id is None:
        return {"error": f"没有账号 {name}。"}
    hashed = hash_password(password)

    def reset(unit: Unit) -> None:
        change_password(unit, now, account_id, hashed)
        turn_off(unit, [account_id])
        note(unit, now, COMMAND_LINE, Act.PASSWORD_RESET, f"account:{account_id}")
        note(unit, now, COMMAND_LINE, Act.TWO_STEP_RESET, f"account:{account_id}")

    services.writer.submit(reset).result()
    return {"name": name, "password": password}


ACTS: dict[str, Callable[..., dict[str, Any]]] = {
    "account": create_office_account,
    "account_reset": reset_office_account,
    "backup": back_up,
}
