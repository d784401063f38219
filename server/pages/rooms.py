"""The live screens as pages, and the room without a WebSocket: state and commands by HTTP (CONTRACT, HTTP)."""

import json
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from server.domain.actor import Role
from server.pages.context import reading, sent_json, services
from server.pages.failures import FAILED
from server.pages.plain_phone import participant, plain_phone, refusal_as_words, show_refusal
from server.screens.words import live_words
from server.service.access.sessions import SignedIn
from server.service.room.cards import read_card

blueprint = Blueprint("rooms", __name__)

# The desk is the console's panels laid out for the secretary; it is no screen kind of its own on the wire.
_SCREEN_OF = {"projector": "projector", "console": "console", "phone": "phone", "desk": "console"}


@blueprint.get("/meetings/<meeting>/<any(projector, console, phone, desk):page>")
def show_screen(meeting: str, page: str) -> Response:
    """Show a live screen with its first view already in it (R113); 403 without the right, never a blank page."""
    person = participant()
    answer = services().door.state(person, meeting, _SCREEN_OF[page])
    if not answer["ok"]:
        return show_refusal(answer["refusal"])
    response = make_response(
        render_template(
            f"live/{page}.html",
            screen=page,
            meeting_id=meeting,
            csrf=person.csrf,
            person=person.key,
            person_name=_name_of(person, meeting),
            role=person.role.value,
            first_view=answer,
            live_words=live_words(services().words, page),
            join_url=f"{services().public_url()}/join",
            mode=request.cookies.get("mode", ""),
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/meetings/<meeting>/state")
def show_state(meeting: str) -> Response:
    """Answer as ``hello`` does, for screens that poll."""
    response = jsonify(services().door.state(participant(), meeting, request.args.get("screen", "")))
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/meetings/<meeting>/command")
def send_command(meeting: str) -> AnyResponse:
    """Carry out a command sent as JSON or as a form; a refusal is an answer, so its status is 200."""
    person = participant()
    is_form = not request.is_json
    message = _form_message() if is_form else sent_json()
    answer = services().door.command(person, meeting, message)
    if not (is_form and request.accept_mimetypes.accept_html and "back" in request.form):
        return _as_json(answer)
    if answer["ok"]:
        return redirect(_own_path(request.form["back"], meeting), 303)
    refusal, back = answer["refusal"], request.form["back"]
    if back == _plain_path(meeting) and refusal["code"] not in FAILED:
        return plain_phone(person, meeting, refusal_as_words(refusal))
    return show_refusal(refusal, status=FAILED.get(refusal["code"], 200))


def _as_json(answer: dict[str, Any]) -> Response:
    """Answer 200 with what was decided; what the server could not do at all has a status of its own."""
    response = jsonify(answer)
    code = "" if answer["ok"] else answer["refusal"]["code"]
    response.status_code = FAILED.get(code, 200)
    return response


def _form_message() -> dict[str, Any]:
    try:
        data = json.loads(request.form.get("data", "{}"))
    except (ValueError, RecursionError):
        data = None
    return {"id": request.form.get("id", ""), "name": request.form.get("name", ""), "data": data}


def _own_path(back: str, meeting: str) -> str:
    """Return a path of this meeting to go back to; anything else would be an open redirect."""
    pages = {_plain_path(meeting)} | {f"/meetings/{meeting}/{page}" for page in _SCREEN_OF}
    return back if back in pages else f"/meetings/{meeting}/phone"


def _plain_path(meeting: str) -> str:
    return f"/meetings/{meeting}/phone/plain"


def _name_of(person: SignedIn, meeting: str) -> str:
    """Return the name a screen's head shows: the ticket's holder, or the account's."""
    if person.name or person.role not in (Role.CHAIR, Role.SECRETARY):
        return person.name
    with reading() as session:
        card = read_card(session, meeting)
    return card.chair if person.role is Role.CHAIR else card.secretary
