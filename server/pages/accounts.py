"""Accounts: the first administrator's link, log in and out, passwords, and the list of accounts."""

from urllib.parse import urlencode

from flask import Blueprint, Response, current_app, make_response, redirect, render_template, request
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse

from server.domain.actor import Role
from server.domain.refusal import RefusalCode
from server.pages.context import carry_out, reading, services, signed_in
from server.pages.csrf import drop_session, keep_session
from server.pages.device_words import device_words
from server.pages.failures import refusal_words
from server.pages.forms import Entered, showable
from server.pages.guards import office_only, office_person
from server.pages.half_way import remember_half_way
from server.pages.limits import Allowance, address_prefix
from server.pages.noting import carry_out_noted, note_refusal
from server.pages.office_frame import render_office
from server.service.access import accounts, two_step
from server.service.access.audit import Act
from server.service.access.devices import count_devices, end_other_devices, remember_device
from server.service.access.passwords import LONGEST_PASSWORD, password_fault
from server.service.access.sessions import NewSession
from server.service.community.reach import reachable_areas, reachable_councils
from server.service.refused import Refused, refused
from server.store.writer import Unit

blueprint = Blueprint("accounts", __name__)

WINDOW_MS = 10 * 60_000
# One name from one place, and one name from anywhere: a guesser elsewhere cannot lock the office out so soon.
TRIES_HERE, TRIES_ANYWHERE = 10, 100
ALL_ROLES = accounts.ACCOUNT_ROLES
WRONG = "账号或密码不对"
WAIT = "这个账号试错的次数太多，请过十分钟再试"


@blueprint.record_once
def remember_tries(state: BlueprintSetupState) -> None:
    """Count failed log-ins in the application, not in the module, so that two applications share nothing."""
    shared = state.app.config.get("COUNCIL_WORKERS", 1) > 1
    state.app.extensions["login_tries"] = (
        Allowance(TRIES_HERE, WINDOW_MS, "log-in" if shared else ""),
        Allowance(TRIES_ANYWHERE, WINDOW_MS, "log-in anywhere" if shared else ""),
    )


@blueprint.get("/office/login")
def show_login() -> str | AnyResponse:
    """Show the log-in form, or lead on when somebody is signed in already."""
    person = signed_in()
    if person is not None and person.account is not None:
        return redirect(next_page(), 303)
    return _login_page()


@blueprint.post("/office/login")
def log_in() -> str | AnyResponse | tuple[str, int]:
    """Check name and password on this request's own thread, then open a session."""
    entered = Entered(request.form)
    name = entered.text("name", accounts.LONGEST_NAME)
    password = request.form.get("password", "")
    now = services().clock()
    here, anywhere = current_app.extensions["login_tries"]
    place = f"{address_prefix(request.remote_addr)} {name}"
    if here.is_used_up(place, now) or anywhere.is_used_up(name, now):
        note_refusal(Act.LOG_IN, _account_key(name), "locked")
        return _login_page(showable(name), WAIT), 429
    with reading(2) as session:
        is_sensible = entered.is_good and len(password) <= LONGEST_PASSWORD
        account_id = accounts.check_login(session, name, password) if is_sensible else None
    if account_id is None:
        here.count(place, now)
        anywhere.count(name, now)
        note_refusal(Act.LOG_IN, _account_key(name))
        return _login_page(showable(name), WRONG), 422
    return _second_question(account_id) or _let_in(account_id)


def _second_question(account_id: str) -> AnyResponse | None:
    """Lead on to the second step where the account has one or is asked to; None where the password is enough."""
    with reading() as session:
        row = accounts.find_account(session, account_id)
        has_factor = two_step.factor_of(session, account_id) is not None
        if not has_factor and not two_step.is_required(session):
            return None
    page = "code" if has_factor else "enrol"
    response = make_response(redirect(f"/office/login/{page}?{urlencode({'next': next_page()})}", 303))
    return remember_half_way(response, account_id, row.password_hash)


def _let_in(account_id: str) -> AnyResponse:
    now, device = services().clock(), device_words(request.user_agent.string)
    opened: NewSession = carry_out(
        lambda unit: remember_device(unit, accounts.log_in(unit, now, account_id), device)
    )
    return _enter(opened, next_page())


@blueprint.post("/office/logout")
def log_out() -> AnyResponse:
    """End the session and take the cookies back; leaving twice is fine."""
    person, now = signed_in(), services().clock()
    if person is not None:
        carry_out(lambda unit: accounts.log_out(unit, now, person))
    return drop_session(make_response(redirect("/office/login", 303)))


@blueprint.get("/office/setup")
def show_setup() -> str | tuple[str, int]:
    """Show the form of the first administrator; the link still works afterwards if nothing was sent."""
    token = request.args.get("token", "")
    with reading() as session:
        is_open = accounts.is_setup_open(session, services().clock(), token)
    return _setup_page(token, is_open=is_open, values={}, errors={})


