"""This machine's addresses in its networks, asked of the system; nothing is sent."""

import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path

import psutil

# Bridges, tunnels and the inner ends of containers and virtual machines: no phone is there.
_INNER = (
    "lo", "docker", "br-", "veth", "virbr", "vmnet", "vboxnet", "lxc", "lxd", "podman", "cni", "flannel", "cali",
    "kube", "tun", "tap", "utun", "wg", "zt", "tailscale", "ppp", "ipsec", "awdl", "llw", "vEthernet", "dummy",
)  # fmt: skip
_HOME = tuple(map(IPv4Network, ("192.168.0.0/16", "10.0.0.0/8", "172.16.0.0/12")))
_NOWHERE = tuple(map(IPv4Network, ("127.0.0.0/8", "169.254.0.0/16", "0.0.0.0/8")))


@dataclass(frozen=True, slots=True)
class LanAddress:
    """An IPv4 address of this machine; ``network`` is what its phones share with it, such as 192.168.1.0/24."""

    interface: str
    address: str
    network: str
    is_wireless: bool


def lan_addresses() -> list[LanAddress]:
    """Return the addresses a phone may reach this machine at, the likeliest first; asked anew every two seconds."""
    return list(_asked(int(time.monotonic() / 2)))


@lru_cache(maxsize=1)
def _asked(tick: int) -> tuple[LanAddress, ...]:
    """Ask the system. Kept for one ``tick``: a whole hall's handshakes compare with the addresses."""
    stats = psutil.net_if_stats()
    up = {name for name, state in stats.items() if state.isup}
    found = psutil.net_if_addrs()
    return tuple(ranked(up, {n: [a for a in of if a.family == socket.AF_INET] for n, of in found.items()}))


def ranked(up: set[str], found: Mapping[str, Sequence[object]]) -> list[LanAddress]:
    """Return the addresses of interfaces that are up, wireless first, then by how homely their range is (RFC 1918)."""
    known = []
    for name in sorted(up & set(found)):
        if name.startswith(_INNER):
            continue
        for entry in found[name]:
            address, mask = str(getattr(entry, "address", "")), str(getattr(entry, "netmask", "") or "")
            if any(IPv4Address(address) in nowhere for nowhere in _NOWHERE):
                continue
            network = str(IPv4Network(f"{address}/{mask or 32}", strict=False))
            known.append(LanAddress(name, address, network, _is_wireless(name)))
    return sorted(
        known, key=lambda lan: (_rank(lan.address), not lan.is_wireless, lan.interface, lan.address)
    )


def _rank(address: str) -> int:
    """Return 0 for a private range and 1 for any other: a public address is rarely where the phones are."""
    return 0 if any(IPv4Address(address) in home for home in _HOME) else 1


def _is_wireless(name: str) -> bool:
    return Path(f"/sys/class/net/{name}/wireless").exists() or name.startswith(("wl", "ap"))
