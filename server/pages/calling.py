"""发通知 and what follows: preview, the locked agenda, papers, entry links, entering the room in this browser."""

from flask import Blueprint, Response, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.documents.failed import DocumentFailed
from server.documents.papers import NoticePaper
from server.documents.qr import qr_svg
from server.domain.actor import Role
from server.domain.refusal import RefusalCode
from server.pages.attachments import send_pdf
from server.pages.context import carry_out, keep_if_it_fits, reading, services
from server.pages.csrf import keep_session
from server.pages.device_words import device_words
from server.pages.forms import Entered
from server.pages.guards import office_actor, office_only
from server.pages.noting import carry_out_noted
from server.pages.office_frame import render_office
from server.pages.plans import find_reached, show_plan_failure
from server.service.access import entries
from server.service.access.audit import Act
from server.service.access.devices import remember_device
from server.service.access.sessions import NewSession
from server.service.community.councils import find_council
from server.service.meetings import notices, plans
from server.service.refused import Refused, refused

blueprint = Blueprint("calling", __name__)


@blueprint.get("/office/meetings/<meeting_id>/notice")
@office_only()
def preview_notice(meeting_id: str) -> str:
    """Show the notice as it will hang on the door."""
    row = find_reached(meeting_id)
    with reading() as session:
        council = find_council(session, row.council_id)
    return render_office(
        "office_meetings/notice.html",
        "meetings",
        meeting=row,
        council=council,
        number=plans.number_of(row),
        notice=_notice(meeting_id),
    )


@blueprint.post("/office/meetings/<meeting_id>/call")
@office_only()
def issue_notice(meeting_id: str) -> str | AnyResponse | tuple[str, int]:
    """Issue the notice: the agenda is locked, the topics are told; then its PDF is made."""
    row, actor, now = find_reached(meeting_id), office_actor(), services().clock()
    rooms = services().rooms
    try:
        carry_out(lambda unit: plans.issue_notice(unit, rooms, now, meeting_id, actor))
    except Refused as error:
        if error.refusal.code in (RefusalCode.AGENDA_EMPTY, RefusalCode.ROSTER_EMPTY):
            return show_plan_failure(row, error), 422
        raise
    try:
        _notice_pdf(meeting_id)
    except DocumentFailed:
        # The notice is out all the same; asking for its PDF says what is wrong with the paper.
        return redirect(f"/office/meetings/{meeting_id}?called=1", 303)
    return redirect(f"/office/meetings/{meeting_id}?called=1", 303)


@blueprint.get("/office/meetings/<meeting_id>/notice.pdf")
@office_only()
def print_notice(meeting_id: str) -> Response:
    """Give the notice as an A4 PDF."""
    row = find_reached(meeting_id)
    pdf = _notice_pdf(meeting_id)
    return send_pdf(pdf, f"{plans.number_of(row)}-会议通知.pdf", as_file=False)


@blueprint.get("/office/meetings/<meeting_id>/sign-in.pdf")
@office_only()
def print_sign_in(meeting_id: str) -> Response:
    """Give the sign-in sheet as PDF."""
    row = find_reached(meeting_id)
    with reading() as session:
        paper = notices.sign_in_paper(session, meeting_id)
    pdf = services().documents.render(paper)
    return send_pdf(pdf, f"{plans.number_of(row)}-签到表.pdf", as_file=False)


@blueprint.post("/office/meetings/<meeting_id>/entries")
@office_only()
def issue_entry(meeting_id: str) -> str | Response:
    """Show a new entry link with its QR; its secret is in this answer and nowhere else."""
    row, actor, now = find_reached(meeting_id), office_actor(), services().clock()
    entered = Entered(request.form)
    role = _entry_role(entered)
    holder = entered.text("holder", entries.LONGEST_HOLDER, must=False)
    if not entered.is_good:
        raise refused(RefusalCode.BAD_DATA, field=next(iter(entered.errors)))
    token: str = carry_out_noted(
        lambda unit: entries.issue_entry(unit, now, meeting_id, role, actor, holder=holder),
        Act.ENTRY_ISSUED,
        f"meeting:{meeting_id}",
    )
    link = f"{services().public_url()}/join#t={token}"
    page = render_office(
        "office_meetings/entry.html",
        "meetings",
        meeting=row,
        number=plans.number_of(row),
        role=role.value,
        holder=holder or {"chair": row.chair, "secretary": row.secretary}.get(role.value, ""),
        link=link,
        qr=qr_svg(link, "入会二维码"),
    )
    return make_response(page)


@blueprint.post("/office/meetings/<meeting_id>/entries/<ticket_id>/revoke")
@office_only()
def revoke_entry(meeting_id: str, ticket_id: str) -> AnyResponse:
    """Revoke one entry link."""
    find_reached(meeting_id)
    now = services().clock()
    carry_out_noted(
        lambda unit: entries.revoke_entry(unit, now, meeting_id, ticket_id),
        Act.ENTRY_REVOKED,
        f"meeting:{meeting_id}",
    )
    return redirect(f"/office/meetings/{meeting_id}#entries", 303)


@blueprint.post("/office/meetings/<meeting_id>/enter")
@office_only()
def enter_room(meeting_id: str) -> AnyResponse:
    """Enter the console in this browser as chair or secretary; the office is left with it."""
    find_reached(meeting_id)
    actor, now = office_actor(), services().clock()
    role, device = _entry_role(Entered(request.form)), device_words(request.user_agent.string)
    if role is Role.OBSERVER:
        raise refused(RefusalCode.BAD_DATA, field="role")
    opened: NewSession = carry_out_noted(
        lambda unit: remember_device(unit, entries.enter_room(unit, now, meeting_id, role, actor), device),
        Act.ROOM_ENTERED,
        f"meeting:{meeting_id}",
    )
    return keep_session(make_response(redirect(f"/meetings/{meeting_id}/console", 303)), opened)


def _entry_role(entered: Entered) -> Role:
    chosen = entered.choice("role", [role.value for role in entries.ENTRY_ROLES])
    if not chosen:
        raise refused(RefusalCode.BAD_DATA, field="role")
    return Role(chosen)


def _notice(meeting_id: str) -> NoticePaper:
    with reading() as session:
        return notices.notice_paper(session, meeting_id, services().public_url(), services().clock())


def _notice_pdf(meeting_id: str) -> bytes:
    """Return the stored PDF of the notice, made now if its content has none yet."""
    paper = _notice(meeting_id)
    stamp, now = notices.stamp_of(paper), services().clock()
    with reading() as session:
        stored = notices.stored_notice(session, meeting_id, stamp)
    if stored is not None:
        return stored
    pdf = services().documents.render(paper)
    keep_if_it_fits(lambda unit: notices.store_notice(unit, now, meeting_id, stamp, pdf))
    return pdf
