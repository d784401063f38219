"""A5: every odd text in every field people fill: refused in a sentence, or kept whole; never half, never a fault."""

import inspect
import json
import logging
import random
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
import tinyhtml5
from sqlalchemy import event

from server.documents.failed import DocumentFailed
from server.documents.papers import Paper
from server.documents.pool import DocumentPool
from server.domain.actor import Actor, Role
from server.domain.meeting.commands import ROOM_COMMANDS
from server.domain.meeting.decide.text import is_sound_text
from server.domain.refusal import Refusal
from server.live.protocol import Envelope, read_envelope, refused_answer
from server.service.matters import topics
from server.service.room.wishes import Wish, WishHandler
from server.store.log import read_lines, verify_log
from server.store.writer import Unit
from tests.abuse.conftest import Count
from tests.abuse.description import fields_of
from tests.abuse.matrix import Row, read_table, rows_of
from tests.abuse.strings import MARK, strings
from tests.abuse.undoing import UndoingWriter
from tests.abuse.world import OFFICE, World
from tests.documents.cast import notice_paper

STRINGS = strings()
TABLE = read_table()
ROWS = [row for row in rows_of(TABLE) if row.method in ("GET", "POST")]
IN_ADDRESS = "(address)"
# Where a refused try is counted, and so written down.
COUNTING = ("/office/login", "/office/account/two-step", "/join")
SLOW = ("/office/login", "/office/account", "/office/password", "/office/setup")
INSIDE = ("Traceback", "sqlalchemy", "sqlite3", 'File "', "werkzeug", "jinja2")


@dataclass(slots=True)
class Ledger:
    """What reached the database since it was last emptied; ``foul`` is what PostgreSQL could not take."""

    written: list[str] = field(default_factory=list)
    foul: list[str] = field(default_factory=list)

    def note(self, statement: str, given: Any) -> None:
        """Keep the texts of one statement."""
        for text in _texts(given):
            if "\x00" in text or any("\ud800" <= char <= "\udfff" for char in text):
                self.foul.append(f"{statement[:200]} {text[:40]!r}")
            if MARK in text and not statement.lstrip().upper().startswith("SELECT"):
                self.written.append(text)

    def empty(self) -> None:
        """Begin anew."""
        self.written.clear()
        self.foul.clear()


def _texts(given: Any) -> Iterator[str]:
    if isinstance(given, str):
        yield given
    elif isinstance(given, Mapping):
        yield from _texts(list(given.values()))
    elif isinstance(given, (list, tuple)):
        for one in given:
            yield from _texts(one)


@pytest.fixture(scope="module")
def ledger(world: World) -> Iterator[Ledger]:
    """What goes to the database from here on."""
    kept = Ledger()

    def note(_c: Any, _cursor: Any, statement: str, given: Any, _context: Any, _many: bool) -> None:
        kept.note(statement, given)

    engines = (world.services.database.writing, world.services.database.reading)
    for engine in engines:
        event.listen(engine, "before_cursor_execute", note)
    yield kept
    for engine in engines:
        event.remove(engine, "before_cursor_execute", note)


@pytest.fixture(scope="module")
def undoing(world: World) -> Iterator[UndoingWriter]:
    """Everything is carried out and taken back, so that every text meets the same world."""
    services = world.services
    writer = UndoingWriter(services.writer, WishHandler(services.rooms, world.clock))
    put_in: Any = writer
    door: Any = services.door
    world.flask.extensions["council"], door._writer = replace(services, writer=put_in), put_in
    yield writer
    world.flask.extensions["council"], door._writer = services, services.writer


def normal(text: str) -> str:
    """Return a text as a form's field keeps it; half a pair cannot be sent but as the bytes it would be."""
    sent = text.encode("utf-8", "surrogatepass").decode("utf-8", "werkzeug.url_quote")
    return unicodedata.normalize("NFC", sent).replace("\r\n", "\n").strip()


def forget(world: World) -> None:
    """Let nobody be kept out for having asked too often."""
    for kept in world.flask.extensions.get("council_allowances", {}).values():
        kept._counts.clear()
    world.flask.extensions.pop("council_stamps", None)
    for tries in world.flask.extensions.get("login_tries", ()):
        tries._counts.clear()


def names_of(world: World, row: Row) -> list[str]:
    """Return the fields of a row: those it sends, and those the page's own source reads."""
    endpoint = next(rule.endpoint for rule in world.flask.url_map.iter_rules() if rule.rule == row.rule)
    module = inspect.getmodule(world.flask.view_functions[endpoint])
    read = fields_of(module) if module is not None else {"form": set(), "args": set()}
    names = sorted({*row.form, *read["form"]} if row.method == "POST" else read["args"])
    return [*names, IN_ADDRESS] if row.things else names


