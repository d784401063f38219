"""A6: guessing tickets, log-ins and receipts from one, fifty and five hundred addresses; whose address it is."""

import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.app import create_app
from server.domain.actor import Role
from server.pages.accounts import TRIES_HERE
from server.pages.join import FAILED_ANYWHERE, FAILED_HERE
from server.service.access.sessions import issue_ticket
from server.service.community import roster
from server.service.ids import new_token
from server.settings import Choices, read_settings
from tests.abuse.conftest import NOON, Count, QuietPress
from tests.abuse.world import World
from tests.pages.cast import PASSWORD
from tests.pages.house import Clock

MINUTE_MS = 60_000


def guesses() -> Iterator[str]:
    """Yield codes that look like tickets and are none."""
    number = 0
    while True:
        yield f"{number:022d}"
        number += 1


def redeem(world: World, ticket: str, address: str, **headers: str) -> TestResponse:
    return world.flask.test_client(use_cookies=False).post(
        "/join", data={"ticket": ticket}, headers=headers, environ_overrides={"REMOTE_ADDR": address}
    )


def log_in(world: World, name: str, password: str, address: str) -> TestResponse:
    cookies, csrf = world.principals["anonymous"]
    return world.flask.test_client(use_cookies=False).post(
        "/office/login",
        data={"csrf": csrf, "name": name, "password": password},
        headers={"Cookie": cookies},
        environ_overrides={"REMOTE_ADDR": address},
    )


@pytest.fixture
def card(world: World) -> str:
    """A true card, redeemed by its holder again and again."""
    person = world.own.people["李"]
    now, token = world.clock(), new_token()
    world.services.writer.submit(
        lambda unit: roster.replace_cards(unit, now, world.own.council, {person: token})
    ).result(10)
    return token


@pytest.mark.rule("S71")
@pytest.mark.parametrize("addresses", [1, 50, 500])
def test_guessed_tickets_open_nothing_and_a_true_one_is_never_kept_waiting(
    world: World, count: Count, card: str, addresses: int
) -> None:
    world.clock.pass_by(minutes=5)
    codes, statuses, honest = guesses(), Counter[int](), []
    for number, code in enumerate(islice(codes, count(700, 33_000))):
        address = f"10.{number % addresses // 250}.0.{number % addresses % 250}"
        statuses[redeem(world, code, address).status_code] += 1
        if number % 100 == 99:
            # Behind the guesser's own router.
            began = time.perf_counter()
            assert redeem(world, card, address).status_code == 303
            honest.append(time.perf_counter() - began)
            if number % 1000 == 999:
                world.clock.now += MINUTE_MS // 4
    assert set(statuses) == {403, 429}
    assert 303 not in statuses
    windows = 1 + count(700, 33_000) // 4_000
    allowed = (FAILED_HERE if addresses == 1 else FAILED_ANYWHERE) * (windows + 1)
    assert statuses[403] <= allowed
    assert statistics.quantiles(honest, n=20)[-1] < 2


def test_a_failure_counts_and_a_success_does_not(world: World, card: str) -> None:
    world.clock.pass_by(minutes=5)
    for _ in range(FAILED_HERE + 20):
        assert redeem(world, card, "10.9.0.1").status_code == 303
    assert redeem(world, "wrong", "10.9.0.1").status_code == 403


def test_an_expired_or_revoked_ticket_is_a_failure_too(world: World) -> None:
    """Else somebody with one old card could ask as often as they like."""
    world.clock.pass_by(minutes=5)
    now = world.clock()
    old = world.services.writer.submit(
        lambda unit: issue_ticket(
            unit.session, now, Role.OBSERVER, holder="", expires_at=now, meeting=world.own.things["room"]
        )
    ).result(10)
    statuses = Counter(redeem(world, old, "10.9.0.2").status_code for _ in range(FAILED_HERE + 5))
    assert statuses == {403: FAILED_HERE, 429: 5}


