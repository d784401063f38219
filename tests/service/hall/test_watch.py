"""Whether a phone got through, since this machine has its present address."""

from server.service.hall.addresses import LanAddress
from server.service.hall.watch import PATIENCE_MS, HallWatch
from tests.pages.house import Clock

HOME = LanAddress("wlan0", "192.168.1.7", "192.168.1.0/24", True)
WIRE = LanAddress("eth0", "10.0.0.4", "10.0.0.0/24", False)
NOW = 1_775_610_000_000


def test_phones_are_counted_and_this_machine_is_not() -> None:
    watch = HallWatch(Clock(NOW), addresses=lambda: [HOME])
    for remote in ("127.0.0.1", "::1", "192.168.1.7", "::ffff:127.0.0.1", ""):
        watch.note(remote)
    assert watch.look().phones == 0
    for remote in ("192.168.1.20", "192.168.1.21", "192.168.1.20"):
        watch.note(remote)
    assert (watch.look().phones, watch.look().address) == (2, HOME.address)


def test_help_comes_after_two_minutes_without_a_phone() -> None:
    clock = Clock(NOW)
    watch = HallWatch(clock, addresses=lambda: [HOME])
    clock.now += PATIENCE_MS - 1
    assert not watch.look().needs_help
    clock.now += 1
    assert watch.look().needs_help
    watch.note("192.168.1.20")
    assert not watch.look().needs_help


def test_a_new_address_begins_anew() -> None:
    clock, found = Clock(NOW), [HOME]
    watch = HallWatch(clock, addresses=lambda: list(found))
    watch.note("192.168.1.20")
    clock.now += PATIENCE_MS
    found[:] = [WIRE]
    state = watch.look()
    assert (state.address, state.phones, state.waited_ms) == (WIRE.address, 0, 0)
    found.clear()
    assert watch.look().address is None


def test_the_chosen_address_is_kept_while_the_machine_has_it() -> None:
    found = [HOME, WIRE]
    watch = HallWatch(Clock(NOW), chosen=WIRE.address, addresses=lambda: list(found))
    assert watch.look().address == WIRE.address
    found.remove(WIRE)
    assert watch.look().address == HOME.address