def kept_whole(ledger: Ledger, text: str) -> bool:
    """Tell whether whatever was written of a text was its normal form, all of it."""
    sent: str = json.loads(json.dumps(text))  # where two halves of a pair meet again
    forms = [normal(text), unicodedata.normalize("NFC", sent)]
    forms += [json.dumps(form, ensure_ascii=False)[1:-1] for form in forms]
    return all(any(form in written for form in forms) for written in ledger.written)


def send(world: World, row: Row, name: str, text: str) -> Any:
    """Send one row's request with a text in one field, or in the place of every id in its address."""
    who = (
        "administrator"
        if "administrator" in row.allowed["own"]
        else min(row.allowed["own"] or row.wrong or {"administrator"})
    )
    cookies, csrf = world.principals[who]
    sent = quote(text.encode("utf-8", "surrogatepass"))
    things = iter(row.things)
    path = ""
    for place, piece in enumerate(row.rule.replace("<", ">").split(">")):
        thing = next(things) if place % 2 else ""
        known = thing[1:] if thing.startswith(":") else quote(world.own.things.get(thing, ""))
        path += (
            piece if place % 2 == 0 else sent if name == IN_ADDRESS and not thing.startswith(":") else known
        )
    client = world.flask.test_client(use_cookies=False)
    if row.method == "GET":
        query = "" if name == IN_ADDRESS else f"?{name}={sent}"
        return client.get(path + query, headers={"Cookie": cookies})
    form = {key: quote(value.format_map(world.own.things)) for key, value in row.form.items()}
    if name != IN_ADDRESS:
        form[name] = sent
    body = "&".join(f"{key}={value}" for key, value in {"csrf": csrf, **form}.items())
    return client.post(
        path, data=body, content_type="application/x-www-form-urlencoded", headers={"Cookie": cookies}
    )


def faults_of(answer: Any, row: Row, ledger: Ledger, text: str, done: int) -> list[str]:
    """Say what is wrong with an answer: a fault, the inside shown, a refusal that wrote, half a text written."""
    page = answer.get_data(as_text=True)
    found = [word for word in INSIDE if word in page]
    found += ledger.foul[:1]
    if answer.status_code >= 500:
        found.append(f"status {answer.status_code}")
    if answer.status_code >= 400:
        if done and not row.rule.startswith(COUNTING):
            found.append(f"status {answer.status_code}, and yet {done} things written")
        if not any("\u4e00" <= char <= "\u9fff" for char in page):
            found.append("no sentence")
    if not kept_whole(ledger, text):
        found.append(f"half kept: {[text[:60] for text in ledger.written]!r}")
    if answer.mimetype == "text/html":
        tinyhtml5.parse(page, namespace_html_elements=False)
        if any(ord(char) < 0x20 and char not in "\n\t\r" for char in page):
            found.append("a control in the page")
    if answer.is_json:
        json.loads(page)
    return found


@pytest.mark.rule("S84")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_a_field_keeps_a_text_whole_or_refuses_it(
    world: World,
    undoing: UndoingWriter,
    ledger: Ledger,
    count: Count,
    row: Row,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.ERROR)
    chance = random.Random(row.title)
    wrong = []
    names = names_of(world, row)
    for name in chance.sample(names, min(len(names), count(3, 99))):
        # Ids, what the page reads elsewhere, and what costs a hash each time: a part of the set is enough.
        is_own = name in row.form or (row.method == "GET" and name != IN_ADDRESS)
        most = len(STRINGS) if is_own and not row.rule.startswith(SLOW) else 20
        for text in chance.sample(STRINGS, count(1, most)):
            forget(world)
            ledger.empty()
            before = undoing.done
            answer = send(world, row, name, text)
            faults = faults_of(answer, row, ledger, text, undoing.done - before)
            wrong += [f"{name} {text[:20]!r}…: {fault}" for fault in faults]
    assert not wrong, "\n".join(wrong[:20])
    assert not caplog.records, caplog.text[:4000]


def _texts_of(command: type) -> list[str]:
    """Return the fields of a command that hold a text."""
    return [one.name for one in fields(command) if "str" in str(one.type)] + ["options"] * hasattr(
        command, "options"
    )


