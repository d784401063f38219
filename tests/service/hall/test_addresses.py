"""Of all a machine's addresses, the one phones can reach comes first."""

from types import SimpleNamespace

import pytest

from server.service.hall.addresses import lan_addresses, ranked


def net(address: str, mask: str | None = "255.255.255.0") -> SimpleNamespace:
    return SimpleNamespace(address=address, netmask=mask)


MACHINES = {
    "a laptop with Docker": ({"docker0": ["172.17.0.1"], "wlp2s0": ["192.168.1.7"]}, "192.168.1.7"),
    "wire and Wi-Fi": ({"enp3s0": ["192.168.0.9"], "wlp2s0": ["192.168.1.7"]}, "192.168.1.7"),
    "a public address and its own hotspot": ({"eth0": ["203.0.113.5"], "ap0": ["10.42.0.1"]}, "10.42.0.1"),
    "a tunnel to the office": ({"tun0": ["10.8.0.2"], "eth0": ["172.20.4.3"]}, "172.20.4.3"),
    "a bridge of containers": ({"br-3f2a": ["192.168.5.1"], "eth0": ["10.0.0.4"]}, "10.0.0.4"),
    "no address was given": ({"wlan0": ["169.254.3.4"]}, None),
    "only itself": ({"lo": ["127.0.0.1"]}, None),
    "only a public one": ({"eth0": ["203.0.113.5"]}, "203.0.113.5"),
}  # fmt: skip


@pytest.mark.parametrize("machine", MACHINES)
def test_the_address_phones_can_reach_comes_first(machine: str) -> None:
    interfaces, expected = MACHINES[machine]
    found = ranked(set(interfaces), {name: [net(a) for a in given] for name, given in interfaces.items()})
    assert (found[0].address if found else None) == expected


def test_an_interface_that_is_down_has_no_address() -> None:
    assert ranked({"eth0"}, {"eth0": [], "wlan0": [net("192.168.1.7")]}) == []


def test_the_network_is_told_as_people_compare_it() -> None:
    [found] = ranked({"wlan0"}, {"wlan0": [net("192.168.1.7")]})
    assert (found.network, found.is_wireless) == ("192.168.1.0/24", True)
    [narrow] = ranked({"eth0"}, {"eth0": [net("10.1.2.3", None)]})
    assert narrow.network == "10.1.2.3/32"


def test_this_machine_can_be_asked() -> None:
    assert all(found.interface and found.address for found in lan_addresses())
