"""Pavilion mode: where this machine is reached, and whether a phone got through."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from server.service.clock import Clock
from server.service.hall.addresses import LanAddress, lan_addresses

# So long nobody is told that something may be wrong: phones have to be found and unlocked first.
PATIENCE_MS = 120_000
MOST_PHONES = 5_000


@dataclass(frozen=True, slots=True)
class Wifi:
    """The network phones are to join; an empty password means an open one."""

    name: str
    password: str


@dataclass(frozen=True, slots=True)
class HallState:
    """What the hall's page shows; ``address`` is None while this machine is in no network."""

    address: str | None
    network: str
    phones: int
    waited_ms: int

    @property
    def needs_help(self) -> bool:
        """Tell whether it is time to say what may keep phones away."""
        return self.phones == 0 and self.waited_ms >= PATIENCE_MS


class HallWatch:
    """Counts the machines that got through since this one has its present address; safe from any thread.

    ``chosen`` is the address the person at the terminal wants; when it is gone, the likeliest other is taken.
    """

    def __init__(
        self,
        clock: Clock,
        chosen: str | None = None,
        wifi: Wifi | None = None,
        addresses: Callable[[], Sequence[LanAddress]] = lan_addresses,
    ) -> None:
        self.wifi = wifi
        self._clock = clock
        self._chosen = chosen
        self._addresses = addresses
        self._lock = threading.Lock()
        self._seen: set[str] = set()
        self._since = clock()
        self._current = self._lan()

    def note(self, remote: str) -> None:
        """Take notice of a request's address."""
        if remote in self._seen or len(self._seen) >= MOST_PHONES or self.is_own(remote):
            return
        with self._lock:
            self._seen.add(remote)

    def is_own(self, remote: str) -> bool:
        """Tell whether an address is this machine's own."""
        bare = remote.removeprefix("::ffff:")
        return bare.startswith("127.") or bare in ("", "::1", *(lan.address for lan in self._addresses()))

    def look(self) -> HallState:
        """Return the present state; after a change of address the count begins anew."""
        lan = self._lan()
        with self._lock:
            if lan != self._current:
                self._current, self._since = lan, self._clock()
                self._seen.clear()
            waited = self._clock() - self._since
            return HallState(
                lan.address if lan else None, lan.network if lan else "", len(self._seen), max(0, waited)
            )

    def _lan(self) -> LanAddress | None:
        found = self._addresses()
        return next((lan for lan in found if lan.address == self._chosen), found[0] if found else None)
