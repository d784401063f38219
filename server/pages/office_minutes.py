"""The secretary's desk for the minutes: edit with preview, freeze, see who signed, publish."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from server.documents.failed import DocumentFailed
from server.documents.markdown import to_html
from server.domain.actor import Actor
from server.domain.meeting.decide.minutes import LONGEST_REMARK
from server.domain.minutes.difference import compare
from server.domain.minutes.draft import places_to_fill
from server.domain.refusal import RefusalCode
from server.pages.context import carry_out, reading, services, signed_in
from server.pages.failures import Words, refusal_words
from server.pages.forms import Entered, showable
from server.pages.guards import OFFICE, login_url, office_only, office_person
from server.pages.minutes_reading import (
    READ_SECONDS,
    ShownResult,
    actor_of,
    arranged,
    find_view,
    own_signatory,
    read_paper,
)
from server.pages.office_frame import render_office
from server.service.minutes import cycle
from server.service.minutes.cycle import LONGEST_TEXT, MinutesView, TextConflict, read_versions
from server.service.minutes.listing import list_minutes
from server.service.minutes.overview import draft_results, overview_of, warnings_of
from server.service.minutes.text import check_words
from server.service.refused import Refused, refused

blueprint = Blueprint("office_minutes", __name__)
Answer = Response | str | tuple[str, int]
Page = Callable[[MinutesView, Actor], Answer]


def keepers_only(page: Page) -> Callable[[str], Answer]:
    """Let those pass who keep this meeting's record, by account or by ticket; nobody signed in goes to the log-in."""

    @wraps(page)
    def guarded(meeting: str) -> Answer:
        if signed_in() is None:
            return redirect(login_url(), 303)
        view = find_view(meeting)
        actor = actor_of(view)
        if actor is None or not cycle.may_edit(actor):
            raise refused(RefusalCode.NOT_ALLOWED)
        return page(view, actor)

    return guarded


@blueprint.get("/office/minutes")
@office_only(*OFFICE)
def list_all() -> str:
    """List the meetings whose minutes wait, then the published ones."""
    with reading() as session:
        lines = list_minutes(session, office_person().area)
    waiting = [line for line in lines if line.published_at is None]
    published = [line for line in lines if line.published_at is not None]
    return render_office("minutes/list.html", "minutes", waiting=waiting, published=published)


@blueprint.get("/office/minutes/<meeting>")
@keepers_only
def edit_minutes(view: MinutesView, actor: Actor) -> Answer:
    """Show the editor while the text is a draft, afterwards who has signed."""
    if view.record.meeting.minutes.state == "draft":
        return _editor(view, view.text.markdown, view.text.version)
    return _overview(view)


@blueprint.post("/office/minutes/<meeting>")
@keepers_only
def save_minutes(view: MinutesView, actor: Actor) -> Answer:
    """Save the text; when somebody saved in between both texts are shown and nothing is lost."""
    entered, text, base = _entered()
    if entered.errors:
        return _editor(view, text, base, failure=Words(entered.errors["markdown"], "", "BAD_DATA"))
    try:
        to_html(text)
        _carry_out(cycle.save_text, view, actor, text, by=_person_words(), base_version=base)
    except TextConflict as conflict:
        return _editor(view, text, conflict.theirs.version, conflict=conflict.theirs)
    except DocumentFailed as failed:
        return _editor(view, text, base, failure=Words(failed.sentence, "", failed.code))
    except Refused as error:
        # Signing has begun meanwhile: the overview would swallow what was typed.
        return _editor(view, text, base, failure=refusal_words(error.refusal, "保存"))
    return redirect(_path(view), 303)


@blueprint.post("/office/minutes/<meeting>/preview")
@keepers_only
def preview_minutes(view: MinutesView, actor: Actor) -> Answer:
    """Show how the typed text will read; the script asks for the part alone, a form for the whole page."""
    _, text, base = _entered()
    try:
        html = to_html(text)
    except DocumentFailed as failed:
        if "part" in request.form:
            return render_template("minutes/_preview.html", parts=[], failure=failed.sentence)
        return _editor(view, text, base, failure=Words(failed.sentence, "", failed.code))
    if "part" in request.form:
        return render_template("minutes/_preview.html", parts=_parts(view, html), failure="")
    return _editor(view, text, base, preview=html)


@blueprint.post("/office/minutes/<meeting>/regenerate")
@keepers_only
def regenerate_minutes(view: MinutesView, actor: Actor) -> Answer:
    """Write the text anew from the log; the former one stays in the history."""
    if not request.form.get("confirmed"):
        raise refused(RefusalCode.BAD_DATA, field="confirmed")
    try:
        _carry_out(cycle.regenerate, view, actor, by=_person_words(), base_version=_base())
    except TextConflict as conflict:
        return _editor(view, view.text.markdown, conflict.theirs.version, conflict=conflict.theirs)
    return redirect(_path(view), 303)


