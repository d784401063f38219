"""HTTP: health, tickets, the screens as pages, commands and state without a WebSocket."""

import hashlib
import json
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest

from tests.contract.client import Answer, House, Json, Participant, new_id, refusal_of
from tests.contract.conftest import Seeded
from tests.contract.hall import Hall


def test_health_names_version_database_and_workers(house: House) -> None:
    answer = house.ask("GET", "/healthz")
    assert answer.status == 200
    assert {"status", "version", "database", "workers"} <= set(answer.json)
    assert (answer.json["status"], answer.json["database"], answer.json["workers"]) == ("ok", "sqlite", 1)


@pytest.mark.parametrize(
    ("who", "screen"), [("chair", "console"), ("secretary", "console"), ("observer", "phone"), (0, "phone")]
)
@pytest.mark.parametrize("form", [True, False])
def test_a_ticket_leads_to_its_holders_screen(hall: Hall, who: str | int, screen: str, form: bool) -> None:
    ticket = hall.seats[who]["ticket"] if isinstance(who, int) else hall.seeded[who]
    ask = hall.house.post_form if form else hall.house.post_json
    answer = ask("/join", {"ticket": ticket})
    assert answer.status == 303
    assert answer.headers["location"] == f"/meetings/{hall.id}/{screen}"
    assert {"sid", "csrf"} <= set(answer.cookies)
    (session,) = [line for line in answer.set_cookies if line.startswith("sid=")]
    assert "HttpOnly" in session
    # a card's link is followed from a chat; those who run the meeting come in at their own desk
    assert f"SameSite={'Strict' if who == 'chair' else 'Lax'}" in session
    page = hall.house.ask("GET", answer.headers["location"], cookies=answer.cookies)
    assert page.status == 200


def test_a_ticket_may_be_used_again_and_ends_the_session_before(hall: Hall) -> None:
    ticket = hall.seats[0]["ticket"]
    first, second = hall.house.enter(ticket), hall.house.enter(ticket)
    assert first.cookies["sid"] != second.cookies["sid"]
    assert first.get(f"/meetings/{hall.id}/phone").status == 403
    assert second.get(f"/meetings/{hall.id}/phone").status == 200


@pytest.mark.parametrize(
    "message",
    [
        {"ticket": "forged-ticket-0000000000"},
        {"ticket": ""},
        {"ticket": None},
        {"ticket": ["x"]},
        {"ticket": "x" * 5000},
        {"ticket": "\u0000"},
        {"ticket": "' OR 1=1 --"},
        "deep",
        {},
        [],
        None,
        7,
    ],
)
def test_a_forged_ticket_is_unknown(house: House, message: Any) -> None:
    answer = house.post_json("/join", message)
    if message == "deep":
        answer = house.ask("POST", "/join", b"[" * 10_000, headers={"Content-Type": "application/json"})
    assert answer.status == 403
    assert "TICKET_UNKNOWN" in answer.text
    assert refusal_of(answer.json) == "TICKET_UNKNOWN"
    assert "set-cookie" not in answer.headers


def test_a_forged_ticket_in_a_form_gets_a_page_with_the_sentence(house: House) -> None:
    answer = house.post_form("/join", {"ticket": "forged"})
    assert answer.status == 403
    assert "TICKET_UNKNOWN" in answer.text
    assert "<html" in answer.text


@pytest.mark.parametrize(
    ("column", "code"), [("revoked_at", "TICKET_REVOKED"), ("expires_at", "TICKET_EXPIRED")]
)
def test_a_revoked_or_expired_ticket_opens_nothing(
    seeded: Seeded, hall: Hall, column: str, code: str
) -> None:
    ticket = hall.seats[1]["ticket"]
    set_ticket(seeded, ticket, column)
    answer = hall.house.post_json("/join", {"ticket": ticket})
    assert (answer.status, refusal_of(answer.json)) == (403, code)
    assert hall.house.post_json("/join", {"ticket": hall.seats[2]["ticket"]}).status == 303


@pytest.mark.rule("S3")
def test_a_revoked_ticket_ends_the_session_at_the_next_command(seeded: Seeded, hall: Hall) -> None:
    phone = hall.phone(1)
    phone.do("presence.check_in")
    set_ticket(seeded, hall.seats[1]["ticket"], "revoked_at")
    assert phone.refused("presence.leave") == "NOT_SIGNED_IN"
    assert hall.participant(1).get(f"/meetings/{hall.id}/phone").status == 403


