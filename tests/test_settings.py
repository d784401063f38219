"""Settings: what is read, what wins, what is refused."""

import dataclasses
from pathlib import Path

import pytest

from server.settings import PROJECT, Choices, SettingsWrong, read_settings


def test_without_a_word_the_server_is_small_and_private() -> None:
    settings = read_settings({})
    assert settings.data == PROJECT / "data"
    assert settings.database_url == f"sqlite:///{PROJECT / 'data' / 'council.sqlite'}"
    assert settings.database == "sqlite"
    assert settings.secret_file == PROJECT / "data" / "secret"
    assert (settings.host, settings.port, settings.workers) == ("127.0.0.1", 8000, 1)
    assert settings.is_loopback
    assert (settings.redis_url, settings.public_url, settings.demo) == (None, None, None)
    assert settings.proxies == 0
    assert settings.watch_seconds == 30


def test_the_environment_is_heard(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "COUNCIL_DATA": str(tmp_path),
            "COUNCIL_DATABASE_URL": "postgresql://council:secret@db/council",
            "COUNCIL_REDIS_URL": "redis://wake:6379/0",
            "COUNCIL_PUBLIC_URL": "https://yishi.example.cn/",
            "COUNCIL_SECRET_FILE": str(tmp_path / "elsewhere"),
            "COUNCIL_PROXIES": "1",
            "COUNCIL_WATCH_SECONDS": "0",
            "COUNCIL_TRUSTED_HOSTS": "Council, yishi.lan",
        }
    )
    assert settings.trusted_hosts == {"council", "yishi.lan"}
    assert settings.data == tmp_path
    assert settings.database_url == "postgresql+psycopg://council:secret@db/council"
    assert settings.database == "postgresql"
    assert settings.redis_url == "redis://wake:6379/0"
    assert settings.public_url == "https://yishi.example.cn"
    assert settings.secret_file == tmp_path / "elsewhere"
    assert settings.proxies == 1
    assert settings.watch_seconds == 0


def test_the_command_line_wins_over_the_environment(tmp_path: Path) -> None:
    environment = {
        "COUNCIL_DATA": "/elsewhere",
        "COUNCIL_DATABASE_URL": "postgresql://elsewhere/x",
        "COUNCIL_REDIS_URL": "redis://elsewhere",
        "COUNCIL_PUBLIC_URL": "https://elsewhere.example.cn",
        "COUNCIL_SECRET_FILE": "/elsewhere/secret",
        "COUNCIL_PROXIES": "2",
    }
    chosen = Choices(
        data=tmp_path,
        database_url="sqlite:////srv/other.sqlite",
        redis_url="redis://here",
        public_url="http://192.168.1.8:8000",
        secret_file=tmp_path / "key",
        host="0.0.0.0",  # noqa: S104 - a hall's laptop serves its LAN
        port=0,
        workers=1,
        demo=False,
        proxies=0,
    )
    settings = read_settings(environment, chosen)
    read = dataclasses.asdict(settings)
    said = {name: value for name, value in dataclasses.asdict(chosen).items() if value is not None}
    assert {name: read[name] for name in said} == said
    assert not settings.is_loopback


def test_empty_variables_count_as_not_set() -> None:
    names = ["DATA", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "SECRET_FILE"]
    assert read_settings({f"COUNCIL_{name}": "" for name in names}) == read_settings({})


@pytest.mark.parametrize(
    ("choices", "word"),
    [
        (Choices(database_url="mysql://x/y"), "COUNCIL_DATABASE_URL"),
        (Choices(database_url="council.sqlite"), "COUNCIL_DATABASE_URL"),
        (Choices(database_url="postgresql://"), "COUNCIL_DATABASE_URL"),
        (Choices(redis_url="localhost:6379"), "COUNCIL_REDIS_URL"),
        (Choices(public_url="yishi.example.cn"), "COUNCIL_PUBLIC_URL"),
        (Choices(public_url="https://example.cn/hall"), "COUNCIL_PUBLIC_URL"),
        (Choices(public_url="javascript://example.cn"), "COUNCIL_PUBLIC_URL"),
        (Choices(port=65536), "--port"),
        (Choices(port=-1), "--port"),
        (Choices(workers=0), "--workers"),
        (Choices(workers=2), "--workers"),
        (Choices(workers=2, redis_url="redis://here"), "--workers"),
        (Choices(workers=2, database_url="postgresql://db/council"), "--workers"),
    ],
)
def test_what_cannot_work_is_refused_with_a_sentence_that_names_it(choices: Choices, word: str) -> None:
    with pytest.raises(SettingsWrong, match=word):
        read_settings({}, choices)


@pytest.mark.parametrize("seconds", ["4", "3601", "-5", "half", "\uff13\uff10"])
def test_a_watch_that_would_kill_the_busy_or_nobody_is_refused(seconds: str) -> None:
    with pytest.raises(SettingsWrong, match="COUNCIL_WATCH_SECONDS"):
        read_settings({"COUNCIL_WATCH_SECONDS": seconds})


def test_several_workers_run_with_postgresql_and_redis() -> None:
    choices = Choices(workers=2, database_url="postgres://db/council", redis_url="redis://here")
    assert read_settings({}, choices).workers == 2
