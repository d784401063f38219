"""Counting in windows, what an address is, and forms sent twice."""

import threading

import pytest

from server.pages.limits import Allowance, FirstAnswer, address_prefix


def test_an_allowance_ends_and_comes_back_with_the_next_window() -> None:
    allowance = Allowance(2, 1000)
    assert [allowance.count("a", 10) for _ in range(3)] == [True, True, False]
    assert allowance.is_used_up("a", 999)
    assert allowance.count("b", 10)
    assert allowance.count("a", 1000)
    assert not allowance.is_used_up("a", 1001)


def test_a_flood_of_addresses_does_not_grow_without_end() -> None:
    allowance = Allowance(1, 1000)
    for number in range(20_100):
        allowance.count(str(number), 10)
    assert len(allowance._counts) <= 20_000


@pytest.mark.parametrize(
    ("address", "prefix"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:0db8:0001:0002"),
        ("2001:db8:1:2:ffff::1", "2001:0db8:0001:0002"),
        (None, "unknown"),
        ("no address", "unknown"),
    ],
)
def test_a_household_is_one_address(address: str | None, prefix: str) -> None:
    assert address_prefix(address) == prefix


def test_a_form_sent_twice_at_once_is_carried_out_once() -> None:
    first, done = FirstAnswer(), threading.Event()
    runs: list[int] = []

    def carry_out() -> str:
        runs.append(1)
        done.wait(5)
        return "answer"

    answers: list[str] = []
    threads = [threading.Thread(target=lambda: answers.append(first.get("key", carry_out))) for _ in range(4)]
    for thread in threads:
        thread.start()
    done.set()
    for thread in threads:
        thread.join()
    assert (answers, len(runs)) == (["answer"] * 4, 1)


def test_a_failure_is_not_remembered() -> None:
    first = FirstAnswer()

    def fail() -> str:
        raise LookupError

    with pytest.raises(LookupError):
        first.get("key", fail)
    assert first.get("key", lambda: "now") == "now"
    assert [first.get("", lambda: "each"), first.get("", lambda: "time")] == ["each", "time"]
