"""A1: every operation of the description with generated requests, in several roles: no fault, no trace, in time."""

import json
import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error

from server.service.room.wishes import WishHandler
from tests.abuse.conftest import Count
from tests.abuse.description import describe
from tests.abuse.matrix import routes_of
from tests.abuse.undoing import UndoingWriter
from tests.abuse.world import World

ROLES = ("administrator", "representative_present")
MORE_ROLES = ("anonymous", "organiser", "chair_in_room", "observer", "secretary", "supervisor")
# Of the processor, which other programs on the machine cannot take away.
SECONDS = 2.0
# Nothing of the program's inside may stand in an answer.
INSIDE = (b"Traceback", b"sqlalchemy", b"sqlite3", b'File "', b"werkzeug", b"jinja2")
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]


def known_values(world: World) -> dict[str, list[str]]:
    """Return real values of path parameters of both communities."""
    both = (world.own.things, world.other.things)

    def of(*names: str) -> list[str]:
        return [things[name] for things in both for name in names]

    meetings = of("planned", "called", "room", "held", "signing", "published")
    return {
        "council_id": of("council"),
        "area_id": of("area"),
        "meeting": meetings,
        "meeting_id": meetings,
        "representative_id": of("representative"),
        "ticket_id": of("ticket"),
        "item_id": of("item"),
        "account_id": of("account"),
        "photo_id": of("photo"),
        "page": ["projector", "console", "phone", "desk"],
        "number": of("topic", "fresh_topic", "task"),
    }


@pytest.fixture(scope="module")
def described(world: World) -> Iterator[Any]:
    """The description, loaded through the application's own WSGI door; what requests do is undone."""
    services = world.services
    put_in: Any = UndoingWriter(services.writer, WishHandler(services.rooms, world.clock))
    world.flask.extensions["council"] = replace(services, writer=put_in)
    door: Any = services.door
    door._writer = put_in
    body = json.dumps(describe(world.flask, known_values(world))).encode()
    inner: Wsgi = world.flask.wsgi_app

    def outer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/openapi.json":
            start_response("200 OK", [("Content-Type", "application/json")])
            return [body]
        return inner(environ, start_response)

    yield schemathesis.openapi.from_wsgi("/openapi.json", outer)
    door._writer = services.writer
    world.flask.extensions["council"] = services


def test_the_description_knows_every_route(world: World) -> None:
    described = describe(world.flask, {})
    operations = sum(len(methods) for methods in described["paths"].values())
    assert operations == len(routes_of(world.flask))
    form = described["paths"]["/office/meetings/{meeting_id}/items"]["post"]["requestBody"]["content"]
    names = form["application/x-www-form-urlencoded"]["schema"]["properties"]
    assert {"item", "minutes", "topic", "title", "day", "clock"} <= set(names)
    tasks = described["paths"]["/office/tasks/{number}"]["post"]["requestBody"]["content"]
    assert "photos" in tasks["multipart/form-data"]["schema"]["properties"]


def test_no_request_makes_the_server_stumble(
    world: World, described: Any, count: Count, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.ERROR)
    roles = count(2, 8)
    asked = 0
    for found in described.get_all_operations():
        for role in (*ROLES, *MORE_ROLES)[:roles]:
            asked += _fuzz(world, found.ok(), role, count(2, 100))
    assert asked > 150
    assert not caplog.records, caplog.text[:4000]


def _fuzz(world: World, operation: Any, role: str, examples: int) -> int:
    """Send one operation's generated requests in one role; returns how many."""
    cookies, csrf = world.principals[role]
    sent = 0

    @seed(20260408)
    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=_requests(operation))
    def send(case: Any) -> None:
        nonlocal sent
        sent += 1
        _forget(world)
        began = time.process_time()
        response = case.call(headers={"Cookie": cookies, "X-CSRF-Token": csrf})
        spent = time.process_time() - began
        case.validate_response(response, checks=[not_a_server_error])
        assert spent <= SECONDS, (case.as_curl_command(), spent)
        assert not any(word in response.content for word in INSIDE), case.as_curl_command()

    send()
    return sent


def _requests(operation: Any) -> st.SearchStrategy[Any]:
    both = (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE)
    is_plain = not operation.path_parameters and operation.method.upper() == "GET" and not operation.query
    # Where there is nothing to vary, nothing can be wrong either.
    modes = both[:1] if is_plain else both
    return st.one_of(*(operation.as_strategy(generation_mode=mode) for mode in modes))


def _forget(world: World) -> None:
    for kept in world.flask.extensions.get("council_allowances", {}).values():
        kept._counts.clear()
