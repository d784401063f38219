"""A pavilion of network namespaces: a laptop and a phone on one wire, no route to anywhere else."""

import ctypes
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_NETWORK = 0x40000000  # CLONE_NEWNET


def may_build() -> str:
    """Return why no pavilion can be built here; empty when it can."""
    if os.geteuid() != 0:
        return "network namespaces need root"
    probe = subprocess.run(["ip", "netns", "add", f"try-{os.getpid()}"], capture_output=True, check=False)
    if probe.returncode != 0:
        return f"no network namespaces here: {probe.stderr.decode().strip()}"
    run("ip", "netns", "del", f"try-{os.getpid()}")
    return ""


def run(*command: str) -> None:
    """Run a program that has to succeed."""
    subprocess.run(command, check=True, capture_output=True)


class Pavilion:
    """Two namespaces joined by a pair of interfaces called wlan0; the laptop has Docker's bridge too."""

    def __init__(self) -> None:
        self.laptop, self.phone = f"laptop-{os.getpid()}", f"phone-{os.getpid()}"

    def build(self, address: str, phone: str) -> None:
        """Make both, with these addresses in a network of 256."""
        for name in (self.laptop, self.phone):
            run("ip", "netns", "add", name)
            run("ip", "-n", name, "link", "set", "lo", "up")
        joined = ("type", "veth", "peer", "name", "wlan0", "netns", self.phone)
        run("ip", "link", "add", "wlan0", "netns", self.laptop, *joined)
        run("ip", "-n", self.laptop, "link", "add", "docker0", "type", "veth", "peer", "name", "veth0")
        run("ip", "-n", self.laptop, "addr", "add", "172.17.0.1/16", "dev", "docker0")
        run("ip", "-n", self.laptop, "link", "set", "docker0", "up")
        self.move(address, phone)

    def move(self, address: str, phone: str) -> None:
        """Give both sides other addresses, as another router would."""
        for name, given in ((self.laptop, address), (self.phone, phone)):
            run("ip", "-n", name, "addr", "flush", "dev", "wlan0")
            run("ip", "-n", name, "addr", "add", f"{given}/24", "dev", "wlan0")
            run("ip", "-n", name, "link", "set", "wlan0", "up")

    def tear_down(self) -> None:
        """Take both away; the interfaces go with them."""
        for name in (self.laptop, self.phone):
            subprocess.run(["ip", "netns", "del", name], capture_output=True, check=False)


@contextmanager
def standing(address: str, phone: str) -> Iterator[Pavilion]:
    """Have a pavilion with these addresses for as long as the block runs; skips the test where none can be built."""
    reason = may_build()
    if reason:
        pytest.skip(reason)
    built = Pavilion()
    try:
        built.build(address, phone)
        yield built
    finally:
        built.tear_down()


@contextmanager
def inside(name: str) -> Iterator[None]:
    """Be in a namespace: sockets and processes made in the block stay in it."""
    home = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
    there = os.open(Path("/run/netns") / name, os.O_RDONLY)
    enter = ctypes.CDLL(None, use_errno=True).setns
    try:
        assert enter(there, _NETWORK) == 0, os.strerror(ctypes.get_errno())
        yield
    finally:
        assert enter(home, _NETWORK) == 0, os.strerror(ctypes.get_errno())
        os.close(home)
        os.close(there)


def tries_to_leave() -> int:
    """Return how many packets of this namespace found no way out: somebody wanted to talk to the Internet."""
    names, values = Path("/proc/thread-self/net/snmp").read_text("ascii").splitlines()[:2]
    return int(dict(zip(names.split(), values.split(), strict=True))["OutNoRoutes"])
