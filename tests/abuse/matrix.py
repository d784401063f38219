"""The authorisation matrix: reading its expectations, asking every question, naming what came back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

import yaml
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.abuse.world import Community, World

TABLE = Path(__file__).with_name("authority.yaml")
Outcome = Literal["in", "wrong", "out", "missing", "odd"]
# Refusals that say who may; every other one says when, and comes later in the contract's order.
# What is sent is well formed for whom it is meant, so BAD_DATA means that it was not meant for this person.
KEPT_OUT = {"NOT_ALLOWED", "NOT_SIGNED_IN", "FORM_STALE", "BAD_DATA"}
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


@dataclass(frozen=True, slots=True)
class Row:
    """One route as the table has it: what fills its address, what is sent, and who gets in."""

    title: str
    method: str
    rule: str
    things: tuple[str, ...]
    allowed: Mapping[str, frozenset[str]]
    missing: frozenset[str]
    hides: Mapping[str, frozenset[str]]
    wrong: frozenset[str]
    form: Mapping[str, str] = field(default_factory=dict)
    query: str = ""

    def expected(self, principal: str, which: str) -> Outcome:
        """Say what this person meets at one's own, another community's or no such object."""
        if principal in self.wrong:
            return "wrong"
        if principal in self.allowed.get(which, ()):
            return "in"
        is_hidden = which == "missing" or (which in self.hides and principal not in self.hides[which])
        return "missing" if is_hidden and principal in self.missing else "out"

    def objects(self) -> tuple[str, ...]:
        """Return which objects there are to ask for."""
        return tuple(which for which in (*self.allowed, "missing") if which != "missing" or self.things)


def read_table() -> dict[str, Any]:
    """Return the table of expectations as it stands in the file."""
    table: dict[str, Any] = yaml.safe_load(TABLE.read_text("utf-8"))
    return table


def named(table: Mapping[str, Any], words: Any) -> frozenset[str]:
    """Return the principals a list of names and groups stands for."""
    found: set[str] = set()
    for word in [words] if isinstance(words, str) else words:
        group = table["groups"].get(word)
        found |= {word} if group is None else named(table, group)
    return frozenset(found)


def rows_of(table: Mapping[str, Any]) -> list[Row]:
    """Return the routes' rows."""
    return [_row(table, title, entry) for title, entry in table["routes"].items()]


def _row(table: Mapping[str, Any], title: str, entry: Mapping[str, Any]) -> Row:
    method, rule = title.split(" (")[0].split(" ", 1)
    profile = table["profiles"][entry["let"]]
    allowed = allowed_by(table, entry["let"])
    things = entry.get("object", ())
    everybody = frozenset[str]().union(*allowed.values())
    return Row(
        title,
        method,
        rule,
        (things,) if isinstance(things, str) else tuple(things),
        allowed if things else {"own": allowed["own"]},
        named(table, profile["missing"]) if "missing" in profile else everybody,
        allowed_by(table, profile["hides"]) if "hides" in profile else {},
        named(table, entry.get("wrong", ())),
        entry.get("form", {}),
        entry.get("query", ""),
    )


def allowed_by(table: Mapping[str, Any], profile: str) -> dict[str, frozenset[str]]:
    """Return who gets in at which objects."""
    entry = table["profiles"][profile]
    return {which: named(table, entry[which]) for which in entry if which in ("own", "other", "sibling")}


def routes_of(app: Flask) -> set[str]:
    """Return every route and method the application answers to."""
    rules: Iterator[Rule] = app.url_map.iter_rules()
    return {f"{method} {rule.rule}" for rule in rules for method in (rule.methods or set()) & set(METHODS)}


def ask(world: World, row: Row, principal: str, which: str) -> TestResponse:
    """Ask one question, from a browser that keeps nothing of the answer."""
    where = world.other if which == "other" else world.own
    things = where.things
    path = _path(row, where, which) + row.query.format_map(things)
    cookies, csrf = world.principals[principal]
    headers = {"Cookie": cookies}
    client = world.flask.test_client(use_cookies=False)
    if row.method == "GET":
        return client.get(path, headers=headers)
    form = {name: text.format_map(things) for name, text in row.form.items()}
    return client.post(path, data={"csrf": csrf, **form}, headers=headers)


def _path(row: Row, where: Community, which: str) -> str:
    things = iter(row.things)
    pieces = []
    for place, piece in enumerate(row.rule.replace("<", ">").split(">")):
        if place % 2 == 0:
            pieces.append(piece)
            continue
        thing = next(things)
        if which == "sibling":
            thing = {"room": "called"}.get(thing, thing)
        # What is written with a colon stands for itself: a file's name, one of a few words.
        text = thing[1:] if thing.startswith(":") else where.things[thing]
        pieces.append("nowhere" if which == "missing" and not thing.startswith(":") else quote(text))
    return "".join(pieces)


def outcome_of(response: TestResponse) -> Outcome:
    """Name what came back."""
    if response.is_json and response.get_json().get("ok") is False:
        code = response.get_json()["refusal"]["code"]
        return "out" if code in KEPT_OUT else "missing" if code == "NOT_FOUND" else "in"
    if response.status_code in (301, 302, 303, 308):
        return "out" if (response.location or "").split("?")[0] == "/office/login" else "in"
    known: Mapping[int, Outcome] = {
        200: "in",
        204: "in",
        409: "wrong",
        422: "wrong",
        403: "out",
        404: "missing",
    }
    return known.get(response.status_code, "odd")
