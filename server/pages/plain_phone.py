"""The phone without WebSocket and without scripts (简易版): every view a page, every act a form (R112, R113)."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from server.domain.refusal import RefusalCode, refuse
from server.pages.context import services, signed_in
from server.pages.failures import FAILED, Words, refusal_words, show_failure
from server.service.access.sessions import SignedIn
from server.service.refused import refused

blueprint = Blueprint("plain_phone", __name__)
RENEWED_AFTER_SECONDS = 15
YEAR_SECONDS = 365 * 24 * 3600


@blueprint.get("/meetings/<meeting>/phone/plain")
def show_plain_phone(meeting: str) -> Response:
    """Show the phone's present view; 403 without the right, never a blank page."""
    return plain_phone(participant(), meeting)


@blueprint.post("/meetings/<meeting>/phone/plain/ballot")
def confirm_choice(meeting: str) -> Response:
    """Ask once more before a ballot is cast (R65); nothing is kept, and the choice stands in no address (S38)."""
    person = participant()
    answer = services().door.state(person, meeting, "phone")
    if not answer["ok"]:
        return show_refusal(answer["refusal"])
    poll, choice = answer["panels"]["poll"], request.form.get("choice", "")
    if poll is None or poll["state"] != "open" or poll["id"] != request.form.get("poll"):
        return plain_phone(person, meeting, _said(RefusalCode.POLL_NOT_OPEN))
    chosen = next((option["text"] for option in poll["options"] if option["id"] == choice), None)
    if chosen is None:
        return plain_phone(person, meeting, _said(RefusalCode.BAD_DATA))
    return _page("live/plain_confirm.html", person, meeting, answer, choice=choice, chosen=chosen)


def plain_phone(person: SignedIn, meeting: str, failure: Words | None = None) -> Response:
    """Return the present view with the sentence of what was refused above it.

    It renews itself unless the person turned that off (WCAG 2.2.1) or has a sentence to read. Whatever has fields to
    fill in stands on a page of its own, which never does.
    """
    answer = services().door.state(person, meeting, "phone")
    if not answer["ok"]:
        return show_refusal(answer["refusal"])
    wanted = request.args.get("renew") or request.cookies.get("renew", "on")
    response = _page(
        "live/plain_phone.html",
        person,
        meeting,
        answer,
        failure=failure,
        is_renewing=wanted != "off",
        renews=wanted != "off" and failure is None,
        seconds=RENEWED_AFTER_SECONDS,
        now=answer["now"],
    )
    if request.args.get("renew") in ("on", "off"):
        response.set_cookie(
            "renew", wanted, max_age=YEAR_SECONDS, secure=services().is_secure, httponly=True, samesite="Lax"
        )
    return response


def participant() -> SignedIn:
    """Return who asks; NOT_SIGNED_IN is raised for strangers."""
    person = signed_in()
    if person is None:
        raise refused(RefusalCode.NOT_SIGNED_IN)
    return person


def refusal_as_words(refusal: Mapping[str, Any]) -> Words:
    """Return the sentence, advice and code of a refusal as the room answered it."""
    entry = services().words["refusals"].get(refusal["code"], {})
    return Words(refusal["sentence"], entry.get("advice", ""), refusal["code"])


def show_refusal(refusal: Mapping[str, Any], status: int | None = None) -> Response:
    """Return a refusal as a page of its own."""
    fallback = 404 if refusal["code"] == "NOT_FOUND" else 403
    return show_failure(
        status or FAILED.get(refusal["code"], fallback), refusal_as_words(refusal), refusal["facts"]
    )


def _said(code: RefusalCode) -> Words:
    return refusal_words(refuse(code), services().words["commands"]["ballot.cast"])


def _page(template: str, person: SignedIn, meeting: str, answer: dict[str, Any], **values: Any) -> Response:
    response = make_response(
        render_template(
            template,
            meeting_id=meeting,
            csrf=person.csrf,
            role=person.role.value,
            first_view=answer,
            mode=request.args.get("mode") or request.cookies.get("mode", ""),
            **values,
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response
