"""``serve``: hold the data folder, build the application, say where everything is, serve until told to stop."""

import logging
import sys

import segno

from server.app import Application, create_app, public_url
from server.cli.control import listen_for_commands
from server.cli.folder import held
from server.live.serving import serve as serve_http
from server.service.access.accounts import create_setup_link, has_accounts
from server.service.samples.demonstration import load_demonstration
from server.settings import Settings


class CannotServe(Exception):
    """Why the server cannot start; its text is the sentence for the terminal, the exit status 2."""


def serve(settings: Settings) -> None:
    """Serve until SIGTERM or SIGINT. Raises CannotServe, FolderInUse or OSError (address taken) before that."""
    if settings.workers > 1:
        raise CannotServe("多个工作进程需要 PostgreSQL 和 Redis，这一版还没有提供：请用 --workers 1。")
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    with held(settings.data):
        application = create_app(settings)
        if application.upgraded:
            say(application.upgraded)
        try:
            _prepare(application, settings)
            serve_http(
                application.wsgi,
                settings.host,
                settings.port,
                ready=lambda: _ready(application, settings),
                stopping=application.say_goodbye,
            )
        finally:
            application.close()


def _prepare(application: Application, settings: Settings) -> None:
    """On an empty database: the demonstration community on loopback, else a one-time set-up link."""
    services = application.services
    with services.database.reader(limit_seconds=5) as session:
        if has_accounts(session):
            return
    wants_demo = settings.demo if settings.demo is not None else settings.is_loopback
    if wants_demo and not settings.is_loopback:
        raise CannotServe("演示社区只在本机地址上载入：请去掉 --demo，或者把 --host 改回 127.0.0.1。")
    if wants_demo:
        say("数据库是空的，正在载入演示社区（来自真实报道）……")
        demonstration = load_demonstration(services.writer, services.rooms, services.clock())
        for line in demonstration.lines(public_url(settings)):
            say(line)
        return
    token = services.writer.submit(lambda unit: create_setup_link(unit, services.clock())).result()
    say("这是第一次启动。请在24小时内用下面的一次性链接建立第一个管理员账号：")
    say(f"  {public_url(settings)}/office/setup?token={token}")


def _ready(application: Application, settings: Settings) -> None:
    listen_for_commands(application, settings.data)
    application.start_schedule()
    address = public_url(settings)
    say(f"议事厅已启动：{address}/        （居民公开页）")
    say(f"               {address}/office/  （工作人员）")
    say(f"               {address}/join     （代表、主持人、记录人凭代表证入会）")
    if not settings.is_loopback and sys.stdout.isatty():
        segno.make(f"{address}/join").terminal(out=sys.stdout, compact=True)
    say("按 Ctrl+C 停止。")


def say(line: str) -> None:
    """Print a line for the person at the terminal, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
