"""操作记录: the audit log for administrators, filtered and page by page (S91, S92)."""

from datetime import date, datetime, time, timedelta

from flask import Blueprint, request

from server.domain.actor import Role
from server.pages.context import reading, services
from server.pages.forms import Entered
from server.pages.guards import office_only, whole_house_only
from server.pages.office_frame import render_office
from server.service.access import accounts
from server.service.access.audit import COMMAND_LINE, GROUPS, KEPT_DAYS
from server.service.access.audit_reading import AuditFilter, read_audit
from server.service.clock import instant_of, local_date

blueprint = Blueprint("audit", __name__)


@blueprint.get("/office/audit")
@office_only(Role.ADMINISTRATOR)
def list_acts() -> str:
    """Show who did what and when; what is filtered wrongly is not filtered."""
    whole_house_only()
    entered = Entered(request.args)
    with reading(2) as session:
        people = accounts.list_accounts(session)
        chosen = _chosen(entered, [f"account:{row.id}" for row in people])
        lines, has_newer, has_older = read_audit(
            session,
            chosen,
            before=entered.number("before", 0, 10**9, must=False),
            after=entered.number("after", 0, 10**9, must=False),
        )
    now = services().clock()
    return render_office(
        "audit/list.html",
        "audit",
        lines=lines,
        has_newer=has_newer,
        has_older=has_older,
        groups=list(GROUPS),
        people=[(f"account:{row.id}", row.display_name) for row in people],
        command_line=COMMAND_LINE,
        kept_days=KEPT_DAYS,
        earliest=(local_date(now) - timedelta(days=KEPT_DAYS)).isoformat(),
        latest=local_date(now).isoformat(),
        values=entered.values,
        errors={},
        # the query that stays the same from page to page
        kept={
            name: entered.values[name]
            for name in ("group", "result", "who", "since", "until")
            if entered.values.get(name)
        },
    )


def _chosen(entered: Entered, people: list[str]) -> AuditFilter:
    since = entered.day("since") if entered.given.get("since") else ""
    until = entered.day("until") if entered.given.get("until") else ""
    return AuditFilter(
        group=entered.choice("group", list(GROUPS), must=False),
        result=entered.choice("result", ("done", "refused"), must=False),
        who=entered.choice("who", [*people, COMMAND_LINE], must=False),
        since=_midnight(since),
        until=_midnight(until, days=1),
    )


def _midnight(day: str, days: int = 0) -> int | None:
    """Return the instant a local date begins, some days on; None for none."""
    if not day:
        return None
    begins = datetime.combine(date.fromisoformat(day) + timedelta(days=days), time.min)
    return instant_of(begins)