def test_guessed_passwords_are_stopped_by_name_and_place(world: World, count: Count) -> None:
    """Ten a place and a hundred a name in ten minutes; the honest log-in from elsewhere still works between them."""
    world.clock.pass_by(minutes=30)
    here = Counter(
        log_in(world, "organiser", f"guess {n}", "10.8.0.1").status_code for n in range(TRIES_HERE + 4)
    )
    assert here == {422: TRIES_HERE, 429: 4}
    assert log_in(world, "organiser", PASSWORD, "10.8.0.1").status_code == 429
    assert log_in(world, "organiser", PASSWORD, "10.8.0.2").status_code == 303
    spread = Counter(
        log_in(world, "organiser", f"guess {n}", f"10.7.{n % 250}.{n // 250}").status_code
        for n in range(count(15, 600))
    )
    assert 303 not in spread
    assert spread[422] <= 100
    world.clock.pass_by(minutes=11)
    assert log_in(world, "organiser", PASSWORD, "10.8.0.1").status_code == 303


def test_an_unknown_name_takes_as_long_as_a_known_one(world: World, count: Count) -> None:
    """Processor time, interleaved, medians: what a guesser could measure with patience."""
    times: dict[str, list[float]] = {"chair": [], "nobody-of-this-name": []}
    for number in range(count(6, 300)):
        for name, spent in times.items():
            world.clock.pass_by(minutes=11)
            began = time.process_time()
            assert log_in(world, name, f"wrong {number}", "10.6.0.1").status_code == 422
            spent.append(time.process_time() - began)
    known, unknown = (statistics.median(spent) for spent in times.values())
    assert abs(known - unknown) < 0.3 * max(known, unknown)


def test_a_wrong_ticket_takes_as_long_as_a_revoked_one(world: World, count: Count) -> None:
    """A digest is looked up, never a code compared letter by letter; processor time, interleaved, medians."""
    world.clock.pass_by(minutes=5)
    now = world.clock()
    old = world.services.writer.submit(
        lambda unit: issue_ticket(
            unit.session, now, Role.OBSERVER, holder="", expires_at=now, meeting=world.own.things["room"]
        )
    ).result(10)
    times: dict[str, list[float]] = {old: [], "x" * len(old): []}
    for _ in range(count(50, 5_000)):
        world.clock.pass_by(minutes=1)
        for ticket, spent in times.items():
            began = time.process_time()
            assert redeem(world, ticket, "10.5.0.1").status_code == 403
            spent.append(time.process_time() - began)
    known, unknown = (statistics.median(spent) for spent in times.values())
    assert abs(known - unknown) < 0.002


Behind = Callable[[int], Flask]


@pytest.fixture
def behind(tmp_path: Path) -> Iterator[Behind]:
    """Applications behind so many proxies of their own."""
    opened = []

    def build(proxies: int) -> Flask:
        choices = Choices(data=tmp_path / str(proxies), public_url="http://hall.test", proxies=proxies)
        application = create_app(read_settings({}, choices), Clock(NOON), documents=QuietPress())  # type: ignore[arg-type]
        opened.append(application)
        return application.flask

    yield build
    for application in opened:
        application.services.writer.close()
        application.database.close()


def refused_after(app: Flask, forwarded: Callable[[int], str]) -> int | None:
    """Return after how many wrong codes a guesser who writes this header is stopped."""
    client = app.test_client(use_cookies=False)
    for number in range(FAILED_HERE + 30):
        headers = {
            "X-Forwarded-For": forwarded(number),
            "X-Real-IP": f"192.0.2.{number}",
            "Forwarded": "for=x",
        }
        answer = client.post("/join", data={"ticket": f"g{number}"}, headers=headers)
        if answer.status_code == 429:
            return number
    return None


@pytest.mark.rule("S72")
@pytest.mark.parametrize(
    ("proxies", "written"),
    [
        (0, "192.0.2.{n}"),
        (1, "192.0.2.{n}, 198.51.100.7"),
        (1, "192.0.2.{n}, 10.0.0.{n}, 198.51.100.7"),
        (2, "192.0.2.{n}, 198.51.100.7, 10.0.0.1"),
    ],
)
def test_a_forged_address_changes_nothing(behind: Behind, proxies: int, written: str) -> None:
    """What stands left of the addresses our own proxies wrote is the guesser's invention."""
    app = behind(proxies)
    assert refused_after(app, lambda number: written.format(n=number % 250)) == FAILED_HERE


@pytest.mark.rule("S72")
def test_behind_a_proxy_two_visitors_are_two_addresses(behind: Behind) -> None:
    app = behind(1)
    assert refused_after(app, lambda number: "198.51.100.7") == FAILED_HERE
    client = app.test_client(use_cookies=False)
    answer = client.post("/join", data={"ticket": "x"}, headers={"X-Forwarded-For": "198.51.100.8"})
    assert answer.status_code == 403
