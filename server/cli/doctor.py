"""``doctor``: everything missing or unhealthy on this machine, each with what to do about it."""

import json
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import redis

from server.app import WEB, backup_place
from server.documents.failed import DocumentFailed
from server.documents.pool import DocumentPool
from server.service.clock import now_ms
from server.service.hall.addresses import lan_addresses
from server.service.spoken import spoken_minute
from server.service.upkeep.backups import list_backups
from server.service.upkeep.condition import (
    Concern,
    Condition,
    Upkeep,
    key_concerns,
    read_condition,
    spoken_age,
)
from server.service.upkeep.integrity import check_pages, check_records
from server.service.upkeep.space import LEAST_FREE, WARN_FREE, free_bytes
from server.service.upkeep.upgrade import is_newest
from server.settings import Settings
from server.store.backups import VERSION
from server.store.database import open_database

GOOD, NOTE, BAD = "好", "注意", "不行"
Finding = tuple[str, str]
# The program is not older than this; a clock before it stands still or was reset.
_WRITTEN_IN = datetime(2026, 1, 1, tzinfo=UTC).timestamp() * 1000
_CHECK_SECONDS = 20.0


def examine(settings: Settings) -> list[Finding]:
    """Return what was found, each with how serious it is; nothing is changed or written."""
    return [
        (GOOD, f"Python {sys.version.split()[0]}，SQLite {VERSION}"),
        *_paper(),
        *_folder(settings),
        *_clock(),
        *_database(settings),
        *_redis(settings),
        *_backups(settings),
        *_network(settings),
    ]


def _paper() -> Iterator[Finding]:
    pool = DocumentPool(workers=1)
    try:
        pool.check()
        yield GOOD, "文件排版：可用"
    except DocumentFailed as failed:
        yield BAD, f"文件排版：不可用，{failed.sentence}请运行 python3 run.py，它会补装需要的软件。"
    finally:
        pool.close()
    fonts = list((WEB / "static" / "fonts").glob("*.ttf"))
    if fonts:
        yield GOOD, f"字体：{len(fonts)} 个"
    else:
        yield BAD, "字体：web/static/fonts 里没有字体，中文印不出来。请重新取一份完整的程序。"


def _folder(settings: Settings) -> Iterator[Finding]:
    free = free_bytes(settings.data)
    said = f"数据文件夹 {settings.data}，剩余空间 {free >> 20} MB"
    if free < LEAST_FREE:
        yield BAD, f"{said}：太少了，已停收照片，请马上清理。"
    elif free < WARN_FREE:
        yield NOTE, f"{said}：不多了，请在下次会议前清理。"
    else:
        yield GOOD, said
    for name in ("secret", "backup.key", "control"):
        file = settings.data / name
        if file.exists() and file.stat().st_mode & 0o077:
            yield BAD, f"{file} 别人也能读：请运行 chmod 600 {file}"


def _clock() -> Iterator[Finding]:
    now = now_ms()
    said = f"系统时间 {spoken_minute(now)}"
    if now < _WRITTEN_IN:
        yield BAD, f"{said}，年份不对：请先校准，签到、发言、表决的时间都以它为准。"
    else:
        yield GOOD, said


def _database(settings: Settings) -> Iterator[Finding]:
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    if settings.database == "sqlite" and not file.exists():
        yield GOOD, "数据库：还没有，第一次启动时会建好"
        return
    database = open_database(settings.database_url)
    try:
        sound = check_pages(database, _CHECK_SECONDS)
        if sound is False:
            yield BAD, f"数据库 {file} 已损坏：请原样留好，用 restore 把最近的备份恢复到新文件夹。"
            return
        if not is_newest(database):
            yield NOTE, "数据库是别的版本建的：下次启动时会先备份，再升级；更新版本建的，请换回新版本。"
            return
        with database.reader(_CHECK_SECONDS) as session:
            records = check_records(database)
            upkeep = Upkeep(database, backup_place(settings), records, now_ms())
            condition = read_condition(session, upkeep, now_ms())
        yield (
            GOOD,
            f"数据库：{'完整' if sound else '没有发现损坏（没有查完）'}，{condition.database_bytes >> 10} KB",
        )
        yield from _concerns(condition, records.checked)
    except Exception as error:
        yield BAD, f"数据库打不开（{type(error).__name__}）：请检查地址、密码和数据库是否在运行。"
    finally:
        database.close()


