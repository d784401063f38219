"""What Engine.IO's gevent driver is given instead of its own queue and thread, and the check that it may be.

Configuration, not a fork: the driver's table is private, so its shape and version are asserted at start.
"""

import inspect
import math
from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any, Final

import gevent
from engineio.packet import PING, Packet
from engineio.socket import Socket
from gevent.hub import get_hub

from server.live.websocket import LiveSocket

ENGINE_VERSION: Final = "4.15.1"
_DRIVER_KEYS = frozenset({"thread", "queue", "queue_empty", "event", "websocket", "sleep"})
_ENGINE_METHODS = ("_send_ping", "_websocket_handler", "close", "schedule_ping")


class DriverChanged(RuntimeError):
    """Engine.IO is not the one this driver was written against."""


def check_driver(driver: Mapping[str, Any]) -> None:
    """Raises DriverChanged unless Engine.IO and its private gevent table have the shape known here."""
    found = version("python-engineio")
    if found != ENGINE_VERSION:
        raise DriverChanged(f"python-engineio {found} instead of {ENGINE_VERSION}")
    if driver.keys() != _DRIVER_KEYS:
        raise DriverChanged(f"driver table has {sorted(driver)}")
    if list(inspect.signature(driver["websocket"]).parameters) != ["handler", "server"]:
        raise DriverChanged("the driver's WebSocket is made differently")
    if list(inspect.signature(driver["thread"]).parameters) != ["target", "args", "kwargs"]:
        raise DriverChanged("the driver's thread is made differently")
    if missing := [name for name in _ENGINE_METHODS if not callable(getattr(Socket, name, None))]:
        raise DriverChanged(f"Engine.IO's socket lacks {missing}")


class PacketQueue:
    """What Engine.IO takes for a phone's queue: packets leave in the order of `put`, at once.

    There is nothing for a writing greenlet to wait for, so there is none; PING comes through here too.
    """

    __slots__ = ("_early", "_link")

    def __init__(self) -> None:
        self._link: LiveSocket | None = None
        self._early: list[Packet] = []  # Engine.IO opens the session before the socket exists

    def put(self, packet: Packet | None) -> None:
        """Sends one packet; None says that the session is over."""
        if self._link is None:
            if packet is not None:
                self._early.append(packet)
        elif packet is None:
            self._link.close()
        else:
            self._link.send(packet.encode())

    def join(self) -> None:
        """Nothing ever waits here."""

    def lead_to(self, link: LiveSocket | None) -> None:
        """From now on packets go to `link`, first those that came early; None lets go of it."""
        self._link = link
        early, self._early = self._early, []
        for packet in early:
            self.put(packet)


class PingTask:
    """Engine.IO's wait before the next PING, and for its answer, as timers of the loop.

    Instead of a sleeping greenlet for every phone, and of the library's endless round over all of them, which took
    4 % of a hall of 5,000 and went by a clock that may be set.
    """

    __slots__ = ("_engine", "_timer")

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def start(self) -> None:
        """Sends one PING after the interval; who does not answer it in time is let go."""
        former: PingTask | None = getattr(self._engine, "ping_task", None)
        if former is not None:
            former.stop()
        self._engine.ping_task = self
        self._wait(self._engine.server.ping_interval, self._ping)

    def _wait(self, seconds: float, call: Callable[[], None]) -> None:
        loop: Any = get_hub().loop
        self._timer = loop.timer(seconds)
        self._timer.start(call)

    def _ping(self) -> None:
        self.stop()
        if not self._engine.closing:
            self._engine.last_ping = math.inf  # waited for; the library itself shall never find it late
            self._engine.queue.put(Packet(PING))
            self._wait(self._engine.server.ping_timeout, self._give_up)

    def _give_up(self) -> None:
        self.stop()
        engine = self._engine
        gevent.spawn(engine.close, wait=False, abort=False, reason=engine.server.reason.PING_TIMEOUT)

    def stop(self) -> None:
        """Waits no longer."""
        self._timer.close()


def background_task(target: Callable[..., Any], args: Any = (), kwargs: Any = None) -> Any:
    """What Engine.IO takes for its thread class: a PingTask where it would sleep, else a greenlet."""
    if getattr(target, "__func__", None) is Socket._send_ping:
        return PingTask(target.__self__)  # type: ignore[attr-defined]
    return gevent.Greenlet(target, *args, **(kwargs or {}))