def set_ticket(seeded: Seeded, ticket: str, column: str) -> None:
    """As the office would do it, behind the server's back: the next read has to notice."""
    digest = hashlib.sha256(ticket.encode()).hexdigest()
    with closing(sqlite3.connect(seeded.server.data / "council.sqlite", timeout=10)) as connection:
        changed = connection.execute(f"UPDATE ticket SET {column} = 1 WHERE token_hash = ?", (digest,))
        assert changed.rowcount == 1
        connection.commit()


def send(participant: Participant, meeting: str, message: Any, **headers: str) -> Answer:
    return participant.house.post_json(
        f"/meetings/{meeting}/command", message, participant.cookies, **headers
    )


def envelope(name: str, data: Json | None = None) -> Json:
    return {"id": new_id(), "name": name, "data": data or {}}


def test_commands_by_json(hall: Hall) -> None:
    participant = hall.participant(0)
    token = participant.cookies["csrf"]
    answer = send(participant, hall.id, envelope("presence.check_in"), X_CSRF_Token=token)
    assert (answer.status, answer.json) == (200, {"ok": True, "version": 2})
    again = send(participant, hall.id, envelope("presence.check_in"), X_CSRF_Token=token)
    assert (again.status, refusal_of(again.json)) == (200, "ALREADY_PRESENT")
    bad = send(participant, hall.id, {"id": 7}, X_CSRF_Token=token)
    assert (bad.status, refusal_of(bad.json)) == (200, "BAD_DATA")


def test_commands_by_form(hall: Hall) -> None:
    participant = hall.participant(0)
    path = f"/meetings/{hall.id}/command"
    fields = {"id": new_id(), "name": "presence.check_in", "data": "{}", "csrf": participant.cookies["csrf"]}
    answer = hall.house.post_form(path, fields, participant.cookies)
    assert (answer.status, answer.json) == (200, {"ok": True, "version": 2})
    refused = hall.house.post_form(path, {**fields, "id": new_id()}, participant.cookies)
    assert (refused.status, refusal_of(refused.json)) == (200, "ALREADY_PRESENT")
    for data in ("{", "[]", "[" * 5_000, ""):
        broken = hall.house.post_form(path, {**fields, "id": new_id(), "data": data}, participant.cookies)
        assert (broken.status, refusal_of(broken.json)) == (200, "BAD_DATA")


@pytest.mark.parametrize("headers", [{}, {"X_CSRF_Token": ""}, {"X_CSRF_Token": "wrong"}])
def test_a_missing_or_wrong_token_is_forbidden(hall: Hall, headers: Mapping[str, str]) -> None:
    participant = hall.participant(0)
    assert send(participant, hall.id, envelope("presence.check_in"), **headers).status == 403
    form = {
        "id": new_id(),
        "name": "presence.check_in",
        "data": "{}",
        "csrf": headers.get("X_CSRF_Token", ""),
    }
    assert hall.house.post_form(f"/meetings/{hall.id}/command", form, participant.cookies).status == 403
    assert hall.phone(0).panels["me"]["present"] is False


def test_a_missing_session_is_forbidden(hall: Hall) -> None:
    for cookies in ({}, {"sid": "forged", "csrf": "x"}):
        stranger = Participant(hall.house, cookies, "")
        answer = send(stranger, hall.id, envelope("presence.check_in"), X_CSRF_Token="x")
        assert answer.status == 403
        assert "NOT_SIGNED_IN" in answer.text


@pytest.mark.rule("S79")
def test_another_sites_request_is_forbidden(hall: Hall) -> None:
    participant = hall.participant(0)
    token = participant.cookies["csrf"]
    answer = send(
        participant, hall.id, envelope("presence.check_in"), X_CSRF_Token=token, Sec_Fetch_Site="cross-site"
    )
    assert answer.status == 403


