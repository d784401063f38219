"""Signing the minutes by finger (签字): on one's own phone, or on the desk's device handed over to the person."""

from typing import Any

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.documents.failed import DocumentFailed
from server.documents.strokes import strokes_svg
from server.domain.actor import Actor, Role
from server.domain.meeting.decide.minutes import LONGEST_REMARK
from server.domain.meeting.state import Signature
from server.domain.refusal import RefusalCode
from server.pages.context import carry_out, reading, services, signed_in
from server.pages.failures import Words, refusal_words
from server.pages.forms import Entered
from server.pages.minutes_reading import actor_of, arranged, find_view, own_signatory, read_paper
from server.service.minutes.cycle import Answer, MinutesView, may_edit, sign
from server.service.minutes.paper import read_drawings, signatory_words
from server.service.minutes.text import MinutesText, check_words
from server.service.refused import Refused, refused

blueprint = Blueprint("signing", __name__)
ANSWERS = ("signed", "signed_with_reservation", "refused")
LONGEST_NAME = 40
# A form field is limited to 64 kB (S64).
LONGEST_STROKES = 64_000
# What a person can mend on the page itself; everything else is shown as a page of its own.
_MENDABLE = (RefusalCode.REASON_MISSING, RefusalCode.TEXT_CHANGED, RefusalCode.BAD_DATA)


@blueprint.get("/minutes/<meeting>/sign")
def show_signing(meeting: str) -> AnyResponse:
    """Show exactly what is signed with its check words, or the receipt of an answer already given."""
    view, actor = _asked(meeting)
    signatory = _signatory(view, actor, request.args.get("for", ""))
    if signatory is None:
        return redirect(url_for("minutes.show_minutes", meeting=meeting), 303)
    given = _given(view, signatory)
    if given is not None:
        return _receipt(view, actor, given)
    if view.record.meeting.minutes.state != "signing":
        return redirect(url_for("minutes.show_minutes", meeting=meeting), 303)
    return _form(view, actor, signatory, {}, None, 200)


@blueprint.post("/minutes/<meeting>/sign")
def sign_minutes(meeting: str) -> AnyResponse:
    """Record the answer; what was entered stays on the page when something is missing."""
    view, actor = _asked(meeting)
    entered = Entered(request.form)
    signatory = _signatory(view, actor, request.form.get("for", ""))
    if signatory is None:
        raise refused(RefusalCode.NOT_ALLOWED)
    given = _given(view, signatory)
    if given is not None:
        return _receipt(view, actor, given, refusal_words(refused(RefusalCode.ALREADY_SIGNED).refusal), 422)
    try:
        is_desk = signatory != own_signatory(view, actor)
        answer = _answer(entered, signatory, _named(view, signatory)[0], is_desk=is_desk)
        rooms, now = services().rooms, services().clock()
        carry_out(lambda unit: sign(unit, rooms, meeting, actor, answer, now))
    except DocumentFailed as failed:
        return _form(view, actor, signatory, entered.values, Words(failed.sentence, "", failed.code), 422)
    except Refused as error:
        if error.refusal.code not in _MENDABLE:
            raise
        words = refusal_words(error.refusal, "签字")
        return _form(view, actor, signatory, entered.values, words, 422)
    return redirect(_here(view, actor, signatory), 303)


def _asked(meeting: str) -> tuple[MinutesView, Actor]:
    """Return the minutes and who asks; only participants of this meeting come further."""
    if signed_in() is None:
        raise refused(RefusalCode.NOT_SIGNED_IN)
    view = find_view(meeting)
    actor = actor_of(view)
    if actor is None:
        raise refused(RefusalCode.NOT_FOUND, what="minutes")
    return view, actor


def _signatory(view: MinutesView, actor: Actor, named: str) -> str | None:
    """Return who is to answer here; only the secretary may hand the device to somebody else (P10)."""
    own = own_signatory(view, actor)
    if not named or named == own:
        return own if own in view.record.meeting.minutes.signatories else None
    if not actor.is_one_of(Role.SECRETARY):
        raise refused(RefusalCode.NOT_ALLOWED)
    if named not in view.record.meeting.minutes.signatories:
        raise refused(RefusalCode.NOT_FOUND, what="signatory")
    return named