@pytest.mark.rule("S84")
@pytest.mark.parametrize("title", TABLE["commands"])
def test_a_command_keeps_a_text_whole_or_refuses_it(
    world: World, undoing: UndoingWriter, ledger: Ledger, count: Count, title: str
) -> None:
    entry, name = TABLE["commands"][title], title.split(" ")[0]
    things = {**world.own.things, "item": world.own.things["room_item"]}
    data = {
        key: text.format_map(things) if isinstance(text, str) else text for key, text in entry["data"].items()
    }
    chance = random.Random(title)
    wrong = []
    for odd in _texts_of(ROOM_COMMANDS[name]):
        for text in chance.sample(STRINGS, count(8, len(STRINGS))):
            value: Any = [{"id": "a", "text": text}, {"id": "b", "text": "乙"}] if odd == "options" else text
            envelope = read_envelope(
                json.loads(json.dumps({"id": "one", "name": name, "data": {**data, odd: value}}))
            )
            if isinstance(envelope, Refusal):
                continue
            wrong += [
                f"{odd} {text[:20]!r}…: {fault}" for fault in _settled(world, undoing, ledger, envelope, text)
            ]
    assert not wrong, "\n".join(wrong[:20])


def _settled(
    world: World, undoing: UndoingWriter, ledger: Ledger, envelope: Envelope, text: str
) -> list[str]:
    """Decide one command as everybody who might; say what went wrong."""
    found = []
    for who in ("chair", "secretary_in_room", "representative_present"):
        ledger.empty()
        wish = Wish(world.sessions[who], world.own.things["room"], "one", envelope.command, None)
        answer = undoing.settle(wish)
        if isinstance(answer, Refusal):
            said = refused_answer(world.services.words, answer)["refusal"]["sentence"]
            if not said or ledger.written:
                found.append(f"{answer.code}: {said!r} {ledger.written}")
        found += ledger.foul
        if not kept_whole(ledger, text):
            found.append(f"half kept: {ledger.written}")
    return found


def shown(world: World, who: str, path: str) -> str:
    """Return the text of a page with the values of its fields."""
    answer = world.flask.test_client(use_cookies=False).get(
        path, headers={"Cookie": world.principals[who][0]}
    )
    assert answer.status_code == 200, path
    page = tinyhtml5.parse(answer.get_data(as_text=True), namespace_html_elements=False)
    return "".join(page.itertext()) + "".join(
        node.get("value") or "" for node in page.iter() if isinstance(node.tag, str)
    )


@pytest.mark.rule("S84")
def test_what_was_kept_comes_out_as_it_went_in(world: World, count: Count) -> None:
    """Topics of the sound texts on the residents' pages, motions of them in the log, whose chain holds."""
    sound = [text for text in STRINGS if is_sound_text(unicodedata.normalize("NFC", text), 80)]
    assert len(sound) > 70
    now, council, room = world.clock(), world.own.council, world.own.things["room"]
    chair = Actor("chair:lin", frozenset({Role.CHAIR}))
    # A meeting takes sixty items.
    for text in random.Random("kept").sample(sound, count(10, 55)):

        def write(unit: Unit, text: str = normal(text)) -> str:
            raised = topics.raise_topic(
                unit, now, council_id=council, title=text, body=text, channel="online", proposer="王五"
            )
            topics.accept(unit, now, raised.topic_id, OFFICE, text)
            return raised.number

        number = world.services.writer.submit(write).result(20)
        page = shown(world, "anonymous", f"/topics/{number}")
        assert page.count(normal(text)) >= 3, (text, number)
        command = read_envelope({"id": "x", "name": "agenda.add", "data": {"title": text}})
        assert isinstance(command, Envelope), text
        said = command.command
        world.services.writer.submit(
            partial(world.services.rooms.decide, meeting=room, actor=chair, command=said, now=now)
        ).result(20)
        with world.services.database.reader(5) as session:
            verify_log(session, room)
            assert json.loads(read_lines(session, room)[-1])["data"]["title"] == unicodedata.normalize(
                "NFC", text
            )


def test_the_press_prints_a_text_or_says_what_it_cannot(count: Count) -> None:
    """Every text in a notice, sound or not: a paper, or a sentence that names the characters."""
    press = DocumentPool(workers=1)
    printed = Counter[str]()
    try:
        for text in random.Random("press").sample(STRINGS, count(2, len(STRINGS))):
            printed[_printed(press, replace(notice_paper(), title=text, place=text))] += 1
    finally:
        press.close()
    assert printed.keys() <= {
        "%PDF",
        "GLYPH_MISSING",
        "RENDER_FAILED",
        "TEXT_UNREADABLE",
        "RENDER_TOO_SLOW",
    }, printed


def _printed(press: DocumentPool, paper: Paper) -> str:
    try:
        return press.render(paper)[:4].decode()
    except DocumentFailed as failed:
        return failed.code if failed.sentence else "no sentence"