@blueprint.post("/office/setup")
def set_up() -> str | AnyResponse | tuple[str, int]:
    """Write the first administrator and sign in."""
    entered = Entered(request.form)
    token = request.form.get("token", "")
    name = entered.text("name", accounts.LONGEST_NAME)
    shown = entered.text("display_name", accounts.LONGEST_NAME)
    password = _new_password(entered, [name, shown])
    now = services().clock()
    with reading() as session:
        is_open = accounts.is_setup_open(session, now, token)
    if not is_open or not entered.is_good:
        return _setup_page(token, is_open=is_open, values=entered.values, errors=entered.errors)
    hashed, device = accounts.hash_password(password), device_words(request.user_agent.string)
    opened: NewSession = carry_out(
        lambda unit: remember_device(
            unit,
            accounts.set_up(unit, now, token, name=name, display_name=shown, password_hash=hashed),
            device,
        )
    )
    return _enter(opened, "/office/")


@blueprint.get("/office/password")
@office_only(*ALL_ROLES)
def edit_password() -> str:
    """Show the form for an own new password."""
    return render_office("accounts/password.html", "password", errors={}, done="done" in request.args)


@blueprint.post("/office/password")
@office_only(*ALL_ROLES)
def change_password() -> str | AnyResponse | tuple[str, int]:
    """Set an own new password; other sessions of the account end."""
    person, now = office_person(), services().clock()
    entered = Entered(request.form)
    with reading(2) as session:
        row = accounts.find_account(session, person.account or "")
        stored = row.password_hash
    chosen = _new_password(entered, [row.name, row.display_name])
    former = request.form.get("former", "")
    if len(former) > LONGEST_PASSWORD or not accounts.password_matches(former, stored):
        entered.errors["former"] = "现在的密码不对"
    if not entered.is_good:
        return render_office("accounts/password.html", "password", errors=entered.errors, done=False), 422
    hashed = accounts.hash_password(chosen)
    carry_out_noted(
        lambda unit: accounts.change_password(unit, now, person.account or "", hashed, keep=person.session),
        Act.PASSWORD_CHANGED,
        person.key,
    )
    return redirect("/office/password?done=1", 303)


@blueprint.get("/office/accounts")
@office_only(Role.ADMINISTRATOR)
def list_accounts() -> str:
    """Show all accounts and the form for a new one."""
    return _accounts_page({}, {})


@blueprint.post("/office/accounts")
@office_only(Role.ADMINISTRATOR)
def create_account() -> str | tuple[str, int] | Response:
    """Write an account; its password is in this answer and nowhere else, so there is no page to lead on to."""
    entered = Entered(request.form)
    name = entered.text("name", accounts.LONGEST_NAME)
    shown = entered.text("display_name", accounts.LONGEST_NAME)
    role = entered.choice("role", [role.value for role in ALL_ROLES])
    # Who keeps one area's accounts makes none that reach further (S80).
    area = entered.choice("area", _area_ids(), must=office_person().area is not None)
    if not entered.is_good:
        return _accounts_page(entered.values, entered.errors), 422
    password, now = accounts.new_password(), services().clock()
    hashed = accounts.hash_password(password)
    try:
        created = carry_out_noted(
            lambda unit: accounts.create_account(
                unit,
                now,
                name=name,
                role=Role(role),
                display_name=shown,
                area_id=area or None,
                password=password,
                password_hash=hashed,
            ),
            Act.ACCOUNT_CREATED,
            lambda made: f"account:{made.account_id}",
        )
    except Refused as error:
        entered.errors["name"] = refusal_words(error.refusal).sentence
        return _accounts_page(entered.values, entered.errors), 422
    return make_response(render_office("accounts/created.html", "accounts", created=created, is_new=True))


@blueprint.post("/office/accounts/<account_id>/password")
@office_only(Role.ADMINISTRATOR)
def reset_password(account_id: str) -> str:
    """Give somebody who forgot it a new password, shown once; the account's sessions end."""
    _reach_account(account_id)
    password, now = accounts.new_password(), services().clock()
    hashed = accounts.hash_password(password)
    with reading() as session:
        name = accounts.find_account(session, account_id).name
    carry_out_noted(
        lambda unit: accounts.change_password(unit, now, account_id, hashed),
        Act.PASSWORD_RESET,
        f"account:{account_id}",
    )
    created = accounts.CreatedAccount(account_id, name, password)
    return render_office("accounts/created.html", "accounts", created=created, is_new=False)


