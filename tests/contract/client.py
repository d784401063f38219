"""A client written from CONTRACT.md alone: HTTP by the standard library, Socket.IO by hand over a WebSocket."""

import http.client
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlencode

import websocket

PROTOCOL = 1
Json = dict[str, Any]
_IDS = count(1)


def new_id() -> str:
    """A command id nobody used before in this run."""
    return f"id-{next(_IDS)}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What HTTP answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    cookies: Mapping[str, str]
    set_cookies: tuple[str, ...]

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class House:
    """The address of a running server."""

    port: int
    host: str = "127.0.0.1"

    @property
    def origin(self) -> str:
        return f"http://{self.host}:{self.port}"

    def ask(
        self,
        method: str,
        path: str,
        body: bytes = b"",
        cookies: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request on a connection of its own."""
        sent = dict(headers or {})
        if cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        connection = http.client.HTTPConnection(self.host, self.port, timeout=20)
        try:
            connection.request(method, path, body=body if method == "POST" else None, headers=sent)
            response = connection.getresponse()
            set_cookies = response.headers.get_all("Set-Cookie") or []
            pairs = (line.split(";")[0].split("=", 1) for line in set_cookies)
            headers = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, headers, response.read(), dict(pairs), tuple(set_cookies))
        finally:
            connection.close()

    def post_json(
        self, path: str, message: Any, cookies: Mapping[str, str] | None = None, **headers: str
    ) -> Answer:
        sent = {"Content-Type": "application/json"} | {n.replace("_", "-"): v for n, v in headers.items()}
        return self.ask("POST", path, json.dumps(message).encode(), cookies, sent)

    def post_form(
        self, path: str, fields: Mapping[str, str], cookies: Mapping[str, str] | None = None, **headers: str
    ) -> Answer:
        sent = {"Content-Type": "application/x-www-form-urlencoded"}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.ask("POST", path, urlencode(fields).encode(), cookies, sent)

    def enter(self, ticket: str) -> "Participant":
        """Redeem a ticket."""
        answer = self.post_json("/join", {"ticket": ticket})
        assert answer.status == 303, answer.text
        return Participant(self, dict(answer.cookies), answer.headers["location"])


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who is in, with cookies and the address of the live screen."""

    house: House
    cookies: dict[str, str]
    location: str
    opened: list["Socket"] = field(default_factory=list)

    def get(self, path: str) -> Answer:
        return self.house.ask("GET", path, cookies=self.cookies)

    def socket(self, **how: Any) -> "Socket":
        self.opened.append(Socket(self.house, {"sid": self.cookies["sid"]}, **how))
        return self.opened[-1]

    def show(self, meeting: str, screen: str) -> "Socket":
        """Open a socket and say hello; the screen's panels are then kept up to date by `until`."""
        answer = self.socket().hello(meeting, screen)
        assert answer["ok"], answer
        return self.opened[-1]

    def close(self) -> None:
        for socket in self.opened:
            socket.close()
        self.opened.clear()


class Refused(Exception):
    """The connect was refused; the argument is the server's message."""


@dataclass(slots=True)
class Socket:
    """One WebSocket: Engine.IO 4, Socket.IO 5, namespace /live. It keeps the screen by the contract's rule."""

    house: House
    cookies: Mapping[str, str] = field(default_factory=dict)
    origin: str | None = ""
    version: int = -1
    panels: Json = field(default_factory=dict)
    heard: list[tuple[str, Any]] = field(default_factory=list)
    wire: Any = None
    patience: float = 10
    _acks: Json = field(default_factory=dict)
    _numbers: Any = field(default_factory=count)

    def __post_init__(self) -> None:
        """Shake hands; Refused when the namespace does not let us in."""
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        self.wire = websocket.create_connection(
            f"ws://{self.house.host}:{self.house.port}/socket.io/?EIO=4&transport=websocket",
            timeout=self.patience,
            origin=self.house.origin if self.origin == "" else self.origin,
            suppress_origin=self.origin is None,
            cookie=cookie or None,
        )
        try:
            assert self.wire.recv().startswith("0{")
            self.wire.send("40/live,")
            answer = self._packet()
            if answer.startswith("44/live,"):
                raise Refused(json.loads(answer.removeprefix("44/live,"))["message"])
            assert answer.startswith("40/live,"), answer
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Hang up, without the ceremony of a closing handshake."""
        self.wire.shutdown()

    def emit(self, event: str, *data: Any) -> int:
        """Send an event that wants an answer; returns its number."""
        number: int = next(self._numbers)
        body = json.dumps([event, *data], ensure_ascii=False)
        self.wire.send(f"42/live,{number}{body}")
        return number

    def call(self, event: str, *data: Any) -> Any:
        """Send an event and wait for its answer."""
        return self.answer_to(self.emit(event, *data))

    def answer_to(self, number: int) -> Any:
        until = time.monotonic() + 10
        while str(number) not in self._acks:
            assert time.monotonic() < until, "no answer"
            self._take(self._packet())
        return self._acks.pop(str(number))

    def hello(self, meeting: str, screen: str, **more: Any) -> Json:
        answer: Json = self.call("hello", {"protocol": PROTOCOL, "meeting": meeting, "screen": screen} | more)
        if answer["ok"]:
            self.version, self.panels = answer["version"], answer["panels"]
        return answer

    def send(self, name: str, data: Json | None = None, command_id: str | None = None) -> Json:
        """Send a command and return its answer; a tap too fast is repeated a little later, as a phone would."""
        envelope = {"id": command_id or new_id(), "name": name, "data": data if data is not None else {}}
        answer: Json = self.call("command", envelope)
        while not answer["ok"] and answer["refusal"]["code"] == "TOO_OFTEN":
            time.sleep(0.3)
            answer = self.call("command", envelope)
        return answer

    def do(self, name: str, data: Json | None = None) -> int:
        """Send a command that has to be granted; returns the version."""
        answer = self.send(name, data)
        assert answer["ok"] is True, (name, answer)
        assert set(answer) == {"ok", "version"}
        version: int = answer["version"]
        return version

    def refused(self, name: str, data: Json | None = None) -> str:
        """Send a command that has to be refused; returns the code."""
        return refusal_of(self.send(name, data))

    def until(self, met: Callable[[Json], Any], seconds: float = 8) -> Json:
        """Listen until the panels are as wanted."""
        end = time.monotonic() + seconds
        while not met(self.panels):
            left = end - time.monotonic()
            assert left > 0, self.panels
            self.listen(left)
        return self.panels

    def until_version(self, version: int) -> Json:
        return self.until(lambda panels: self.version >= version)

    def is_ended(self, seconds: float = 5) -> bool:
        """Listen until the server has ended the connection."""
        try:
            while self.listen(seconds):
                pass
        except (ConnectionError, websocket.WebSocketException):
            return True
        return False

    def listen(self, seconds: float) -> bool:
        """Take in one message, if one comes in time."""
        self.wire.settimeout(max(seconds, 0.01))
        try:
            self._take(self._packet())
        except websocket.WebSocketTimeoutException:
            return False
        finally:
            self.wire.settimeout(10)
        return True

    def _packet(self) -> str:
        while True:
            packet = self.wire.recv()
            if packet in ("", "1"):
                raise ConnectionError("the server ended the connection")
            if packet == "2":
                self.wire.send("3")
                continue
            return str(packet)

    def _take(self, packet: str) -> None:
        if packet.startswith("43/live,"):
            number, _, body = packet.removeprefix("43/live,").partition("[")
            self._acks[number] = json.loads("[" + body)[0]
            return
        assert packet.startswith("42/live,"), packet
        event, message = json.loads(packet.removeprefix("42/live,"))
        self.heard.append((event, message))
        if event == "changes":
            assert message["since"] <= self.version, "a gap"
            if message["version"] > self.version:
                self.version = message["version"]
                self.panels |= message["panels"]
        elif event == "mine":
            self.panels |= message["panels"]
        elif event == "snapshot":
            self.version, self.panels = message["version"], message["panels"]


def refusal_of(answer: Json) -> str:
    """The code of a refusal in the contract's shape."""
    assert answer["ok"] is False, answer
    assert set(answer) == {"ok", "refusal"}
    refusal = answer["refusal"]
    assert set(refusal) == {"code", "facts", "sentence"}
    assert isinstance(refusal["facts"], dict)
    assert any("\u4e00" <= char <= "\u9fff" for char in refusal["sentence"]), refusal
    assert "{" not in refusal["sentence"], refusal
    code: str = refusal["code"]
    return code
