"""The web server of one worker: gevent's, unpatched, bounded in time, quiet in its logs."""

import contextlib
import gc
import resource
import signal
import socket
import sys
from collections.abc import Callable
from typing import Any, ClassVar, Final

import gevent
from gevent import socket as loop_socket
from gevent.event import Event
from gevent.pool import Pool
from gevent.pywsgi import WSGIHandler, WSGIServer

BACKLOG: Final = 4096
HEAD_SECONDS: Final = 20
STOP_SECONDS: Final = 5.0
_SPARE_DESCRIPTORS = 256


class HallHandler(WSGIHandler):
    """gevent's handler with a deadline for the request's head, which also ends idle connections.

    Subclassed because the server takes its handler as a class.
    """

    _deadline: gevent.Timeout | None = None
    # Connections between two requests, of this process: they need not be waited for at the end.
    idle: ClassVar[set[Any]] = set()

    def handle_one_request(self) -> Any:
        """One request of a connection; a head that is not complete after HEAD_SECONDS ends it."""
        self._deadline = gevent.Timeout.start_new(HEAD_SECONDS)
        self.idle.add(gevent.getcurrent())
        try:
            return super().handle_one_request()
        except gevent.Timeout as late:
            if late is not self._deadline:
                raise
            return None
        finally:
            self._deadline.close()
            self.idle.discard(gevent.getcurrent())

    def get_environ(self) -> dict[str, Any]:
        """The head is complete: what follows has its own limits."""
        self.idle.discard(gevent.getcurrent())
        if self._deadline is not None:
            self._deadline.close()
        environ: dict[str, Any] = super().get_environ()
        return environ

    def handle(self) -> None:
        """All requests of a connection; one that its sender tore down just ends, wherever that is noticed."""
        with contextlib.suppress(ConnectionError):
            super().handle()

    def read_request(self, raw_requestline: str) -> Any:
        """Reads the head; a connection reset in the middle of it deserves neither an answer nor a trace."""
        try:
            return super().read_request(raw_requestline)
        except ConnectionError as gone:
            raise ValueError("the sender is gone") from gone

    def log_error(self, msg: str, *args: Any) -> None:
        """Says nothing: malformed requests are the sender's matter and may hold tickets or names."""


def listen(host: str, port: int, *, reuse_port: bool = False) -> Any:
    """A listening socket with room for a whole hall arriving at once; OSError when the address is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = loop_socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if reuse_port:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        listener.bind((host, port))
        listener.listen(BACKLOG)
    except OSError:
        listener.close()
        raise
    return listener


def serve(
    wsgi_app: Callable[..., Any],
    host: str,
    port: int,
    *,
    ready: Callable[[], None],
    stopping: Callable[[], None] = lambda: None,
    reuse_port: bool = False,
) -> None:
    """Serves until SIGTERM or SIGINT, then returns; `ready` runs once the address answers.

    `stopping` runs in the loop when no new connection is taken any more: say goodbye to live sockets there.
    Requests still running get STOP_SECONDS. Raises OSError when the address cannot be had.
    """
    listener = listen(host, port, reuse_port=reuse_port)
    server = WSGIServer(
        listener,
        wsgi_app,
        spawn=Pool(_raise_descriptor_limit()),
        log=None,
        error_log=None,
        environ={"wsgi.errors": sys.stderr, "wsgi.multithread": True, "SERVER_NAME": host},
        handler_class=HallHandler,
    )
    stop = Event()
    watchers = [gevent.signal_handler(number, stop.set) for number in (signal.SIGTERM, signal.SIGINT)]
    server.start()
    try:
        _settle_collector()
        ready()
        stop.wait()
    finally:
        server.close()
        stopping()
        gevent.killall(list(HallHandler.idle))
        server.stop(timeout=STOP_SECONDS)
        for watcher in watchers:
            watcher.cancel()


def _settle_collector() -> None:
    """What start-up made stays; thousands of phones must not make the collector walk it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 50)


def _raise_descriptor_limit() -> int:
    """Takes all descriptors this process may have and returns how many connections that allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = 65_536 if hard == resource.RLIM_INFINITY else hard
    if soft < wanted:
        try:
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
            soft = wanted
        except (OSError, ValueError):
            pass
    return max(64, soft - _SPARE_DESCRIPTORS)
