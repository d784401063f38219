"""入会: the page a card's QR opens, and the redemption of its ticket (CONTRACT, ``POST /join``)."""

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from server.documents.qr import qr_svg
from server.domain.meeting.decide.text import is_storable
from server.domain.refusal import RefusalCode
from server.pages.context import carry_out, reading, sent_json, services, signed_in
from server.pages.csrf import keep_session
from server.pages.device_words import device_words
from server.pages.failures import Words, show_failure
from server.pages.limits import address_prefix, allowance
from server.pages.noting import note_refusal
from server.service.access.audit import Act
from server.service.access.devices import remember_device
from server.service.access.joining import Entered, council_of_person, enter, screen_of
from server.service.access.sessions import TicketRefused
from server.service.publishing import read_council, read_meeting
from server.service.refused import refused
from server.store.writer import Unit

blueprint = Blueprint("join", __name__)

# Failed redemptions only (S71): a hall behind one router never fails so often, a guesser does.
FAILED_HERE, FAILED_ANYWHERE = 120, 300
MINUTE_MS = 60_000


@blueprint.get("/join")
def show_join() -> AnyResponse:
    """Show the page of a card: its script takes the ticket from the address, without script it is typed."""
    return make_response(render_template("join/join.html"))


@blueprint.post("/join")
def join() -> AnyResponse:
    """Redeem a ticket (form or JSON) and lead to its holder's live screen; 403 with a sentence and code."""
    now = services().clock()
    ticket, device = _ticket(), device_words(request.user_agent.string)
    try:
        entered = carry_out(lambda unit: _enter(unit, now, ticket, device))
    except TicketRefused as refusal:
        here = allowance("join", FAILED_HERE, MINUTE_MS).count(address_prefix(request.remote_addr), now)
        if not (allowance("join anywhere", FAILED_ANYWHERE, MINUTE_MS).count("", now) and here):
            note_refusal(Act.JOIN, result="locked")
            return _refuse(429, "TOO_OFTEN")
        note_refusal(Act.JOIN)
        return _refuse(403, refusal.code)
    person = entered.opened.signed_in
    where = f"/meetings/{entered.meeting}/{screen_of(person.role)}" if entered.meeting else "/join/waiting"
    response = redirect(where, 303)
    keep_session(response, entered.opened)  # type: ignore[arg-type]
    return response


def _enter(unit: Unit, now: int, ticket: str, device: str) -> Entered:
    entered = enter(unit, now, ticket)
    remember_device(unit, entered.opened, device)
    return entered


def _ticket() -> str:
    """Return the ticket sent, an empty text for anything that is none."""
    if not request.is_json:
        return request.form.get("ticket", "")
    sent = sent_json()
    ticket = sent.get("ticket") if isinstance(sent, dict) else None
    return ticket if isinstance(ticket, str) and is_storable(ticket) else ""


def _refuse(status: int, code: str) -> Response:
    entry = services().words["refusals"][code]
    words = Words(entry["sentence"], entry["advice"], code)
    if request.is_json:
        return show_failure(status, words)
    response = make_response(render_template("join/join.html", failure=words), status)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/join/waiting")
def show_waiting() -> AnyResponse:
    """Tell a card's holder that no meeting was called yet, and where to look for the next one."""
    person = signed_in()
    if person is None:
        return redirect("/join", 303)
    with reading() as session:
        council_id = council_of_person(session, person)
        council = read_council(session, council_id) if council_id is not None else None
    return make_response(render_template("join/waiting.html", person=person, council=council))


@blueprint.get("/meetings/<meeting>/join.svg")
def show_join_code(meeting: str) -> Response:
    """Return the QR of the join page for the hall; it holds no secret."""
    with reading() as session:
        if read_meeting(session, meeting) is None:
            raise refused(RefusalCode.NOT_FOUND, what="meeting")
    return Response(qr_svg(f"{services().public_url()}/join", "入会页面二维码"), mimetype="image/svg+xml")
