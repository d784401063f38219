"""Settings: what the environment and the command line decide, read once at start."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parent.parent


class SettingsWrong(Exception):
    """A setting that cannot work; its text is the sentence for the person who starts the server."""


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line said; None where it said nothing."""

    data: Path | None = None
    database_url: str | None = None
    redis_url: str | None = None
    public_url: str | None = None
    secret_file: Path | None = None
    host: str | None = None
    port: int | None = None
    workers: int | None = None
    demo: bool | None = None
    hall: bool = False
    address: str | None = None
    wifi: str | None = None
    wifi_password: str | None = None
    proxies: int | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that differs from one installation to the next.

    ``proxies`` is the exact number of our own proxies in front: so many addresses of ``X-Forwarded-For`` are
    theirs and may be believed, 0 none (S72). ``trusted_hosts`` are further names this server is asked for under. A
    worker that says nothing for ``watch_seconds`` is replaced, 0 never.
    """

    data: Path
    database_url: str
    redis_url: str | None
    public_url: str | None
    secret_file: Path
    backups: Path
    logs: Path | None
    metrics_token: Path
    host: str
    port: int
    workers: int
    demo: bool | None
    proxies: int
    hall: bool = False
    address: str | None = None
    wifi: str | None = None
    wifi_password: str = ""
    trusted_hosts: frozenset[str] = frozenset()
    watch_seconds: int = 30

    @property
    def metrics_folder(self) -> Path | None:
        """Return where several workers keep the figures they add up; None when there is one."""
        return self.data / "metrics" if self.workers > 1 else None

    @property
    def is_loopback(self) -> bool:
        """Tell whether only this machine can reach the server."""
        return self.host in ("127.0.0.1", "::1", "localhost")

    @property
    def database(self) -> str:
        """Return `sqlite` or `postgresql`."""
        return urlsplit(self.database_url).scheme.split("+")[0]


def read_settings(environment: Mapping[str, str], choices: Choices = Choices()) -> Settings:
    """Return the settings; the command line wins over the environment.

    Raises SettingsWrong with a sentence when a value cannot work, before anything is opened or made.
    """
    data = (choices.data or Path(environment.get("COUNCIL_DATA") or PROJECT / "data")).expanduser().resolve()
    settings = Settings(
        data=data,
        database_url=database_url(choices.database_url or environment.get("COUNCIL_DATABASE_URL"), data),
        redis_url=redis_url(choices.redis_url or environment.get("COUNCIL_REDIS_URL")),
        public_url=public_url(choices.public_url or environment.get("COUNCIL_PUBLIC_URL")),
        secret_file=(
            choices.secret_file or Path(environment.get("COUNCIL_SECRET_FILE") or data / "secret")
        ).expanduser(),
        backups=Path(environment.get("COUNCIL_BACKUPS") or data / "backups").expanduser().resolve(),
        metrics_token=Path(
            environment.get("COUNCIL_METRICS_TOKEN_FILE") or data / "metrics.token"
        ).expanduser(),
        logs=logs_folder(environment.get("COUNCIL_LOGS"), data),
        host=choices.host or ("0.0.0.0" if choices.hall else "127.0.0.1"),  # noqa: S104 the hall is meant
        port=8000 if choices.port is None else choices.port,
        workers=1 if choices.workers is None else choices.workers,
        demo=choices.demo,
        hall=choices.hall,
        address=choices.address,
        wifi=choices.wifi,
        wifi_password=choices.wifi_password or "",
        proxies=proxies(environment.get("COUNCIL_PROXIES")) if choices.proxies is None else choices.proxies,
        trusted_hosts=frozenset(
            (environment.get("COUNCIL_TRUSTED_HOSTS") or "").lower().replace(",", " ").split()
        ),
        watch_seconds=watch_seconds(environment.get("COUNCIL_WATCH_SECONDS")),
    )
    check(settings)
    return settings


def logs_folder(given: str | None, data: Path) -> Path | None:
    """Return where logs are kept; None when they go to stderr, as a service manager wants them."""
    return None if given == "stderr" else Path(given or data / "logs").expanduser().resolve()


def database_url(given: str | None, data: Path) -> str:
    """Return the address SQLAlchemy opens: the file in the data folder, or PostgreSQL through psycopg 3."""
    if not given:
        return f"sqlite:///{data / 'council.sqlite'}"
    scheme, _, rest = given.partition("://")
    if scheme in ("postgres", "postgresql", "postgresql+psycopg") and rest:
        return f"postgresql+psycopg://{rest}"
    if scheme == "sqlite" and rest.startswith("/") and len(rest) > 1:
        return given
    raise SettingsWrong(
        "数据库地址应写成 postgresql://用户:密码@主机/库名 或 sqlite:////绝对路径 (COUNCIL_DATABASE_URL)"
    )


def redis_url(given: str | None) -> str | None:
    """Return the address of the wake-up channel between workers, if there is one."""
    if given and urlsplit(given).scheme not in ("redis", "rediss", "unix"):
        raise SettingsWrong("Redis 地址应写成 redis://主机:端口/0 (COUNCIL_REDIS_URL)")
    return given or None


def public_url(given: str | None) -> str | None:
    """Return the address people type, without a slash at its end."""
    if not given:
        return None
    parts = urlsplit(given)
    bare = not (parts.path.strip("/") or parts.query or parts.fragment or parts.username)
    if parts.scheme not in ("http", "https") or not parts.hostname or not bare:
        raise SettingsWrong("对外地址应写成 https://域名,后面不带路径 (COUNCIL_PUBLIC_URL)")
    return f"{parts.scheme}://{parts.netloc}"


def proxies(given: str | None) -> int:
    """Return how many of our own proxies stand in front of the server."""
    if given and not (given.isascii() and given.isdigit() and len(given) == 1):
        raise SettingsWrong("前面的代理层数应写成一个数,没有代理写 0 (COUNCIL_PROXIES)")
    return int(given or 0)


def watch_seconds(given: str | None) -> int:
    """Return after how long a worker that says nothing is replaced, 0 for never."""
    known = (given or "30").strip()
    if not (known.isascii() and known.isdigit() and (known == "0" or 5 <= int(known) <= 3600)):
        raise SettingsWrong("工作进程多久没有应答就换掉,应写成5到3600秒,不换写 0 (COUNCIL_WATCH_SECONDS)")
    return int(known)


def check_hall(settings: Settings) -> None:
    """Refuse a pavilion phones could not get into."""
    if not settings.hall:
        if settings.address or settings.wifi or settings.wifi_password:
            raise SettingsWrong("--address、--wifi、--wifi-password 要和 --hall 一起用")
        return
    if settings.workers > 1:
        raise SettingsWrong("凉亭模式只用一个进程:请去掉 --workers,或者去掉 --hall")
    if settings.is_loopback:
        raise SettingsWrong("凉亭模式要让手机连进来:请去掉 --host,或者写这台电脑在 Wi-Fi 里的地址")
    if settings.wifi_password and not settings.wifi:
        raise SettingsWrong("有 Wi-Fi 密码,没有名称:请加上 --wifi 名称")
    if settings.wifi and settings.wifi_password and not 8 <= len(settings.wifi_password) <= 63:
        raise SettingsWrong("Wi-Fi 密码应是8到63个字 (--wifi-password)")


def check(settings: Settings) -> None:
    """Refuse what cannot work together."""
    check_hall(settings)
    if not 0 <= settings.port <= 65535:
        raise SettingsWrong("端口应在 0 到 65535 之间 (--port)")
    if not 0 <= settings.proxies <= 9:
        raise SettingsWrong("前面的代理层数应在 0 到 9 之间 (--proxies)")
    if settings.workers < 1:
        raise SettingsWrong("工作进程至少一个 (--workers)")
    if settings.workers > 1 and (settings.database != "postgresql" or settings.redis_url is None):
        raise SettingsWrong(
            "多个工作进程需要 PostgreSQL 和 Redis:请加上 --database-url 和 --redis-url,或只用一个进程 (--workers)"
        )
