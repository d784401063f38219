"""我的账号: what an office person sees of the own account, and on which devices it is signed in (S81, S82)."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.pages.context import reading, services
from server.pages.guards import office_only, office_person
from server.pages.noting import carry_out_noted
from server.pages.office_frame import render_office
from server.service.access.accounts import ACCOUNT_ROLES, find_account
from server.service.access.audit import Act
from server.service.access.devices import devices_of_account, end_device, end_other_devices
from server.service.access.sessions import IDLE_MS
from server.service.access.two_step import factor_of

blueprint = Blueprint("own_account", __name__)
MINUTE_MS = 60_000


@blueprint.get("/office/account")
@office_only(*ACCOUNT_ROLES)
def show_account() -> str:
    """Show who one is here, and every device one is signed in on."""
    person, now = office_person(), services().clock()
    with reading() as session:
        row = find_account(session, person.account or "")
        factor = factor_of(session, row.id)
        devices = devices_of_account(session, row.id, now, person.session)
    return render_office(
        "accounts/own.html",
        "account",
        account=row,
        devices=devices,
        factor=factor,
        idle_minutes=IDLE_MS // MINUTE_MS,
        done=request.args.get("done", ""),
    )


@blueprint.post("/office/account/devices/<handle>/end")
@office_only(*ACCOUNT_ROLES)
def end_one_device(handle: str) -> AnyResponse:
    """Sign out on one other device; NOT_FOUND when it is signed out already."""
    person, now = office_person(), services().clock()
    carry_out_noted(
        lambda unit: end_device(unit, now, person.account or "", handle), Act.SESSION_ENDED, person.key
    )
    return redirect("/office/account?done=device#devices", 303)


@blueprint.post("/office/account/devices/end")
@office_only(*ACCOUNT_ROLES)
def end_the_others() -> AnyResponse:
    """Sign out everywhere but here; nothing else to end is fine."""
    person, now = office_person(), services().clock()
    carry_out_noted(
        lambda unit: end_other_devices(unit, now, person.account or "", person.session),
        Act.SESSION_ENDED,
        person.key,
    )
    return redirect("/office/account?done=others#devices", 303)


@blueprint.get("/office/stay")
@office_only(*ACCOUNT_ROLES)
def stay() -> tuple[str, int]:
    """Answer a page on which somebody is writing, so that the sign-in counts as used."""
    return "", 204