def test_the_wrong_role_and_a_stranger_are_not_allowed(hall: Hall, other_hall: Hall) -> None:
    participant = hall.participant(0)
    answer = send(participant, hall.id, envelope("meeting.open"), X_CSRF_Token=participant.cookies["csrf"])
    assert refusal_of(answer.json) == "NOT_ALLOWED"
    chair = other_hall.participant("chair")
    answer = send(chair, hall.id, envelope("meeting.open"), X_CSRF_Token=chair.cookies["csrf"])
    assert refusal_of(answer.json) == "NOT_ALLOWED"
    answer = send(chair, "nowhere", envelope("meeting.open"), X_CSRF_Token=chair.cookies["csrf"])
    assert refusal_of(answer.json) == "NOT_FOUND"


def test_a_phone_without_a_socket_takes_part_in_everything(hall: Hall) -> None:
    participant = hall.participant(0)
    poll = hall.poll()
    token = participant.cookies["csrf"]
    state = participant.get(f"/meetings/{hall.id}/state?screen=phone").json
    assert state["ok"] is True
    assert {"version", "now", "panels"} <= set(state)
    assert state["panels"]["poll"]["id"] == poll
    ballot = {"poll": poll, "choice": "for", "nonce": "by form"}
    answer = send(participant, hall.id, envelope("ballot.cast", ballot), X_CSRF_Token=token)
    assert answer.json["ok"] is True
    me = participant.get(f"/meetings/{hall.id}/state?screen=phone").json["panels"]["me"]
    assert me["ballot"]["poll"] == poll
    assert hall.projector.until(lambda panels: panels["poll"]["cast"] == 1)


def test_one_nonce_over_socket_and_form_is_one_ballot(hall: Hall) -> None:
    participant = hall.participant(0)
    phone = hall.phone(0)
    poll = hall.poll()
    ballot = {"poll": poll, "choice": "for", "nonce": "both ways"}
    first = phone.send("ballot.cast", ballot)
    answer = send(
        participant, hall.id, envelope("ballot.cast", ballot), X_CSRF_Token=participant.cookies["csrf"]
    )
    assert answer.json == first
    other = send(
        participant,
        hall.id,
        envelope("ballot.cast", {**ballot, "nonce": "x"}),
        X_CSRF_Token=participant.cookies["csrf"],
    )
    assert refusal_of(other.json) == "ALREADY_VOTED"


@pytest.mark.parametrize("screen", ["", "wall", "desk"])
def test_state_of_no_screen_is_bad_data(begun_hall: Hall, screen: str) -> None:
    answer = begun_hall.participant("chair").get(f"/meetings/{begun_hall.id}/state?screen={screen}")
    assert refusal_of(answer.json) == "BAD_DATA"


def test_what_is_not_there_is_said_on_a_page(begun_hall: Hall) -> None:
    answer = begun_hall.participant("chair").get("/meetings/nowhere/console")
    assert answer.status == 404
    assert "<html" in answer.text


@pytest.mark.rule("R113")
def test_a_page_already_shows_the_state(begun_hall: Hall) -> None:
    page = begun_hall.participant("observer").get(f"/meetings/{begun_hall.id}/projector")
    assert begun_hall.chair.panels["agenda"]["items"][0]["title"] in page.text
    assert page.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff\xfe", b"[" * 10_000, b'{"id":"x","name":"n","data":{"a":NaN}}']
)
def test_a_body_that_cannot_be_read_changes_nothing(begun_hall: Hall, body: bytes) -> None:
    participant = begun_hall.participant("observer")
    answer = begun_hall.house.ask(
        "POST",
        f"/meetings/{begun_hall.id}/command",
        body,
        participant.cookies,
        {"Content-Type": "application/json", "X-CSRF-Token": participant.cookies["csrf"]},
    )
    assert answer.status == 200
    assert refusal_of(json.loads(answer.body)) == "BAD_DATA"


def test_the_limit_is_one_for_socket_and_form(hall: Hall) -> None:
    participant, phone = hall.participant(0), hall.phone(0)
    numbers = [phone.emit("command", envelope("floor.withdraw")) for _ in range(60)]
    answer = send(participant, hall.id, envelope("floor.withdraw"), X_CSRF_Token=participant.cookies["csrf"])
    assert (answer.status, refusal_of(answer.json)) == (200, "TOO_OFTEN")
    for number in numbers:
        phone.answer_to(number)
