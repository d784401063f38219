"""How often an address may try in vain: counted in memory, in windows, per worker (S71, S73)."""

import threading
from dataclasses import dataclass, field
from ipaddress import ip_address

MOST_KEYS = 20_000


@dataclass(slots=True)
class Allowance:
    """At most ``most`` counts per key in a window of ``window_ms``; safe from many native threads."""

    most: int
    window_ms: int
    _counts: dict[str, tuple[int, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def count(self, key: str, now: int) -> bool:
        """Count one more and tell whether it is still allowed."""
        window = now // self.window_ms
        with self._lock:
            begun, used = self._counts.get(key, (window, 0))
            used = used + 1 if begun == window else 1
            if len(self._counts) >= MOST_KEYS:
                # Old windows go first; a flood of addresses within one window starts the count afresh.
                self._counts = {k: v for k, v in self._counts.items() if v[0] == window}
                if len(self._counts) >= MOST_KEYS:
                    self._counts.clear()
            self._counts[key] = (window, used)
            return used <= self.most

    def is_used_up(self, key: str, now: int) -> bool:
        """Tell whether nothing is left, without counting."""
        with self._lock:
            begun, used = self._counts.get(key, (-1, 0))
        return begun == now // self.window_ms and used >= self.most


def address_prefix(address: str | None) -> str:
    """Return what one household or hall shares: the IPv4 address, the first 64 bits of an IPv6 one."""
    try:
        known = ip_address(address or "")
    except ValueError:
        return "unknown"
    if known.version == 4:
        return str(known)
    return known.exploded[:19]
