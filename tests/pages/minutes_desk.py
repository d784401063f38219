"""What a secretary and a signatory do at the pages of the minutes, told once for all their tests."""

import re
from html import unescape

from flask import Flask
from werkzeug.test import TestResponse

from server.domain.actor import Role
from server.pages.context import Services
from server.service.access.sessions import NewSession, issue_ticket, redeem_ticket
from server.store.writer import Unit
from tests.pages.cast import Person, browser_of
from tests.service.held_meeting import STROKES, filled

SENTENCE = "赞成4票、反对1票、弃权0票，赞成票超过实到人数的三分之二，表决通过。"


def by_ticket(house: Flask, services: Services, meeting: str, role: Role, holder: str) -> Person:
    """Return the browser of somebody who came in by a ticket of one meeting."""
    now = services.clock()

    def run(unit: Unit) -> NewSession:
        token = issue_ticket(unit.session, now, role, holder=holder, expires_at=now + 10**9, meeting=meeting)
        unit.session.flush()
        return redeem_ticket(unit, now, token)

    return browser_of(house, services.writer.submit(run).result(10))


def typed(response: TestResponse) -> str:
    """Return what stands in the editor."""

    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", response.get_data(as_text=True), re.DOTALL)
    assert found is not None
    return unescape(found[1])


def hidden(response: TestResponse, name: str) -> str:
    """Return a hidden field's value."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', response.get_data(as_text=True))
    assert found is not None, name
    return found[1]


def save(person: Person, meeting: str, text: str, base: int) -> TestResponse:
    """Save a text."""
    return person.post(f"/office/minutes/{meeting}", {"markdown": text, "base_version": str(base)})


def finalise(person: Person, meeting: str) -> None:
    """Fill the draft, save and freeze it."""
    page = person.get(f"/office/minutes/{meeting}")
    assert save(person, meeting, filled(typed(page)), int(hidden(page, "base_version"))).status_code == 303
    page = person.get(f"/office/minutes/{meeting}")
    form = {"base_version": hidden(page, "base_version"), "confirmed": "1"}
    assert person.post(f"/office/minutes/{meeting}/finalise", form).status_code == 303


def sign(person: Person, meeting: str, **changes: str) -> TestResponse:
    """Sign on one's own device."""
    named = f"?for={changes['for']}" if "for" in changes else ""
    page = person.get(f"/minutes/{meeting}/sign{named}")
    assert page.status_code == 200, page.status_code
    form = {"answer": "signed", "text": "", "strokes": STROKES, "sha256": hidden(page, "sha256")}
    return person.post(f"/minutes/{meeting}/sign", form | changes)
