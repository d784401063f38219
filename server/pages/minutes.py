"""会议纪要 to read: for everybody once published, before that for those who were there and the office."""

import threading
from collections import Counter
from typing import Any

from flask import Blueprint, Response, request

from server.documents.papers import Edition, MinutesPaper, SignatureLine
from server.documents.qr import qr_svg
from server.domain.actor import Actor
from server.domain.refusal import RefusalCode
from server.pages.attachments import disposition
from server.pages.context import keep_if_it_fits, reading, services
from server.pages.masthead import find_council, public_page
from server.pages.minutes_reading import actor_of, arranged, find_view, own_signatory, read_paper
from server.service.minutes.cycle import MinutesView, may_edit
from server.service.minutes.paper import Printed, keep_printed, published_tasks, read_printed, stamp_of
from server.service.minutes.text import check_words
from server.service.refused import refused

blueprint = Blueprint("minutes", __name__)
# Many may ask for a paper at once when it comes out; one prints, the others find it kept.
_printing = threading.Lock()


@blueprint.get("/minutes/<meeting>")
def show_minutes(meeting: str) -> Response:
    """Show the public edition, or before publication the full text to participants; strangers get a 404."""
    view = find_view(meeting)
    actor = actor_of(view)
    state = view.record.meeting.minutes.state
    if state == "published":
        return _show(view, actor, "public")
    if actor is None:
        raise refused(RefusalCode.NOT_FOUND, what="minutes")
    if state == "draft":
        return public_page(
            "minutes/waiting.html",
            find_council(view.council_id),
            "meetings",
            view=view,
            is_keeper=may_edit(actor),
        )
    return _show(view, actor, "archive")


@blueprint.get("/minutes/<meeting>.pdf")
def show_public_pdf(meeting: str) -> Response:
    """Return the public edition as PDF, once published."""
    view = find_view(meeting)
    if view.record.meeting.minutes.state != "published":
        raise refused(RefusalCode.NOT_FOUND, what="minutes")
    return _pdf(view, "public")


@blueprint.get("/minutes/<meeting>/archive.pdf")
def show_archive_pdf(meeting: str) -> Response:
    """Return the archive edition as PDF to participants and the office."""
    view = find_view(meeting)
    if actor_of(view) is None:
        raise refused(RefusalCode.NOT_FOUND, what="minutes")
    return _pdf(view, "archive")


def _show(view: MinutesView, actor: Actor | None, edition: Edition) -> Response:
    meeting = view.record.meeting
    paper = read_paper(view, edition)
    with reading() as session:
        tasks = published_tasks(session, meeting.id)
    response = public_page(
        "minutes/show.html",
        find_council(view.council_id),
        "meetings",
        view=view,
        paper=paper,
        parts=arranged(paper.body_html, paper.results, meeting.parties),
        by_party=_by_party(paper.signatures),
        answers=Counter(line.answer for line in paper.signatures),
        tasks=tasks,
        check=check_words(paper.text_sha256),
        qr=qr_svg(paper.check_url, "校验二维码"),
        is_participant=actor is not None,
        is_keeper=may_edit(actor),
        may_sign=_may_sign(view, actor),
    )
    if edition == "archive":
        response.headers["Cache-Control"] = "no-store"
    return response


def _by_party(lines: tuple[SignatureLine, ...]) -> list[tuple[str, list[SignatureLine]]]:
    """Gather the answers of one party, or of the chair or secretary, in the order of seats."""
    parties = dict.fromkeys(line.party for line in lines)
    return [(party, [line for line in lines if line.party == party]) for party in parties]


def _may_sign(view: MinutesView, actor: Actor | None) -> bool:
    """Tell whether this person still has to answer."""
    milestones = view.record.meeting.minutes
    signatory = own_signatory(view, actor) if actor is not None else None
    answered = {signature.signatory for signature in milestones.signatures}
    return milestones.state == "signing" and signatory in set(milestones.signatories) - answered


def _pdf(view: MinutesView, edition: Edition) -> Response:
    paper = read_paper(view, edition)
    printed = _printed(view.record.meeting.id, edition, paper)
    response = Response(printed.pdf, mimetype="application/pdf")
    words = f"{paper.council}{paper.meeting}纪要{'（存档版）' if edition == 'archive' else ''}.pdf"
    response.headers["Content-Disposition"] = disposition(words, as_file=False)
    response.headers["Cache-Control"] = "private, no-cache"
    response.set_etag(printed.stamp[:32])
    conditional: Any = response.make_conditional(request)
    return conditional  # type: ignore[no-any-return]


def _printed(meeting: str, edition: Edition, paper: MinutesPaper) -> Printed:
    """Return the kept PDF, or print it in the worker process and keep it: never in the writer, never in the loop."""
    stamp = stamp_of(paper, services().version)
    found = _kept(meeting, edition, stamp)
    if found is not None:
        return found
    with _printing:
        found = _kept(meeting, edition, stamp)
        if found is not None:
            return found
        made = Printed(stamp, services().documents.render(paper))
        now = services().clock()
        keep_if_it_fits(lambda unit: keep_printed(unit, meeting, edition, made, now))
        return made


def _kept(meeting: str, edition: Edition, stamp: str) -> Printed | None:
    with reading() as session:
        found = read_printed(session, meeting, edition)
    return found if found is not None and found.stamp == stamp else None