def _concerns(condition: Condition, checked: int) -> Iterator[Finding]:
    if "RECORD_TOUCHED" not in condition.concerns:
        yield GOOD, f"议事日志：最近 {checked} 场都完整"
    for concern, facts in condition.concerns.items():
        if concern.value.startswith(("DISK", "BACKUP_OLD", "BACKUP_NONE", "BACKUP_KEY")):
            continue  # told beside the folder and the backups
        yield BAD, _told(concern, facts)
    for job in condition.jobs:
        last = "还没有运行过" if job.started_at is None else f"上次 {spoken_minute(job.started_at)}"
        yield (NOTE if job.outcome == "failed" else GOOD), f"定时任务 {job.name}：{last}。{job.words}"


def _told(concern: Concern, facts: Mapping[str, str]) -> str:
    words: dict[str, Any] = json.loads((WEB / "words.json").read_text(encoding="utf-8"))["concerns"]
    sentence = words[concern.value]["sentence"]
    for name, value in facts.items():
        sentence = sentence.replace("{" + name + "}", value)
    return f"{sentence}。{words[concern.value]['advice']}"


def _redis(settings: Settings) -> Iterator[Finding]:
    if settings.redis_url is None:
        return
    try:
        redis.Redis.from_url(settings.redis_url, socket_timeout=3, socket_connect_timeout=3).ping()
        yield GOOD, "Redis：可用"
    except redis.RedisError as error:
        yield BAD, f"Redis 没有应答（{type(error).__name__}）：请确认它在运行，地址对（COUNCIL_REDIS_URL）。"


def _backups(settings: Settings) -> Iterator[Finding]:
    place = backup_place(settings)
    backups = list_backups(place)
    if not backups:
        yield (
            NOTE,
            f"备份：{place.folder} 里还没有；服务开着会每天自动做，也可以运行 run.py backup 文件名.age。",
        )
        return
    age = now_ms() - backups[0].taken_at
    said = f"备份：{len(backups)} 份，最近一份在{spoken_age(age)}前，{backups[0].path}"
    yield (GOOD, said) if age <= 36 * 3_600_000 else (NOTE, f"{said}：太久了，请让服务开着。")
    if place.key.exists():
        yield GOOD, f"备份的密钥：{place.key}，请抄一份放到别处，和备份分开"
    for concern, facts in key_concerns(place, backups).items():
        yield BAD, _told(concern, facts)


def _network(settings: Settings) -> Iterator[Finding]:
    yield _port("127.0.0.1" if settings.host in ("0.0.0.0", "::") else settings.host, settings.port)  # noqa: S104 compared
    addresses = lan_addresses()
    for lan in addresses:
        yield (
            GOOD,
            f"局域网：{lan.interface} {lan.address}（{lan.network}）{'，无线' if lan.is_wireless else ''}",
        )
    if not addresses:
        yield NOTE, "局域网：这台电脑没有连上任何网络，手机进不来；请先连 Wi-Fi 或开热点。"


def _port(host: str, port: int) -> Finding:
    try:
        ask = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with ask.open(f"http://{host}:{port}/healthz", timeout=3) as answer:
            status = json.load(answer)["status"]
        return GOOD, f"端口 {port}：议事厅正在运行（{status}）"
    except (ConnectionRefusedError, urllib.error.URLError) as error:
        reason = getattr(error, "reason", error)
        if isinstance(reason, ConnectionRefusedError):
            return GOOD, f"端口 {port}：空着"
        if isinstance(error, urllib.error.HTTPError) and error.code == 503:
            return BAD, f"端口 {port}：议事厅在运行，但数据库没有应答。"
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return NOTE, f"端口 {port}：被别的程序占用，请用 --port 换一个。"


def is_healthy(findings: list[Finding]) -> bool:
    """Tell whether nothing keeps the installation from working."""
    return all(kind != BAD for kind, _ in findings)
