"""A hall and a phone in network namespaces of their own, and between them a line that loses and repeats packets.

The line is a program, not a queue of the kernel: two tunnel devices whose packets a thread carries over. So it works
on kernels without ``netem``, and a fault begins and ends at the very moment a test wants it to.
"""

import ctypes
import fcntl
import heapq
import itertools
import os
import random
import select
import shutil
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

HALL, PHONE = "10.99.0.1", "10.99.0.2"
PORT = 8000
_TUNSETIFF, _IFF_TUN, _IFF_NO_PI = 0x400454CA, 0x0001, 0x1000
_CLONE_NEWNET = 0x40000000
_LARGEST = 2048


@dataclass(frozen=True, slots=True)
class Weather:
    """What befalls packets: shares from 0 to 1, times in seconds, speed in bits a second (0: no limit)."""

    loss: float = 0.0
    delay: float = 0.0
    jitter: float = 0.0
    doubled: float = 0.0
    overtaking: float = 0.0
    speed: int = 0
    is_up_cut: bool = False  # from the phone to the hall
    is_down_cut: bool = False  # from the hall to the phone


FAIR = Weather()


class Line:
    """Carries packets between two tunnels until it is closed; ``weather`` may change at any time."""

    def __init__(self, hall: int, phone: int) -> None:
        self.weather = FAIR
        self.carried = self.lost = 0
        self._other = {hall: phone, phone: hall}
        self._hall = hall
        self._chance = random.Random(7)
        self._waiting: list[tuple[float, int, int, bytes]] = []
        self._free_at = {hall: 0.0, phone: 0.0}
        self._number = itertools.count()
        self._is_over = False
        self._thread = threading.Thread(target=self._carry, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._is_over = True
        self._thread.join(10)
        for descriptor in self._other:
            os.close(descriptor)

    def _carry(self) -> None:
        while not self._is_over:
            now = time.monotonic()
            wait = min(0.05, max(0.0, self._waiting[0][0] - now)) if self._waiting else 0.05
            for source in select.select(list(self._other), [], [], wait)[0]:
                self._take(source, os.read(source, _LARGEST))
            while self._waiting and self._waiting[0][0] <= time.monotonic():
                _, _, target, packet = heapq.heappop(self._waiting)
                os.write(target, packet)
                self.carried += 1

    def _take(self, source: int, packet: bytes) -> None:
        weather, chance, target = self.weather, self._chance, self._other[source]
        is_cut = weather.is_down_cut if source == self._hall else weather.is_up_cut
        if is_cut or chance.random() < weather.loss:
            self.lost += 1
            return
        due = time.monotonic() + max(0.0, weather.delay + chance.uniform(-weather.jitter, weather.jitter))
        if chance.random() < weather.overtaking:
            due = time.monotonic()
        if weather.speed:
            self._free_at[source] = max(due, self._free_at[source]) + len(packet) * 8 / weather.speed
            due = self._free_at[source]
        for _ in range(2 if chance.random() < weather.doubled else 1):
            heapq.heappush(self._waiting, (due, next(self._number), target, packet))


@dataclass(frozen=True, slots=True)
class FarNetwork:
    """The line and the names of the namespaces at its ends."""

    line: Line
    hall: str
    phone: str


@contextmanager
def far_network() -> Iterator[FarNetwork]:
    """Make both namespaces and the line between them; only root may, anybody else skips."""
    if os.geteuid() != 0 or not Path("/dev/net/tun").exists() or shutil.which("ip") is None:
        pytest.skip("network namespaces with tunnels need root, /dev/net/tun and the package iproute2")
    names = [f"{end}-{os.getpid()}" for end in ("hall", "phone")]
    with ExitStack() as stack:
        ends = []
        for name, own, other in zip(names, (HALL, PHONE), (PHONE, HALL), strict=True):
            try:
                _ip("netns", "add", name)
            except subprocess.CalledProcessError as error:
                pytest.skip(f"no network namespace can be made here: {error.stderr}")
            stack.callback(_ip, "netns", "delete", name)
            ends.append(_tunnel(name, own, other))
        line = Line(*ends)
        stack.callback(line.close)
        yield FarNetwork(line, *names)


def _tunnel(namespace: str, own: str, other: str) -> int:
    """A tunnel device at one end; returns the descriptor through which its packets come and go."""
    descriptor = os.open("/dev/net/tun", os.O_RDWR)
    fcntl.ioctl(descriptor, _TUNSETIFF, struct.pack("16sH", namespace.encode(), _IFF_TUN | _IFF_NO_PI))
    _ip("link", "set", namespace, "netns", namespace)
    inside = ("-n", namespace)
    _ip(*inside, "link", "set", "lo", "up")
    _ip(*inside, "address", "add", own, "peer", other, "dev", namespace)
    _ip(*inside, "link", "set", namespace, "mtu", "1400", "up")
    return descriptor


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


@contextmanager
def standing_in(namespace: str) -> Iterator[None]:
    """Let this thread open its sockets in a namespace."""
    libc = ctypes.CDLL(None, use_errno=True)
    before = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    try:
        assert libc.setns(there, _CLONE_NEWNET) == 0, os.strerror(ctypes.get_errno())
        yield
    finally:
        libc.setns(before, _CLONE_NEWNET)
        os.close(there)
        os.close(before)
