"""安全设置: what the administrator chooses for the whole installation."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.domain.actor import Role
from server.pages.context import reading, services
from server.pages.guards import office_only, office_person, whole_house_only
from server.pages.noting import carry_out_noted
from server.pages.office_frame import render_office
from server.service.access import accounts, two_step
from server.service.access.audit import Act

blueprint = Blueprint("policy", __name__)


@blueprint.get("/office/policy")
@office_only(Role.ADMINISTRATOR)
def show_policy() -> str:
    """Show the choices and how many accounts they concern."""
    whole_house_only()
    return _page("")


@blueprint.post("/office/policy")
@office_only(Role.ADMINISTRATOR)
def save_policy() -> str | AnyResponse | tuple[str, int]:
    """Ask every account for a second step, or no longer; who asks has to have it first."""
    whole_house_only()
    required, now = bool(request.form.get("required")), services().clock()
    with reading() as session:
        own = two_step.factor_of(session, office_person().account or "")
        former = two_step.is_required(session)
    if required and own is None:
        return _page("请先在“我的账号”里给自己开启两步验证，再要求别人"), 422
    if required != former:
        carry_out_noted(lambda unit: two_step.require(unit, now, required=required), Act.POLICY_CHANGED)
    return redirect("/office/policy?done=1", 303)


def _page(error: str) -> str:
    with reading() as session:
        having = two_step.accounts_with_factor(session)
        people = [row for row in accounts.list_accounts(session) if row.disabled_at is None]
        required = two_step.is_required(session)
    return render_office(
        "accounts/policy.html",
        "policy",
        required=required,
        count=len(people),
        having=sum(row.id in having for row in people),
        without=[row.display_name for row in people if row.id not in having],
        error=error,
        done="done" in request.args,
    )
