"""两步验证: the second question at the log-in, and setting it up, changing and ending it at one's own account (S82)."""

from collections.abc import Callable

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from server.documents.qr import qr_svg
from server.pages.accounts import next_page
from server.pages.context import carry_out, reading, services
from server.pages.csrf import keep_session, server_keys
from server.pages.device_words import device_words
from server.pages.guards import office_only, office_person
from server.pages.half_way import HalfWay, forget_half_way, half_way
from server.pages.office_frame import render_office
from server.service.access import accounts, two_step
from server.service.access.audit import Act, note
from server.service.access.devices import remember_device
from server.service.access.passwords import LONGEST_PASSWORD
from server.service.access.sessions import NewSession
from server.service.clock import local_time
from server.store.writer import Unit

blueprint = Blueprint("two_step", __name__)
LOGIN = "/office/login"
SAID = {
    "wrong": "验证码不对，或者已经用过。请等手机上换了新的六位数再输",
    "locked": "试错的次数太多，暂时锁住了。请过一阵再试，或者找管理员",
    "unreadable": "服务器的密钥换过，核对不了这个验证码。请找管理员取消两步验证，再重新开启",
}
ALL = accounts.ACCOUNT_ROLES


@blueprint.get("/office/login/code")
def ask_code() -> str | AnyResponse:
    """Ask for the code of the device, once the password was right."""
    waiting = half_way()
    return _code_page() if waiting is not None else redirect(LOGIN, 303)


@blueprint.post("/office/login/code")
def check_code() -> str | AnyResponse | tuple[str, int]:
    """Take the code (or a recovery code) and open the session."""
    waiting = half_way()
    if waiting is None:
        return redirect(LOGIN, 303)
    answer = _verify(waiting.account, request.form.get("code", ""))
    if answer != "good":
        return _code_page(SAID[answer]), 429 if answer == "locked" else 422
    return _come_in(waiting)


@blueprint.get("/office/login/enrol")
def ask_enrol() -> str | AnyResponse:
    """Say that the administrator asks for a second step, and how it is set up."""
    waiting = half_way()
    return _enrol_page("login") if waiting is not None else redirect(LOGIN, 303)


@blueprint.post("/office/login/enrol")
def enrol_at_login() -> str | AnyResponse | tuple[str, int]:
    """Show the secret, then take its first code; the recovery codes are shown before the office opens."""
    waiting = half_way()
    if waiting is None:
        return redirect(LOGIN, 303)
    with reading() as session:
        is_on = two_step.factor_of(session, waiting.account) is not None
    if is_on:
        return redirect(f"{LOGIN}/code", 303)
    codes, page = _enrol(waiting.account, waiting.name, "login")
    if codes is None:
        return page
    return _come_in(waiting, codes)


@blueprint.get("/office/account/two-step")
@office_only(*ALL)
def show_two_step() -> str:
    """Show whether the second step is on, and what may be done about it."""
    return _own_page({})


@blueprint.post("/office/account/two-step")
@office_only(*ALL)
def enrol() -> str | AnyResponse | tuple[str, int]:
    """Show the secret, then take its first code and show the recovery codes, once."""
    person = office_person()
    account_id = person.account or ""
    with reading() as session:
        name = accounts.find_account(session, account_id).name
        is_on = two_step.factor_of(session, account_id) is not None
    if is_on:
        return redirect("/office/account/two-step", 303)
    codes, page = _enrol(account_id, name, "account")
    return page if codes is None else render_office("two_step/codes.html", "account", codes=codes.shown)


@blueprint.post("/office/account/two-step/codes")
@office_only(*ALL)
def renew_codes() -> str | tuple[str, int]:
    """Print ten fresh recovery codes; a code of the device proves that it is its owner who asks."""
    account_id = office_person().account or ""
    answer = _verify(account_id, request.form.get("code", ""))
    if answer != "good":
        return _own_page({"code": SAID[answer]}), 422
    codes, now = two_step.draw_recovery_codes(), services().clock()

    def renew(unit: Unit) -> None:
        two_step.renew_codes(unit, account_id, codes)
        note(unit, now, f"account:{account_id}", Act.RECOVERY_RENEWED)

    carry_out(renew)
    return render_office("two_step/codes.html", "account", codes=codes.shown)


