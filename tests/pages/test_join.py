"""Coming in by ticket: where it leads, what is refused, and that valid tickets are never limited."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.pages.context import Services
from server.pages.join import FAILED_HERE
from server.service.access.entries import issue_entry
from server.service.access.sessions import issue_ticket, revoke_tickets
from server.service.clock import DAY_MS
from server.service.community import roster
from server.service.meetings.plans import NewItem, PlanFacts, issue_notice, plan_meeting
from server.store.writer import Unit
from tests.pages.cast import Cast, words_of
from tests.pages.house import Clock

OFFICE = Actor("account:office", frozenset({Role.ORGANISER}))
CarryOut = Callable[[Callable[[Unit], Any]], Any]
PRINTED = "a-Bc_d-3fgHI1jkl-mno_p"


@pytest.fixture
def carry_out(services: Services) -> CarryOut:
    return lambda run: services.writer.submit(run).result(10)


def card(carry_out: CarryOut, services: Services, cast: Cast, name: str, token: str) -> str:
    person = cast.representatives[name]
    carry_out(lambda unit: roster.replace_cards(unit, services.clock(), cast.council, {person: token}))
    return token


def call(carry_out: CarryOut, services: Services, cast: Cast, starts_at: int) -> str:
    now = services.clock()
    facts = PlanFacts("五方代表议事会", "议事长廊", starts_at, "林平", "周文")
    plan = carry_out(lambda unit: plan_meeting(unit, now, cast.council, facts, (NewItem("楼道灯"),)))
    carry_out(lambda unit: issue_notice(unit, services.rooms, now, plan, OFFICE))
    return str(plan)


def entry(carry_out: CarryOut, services: Services, meeting: str, role: Role) -> str:
    return str(carry_out(lambda unit: issue_entry(unit, services.clock(), meeting, role, OFFICE)))


def test_chair_and_secretary_come_to_the_console(
    house: Flask, cast: Cast, services: Services, carry_out: CarryOut
) -> None:
    meeting = call(carry_out, services, cast, services.clock() + DAY_MS)
    for role in (Role.CHAIR, Role.SECRETARY):
        token = entry(carry_out, services, meeting, role)
        client = house.test_client()
        answer = client.post("/join", data={"ticket": token})
        assert (answer.status_code, answer.location) == (303, f"/meetings/{meeting}/console")
        cookies = answer.headers.getlist("Set-Cookie")
        secret = next(c for c in cookies if c.startswith("sid="))
        assert "HttpOnly" in secret
        assert f"SameSite={'Strict' if role is Role.CHAIR else 'Lax'}" in secret
        assert "Path=/" in secret
        assert any(c.startswith("csrf=") and "HttpOnly" not in c for c in cookies)
        assert client.get(answer.location).status_code == 200


def test_a_card_comes_to_the_phone_as_form_and_as_json(
    house: Flask, cast: Cast, services: Services, carry_out: CarryOut
) -> None:
    meeting = call(carry_out, services, cast, services.clock() + DAY_MS)
    token = card(carry_out, services, cast, "赵国庆", "Zz-card_0123456789")
    for how in (
        {"data": {"ticket": token}},
        {"json": {"ticket": token}},
        {"data": {"ticket": f" {token}\n"}},
    ):
        client = house.test_client()
        answer = client.post("/join", **how)
        assert (answer.status_code, answer.location) == (303, f"/meetings/{meeting}/phone")
        assert client.get(answer.location).status_code == 200


@pytest.mark.parametrize(
    "typed",
    [
        "a-Bc _d-3 fgHI 1jkl -mno _p",
        "a-Bc\u3000_d-3\u3000fgHI\u30001jkl\u3000-mno\u3000_p",
        PRINTED.translate({letter: letter + 0xFEE0 for letter in range(0x21, 0x7F)}),
        "\ufeffa-Bc\u00a0_d-3\u200bfgHI\t1jkl-mno_p\r\n",
    ],
)
def test_a_code_may_be_typed_in_groups_and_in_wide_letters(
    house: Flask, cast: Cast, services: Services, carry_out: CarryOut, typed: str
) -> None:
    call(carry_out, services, cast, services.clock() + DAY_MS)
    card(carry_out, services, cast, "赵国庆", PRINTED)
    for how in ({"data": {"ticket": typed}}, {"json": {"ticket": typed}}):
        assert house.test_client().post("/join", **how).status_code == 303


@pytest.mark.parametrize(
    "typed", ["A-BC_D-3FGHI1JKL-MNO_P", "aBc_d3fgHI1jklmno_p", "a-Bc-_d-3-fgHI-1jkl--mno-_p"]
)
def test_case_and_hyphens_are_part_of_a_code(
    house: Flask, cast: Cast, services: Services, carry_out: CarryOut, typed: str
) -> None:
    card(carry_out, services, cast, "赵国庆", PRINTED)
    assert house.test_client().post("/join", data={"ticket": typed}).status_code == 403


@pytest.mark.rule("S66")
def test_a_card_works_again_and_ends_the_former_session(
    house: Flask, cast: Cast, services: Services, carry_out: CarryOut
) -> None:
    meeting = call(carry_out, services, cast, services.clock() + DAY_MS)
    token = card(carry_out, services, cast, "钱进", "Zz-card_0123456789")
    former, later = house.test_client(), house.test_client()
    for client in (former, later):
        assert client.post("/join", data={"ticket": token}).status_code == 303
    assert later.get(f"/meetings/{meeting}/phone").status_code == 200
    assert former.get(f"/meetings/{meeting}/phone").status_code == 403


def test_a_card_opens_the_meeting_of_the_moment(
    house: Flask, cast: Cast, services: Services, carry_out: CarryOut, clock: Clock
) -> None:
    token = card(carry_out, services, cast, "赵国庆", "Zz-card_0123456789")

    def leads_to() -> str:
        return house.test_client().post("/join", data={"ticket": token}).location.split("/")[2]

    assert leads_to() == "waiting"
    far = call(carry_out, services, cast, clock() + 9 * DAY_MS)
    assert leads_to() == far
    near = call(carry_out, services, cast, clock() + 2 * DAY_MS)
    assert leads_to() == near
    chair = Actor("chair:lin", frozenset({Role.CHAIR}))
    carry_out(lambda unit: services.rooms.decide(unit, far, chair, c.OpenMeeting(), clock()))
    assert leads_to() == far
    carry_out(lambda unit: services.rooms.decide(unit, far, chair, c.CloseMeeting(), clock()))
    assert leads_to() == near


def test_without_a_meeting_the_card_is_told_so(
    house: Flask, cast: Cast, services: Services, carry_out: CarryOut
) -> None:
    token = card(carry_out, services, cast, "赵国庆", "Zz-card_0123456789")
    client = house.test_client()
    answer = client.post("/join", data={"ticket": token})
    assert answer.location == "/join/waiting"
    page = client.get("/join/waiting")
    assert page.status_code == 200
    assert "赵国庆，您的代表证有效，现在还没有会议" in words_of(page)
    assert house.test_client().get("/join/waiting").location == "/join"


@pytest.mark.rule("S66")
@pytest.mark.parametrize(
    "ticket",
    ["", "nonsense", "a" * 65, "入会码", "../../etc", "\x00", "' OR 1=1 --", "<script>alert(1)</script>"],
)
def test_a_forged_ticket_is_unknown_and_never_echoed(house: Flask, cast: Cast, ticket: str) -> None:
    client = house.test_client()
    page = client.post("/join", data={"ticket": ticket})
    assert page.status_code == 403
    assert "TICKET_UNKNOWN" in words_of(page)
    assert "<script>alert" not in page.get_data(as_text=True)
    assert "Set-Cookie" not in page.headers
    answer = client.post("/join", json={"ticket": ticket})
    assert answer.status_code == 403
    assert answer.get_json()["refusal"]["code"] == "TICKET_UNKNOWN"


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b'{"ticket": 7}', b'{"ticket": "\\ud800"}', b"\xff\xfe"]
)
def test_json_that_is_no_ticket_is_refused_clearly(house: Flask, cast: Cast, body: bytes) -> None:
    answer = house.test_client().post("/join", data=body, content_type="application/json")
    assert answer.status_code == 403
    assert answer.get_json()["refusal"]["sentence"]


@pytest.mark.rule("S68")
def test_expired_and_revoked_tickets_say_which(
    house: Flask, cast: Cast, services: Services, carry_out: CarryOut, clock: Clock
) -> None:
    meeting = call(carry_out, services, cast, clock() + DAY_MS)
    expired = carry_out(
        lambda unit: issue_ticket(
            unit.session, clock(), Role.CHAIR, holder="林", expires_at=clock() + 1000, meeting=meeting
        )
    )
    revoked = card(carry_out, services, cast, "钱进", "Zz-card_0123456789")
    person = cast.representatives["钱进"]
    carry_out(lambda unit: revoke_tickets(unit, clock(), representative=person))
    clock.pass_by(minutes=1)
    for ticket, code in ((expired, "TICKET_EXPIRED"), (revoked, "TICKET_REVOKED")):
        page = house.test_client().post("/join", data={"ticket": ticket})
        assert page.status_code == 403
        assert code in words_of(page)
        assert 'name="ticket"' in page.get_data(as_text=True)


@pytest.mark.rule("S71")
def test_guessing_is_slowed_down_and_a_valid_card_never(
    house: Flask, cast: Cast, services: Services, carry_out: CarryOut
) -> None:
    token = card(carry_out, services, cast, "赵国庆", "Zz-card_0123456789")
    client = house.test_client()
    statuses = [
        client.post("/join", data={"ticket": f"guess-{n}"}).status_code for n in range(FAILED_HERE + 2)
    ]
    assert statuses[:FAILED_HERE] == [403] * FAILED_HERE
    assert statuses[FAILED_HERE:] == [429, 429]
    assert client.post("/join", data={"ticket": token}).status_code == 303


@pytest.mark.rule("S67")
def test_the_page_works_without_script_and_sends_nothing_by_itself(house: Flask) -> None:
    page = house.test_client().get("/join")
    text = page.get_data(as_text=True)
    assert page.status_code == 200
    assert '<form class="form" id="join" method="post" action="/join">' in text
    assert "style=" not in text
    assert "<script>" not in text


@pytest.mark.rule("S69")
def test_the_hall_gets_a_code_without_a_secret(
    house: Flask, cast: Cast, services: Services, carry_out: CarryOut
) -> None:
    meeting = call(carry_out, services, cast, services.clock() + DAY_MS)
    code = house.test_client().get(f"/meetings/{meeting}/join.svg")
    assert code.mimetype == "image/svg+xml"
    assert code.get_data(as_text=True).startswith("<svg xmlns")
    assert house.test_client().get("/meetings/none/join.svg").status_code == 404