@blueprint.post("/office/accounts/<account_id>/disable")
@office_only(Role.ADMINISTRATOR)
def disable_account(account_id: str) -> AnyResponse:
    """Close an account; its sessions end at once."""
    _reach_account(account_id)
    by, now = office_person().account or "", services().clock()
    carry_out_noted(
        lambda unit: accounts.disable_account(unit, now, account_id, by),
        Act.ACCOUNT_DISABLED,
        f"account:{account_id}",
    )
    return redirect("/office/accounts", 303)


@blueprint.post("/office/accounts/<account_id>/sessions/end")
@office_only(Role.ADMINISTRATOR)
def end_sessions(account_id: str) -> AnyResponse:
    """Sign an account out on every device; the administrator's own device stays."""
    _reach_account(account_id)
    keep, now = office_person().session, services().clock()
    carry_out_noted(
        lambda unit: end_other_devices(unit, now, account_id, keep),
        Act.SESSION_ENDED,
        f"account:{account_id}",
    )
    return redirect("/office/accounts", 303)


@blueprint.post("/office/accounts/<account_id>/two-step/off")
@office_only(Role.ADMINISTRATOR)
def reset_two_step(account_id: str) -> AnyResponse:
    """End the second step of somebody who lost the phone; the account's sessions end with it."""
    _reach_account(account_id)
    keep, now = office_person().session, services().clock()

    def reset(unit: Unit) -> None:
        two_step.turn_off(unit, [account_id])
        end_other_devices(unit, now, account_id, keep)

    if account_id == office_person().account:
        raise refused(RefusalCode.NOT_ALLOWED)
    carry_out_noted(reset, Act.TWO_STEP_RESET, f"account:{account_id}")
    return redirect("/office/accounts", 303)


@blueprint.post("/office/accounts/<account_id>/enable")
@office_only(Role.ADMINISTRATOR)
def enable_account(account_id: str) -> AnyResponse:
    """Let a closed account log in again."""
    _reach_account(account_id)
    carry_out_noted(
        lambda unit: accounts.enable_account(unit, account_id), Act.ACCOUNT_ENABLED, f"account:{account_id}"
    )
    return redirect("/office/accounts", 303)


def _account_key(name: str) -> str:
    """Return the key of the account of this name; a name that is none is not kept, it may be a password."""
    with reading() as session:
        found = accounts.find_by_name(session, name)
    return f"account:{found}" if found else ""


def _new_password(entered: Entered, names: list[str]) -> str:
    """Return the chosen password; it is never put back into the form. ``names`` are those of its owner."""
    password = str(entered.given.get("password", ""))
    with reading() as session:
        places = [area.name for area in reachable_areas(session, None)]
        places += [council.name for council in reachable_councils(session, None)]
    fault = password_fault(password, [*names, *places])
    if fault:
        entered.errors["password"] = fault
    elif password != entered.given.get("again", ""):
        entered.errors["again"] = "两次填的不一样"
    return password


def _login_page(name: str = "", error: str = "") -> str:
    return render_template("accounts/login.html", name=name, error=error, next=next_page())


def _setup_page(
    token: str, *, is_open: bool, values: dict[str, str], errors: dict[str, str]
) -> str | tuple[str, int]:
    page = render_template("accounts/setup.html", token=token, is_open=is_open, values=values, errors=errors)
    return (page, 422 if is_open else 403) if errors or not is_open else page


def _accounts_page(values: dict[str, str], errors: dict[str, str]) -> str:
    own = office_person().area
    with reading() as session:
        areas = reachable_areas(session, own)
        inside = {area.id for area in areas}
        rows = [row for row in accounts.list_accounts(session) if own is None or row.area_id in inside]
        devices = count_devices(session, services().clock())
        having = two_step.accounts_with_factor(session)
    return render_office(
        "accounts/list.html",
        "accounts",
        rows=rows,
        devices=devices,
        having=having,
        areas=areas,
        own_area=own,
        area_names={area.id: area.name for area in areas},
        roles=[role.value for role in ALL_ROLES],
        own=office_person().account,
        values=values,
        errors=errors,
    )


def _area_ids() -> list[str]:
    with reading() as session:
        return [area.id for area in reachable_areas(session, office_person().area)]


def _reach_account(account_id: str) -> None:
    """Refuse an account that reaches further than the person's own area; NOT_FOUND when there is none (S80)."""
    with reading() as session:
        row = accounts.find_account(session, account_id)
    if office_person().area is not None and row.area_id not in _area_ids():
        raise refused(RefusalCode.NOT_ALLOWED)


def next_page() -> str:
    """Return where to go after logging in: a path of this office and nothing else."""
    wanted = request.values.get("next", "")
    is_ours = wanted.startswith(("/office/", "/meetings/", "/minutes/")) and "\\" not in wanted
    return wanted if is_ours and wanted.isprintable() else "/office/"


def _enter(opened: NewSession, path: str) -> AnyResponse:
    return keep_session(make_response(redirect(path, 303)), opened)