def _answer(entered: Entered, signatory: str, name: str, *, is_desk: bool) -> Answer:
    """Read the form; DocumentFailed names what a person has to mend first."""
    choice = entered.choice("answer", ANSWERS)
    text = entered.text("text", LONGEST_REMARK, must=False)
    strokes = entered.given.get("strokes", "")
    sha256 = entered.given.get("sha256", "")
    entered.values["strokes"] = strokes[:LONGEST_STROKES]
    is_self = entered.flag("myself")
    if not choice:
        raise DocumentFailed("ANSWER_MISSING", "还没有选答复。请在三项里选一项。")
    if is_desk and not is_self:
        raise DocumentFailed("NOT_MYSELF", "请本人核对姓名，勾选“我是本人”再确认。")
    if "text" in entered.errors:
        raise DocumentFailed("TEXT_WRONG", f"意见或理由：{entered.errors['text']}。")
    if len(strokes) > LONGEST_STROKES:
        raise DocumentFailed("SIGNATURE_TOO_LONG", "签名的笔画太多，没有收下。请点“重写”再签一次。")
    # Without scripts nothing can be drawn: the own name, typed as it stands in the minutes, takes its place (R112).
    typed = (
        "" if strokes or is_desk or choice == "refused" else entered.text("typed", LONGEST_NAME, must=False)
    )
    if typed and "".join(typed.split()) != "".join(name.split()):
        raise DocumentFailed("NAME_WRONG", f"输入的姓名和纪要上的不一样。请照着“{name}”输入。")
    return Answer(signatory, choice, sha256, text, strokes, bool(typed))  # type: ignore[arg-type]


def _given(view: MinutesView, signatory: str) -> Signature | None:
    return next((s for s in view.record.meeting.minutes.signatures if s.signatory == signatory), None)


def _here(view: MinutesView, actor: Actor, signatory: str) -> str:
    path = url_for("signing.show_signing", meeting=view.record.meeting.id)
    return path if signatory == own_signatory(view, actor) else f"{path}?for={signatory}"


def _form(
    view: MinutesView,
    actor: Actor,
    signatory: str,
    values: dict[str, str],
    failure: Words | None,
    status: int,
) -> Response:
    paper = read_paper(view, "archive")
    return _page(
        "minutes/sign.html",
        view,
        actor,
        signatory,
        status,
        paper=paper,
        parts=arranged(paper.body_html, paper.results, view.record.meeting.parties),
        check=check_words(paper.text_sha256),
        values=values,
        failure=failure,
        longest=LONGEST_REMARK,
    )


def _receipt(
    view: MinutesView, actor: Actor, given: Signature, failure: Words | None = None, status: int = 200
) -> Response:
    with reading() as session:
        drawing = read_drawings(session, view.record.meeting.id).get(given.drawing)
    name, _ = _named(view, given.signatory)
    return _page(
        "minutes/receipt.html",
        view,
        actor,
        given.signatory,
        status,
        given=given,
        drawing=strokes_svg(drawing, name) if drawing is not None else None,
        check=check_words(given.sha256),
        failure=failure,
    )


def _named(view: MinutesView, signatory: str) -> tuple[str, str]:
    """Return name and party as they stand in the frozen text."""
    text: MinutesText | None = view.frozen_text
    return signatory_words(signatory, text) if text is not None else ("", "")


def _page(
    template: str, view: MinutesView, actor: Actor, signatory: str, status: int, **values: Any
) -> Response:
    name, party = _named(view, signatory)
    response = make_response(
        render_template(
            template,
            view=view,
            signatory=signatory,
            name=name,
            party=party,
            is_desk=signatory != own_signatory(view, actor),
            is_keeper=may_edit(actor),
            **values,
        )
    )
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response
