"""会议通知 for phones and the notice board: the page and its A4 print (T49, P28)."""

from flask import Blueprint, Response

from server.documents.qr import qr_svg
from server.domain.refusal import RefusalCode
from server.pages.context import keep_if_it_fits, reading, services
from server.pages.masthead import find_council, public_page
from server.service.meetings.notices import notice_paper, stamp_of, store_notice, stored_notice
from server.service.publishing import PublicMeeting, read_meeting
from server.service.refused import refused

blueprint = Blueprint("notices", __name__)


@blueprint.get("/notices/<meeting>")
def show_notice(meeting: str) -> Response:
    """Show an announced meeting: when, where, what is on, how to raise a matter."""
    found = _find(meeting)
    return public_page(
        "notices/notice.html",
        find_council(found.council_id),
        "meetings",
        meeting=found,
        qr=qr_svg(f"{services().public_url()}/notices/{found.id}", "本通知二维码"),
    )


@blueprint.get("/notices/<meeting>.pdf")
def print_notice(meeting: str) -> Response:
    """Return the notice as PDF; it is rendered once for its content and kept."""
    found = _find(meeting)
    now = services().clock()
    with reading() as session:
        paper = notice_paper(session, found.id, services().public_url(), now)
        stamp = stamp_of(paper)
        pdf = stored_notice(session, found.id, stamp)
    if pdf is None:
        made = services().documents.render(paper)
        keep_if_it_fits(lambda unit: store_notice(unit, now, found.id, stamp, made))
        pdf = made
    response = Response(pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="notice-{found.id}.pdf"'
    return response


def _find(meeting: str) -> PublicMeeting:
    """Return an announced meeting; a planned one is nobody's business yet (T164)."""
    with reading() as session:
        found = read_meeting(session, meeting)
    if found is None:
        raise refused(RefusalCode.NOT_FOUND, what="meeting")
    return found
