"""登录设备 of a meeting: chair and secretary see on which phone each card is used, and may end it (S10, S82)."""

from flask import Blueprint, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from server.domain.actor import Role
from server.domain.refusal import RefusalCode
from server.pages.context import reading, services, signed_in
from server.pages.minutes_reading import actor_of, find_view
from server.pages.noting import carry_out_noted, note_refusal
from server.service.access.audit import Act
from server.service.access.devices import devices_of_seats, end_representative, is_seated
from server.service.community.roster import revoke_card
from server.service.minutes.cycle import MinutesView
from server.service.refused import refused

blueprint = Blueprint("devices", __name__)


@blueprint.get("/meetings/<meeting>/devices")
def list_devices(meeting: str) -> str:
    """Show every seat with the phone its card is used on; chair and secretary only."""
    view, room = _kept_by_asker(meeting), f"/meetings/{meeting}"
    with reading() as session:
        seats = devices_of_seats(session, meeting, services().clock())
    return render_template(
        "devices/list.html",
        path=f"{room}/devices",
        card=view.card,
        seats=seats,
        done=request.args.get("done", ""),
        office_name=view.card.council,
        office_url=f"{room}/desk",
        menu=[
            {"name": "签到台", "url": f"{room}/desk"},
            {"name": "主持台", "url": f"{room}/console"},
            {"name": "登录设备", "url": f"{room}/devices", "current": True},
        ],
    )


@blueprint.post("/meetings/<meeting>/devices/<representative>/end")
def end_device(meeting: str, representative: str) -> AnyResponse:
    """Sign one representative out; the card opens the room again when it is scanned."""
    now = _check_seat(meeting, representative)
    carry_out_noted(
        lambda unit: end_representative(unit, now, representative),
        Act.SESSION_ENDED,
        f"representative:{representative}",
    )
    return redirect(f"/meetings/{meeting}/devices?done=end", 303)


@blueprint.post("/meetings/<meeting>/devices/<representative>/revoke")
def revoke(meeting: str, representative: str) -> AnyResponse:
    """Make one representative's card void at once: it was lost or is in the wrong hands."""
    now = _check_seat(meeting, representative)
    carry_out_noted(
        lambda unit: revoke_card(unit, now, representative),
        Act.CARD_REVOKED,
        f"representative:{representative}",
    )
    return redirect(f"/meetings/{meeting}/devices?done=revoke", 303)


def _kept_by_asker(meeting: str) -> MinutesView:
    """Return the meeting; refuse whoever is not its chair or secretary."""
    if signed_in() is None:
        raise refused(RefusalCode.NOT_SIGNED_IN)
    view = find_view(meeting)
    actor = actor_of(view)
    if actor is None or not actor.is_one_of(Role.CHAIR, Role.SECRETARY):
        note_refusal(Act.ACCESS)
        raise refused(RefusalCode.NOT_ALLOWED)
    return view


def _check_seat(meeting: str, representative: str) -> int:
    _kept_by_asker(meeting)
    with reading() as session:
        if not is_seated(session, meeting, representative):
            raise refused(RefusalCode.NOT_FOUND, what="representative")
    return services().clock()
