"""The relay again, on our own socket driver: what the driver costs without the product's rules and screens.

Same protocol, same store, same group commit as `relay/relay.mjs`; one native writer thread.
"""

import argparse
import sqlite3
import threading
from functools import partial
from typing import Any

import gevent
from flask import Flask

from server.live.packets import PendingReply, dumps
from server.live.serving import serve
from server.live.socket_server import (
    acknowledge,
    at_end_of_turn,
    broadcast,
    close_all,
    create_socket_server,
    framed,
)
from server.live.wakeup import LoopPost

COALESCE_SECONDS = 0.1
SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
  seq INTEGER PRIMARY KEY, command TEXT UNIQUE, name TEXT NOT NULL, data TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS ballot (
  poll TEXT, seat TEXT, choice TEXT NOT NULL, nonce TEXT NOT NULL, PRIMARY KEY (poll, seat)
);
"""


class Relay:
    """Stores every command, acknowledges it after its commit and shows the change to everybody."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.options = options
        self.sids: set[str] = set()
        self.waiting: list[tuple[PendingReply, dict[str, Any]]] = []
        self.turn: list[tuple[PendingReply, dict[str, Any]]] = []
        self.has_work = threading.Condition()
        self.revision = 0
        self.polls = 0
        self.poll: dict[str, Any] | None = None
        self.motion: str | None = None
        self.is_showing = False
        self.shown_at = 0.0

    def open(self, app: Flask) -> Any:
        live: Any = create_socket_server(app, allowed_origins={f"http://127.0.0.1:{self.options.port}"})
        self.server = live.server
        self.post = LoopPost()
        self.server.on("connect", self._connect, namespace="/live")
        self.server.on("disconnect", lambda sid, reason: self.sids.discard(sid), namespace="/live")
        self.server.on("hello", self._hello, namespace="/live")
        self.server.on("command", self._command, namespace="/live")
        threading.Thread(target=self._write, daemon=True).start()
        return self.server

    def _connect(self, sid: str, environ: dict[str, Any], auth: Any) -> None:
        self.sids.add(sid)

    def _hello(self, sid: str, asked: Any) -> dict[str, Any]:
        return {
            "ok": True,
            "version": self.revision,
            "now": 0,
            "panels": self._panels(self.options.hello_bytes),
        }

    def _command(self, sid: str, asked: dict[str, Any]) -> PendingReply:
        reply = PendingReply(sid)
        if not self.turn:
            at_end_of_turn(self.server, self._hand_over)
        self.turn.append((reply, asked))
        return reply

    def _hand_over(self) -> None:
        """Wakes the writer once per turn of the loop, with all that came in it."""
        turn, self.turn = self.turn, []
        with self.has_work:
            self.waiting += turn
            self.has_work.notify()

    def _panels(self, size: int) -> dict[str, Any]:
        shown: dict[str, Any] = {"poll": self.poll, "motion": self.motion}
        missing = size - len(dumps(shown)) - 90
        return {**shown, "fill": "x" * missing} if missing > 0 else shown

    def _write(self) -> None:
        database = sqlite3.connect(self.options.database, isolation_level=None)
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = FULL")
        database.executescript(SCHEMA)
        while True:
            with self.has_work:
                self.has_work.wait_for(lambda: self.waiting)
                batch, self.waiting = self.waiting, []
            database.execute("BEGIN IMMEDIATE")
            for reply, asked in batch:
                self._store(database, reply.sid, asked)
            database.execute("COMMIT")
            self.post.post(partial(self._committed, batch))

    def _store(self, database: sqlite3.Connection, seat: str, asked: dict[str, Any]) -> None:
        name, data = asked["name"], asked["data"]
        if name == "ballot.cast":
            row: tuple[str, ...] = (data["poll"], seat, data["choice"], data["nonce"])
            database.execute("INSERT INTO ballot (poll, seat, choice, nonce) VALUES (?, ?, ?, ?)", row)
        else:
            row = (asked["id"], name, dumps(data))
            database.execute("INSERT INTO log (command, name, data) VALUES (?, ?, ?)", row)

    def _committed(self, batch: list[tuple[PendingReply, dict[str, Any]]]) -> None:
        self.revision += 1
        for reply, asked in batch:
            self._take(asked["name"], asked["data"])
            acknowledge(self.server, reply, {"ok": True, "version": self.revision})
        if not self.is_showing:
            self.is_showing = True
            loop: Any = gevent.get_hub().loop
            wait = self.shown_at + COALESCE_SECONDS - loop.now()
            gevent.spawn_later(max(0.0, wait), self._show) if wait > 0 else self._show()

    def _take(self, name: str, data: dict[str, Any]) -> None:
        if name == "ballot.cast" and self.poll is not None:
            self.poll["cast"] += 1
        elif name == "poll.open":
            self.polls += 1
            self.poll = {"id": f"relay-{self.polls}", "state": "open", "text": data["text"], "cast": 0}
        elif name == "poll.close" and self.poll is not None:
            self.poll["state"] = "closed"
        elif name == "motion.word":
            self.motion = data["text"]

    def _show(self) -> None:
        self.is_showing = False
        loop: Any = gevent.get_hub().loop
        self.shown_at = loop.now()
        is_open = self.poll is not None and self.poll["state"] == "open"
        change = {
            "since": self.revision - 1,
            "version": self.revision,
            "now": 0,
            "panels": self._panels(self.options.poll_bytes if is_open else self.options.event_bytes),
        }
        broadcast(self.server, self.sids, framed("changes", change))


def main() -> None:
    """Serves until told to stop."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--database", required=True)
    parser.add_argument("--event-bytes", type=int, default=400)
    parser.add_argument("--poll-bytes", type=int, default=700)
    parser.add_argument("--hello-bytes", type=int, default=3000)
    options = parser.parse_args()
    app = Flask("relay")
    server = Relay(options).open(app)
    serve(
        app.wsgi_app,
        "127.0.0.1",
        options.port,
        ready=lambda: print("ready", flush=True),
        stopping=lambda: close_all(server),
    )


if __name__ == "__main__":
    main()
