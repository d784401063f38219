"""F12: whatever becomes of Redis, votes commit, screens heal within the second, nobody is logged out."""

import signal
from collections.abc import Callable, Iterator

import pytest

from tests.contract.hall import Hall
from tests.contract.server import RunningServer
from tests.workers.cluster import PASSWORD, Cluster, Valkey, show_on, workers_of
from tests.workers.steadfast import Assembly, figures

VOTERS = 24


def restart(valkey: Valkey) -> None:
    valkey.stop()
    valkey.start()


def freeze(valkey: Valkey) -> None:
    valkey.process.send_signal(signal.SIGSTOP)


def thaw(valkey: Valkey) -> None:
    valkey.process.send_signal(signal.SIGCONT)


def shut_out(valkey: Valkey) -> None:
    valkey.stop()
    valkey.start("another-password")


def flush(valkey: Valkey) -> None:
    with valkey.client() as client:
        client.flushall()


def fill(valkey: Valkey) -> None:
    with valkey.client() as client:
        client.config_set("maxmemory", "1")


def empty(valkey: Valkey) -> None:
    with valkey.client() as client:
        client.config_set("maxmemory", "0")


def nothing(valkey: Valkey) -> None:
    """The fault has ended by itself."""


FAULTS: dict[str, tuple[Callable[[Valkey], None], Callable[[Valkey], None]]] = {
    "restarted": (restart, nothing),
    "killed": (Valkey.stop, Valkey.start),
    "frozen": (freeze, thaw),
    "flushed": (flush, nothing),
    "full": (fill, empty),
    "wrong password": (shut_out, restart),
}


@pytest.fixture(scope="module")
def assembly(cluster: Cluster) -> Iterator[Assembly]:
    ours = Assembly(cluster, cluster.running().house, VOTERS)
    assert len(ours.spread()) == 2
    yield ours
    print(ours.spread())
    ours.close()
    print(f"with Redis in trouble, the projectors caught up: {figures(ours.healed)}")


@pytest.mark.rule("S12")
@pytest.mark.parametrize("name", FAULTS)
def test_votes_commit_and_screens_heal(
    cluster: Cluster, assembly: Assembly, name: str, cycles: Callable[[int, int], int]
) -> None:
    begin, end = FAULTS[name]
    for _ in range(cycles(2, 50)):
        assembly.round(lambda: begin(cluster.valkey), lambda: end(cluster.valkey))
    assert max(assembly.healed) < 5
    assert all(phone.dials == 1 for phone in assembly.phones), "a phone lost its connection"


def test_workers_that_take_turns_miss_nothing_of_each_other(
    cluster: Cluster, server: RunningServer, hall: Hall
) -> None:
    """Without a word between them: a commit of one's own must not hide that another's came before it."""
    workers = workers_of(server)
    poll = hall.poll(*range(30))
    projectors = [
        show_on(worker, workers, hall.participant("observer"), hall.id, "projector") for worker in workers
    ]
    phones = [
        show_on(workers[seat % 2], workers, hall.participant(seat), hall.id, "phone") for seat in range(8)
    ]
    cluster.valkey.stop()
    try:
        for seat, phone in enumerate(phones):
            assert phone.send("ballot.cast", {"poll": poll, "choice": "for", "nonce": f"t{seat}"})["ok"]
        for projector in projectors:
            projector.until(lambda panels: panels["poll"]["cast"] == 8, 5)
    finally:
        cluster.valkey.start(PASSWORD)


def test_a_replaced_session_ends_without_redis(cluster: Cluster, server: RunningServer, hall: Hall) -> None:
    first, second = workers_of(server)
    phones = [
        show_on(worker, (first, second), hall.participant(0), hall.id, "phone") for worker in (first, second)
    ]
    cluster.valkey.stop()
    try:
        server.house.enter(hall.seats[0]["ticket"])
        assert all(phone.is_ended(4) for phone in phones)
        assert all(("retired", {"reason": "replaced"}) in phone.heard for phone in phones)
    finally:
        cluster.valkey.start(PASSWORD)