@blueprint.post("/office/account/two-step/off")
@office_only(*ALL)
def turn_off() -> AnyResponse | tuple[str, int]:
    """End the second step with password and code; not where the administrator asks for it."""
    account_id, now = office_person().account or "", services().clock()
    password = request.form.get("password", "")
    with reading(2) as session:
        required = two_step.is_required(session)
        stored = accounts.find_account(session, account_id).password_hash
    if required:
        return _own_page({"password": "管理员要求所有工作人员使用两步验证，不能关闭"}), 422
    if len(password) > LONGEST_PASSWORD or not accounts.password_matches(password, stored):
        return _own_page({"password": "密码不对"}), 422
    answer = _verify(account_id, request.form.get("code", ""))
    if answer != "good":
        return _own_page({"off_code": SAID[answer]}), 422

    def end(unit: Unit) -> None:
        two_step.turn_off(unit, [account_id])
        note(unit, now, f"account:{account_id}", Act.TWO_STEP_OFF)

    carry_out(end)
    return redirect("/office/account?done=two_step_off", 303)


def _enrol(
    account_id: str, name: str, where: str
) -> tuple[two_step.RecoveryCodes | None, str | tuple[str, int]]:
    """Carry setting up one step on: return the recovery codes once it is done, and the page to show before that."""
    box, now = two_step.sealing(server_keys()), services().clock()
    code = request.form.get("code", "")
    if not code:
        carry_out(lambda unit: two_step.begin(unit, now, account_id, box))
        return None, _secret_page(account_id, name, where)
    codes = two_step.draw_recovery_codes()

    def confirm(unit: Unit) -> two_step.Answer:
        answer = two_step.confirm(unit, now, account_id, code, box, codes)
        if answer == "good":
            note(unit, now, f"account:{account_id}", Act.TWO_STEP_ON)
        return answer

    answer = carry_out(confirm)
    if answer == "good":
        return codes, ""
    status = 429 if answer == "locked" else 422
    return None, (_secret_page(account_id, name, where, SAID[answer]), status)


def _verify(account_id: str, code: str) -> two_step.Answer:
    """Take a code in one transaction with its line in the audit log; hashing happens before it."""
    box, now = two_step.sealing(server_keys()), services().clock()
    hashed, act = None, Act.TWO_STEP
    if two_step.looks_like_recovery(code):
        with reading() as session:
            salt = two_step.salt_of(session, account_id)
        hashed, act = two_step.recovery_hash(code, salt or "00"), Act.RECOVERY_USED

    def verify(unit: Unit) -> two_step.Answer:
        answer = two_step.verify(unit, now, account_id, code, box, hashed)
        result = {"good": "done", "locked": "locked"}.get(answer, "refused")
        if answer != "locked":  # a locked factor is noted by the try that locked it
            note(unit, now, f"account:{account_id}", act, result=result)  # type: ignore[arg-type]
        return answer

    return carry_out(verify)


def _come_in(waiting: HalfWay, codes: two_step.RecoveryCodes | None = None) -> AnyResponse:
    """Open the session; fresh recovery codes are shown first, they are kept nowhere."""
    now, device = services().clock(), device_words(request.user_agent.string)
    open_session: Callable[[Unit], NewSession] = lambda unit: remember_device(  # noqa: E731
        unit, accounts.log_in(unit, now, waiting.account), device
    )
    opened = carry_out(open_session)
    if codes is None:
        response = make_response(redirect(next_page(), 303))
    else:
        page = render_template("two_step/codes_at_login.html", codes=codes.shown, next=next_page())
        response = make_response(page)
    return forget_half_way(keep_session(response, opened))


def _code_page(error: str = "") -> str:
    return render_template("two_step/code.html", error=error, next=next_page())


def _enrol_page(where: str) -> str:
    return render_template(
        "two_step/enrol_at_login.html", next=next_page(), secret="", where=where, errors={}
    )


def _secret_page(account_id: str, name: str, where: str, error: str = "") -> str:
    with reading() as session:
        secret = two_step.pending_secret(session, account_id, two_step.sealing(server_keys())) or ""
    values = {
        "secret": " ".join(secret[start : start + 4] for start in range(0, len(secret), 4)),
        "qr": qr_svg(two_step.address_of(secret, name), "两步验证二维码") if secret else "",
        "clock": f"{local_time(services().clock()):%H:%M}",
        "errors": {"code": error} if error else {},
        "next": next_page(),
    }
    if where == "login":
        return render_template("two_step/enrol_at_login.html", where=where, **values)
    return render_office("two_step/enrol.html", "account", **values)


def _own_page(errors: dict[str, str]) -> str:
    with reading() as session:
        factor = two_step.factor_of(session, office_person().account or "")
        required = two_step.is_required(session)
    return render_office("two_step/own.html", "account", factor=factor, required=required, errors=errors)
