"""F8–F11: one ballot sent a hundred times, two choices at once, votes while the poll is closed, two chairs."""

import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.contract.client import Json, Socket, new_id
from tests.contract.hall import Hall
from tests.faults.conftest import SEATS, House
from tests.faults.oracle import check_record, recorded

COPIES = (2, 3, 5, 8, 13, 21, 34, 55, 100, 2)
BY_HTTP = 0.1  # of the copies, at least one
# Polls of one meeting before the next meeting is taken: a long log would only slow the test down.
POLLS_PER_MEETING = 20


def envelope(name: str, data: Json) -> Json:
    return {"id": new_id(), "name": name, "data": data}


def at_once(acts: Sequence[Callable[[], Any]]) -> list[Any]:
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


def send_many(socket: Socket, message: Json, times: int) -> list[Json]:
    """The same message again and again without waiting; returns every answer."""
    numbers = [socket.emit("command", message) for _ in range(times)]
    return [socket.answer_to(number) for number in numbers]


def post(hall: Hall, seat: int, message: Json) -> Json:
    participant = hall.participant(seat)
    path, token = f"/meetings/{hall.id}/command", participant.cookies["csrf"]
    answer = hall.house.post_json(path, message, participant.cookies, X_CSRF_Token=token)
    assert answer.status == 200, answer.text
    found: Json = json.loads(answer.body)
    return found


