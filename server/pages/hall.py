"""Pavilion mode: the wall's page with the codes to scan, and the page a phone opens to see that it got through."""

from flask import Blueprint, Flask, Response, jsonify, make_response, render_template, request

from server.documents.qr import qr_svg, wifi_text
from server.domain.actor import Role
from server.domain.refusal import RefusalCode
from server.pages.context import services, signed_in
from server.pages.guards import OFFICE
from server.service.hall.watch import HallState, HallWatch
from server.service.refused import refused

blueprint = Blueprint("hall", __name__)


def install_hall(app: Flask) -> None:
    """In pavilion mode, notice which machines get through."""

    @app.before_request
    def notice() -> None:
        watch = services().hall
        if watch is not None:
            watch.note(request.remote_addr or "")


@blueprint.get("/hall")
def show_hall() -> Response:
    """Show the codes for the wall: on the machine itself, or to those who run the meeting, as the Wi-Fi password is
    on it."""
    watch = _watch()
    state, url = watch.look(), services().public_url()
    wifi = watch.wifi
    response = make_response(
        render_template(
            "hall/hall.html",
            state=state,
            said=_said(state),
            url=url,
            port=url.rpartition(":")[2],
            join_code=qr_svg(f"{url}/join", "入会二维码"),
            wifi=wifi,
            wifi_code=qr_svg(wifi_text(wifi.name, wifi.password), "Wi-Fi 二维码") if wifi else "",
        )
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/hall/state")
def show_state() -> Response:
    """Tell the page on the wall what has changed."""
    state = _watch().look()
    response = jsonify(
        url=services().public_url(), said=_said(state), phones=state.phones, help=state.needs_help
    )
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/hall/phone")
def show_phone() -> str:
    """Tell whoever opens it that the way is free."""
    return render_template("hall/phone.html")


def _watch() -> HallWatch:
    """Return the watch; NOT_ALLOWED outside of pavilion mode and to strangers."""
    watch = services().hall
    if watch is None:
        raise refused(RefusalCode.NOT_ALLOWED)
    if not watch.is_own(request.remote_addr or ""):
        person = signed_in()
        if person is None or person.role not in (*OFFICE, Role.CHAIR):
            raise refused(RefusalCode.NOT_ALLOWED)
    return watch


def _said(state: HallState) -> str:
    if state.address is None:
        return "这台电脑还没有连上网络：请连 Wi-Fi，或者打开热点"
    if state.phones:
        return f"已有手机连通：{state.phones}部"
    return "还没有手机连通：请用一台手机扫码试一试"