@blueprint.post("/office/minutes/<meeting>/finalise")
@keepers_only
def finalise_minutes(view: MinutesView, actor: Actor) -> Answer:
    """Freeze the text for signing."""
    if warnings_of(view) and not request.form.get("confirmed"):
        sentence = "纪要里还有没补完的地方，请补完，或者勾选“仍要定稿”"
        failure = Words(sentence, "没有补完的地方会照原样印出来。", "PLACES_LEFT")
        return _editor(view, view.text.markdown, view.text.version, failure=failure)
    try:
        _carry_out(cycle.finalise, view, actor, base_version=_base())
    except TextConflict as conflict:
        return _editor(view, view.text.markdown, conflict.theirs.version, conflict=conflict.theirs)
    return redirect(_path(view), 303)


@blueprint.post("/office/minutes/<meeting>/reopen")
@keepers_only
def reopen_minutes(view: MinutesView, actor: Actor) -> Answer:
    """Take the text up again with a reason; all signatures become void."""
    entered = Entered(request.form)
    reason = entered.text("reason", LONGEST_REMARK)
    if entered.errors:
        return _overview(view, failure=Words("还差一句修改理由", "签过字的人会看到。", "REASON_MISSING"))
    _carry_out(cycle.reopen, view, actor, reason)
    return redirect(_path(view), 303)


@blueprint.post("/office/minutes/<meeting>/publish")
@keepers_only
def publish_minutes(view: MinutesView, actor: Actor) -> Answer:
    """公开: the public edition appears on the residents' pages, tasks begin."""
    try:
        _carry_out(cycle.publish, view, actor, bool(request.form.get("confirmed")))
    except Refused as error:
        if error.refusal.code is not RefusalCode.SIGNATURES_MISSING:
            raise
        return _overview(view, failure=refusal_words(error.refusal, "公布"))
    return redirect(_path(view), 303)


@blueprint.get("/office/minutes/<meeting>/versions")
@keepers_only
def list_versions(view: MinutesView, actor: Actor) -> Answer:
    """List every saved text and compare two of them, by default the last two."""
    with reading(READ_SECONDS) as session:
        versions = read_versions(session, view.record.meeting.id)
    texts = {str(version.version): version for version in versions}
    later = texts.get(request.args.get("later", ""), versions[0] if versions else None)
    former = texts.get(request.args.get("former", ""), versions[1] if len(versions) > 1 else None)
    lines = compare(former.markdown, later.markdown) if former is not None and later is not None else ()
    return _render("minutes/versions.html", view, versions=versions, former=former, later=later, lines=lines)


def _carry_out(act: Callable[..., object], view: MinutesView, *values: object, **named: object) -> None:
    """Run one of the service's acts on these minutes, now; its refusals and conflicts come as exceptions."""
    rooms, now = services().rooms, services().clock()
    carry_out(lambda unit: act(unit, rooms, view.record.meeting.id, *values, **named, now=now))


def _entered() -> tuple[Entered, str, int]:
    """Return what was typed: the text in NFC with plain line ends, and the version it was made from."""
    entered = Entered(request.form)
    text = entered.text("markdown", LONGEST_TEXT)
    return entered, showable(text) if entered.errors else text, _base()


def _base() -> int:
    typed = request.form.get("base_version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else -1


def _editor(
    view: MinutesView,
    text: str,
    base: int,
    *,
    failure: Words | None = None,
    conflict: cycle.Text | None = None,
    preview: str = "",
) -> Answer:
    page = _render(
        "minutes/edit.html",
        view,
        text=text,
        base=base,
        failure=failure,
        conflict=conflict,
        lines=compare(conflict.markdown, text) if conflict is not None else (),
        parts=_parts(view, preview) if preview else [],
        warnings=warnings_of(view),
        places=places_to_fill(view.text.markdown),
        results=draft_results(view),
        longest=LONGEST_TEXT,
    )
    return (page, 422) if failure is not None else (page, 409) if conflict is not None else page


def _overview(view: MinutesView, failure: Words | None = None) -> Answer:
    paper = read_paper(view, "public")
    page = _render(
        "minutes/overview.html",
        view,
        failure=failure,
        lines=overview_of(view),
        own=own_signatory(view, actor) if (actor := actor_of(view)) is not None else None,
        paper=paper,
        parts=arranged(paper.body_html, paper.results, view.record.meeting.parties),
        check=check_words(paper.text_sha256),
        longest=LONGEST_REMARK,
    )
    return (page, 422) if failure is not None else page


def _parts(view: MinutesView, html: str) -> list[str | ShownResult]:
    """Return a preview's prose with the results the log holds so far."""
    return arranged(html, draft_results(view), view.record.meeting.parties)


def _render(template: str, view: MinutesView, **values: Any) -> str:
    """Return the page in the office's frame; a ticket's holder has the meeting's own menu instead of the office's."""
    person = signed_in()
    meeting = view.record.meeting.id
    if person is not None and person.account is not None:
        return render_office(template, "minutes", view=view, **values)
    menu = [
        {"name": "会议纪要", "url": _path(view), "current": True},
        {"name": "会场", "url": f"/meetings/{meeting}/console", "current": False},
    ]
    return render_template(
        template,
        office_name=view.card.council,
        office_url=_path(view),
        person=_person_words(),
        menu=menu,
        view=view,
        **values,
    )


def _person_words() -> str:
    person = signed_in()
    if person is None:
        return ""
    role = services().words["roles"].get(person.role.value, "")
    return f"{role} {person.name}".strip()


def _path(view: MinutesView) -> str:
    return url_for("office_minutes.edit_minutes", meeting=view.record.meeting.id)