@pytest.mark.rule("S18")
def test_one_ballot_sent_many_times_is_one_record(house: House, cycles: Callable[[int, int], int]) -> None:
    """F8: the same id over HTTP and two sockets, two to a hundred times at once."""
    hall = house.hall()
    for _ in range(cycles(100, 1000) // SEATS):
        poll = hall.ask(hall.item(0))
        for seat in range(SEATS):
            race_with_copies(hall, poll, seat, COPIES[seat % len(COPIES)])
        assert_counted(house, hall, poll, {"for": SEATS})
    hall.hang_up()


def race_with_copies(hall: Hall, poll: str, seat: int, copies: int) -> None:
    message = envelope("ballot.cast", {"poll": poll, "choice": "for", "nonce": f"{poll}.{seat}"})
    by_http = max(1, int(copies * BY_HTTP))
    first, second = hall.phone(seat), hall.participant(seat).show(hall.id, "phone")
    share = copies - by_http
    acts = [
        lambda: send_many(first, message, share - share // 2),
        lambda: send_many(second, message, share // 2),
        *[lambda: [post(hall, seat, message)]] * by_http,
    ]
    answers = [answer for some in at_once(acts) for answer in some]
    second.close()
    assert len(answers) == copies
    assert all(answer == {"ok": True, "version": answers[0]["version"]} for answer in answers), answers


def assert_counted(house: House, hall: Hall, poll: str, tally: Json) -> None:
    """Every seat voted once, and the result says so."""
    assert Counter(seat for seat, _ in recorded(house.data, poll)) == Counter(range(1, SEATS + 1))
    version = hall.chair.do("poll.close", {"poll": poll})
    counted = hall.chair.until_version(version)["result"]["tally"]
    assert {option: count for option, count in counted.items() if count} == tally
    assert check_record(house.data, [hall.id])


@pytest.mark.rule("S17")
def test_of_two_choices_at_once_one_counts(house: House, cycles: Callable[[int, int], int]) -> None:
    """F9: one voter, two devices, two choices; who was told "recorded" is recorded, the other was told why not."""
    hall = house.hall()
    for _ in range(cycles(100, 1000) // SEATS):
        poll = hall.ask(hall.item(0))
        told = {seat + 1: race_of_two(hall, poll, seat) for seat in range(SEATS)}
        assert dict(recorded(house.data, poll)) == told
        assert_counted(house, hall, poll, Counter(told.values()))
    hall.hang_up()


def race_of_two(hall: Hall, poll: str, seat: int) -> str:
    """Both tap at once; returns the choice that was acknowledged. Every fifth race is over HTTP on one side."""
    devices = (hall.phone(seat), hall.participant(seat).show(hall.id, "phone"))
    ballots = [
        envelope("ballot.cast", {"poll": poll, "choice": choice, "nonce": f"{poll}.{seat}.{choice}"})
        for choice in ("for", "against")
    ]
    if seat % 5:
        numbers = [device.emit("command", ballot) for device, ballot in zip(devices, ballots, strict=True)]
        answers = [device.answer_to(number) for device, number in zip(devices, numbers, strict=True)]
    else:
        acts = [lambda: post(hall, seat, ballots[0]), lambda: devices[1].call("command", ballots[1])]
        answers = at_once(acts)
    devices[1].close()
    codes = ["" if answer["ok"] else answer["refusal"]["code"] for answer in answers]
    assert sorted(codes) == ["", "ALREADY_VOTED"], codes
    choice: str = ballots[codes.index("")]["data"]["choice"]
    return choice


@pytest.mark.rule("S19", "R76")
def test_votes_while_the_poll_is_closed_are_counted_or_refused(
    house: House, cycles: Callable[[int, int], int]
) -> None:
    """F10: fifty votes around the close: acknowledged if and only if in the tally, and one result."""
    chance = random.Random(10)
    refused_ever = acknowledged_ever = 0
    for _ in range(cycles(1, 10)):
        hall = house.hall()
        phones = [hall.phone(seat) for seat in range(SEATS)]
        for _ in range(POLLS_PER_MEETING):
            poll = hall.ask(hall.item(0))
            told = vote_around_the_close(hall, phones, poll, chance.randrange(5, SEATS - 5))
            assert dict(recorded(house.data, poll)) == told
            tally = hall.chair.until(lambda panels: panels["result"])["result"]["tally"]
            assert {option: n for option, n in tally.items() if n} == Counter(told.values())
            acknowledged_ever += len(told)
            refused_ever += SEATS - len(told)
        assert check_record(house.data, [hall.id]) == POLLS_PER_MEETING
        hall.hang_up()
    assert refused_ever
    assert acknowledged_ever


def vote_around_the_close(hall: Hall, phones: Sequence[Socket], poll: str, before: int) -> dict[int, str]:
    """Everybody taps and the chair closes in the midst, none waiting for the other; returns what was acknowledged."""
    numbers = {}
    closing = -1
    for seat, phone in enumerate(phones):
        if seat == before:
            closing = hall.chair.emit("command", envelope("poll.close", {"poll": poll}))
        ballot = {"poll": poll, "choice": "for" if seat % 3 else "against", "nonce": f"{poll}.{seat}"}
        numbers[seat] = phone.emit("command", envelope("ballot.cast", ballot))
    told = {}
    for seat, phone in enumerate(phones):
        answer = phone.answer_to(numbers[seat])
        if answer["ok"]:
            told[seat + 1] = "for" if seat % 3 else "against"
        else:
            assert answer["refusal"]["code"] == "POLL_NOT_OPEN"
    assert hall.chair.answer_to(closing)["ok"]
    return told


STEPS = (
    ("agenda.begin", "INVALID_TRANSITION"),
    ("poll.open", "POLL_ALREADY_OPEN"),
    ("poll.close", "POLL_NOT_OPEN"),
    ("poll.publish", "INVALID_TRANSITION"),
)


@pytest.mark.rule("S23")
def test_two_chairs_make_one_step(house: House, cycles: Callable[[int, int], int]) -> None:
    """F11: two consoles press the same button: one transition, the other is told that it is done already."""
    for _ in range(cycles(1, 10)):
        hall = house.hall()
        consoles = (hall.chair, hall.participant("chair").show(hall.id, "console"))
        for number in range(1, POLLS_PER_MEETING + 1):
            version = hall.chair.do("agenda.add", {"title": f"临时议题{number}"})
            item = hall.chair.until_version(version)["agenda"]["items"][-1]["id"]
            poll = f"{hall.id}.p{number}"
            question = {"item": item, "text": "先了解大家的意见", "secrecy": "open", "nature": "sounding"}
            data = {"agenda.begin": {"item": item}, "poll.open": question}
            for step, refusal in STEPS:
                assert press_both(consoles, step, data.get(step, {"poll": poll})) == ["", refusal]
        assert check_record(house.data, [hall.id]) == POLLS_PER_MEETING
        hall.hang_up()


def press_both(consoles: Sequence[Socket], name: str, data: Json) -> list[str]:
    """Both press at once; returns the codes of the answers in order, an empty one for the transition."""
    numbers = [console.emit("command", envelope(name, data)) for console in consoles]
    answers = [console.answer_to(number) for console, number in zip(consoles, numbers, strict=True)]
    return sorted("" if answer["ok"] else answer["refusal"]["code"] for answer in answers)
