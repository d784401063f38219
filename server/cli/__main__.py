"""``python -m server.cli``: the table of commands; exit status 0 only on success, 2 for a wrong call."""

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

from server.cli.folder import FolderInUse
from server.cli.unable import CannotServe, NotDone
from server.domain.actor import Role
from server.service.upkeep.integrity import DatabaseDamaged
from server.service.upkeep.upgrade import UpgradeRefused
from server.settings import Choices, Settings, SettingsWrong, read_settings
from server.store.failures import DatabaseAway

OFFICE_ROLES = [role.value for role in Role if role not in (Role.REPRESENTATIVE, Role.OBSERVER)]


def main(arguments: list[str]) -> int:
    """Run one command and return its exit status."""
    arguments = arguments or ["serve"]
    chosen = _parser().parse_args(arguments)
    chosen.arguments = arguments
    try:
        settings = read_settings(os.environ, _choices(chosen))
        run: Callable[[argparse.Namespace, Settings], int | None] = chosen.run
        return run(chosen, settings) or 0
    except (SettingsWrong, FolderInUse, CannotServe, UpgradeRefused, DatabaseDamaged, DatabaseAway) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    except NotDone as error:
        sys.stderr.write(f"{error}\n")
        return 1
    except OSError as error:
        sys.stderr.write(
            f"这个地址用不了（{error.strerror or error}）：请换一个 --port，或者停掉占用它的程序。\n"
        )
        return 2


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="run.py", description="议事厅")
    commands = parser.add_subparsers(required=True, metavar="命令")
    places = argparse.ArgumentParser(add_help=False)
    places.add_argument("--data", type=Path)
    places.add_argument("--database-url")
    _add_serving(commands.add_parser("serve", parents=[places], help="启动服务"))
    seeding = commands.add_parser("seed", parents=[places], help="为压力和验收测试建会议")
    seeding.add_argument("--meetings", type=int, default=1)
    seeding.add_argument("--representatives", type=int, default=25)
    seeding.add_argument("--json", action="store_true", required=True)
    seeding.set_defaults(run=_seed)
    account = commands.add_parser("account", help="工作人员账号").add_subparsers(
        required=True, metavar="create|reset"
    )
    creating = account.add_parser("create", parents=[places])
    creating.add_argument("name")
    creating.add_argument("--role", choices=OFFICE_ROLES, required=True)
    creating.add_argument("--area")
    creating.set_defaults(run=_create_account)
    resetting = account.add_parser("reset", parents=[places], help="重设密码，取消两步验证")
    resetting.add_argument("name")
    resetting.set_defaults(run=_reset_account)
    for name, help_text, run in (
        ("backup", "备份（服务不用停）", _back_up),
        ("restore", "恢复到空文件夹", _restore),
        ("verify", "核对备份或议事日志", _verify),
    ):
        command = commands.add_parser(name, parents=[places], help=help_text)
        command.add_argument("file", type=Path)
        command.set_defaults(run=run)
        if name == "restore":
            command.add_argument("--key", type=Path, help="加密备份的密钥文件 backup.key")
    commands.add_parser("rotate-secret", parents=[places], help="换服务器密钥").set_defaults(
        run=_rotate_secret
    )
    commands.add_parser("doctor", parents=[places], help="检查这台机器").set_defaults(run=_doctor)
    return parser


def _add_serving(serving: argparse.ArgumentParser) -> None:
    serving.add_argument("--host")
    serving.add_argument("--port", type=int)
    serving.add_argument("--workers", type=int)
    serving.add_argument("--redis-url")
    serving.add_argument("--public-url")
    serving.add_argument("--proxies", type=int, help="前面有几层自己的代理（nginx 一层写 1）")
    serving.add_argument("--demo", action=argparse.BooleanOptionalAction)
    serving.add_argument("--hall", action="store_true", help="凉亭模式：一台电脑、一个 Wi-Fi，不用互联网")
    serving.add_argument("--address", help="凉亭模式下手机用的地址；不写会自己选")
    serving.add_argument("--wifi", metavar="名称", help="印在大屏二维码里的 Wi-Fi")
    serving.add_argument("--wifi-password", metavar="密码")
    serving.add_argument("--as-worker", help=argparse.SUPPRESS)
    serving.set_defaults(run=_serve)


def _choices(chosen: argparse.Namespace) -> Choices:
    values = vars(chosen)
    return Choices(
        data=values.get("data"),
        database_url=values.get("database_url"),
        redis_url=values.get("redis_url"),
        public_url=values.get("public_url"),
        host=values.get("host"),
        port=values.get("port"),
        workers=values.get("workers"),
        demo=values.get("demo"),
        proxies=values.get("proxies"),
        hall=bool(values.get("hall")),
        address=values.get("address"),
        wifi=values.get("wifi"),
        wifi_password=values.get("wifi_password"),
    )


# What a command needs is imported when it runs: the supervisor of several workers must not load the event loop, and
# nobody should wait for what is not used.


def _serve(chosen: argparse.Namespace, settings: Settings) -> int | None:
    if chosen.as_worker is None and settings.workers > 1:
        from server.cli.supervising import supervise

        return supervise(settings, chosen.arguments)
    from server.cli.serving import Place, serve, serve_as_worker

    if chosen.as_worker is None:
        serve(settings)
    else:
        serve_as_worker(settings, Place.read(chosen.as_worker))
    return None


def _seed(chosen: argparse.Namespace, settings: Settings) -> None:
    if chosen.meetings < 1 or not 5 <= chosen.representatives <= 5000:
        raise CannotServe("会议至少1场，每场代表5到5000人。")
    from server.cli.seeding import seed

    seed(settings, chosen.meetings, chosen.representatives)


def _create_account(chosen: argparse.Namespace, settings: Settings) -> None:
    from server.cli.keeping import ask_or_do

    made = ask_or_do(settings, "account", name=chosen.name, role=chosen.role, area=chosen.area)
    sys.stdout.write(f"账号 {made['name']}，密码 {made['password']}（只显示这一次）\n")


def _rotate_secret(chosen: argparse.Namespace, settings: Settings) -> None:
    from server.store.server_keys import rotate_server_key

    rotate_server_key(settings.secret_file)
    sys.stdout.write("密钥已换，重新启动服务后生效；登录着的人不受影响。\n")


def _reset_account(chosen: argparse.Namespace, settings: Settings) -> None:
    from server.cli.keeping import ask_or_do

    made = ask_or_do(settings, "account_reset", name=chosen.name)
    sys.stdout.write(f"账号 {made['name']}，新密码 {made['password']}（只显示这一次）；两步验证已取消\n")


def _back_up(chosen: argparse.Namespace, settings: Settings) -> None:
    from server.cli.keeping import ask_or_do

    made = ask_or_do(settings, "backup", file=str(chosen.file.resolve()))
    sys.stdout.write(f"已备份到 {made['file']}，{made['bytes'] // 1024} KB。{made['said']}\n")


def _restore(chosen: argparse.Namespace, settings: Settings) -> None:
    from server.cli.keeping import restore

    sys.stdout.write(restore(settings, chosen.file, chosen.key) + "\n")


def _verify(chosen: argparse.Namespace, settings: Settings) -> None:
    from server.cli.keeping import verify

    sys.stdout.write(verify(chosen.file) + "\n")


def _doctor(chosen: argparse.Namespace, settings: Settings) -> None:
    from server.cli.keeping import doctor

    sys.stdout.write(doctor(settings) + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
