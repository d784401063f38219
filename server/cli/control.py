"""How a command asks a running server: one JSON line through a socket file in the data folder, one line back."""

import json
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import gevent
from gevent import socket as loop_socket
from gevent.server import StreamServer

from server.app import Application
from server.cli.acts import ACTS

LONGEST_LINE = 65_536


class NoServer(Exception):
    """No server holds this data folder."""


def listen_for_commands(application: Application, path: Path) -> StreamServer:
    """Answer commands of this machine's owner; the socket file is readable by the owner alone."""
    path.unlink(missing_ok=True)
    listener = loop_socket.socket(loop_socket.AF_UNIX, loop_socket.SOCK_STREAM)
    listener.bind(str(path))
    path.chmod(0o600)
    listener.listen(8)

    def answer(connection: Any, _: Any) -> None:
        with connection.makefile("rwb") as stream:
            try:
                wish = json.loads(stream.readline(LONGEST_LINE))
            except ValueError:  # somebody only looked whether we are there
                return
            result = gevent.get_hub().threadpool.apply(carry_out, (application, wish))
            stream.write(json.dumps(result, ensure_ascii=False).encode() + b"\n")

    server = StreamServer(listener, answer)
    server.start()
    return server


def carry_out(application: Application, wish: Mapping[str, Any]) -> dict[str, Any]:
    """Carry out one act by name on a native thread; what goes wrong comes back as a sentence."""
    act: Callable[..., dict[str, Any]] | None = ACTS.get(str(wish.get("act")))
    if act is None:
        return {"error": "这个命令服务器不认识。"}
    try:
        return act(application.services, **wish.get("with", {}))
    except Exception as error:
        return {"error": f"没有做成（{type(error).__name__}）：{error}"}


def ask_server(data: Path, act: str, **arguments: Any) -> dict[str, Any]:
    """Ask the server that holds a data folder, of several workers the first that is there; NoServer without one."""
    with _reach(data) as connection, connection.makefile("rwb") as stream:
        stream.write(json.dumps({"act": act, "with": arguments}).encode() + b"\n")
        stream.flush()
        answer: dict[str, Any] = json.loads(stream.readline())
    return answer


def _reach(data: Path) -> socket.socket:
    for path in sorted(data.glob("control*")):
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.connect(str(path))
        except OSError:  # left behind by a worker that is gone
            connection.close()
        else:
            return connection
    raise NoServer
