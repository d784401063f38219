"""个人信息: an administrator finds what is stored about a person, gives it out, erases what may go (S86–S90)."""

import json
from typing import cast
from urllib.parse import quote

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.domain.actor import Role
from server.domain.refusal import RefusalCode
from server.pages.context import reading, services
from server.pages.guards import office_only, office_person, reach
from server.pages.noting import carry_out_noted
from server.pages.office_frame import render_office
from server.service.access.audit import Act
from server.service.community.reach import reachable_areas, reachable_councils
from server.service.privacy.erasing import erase
from server.service.privacy.giving import data_of
from server.service.privacy.holdings import holdings_of
from server.service.privacy.subjects import Kind, Subject, find_subject, search_subjects
from server.service.refused import refused

blueprint = Blueprint("privacy", __name__)
LONGEST_SEARCH = 40
READ_SECONDS = 2.0
_ROUTE = "/office/privacy/<any(representative, account, topic):kind>/<subject_id>"


@blueprint.get("/office/privacy")
@office_only(Role.ADMINISTRATOR)
def search() -> str:
    """Show the search, and whom it found."""
    words = request.args.get("q", "").strip()[:LONGEST_SEARCH]
    with reading() as session:
        found = search_subjects(session, words)
        councils = {row.id for row in reachable_councils(session, office_person().area)}
        areas = {row.id for row in reachable_areas(session, office_person().area)}
    whole = office_person().area is None
    within = [s for s in found if whole or s.council in councils or s.area in areas]
    return render_office("privacy/search.html", "privacy", words=words, found=within)


@blueprint.get(_ROUTE)
@office_only(Role.ADMINISTRATOR)
def show_subject(kind: str, subject_id: str) -> str:
    """Show piece by piece what is stored, what an erasure takes and what stays."""
    return _page(_reached(kind, subject_id), "")


@blueprint.post(f"{_ROUTE}/export")
@office_only(Role.ADMINISTRATOR)
def give(kind: str, subject_id: str) -> Response:
    """Give everything stored about a person as one JSON file."""
    subject = _reached(kind, subject_id)
    with reading(READ_SECONDS) as session:
        data = data_of(session, subject)
    carry_out_noted(lambda unit: None, Act.DATA_GIVEN, f"{subject.kind}:{subject.id}")
    response = make_response(json.dumps(data, ensure_ascii=False, indent=1) + "\n")
    response.mimetype = "application/json"
    name = quote(f"{subject.words}-个人信息.json")
    response.headers["Content-Disposition"] = (
        f"attachment; filename=\"personal-data.json\"; filename*=UTF-8''{name}"
    )
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@blueprint.post(f"{_ROUTE}/erase")
@office_only(Role.ADMINISTRATOR)
def erase_subject(kind: str, subject_id: str) -> str | AnyResponse | tuple[str, int]:
    """Erase what may go, once it was read and confirmed."""
    subject = _reached(kind, subject_id)
    if subject.hindrance:
        raise refused(RefusalCode.PERSON_NEEDED, why=subject.hindrance)
    if not request.form.get("confirmed"):
        return _page(subject, "请先看完下面的清单，打上勾再删除"), 422
    now = services().clock()
    if not subject.is_erased:
        carry_out_noted(
            lambda unit: erase(unit, now, subject), Act.DATA_ERASED, f"{subject.kind}:{subject.id}"
        )
    return redirect(f"/office/privacy/{kind}/{subject_id}?done=1", 303)


def _reached(kind: str, subject_id: str) -> Subject:
    """Return a person within the administrator's area; Refused NOT_FOUND or NOT_ALLOWED (S80)."""
    own = office_person().area
    with reading() as session:
        subject = find_subject(session, cast(Kind, kind), subject_id)
        inside = {area.id for area in reachable_areas(session, own)}
    if subject.council:
        reach(subject.council)
    elif own is not None and subject.area not in inside:
        raise refused(RefusalCode.NOT_ALLOWED)
    return subject


def _page(subject: Subject, error: str) -> str:
    with reading(READ_SECONDS) as session:
        holdings = holdings_of(session, subject)
    return render_office(
        "privacy/subject.html",
        "privacy",
        subject=subject,
        holdings=holdings,
        path=f"/office/privacy/{subject.kind}/{subject.id}",
        error=error,
        done="done" in request.args,
    )
