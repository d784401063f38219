"""F8, F9, F14, F18: one ballot on two workers at once, workers killed and stopped in the middle of a vote."""

import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from typing import Any

import pytest

from tests.contract.client import Json, Socket, new_id
from tests.contract.hall import Hall
from tests.contract.server import RunningServer
from tests.workers.cluster import Cluster, show_on, workers_of
from tests.workers.steadfast import Assembly
from tests.workers.test_supervisor import until

VOTERS = 24
PAIR = 20


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Run acts in threads of their own behind one barrier; returns what they returned."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int) -> None:
        barrier.wait(10)
        results[place] = acts[place]()

    threads = [threading.Thread(target=run, args=(place,)) for place in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


def on_both(hall: Hall, workers: Sequence[int], seat: int) -> list[Socket]:
    """Two screens of one phone's session, one on each worker."""
    return [show_on(worker, workers, hall.participant(seat), hall.id, "phone") for worker in workers]


def ballot(poll: str, choice: str, nonce: str) -> Json:
    return {"poll": poll, "choice": choice, "nonce": nonce}


def test_one_ballot_on_two_workers_at_once_is_one_record(
    cluster: Cluster, server: RunningServer, hall: Hall, cycles: Callable[[int, int], int]
) -> None:
    """F8: the same id through two sockets and over HTTP; equal receipts."""
    workers = workers_of(server)
    hall.begin(*range(30))
    pairs = [on_both(hall, workers, seat) for seat in range(PAIR)]
    for _ in range(cycles(100, 1000) // PAIR):
        poll = hall.ask(hall.item(0))
        for seat, (one, other) in enumerate(pairs):
            message = {"id": new_id(), "name": "ballot.cast", "data": ballot(poll, "for", f"{poll}.{seat}")}
            person = hall.participant(seat)
            path, token = f"/meetings/{hall.id}/command", person.cookies["csrf"]
            answers = at_once(
                partial(one.call, "command", message),
                partial(other.call, "command", message),
                partial(server.house.post_json, path, message, person.cookies, X_CSRF_Token=token),
            )
            answers[2] = answers[2].json
            assert answers[0]["ok"] is True
            assert answers == [answers[0]] * 3
        kept = cluster.ask("SELECT seat, choice FROM ballot WHERE poll = :poll", poll=poll)
        assert sorted((row.seat, row.choice) for row in kept) == [(seat + 1, "for") for seat in range(PAIR)]
        hall.chair.do("poll.close", {"poll": poll})


def test_one_command_on_two_workers_at_once_is_carried_out_once(
    cluster: Cluster, server: RunningServer, hall: Hall
) -> None:
    """F8 for commands that are no ballots: their answers are kept."""
    workers = workers_of(server)
    hall.begin(*range(30))
    consoles = [show_on(worker, workers, hall.participant("chair"), hall.id, "console") for worker in workers]
    for turn in range(10):
        message = {"id": new_id(), "name": "agenda.add", "data": {"title": f"临时议题{turn}"}}
        first, second = at_once(
            *(
                lambda console=console, message=message: console.call("command", message)
                for console in consoles
            )
        )
        assert first == second
        assert first["ok"] is True
    for console in consoles:
        console.until(
            lambda panels: sum(item["title"].startswith("临时") for item in panels["agenda"]["items"]) == 10
        )
    assert (
        len(cluster.ask("SELECT seq FROM event WHERE meeting_id = :m AND type = 'item.added'", m=hall.id))
        == 10
    )


def test_two_choices_on_two_workers_at_once_are_one_ballot(
    cluster: Cluster, server: RunningServer, hall: Hall, cycles: Callable[[int, int], int]
) -> None:
    """F9: one person, two devices, two choices: one is counted, the other told."""
    workers = workers_of(server)
    hall.begin(*range(30))
    pairs = [on_both(hall, workers, seat) for seat in range(PAIR)]
    for _ in range(cycles(100, 1000) // PAIR):
        poll = hall.ask(hall.item(0))
        won: dict[int, str] = {}
        for seat, pair in enumerate(pairs):
            data = [ballot(poll, choice, new_id()) for choice in ("for", "against")]
            answers = at_once(
                *(partial(socket.send, "ballot.cast", one) for socket, one in zip(pair, data, strict=True))
            )
            assert sorted(answer["ok"] for answer in answers) == [False, True]
            refused = next(answer for answer in answers if not answer["ok"])
            assert refused["refusal"]["code"] == "ALREADY_VOTED"
            won[seat + 1] = "for" if answers[0]["ok"] else "against"
        kept = cluster.ask("SELECT seat, choice FROM ballot WHERE poll = :poll", poll=poll)
        assert {row.seat: row.choice for row in kept} == won
        hall.chair.do("poll.close", {"poll": poll})


@pytest.fixture
def of_size(cluster: Cluster) -> Callable[[int], RunningServer]:
    """A house with so many workers; the next test finds two again."""

    def start(workers: int) -> RunningServer:
        running = cluster.running()
        if len(workers_of(running)) != workers:
            running.stop()
            running = cluster.start(workers)
        return running

    return start


@pytest.mark.parametrize("count", [2, 4, 8])
def test_any_worker_may_be_killed_while_a_hall_votes(
    cluster: Cluster, of_size: Callable[[int], RunningServer], count: int, cycles: Callable[[int, int], int]
) -> None:
    """F14, F1: nothing acknowledged is lost, nothing is counted twice, phones return."""
    kills = cycles({2: 3, 4: 0, 8: 0}[count], 50)
    if kills == 0:
        pytest.skip("so many workers on two cores: with --faults")
    server = of_size(count)
    with closing(Assembly(cluster, server.house, VOTERS)) as assembly:
        for _ in range(kills):
            assembly.round(lambda: os.kill(random.choice(workers_of(server)), signal.SIGKILL))
            until(lambda: len(workers_of(server)) == count)
    assert "Traceback" not in server.printed()
    if count != 2:
        server.stop()


def test_a_stopped_worker_cannot_write_to_a_poll_that_was_closed_meanwhile(
    cluster: Cluster, server: RunningServer, hall: Hall, cycles: Callable[[int, int], int]
) -> None:
    """F18, quietly: the ballot waits in a stopped worker while the poll is closed through the other one.

    With ``--faults`` for a minute: the supervisor of these houses waits longer (``cluster.PATIENT``) before it replaces
    a worker that says nothing, else there would be none left to go on; test_watch.py shows the replacing.
    """
    frozen, lively = workers_of(server)
    poll = hall.poll(*range(30))
    phone = show_on(frozen, (frozen, lively), hall.participant(0), hall.id, "phone")
    chair = show_on(lively, (frozen, lively), hall.participant("chair"), hall.id, "console")
    os.kill(frozen, signal.SIGSTOP)
    try:
        number = phone.emit(
            "command", {"id": new_id(), "name": "ballot.cast", "data": ballot(poll, "for", "late")}
        )
        chair.do("poll.close", {"poll": poll})
        time.sleep(cycles(1, 60))
    finally:
        os.kill(frozen, signal.SIGCONT)
    assert phone.answer_to(number)["refusal"]["code"] == "POLL_NOT_OPEN"
    assert cluster.ask("SELECT seat FROM ballot WHERE poll = :poll", poll=poll) == []
    phone.until(lambda panels: panels["poll"]["state"] != "open", 5)


@pytest.mark.long
def test_a_worker_stopped_in_the_middle_of_a_vote_does_not_hold_up_the_others(
    cluster: Cluster, server: RunningServer, cycles: Callable[[int, int], int]
) -> None:
    """F18, in a storm: wherever it is stopped, even holding the meeting's lock, the others go on; I1–I3 hold."""
    with closing(Assembly(cluster, server.house, VOTERS)) as assembly:
        for _ in range(cycles(1, 20)):
            _stop_one_while_they_vote(assembly, workers_of(server)[0])
            time.sleep(cycles(1, 5))


def _stop_one_while_they_vote(assembly: Assembly, frozen: int) -> None:
    try:
        poll = assembly.open_poll()
        choices = assembly.vote(poll, partial(os.kill, frozen, signal.SIGSTOP))
        for screen in (assembly.chair, *assembly.projectors):
            screen.drop()
        begun = time.monotonic()
        assert assembly.chair.do("poll.close", {"poll": poll})["ok"]
        # The chair may dial the stopped worker a few times before the kernel gives it the lively one.
        assert time.monotonic() - begun < 30
    finally:
        os.kill(frozen, signal.SIGCONT)
    kept = Counter((row.seat - 1, row.choice) for row in assembly.ballots(poll))
    assert kept == Counter(choices.items())
    assembly.check_record()
    for phone in assembly.phones:
        phone.drop()
