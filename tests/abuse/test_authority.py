"""A4: every route, event and command × every kind of person × one's own, another community's and no such object."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from server.domain.meeting.commands import ROOM_COMMANDS
from server.domain.refusal import Refusal
from server.live.protocol import Envelope, read_envelope
from server.service.room.wishes import Wish, WishHandler
from tests.abuse.matrix import KEPT_OUT, allowed_by, ask, outcome_of, read_table, routes_of, rows_of
from tests.abuse.undoing import UndoingWriter
from tests.abuse.world import World

TABLE = read_table()
ROWS = rows_of(TABLE)


@pytest.fixture(scope="module")
def undoing(world: World) -> Iterator[UndoingWriter]:
    """From here on everything is carried out and taken back, so that every question meets the same world."""
    services = world.services
    writer = UndoingWriter(services.writer, WishHandler(services.rooms, world.clock))
    put_in: Any = writer
    world.flask.extensions["council"] = replace(services, writer=put_in)
    door: Any = services.door
    door._writer = put_in
    yield writer
    door._writer = services.writer
    world.flask.extensions["council"] = services


def test_every_route_has_a_row(world: World) -> None:
    written = {f"{row.method} {row.rule}" for row in ROWS}
    served = routes_of(world.flask)
    assert not served - written, f"write into authority.yaml who may ask for {sorted(served - written)}"
    assert not written - served, f"no longer there: {sorted(written - served)}"


@pytest.mark.rule("S4")
def test_every_command_and_event_has_a_row(world: World) -> None:
    assert {title.split(" ")[0] for title in TABLE["commands"]} == set(ROOM_COMMANDS)


@pytest.mark.rule("S80")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_a_route_lets_in_whom_it_should(world: World, undoing: UndoingWriter, row: Any) -> None:
    surprises = []
    for which in row.objects():
        for principal in world.principals:
            _forget_limits(world.flask)
            response = ask(world, row, principal, which)
            met, expected = outcome_of(response), row.expected(principal, which)
            if met != expected:
                surprises.append(f"{principal} at {which}: {response.status_code} {met}, not {expected}")
    assert not surprises, "\n".join(surprises)


def _forget_limits(app: Flask) -> None:
    for kept in app.extensions.get("council_allowances", {}).values():
        kept._counts.clear()
    app.extensions.pop("council_stamps", None)
    for tries in app.extensions.get("login_tries", ()):
        tries._counts.clear()


@pytest.mark.rule("S4")
@pytest.mark.parametrize("title", TABLE["commands"])
def test_a_command_is_heard_from_whom_it_should(world: World, undoing: UndoingWriter, title: str) -> None:
    entry = TABLE["commands"][title]
    allowed = allowed_by(TABLE, entry["let"])
    surprises = []
    for which, meeting, things in _meetings(world):
        if title.startswith(("task.", "reconsideration.")) and which != "sibling":
            continue  # only a meeting that passed something has a resolution to name
        if title == "amendment.withdraw" and which != "own":
            continue  # one room alone had an amendment
        filled = {
            name: text.format_map(things) if isinstance(text, str) else text
            for name, text in entry["data"].items()
        }
        envelope = read_envelope({"id": "one", "name": title.split(" ")[0], "data": filled})
        assert isinstance(envelope, Envelope), (title, envelope)
        for principal in world.principals:
            session = world.sessions.get(principal, "nobody's")
            answer = undoing.settle(Wish(session, meeting, "one", envelope.command, None))
            # NOT_ALLOWED with a reason is about what was done before, not about who asks.
            is_kept_out = (
                isinstance(answer, Refusal) and answer.code.value in KEPT_OUT and "why" not in answer.facts
            )
            is_heard = not is_kept_out
            if is_heard != (principal in allowed[which]):
                surprises.append(f"{principal} in {which}: {answer}")
    assert not surprises, "\n".join(surprises)


def _envelope(title: str, data: Mapping[str, Any], things: Mapping[str, str]) -> Envelope:
    filled = {name: text.format_map(things) if isinstance(text, str) else text for name, text in data.items()}
    envelope = read_envelope({"id": "one", "name": title.split(" ")[0], "data": filled})
    assert isinstance(envelope, Envelope), (title, envelope)
    return envelope


def _meetings(world: World) -> Iterator[tuple[str, str, dict[str, str]]]:
    own, other = world.own.things, world.other.things
    yield "own", own["room"], {**own, "item": own["room_item"]}
    yield "sibling", own["held"], {**own, "item": own["held_item"], "poll": own["held_poll"]}
    yield "other", other["room"], {**other, "item": other["room_item"]}


CROSSED = [
    ("/office/meetings/{planned}/items/{item}", {"act": "remove"}, "item"),
    ("/office/meetings/{planned}/items/{item}", {"act": "up"}, "item"),
    ("/office/meetings/{planned}/items/{item}", {"title": "别人的"}, "item"),
    ("/office/meetings/{called}/entries/{ticket}/revoke", {}, "ticket"),
    ("/office/councils/{council}/roster", {"party": "{party}", "name": "新代表"}, "party"),
    ("/office/topics", {"council": "{council}", "channel": "visit", "title": "灯", "body": "灯"}, "council"),
    ("/office/meetings/{planned}/items", {"topic": "{topic_id}"}, "topic_id"),
]


@pytest.mark.rule("S80")
@pytest.mark.parametrize(("path", "form", "foreign"), CROSSED)
def test_another_communitys_thing_under_an_own_address_is_refused(
    world: World, undoing: UndoingWriter, path: str, form: dict[str, str], foreign: str
) -> None:
    mixed = {**world.own.things, foreign: world.other.things[foreign]}
    cookies, csrf = world.principals["organiser"]
    filled = {name: text.format_map(mixed) for name, text in form.items()}
    done, client = undoing.done, world.flask.test_client(use_cookies=False)
    answer = client.post(path.format_map(mixed), data={"csrf": csrf, **filled}, headers={"Cookie": cookies})
    assert answer.status_code in (403, 404, 422), answer.status_code
    assert undoing.done == done


@pytest.mark.parametrize("foreign", ["item", "poll", "representative", "resolution"])
def test_a_command_about_another_meetings_thing_finds_nothing(
    world: World, undoing: UndoingWriter, foreign: str
) -> None:
    own, other = world.own.things, world.other.things
    things = {**own, "item": own["room_item"], foreign: other.get(f"room_{foreign}", other[foreign])}
    for title, entry in TABLE["commands"].items():
        if "{" + foreign + "}" not in str(entry["data"]):
            continue
        envelope = _envelope(title, entry["data"], things)
        for principal in ("chair_in_room", "secretary_in_room", "representative_present"):
            wish = Wish(world.sessions[principal], own["room"], "one", envelope.command, None)
            answer = undoing.settle(wish)
            assert isinstance(answer, Refusal), (title, principal, answer)
            assert answer.code.value in ("NOT_FOUND", "NOT_ALLOWED", "BAD_DATA"), (title, principal, answer)


def test_an_administrator_of_one_area_makes_nobody_greater(world: World, undoing: UndoingWriter) -> None:
    cookies, csrf = world.principals["administrator_of_area"]
    client = world.flask.test_client(use_cookies=False)
    page = client.get("/office/accounts", headers={"Cookie": cookies}).get_data(as_text=True)
    assert re.search(r"<td[^>]*>organiser\b", page)
    assert not re.search(r"<td[^>]*>administrator\s*<", page)
    assert "organiser_elsewhere" not in page
    for area in ("", world.other.area):
        form = {"csrf": csrf, "name": "甲", "display_name": "甲", "role": "administrator", "area": area}
        assert client.post("/office/accounts", data=form, headers={"Cookie": cookies}).status_code == 422


# What each screen's answer holds, by name: a panel more on a phone would be the console's business seen by all.
SHARED = {"meeting", "agenda", "presence", "speaker_queue", "floor", "poll", "result", "consent"}


def test_a_phone_and_the_projector_show_nothing_of_the_desk(world: World, undoing: UndoingWriter) -> None:
    client = world.flask.test_client(use_cookies=False)

    def panels(principal: str, screen: str) -> dict[str, Any]:
        path = f"/meetings/{world.own.things['room']}/state?screen={screen}"
        answer = client.get(path, headers={"Cookie": world.principals[principal][0]}).get_json()
        shown: dict[str, Any] = answer["panels"]
        return shown

    console = panels("chair", "console")
    assert set(console) >= SHARED | {"roster"}
    for principal, screen in (
        ("representative_present", "phone"),
        ("representative_absent", "phone"),
        ("observer", "phone"),
        ("supervisor", "phone"),
        ("representative_present", "projector"),
        ("observer", "projector"),
    ):
        shown = panels(principal, screen)
        assert "roster" not in shown, (principal, screen)
        assert "guide" not in shown, (principal, screen)
        assert {name: shown[name] for name in SHARED} == {
            name: panels("observer", screen)[name] for name in SHARED
        }
    assert panels("observer", "phone")["me"] is None
    assert panels("representative_absent", "phone")["me"]["ballot"] is None


def test_nothing_of_all_this_was_written(world: World, undoing: UndoingWriter) -> None:
    """The questions above were asked of one and the same world; only those who may change it got as far as a commit."""
    before = undoing.done
    for row in ROWS:
        if row.method != "POST" or row.rule in ("/office/logout", "/meetings/<meeting>/command"):
            continue  # who leaves ends the own session; a refused command is decided within a transaction
        for principal in ("anonymous", "disabled", "observer", "representative_elsewhere"):
            if row.expected(principal, "own") != "in":
                _forget_limits(world.flask)
                ask(world, row, principal, "own")
    assert undoing.done == before
