"""Ports for the servers of the tests."""

import random
import socket
from pathlib import Path

_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")


def free_port() -> int:
    """A port of loopback that nobody holds, and that no outgoing connection is given before we bind it.

    The kernel hands out ports from its own range to every connection, so a port found there by binding to 0
    may be taken by a phone of the next test before the server it was meant for has started.
    """
    first_of_kernel = int(_RANGE.read_text(encoding="ascii").split()[0])
    while True:
        port = random.randrange(10_000, first_of_kernel)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
