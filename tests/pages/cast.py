"""The people of the page tests, and how each of them asks."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from server.domain.actor import Role
from server.pages.context import Services
from server.service.access import accounts
from server.service.access.sessions import NewSession, open_session
from server.service.community import councils, roster
from server.service.ids import new_token
from server.store.tables.access import AccountRow, TicketRow
from server.store.writer import Unit

# One real hash for all: hashing costs 60 ms, and what is tested here is not the hash.
PASSWORD = "correct horse"
HASH = accounts.hash_password(PASSWORD)
PEOPLE = (
    ("小区管理单位", "赵国庆"),
    ("物业", "钱进"),
    ("社区", "孙芳"),
    ("邻长", "李桂香"),
    ("业主", "周全"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """A browser of one person; forms are posted with the token the person's session has."""

    client: FlaskClient
    csrf: str
    id: str = ""

    def get(self, path: str, **how: Any) -> TestResponse:
        """Open a page."""
        return self.client.get(path, **how)

    def post(self, path: str, data: Mapping[str, Any] | None = None, **how: Any) -> TestResponse:
        """Send a form with the person's token."""
        return self.client.post(path, data={"csrf": self.csrf, **(data or {})}, **how)


@dataclass(frozen=True, slots=True)
class Cast:
    """A council in its area, office people with accounts, five representatives with cards, a stranger."""

    area: str
    council: str
    parties: Mapping[str, str]
    representatives: Mapping[str, str]
    administrator: Person
    organiser: Person
    secretary: Person
    chair: Person
    supervisor: Person
    representative: Person
    stranger: Person


def words_of(response: TestResponse) -> str:
    """Return the words of a page without its marks."""
    page = re.sub(r"<(script|style)\b.*?</\1>", " ", response.get_data(as_text=True), flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", page)).split())


def anonymous(app: Flask) -> Person:
    """Return somebody who never signed in, with the token a form page hands out."""
    client = app.test_client()
    page = client.get("/office/login").get_data(as_text=True)
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    return Person(client, found[1] if found else "")


def browser_of(app: Flask, opened: NewSession, person_id: str = "") -> Person:
    """Return a browser that holds a session."""
    client = app.test_client()
    client.set_cookie("sid", opened.cookie)
    client.set_cookie("csrf", opened.csrf)
    return Person(client, opened.csrf, person_id)


def gather(app: Flask, services: Services) -> Cast:
    """Write the council and its people, and sign everybody in."""

    def carry_out(run: Callable[[Unit], Any]) -> Any:
        return services.writer.submit(run).result(10)

    now = services.clock()
    area = carry_out(lambda unit: councils.add_area(unit, parent_id=None, level="estate", name="金穗小区"))
    facts = councils.CouncilFacts(
        "金穗小区议事会", "芙蓉社区居民委员会", "金穗小区议事长廊", "0731-5555 0100"
    )
    council = carry_out(lambda unit: councils.create_council(unit, now, area_id=area, facts=facts))
    with services.database.reader() as session:
        parties = {row.name: row.id for row in councils.list_parties(session, council)}
    people = [roster.NewRepresentative(parties[party], name) for party, name in PEOPLE]
    ids = carry_out(lambda unit: roster.add_representatives(unit, now, council, people))
    representatives = dict(zip([name for _, name in PEOPLE], ids, strict=True))

    def account(name: str, role: Role) -> Person:
        return browser_of(app, *carry_out(lambda unit: _sign_in_as(unit, now, name, role)))

    return Cast(
        area,
        council,
        parties,
        representatives,
        account("管理员", Role.ADMINISTRATOR),
        account("周敏", Role.ORGANISER),
        account("周记录", Role.SECRETARY),
        account("林主持", Role.CHAIR),
        account("监督", Role.SUPERVISOR),
        card_of(app, services, representatives["李桂香"], council),
        anonymous(app),
    )


def _sign_in_as(unit: Unit, now: int, name: str, role: Role) -> tuple[NewSession, str]:
    made = accounts.create_account(unit, now, name=name, role=role, password=PASSWORD, password_hash=HASH)
    row = unit.session.get(AccountRow, made.account_id)
    return open_session(unit, now, account=row), made.account_id


def card_of(app: Flask, services: Services, representative: str, council: str) -> Person:
    """Return the browser of a representative who came in by card."""
    now = services.clock()
    token = new_token()

    def run(unit: Unit) -> NewSession:
        roster.replace_cards(unit, now, council, {representative: token})
        ticket = unit.session.query(TicketRow).filter_by(representative_id=representative).one()
        return open_session(unit, now, ticket=ticket)

    return browser_of(app, services.writer.submit(run).result(10), representative)
