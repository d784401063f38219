"""Meetings in the office: the list, planning from accepted topics, the agenda before its notice."""

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.domain.actor import Role
from server.domain.procedure.presets import procedure_of
from server.domain.refusal import RefusalCode
from server.pages.context import carry_out, reading, services
from server.pages.failures import Words, refusal_words
from server.pages.forms import Entered
from server.pages.guards import OFFICE, office_only, office_person, reach
from server.pages.office_frame import render_office
from server.service import office
from server.service.access import entries
from server.service.access.accounts import ACCOUNT_ROLES
from server.service.clock import DAY_MS, local_date, local_time
from server.service.community.councils import find_council
from server.service.meetings import plans
from server.service.refused import Refused, refused
from server.store.tables.meetings import MeetingRow

blueprint = Blueprint("plans", __name__)


@blueprint.get("/office/meetings")
@office_only(*ACCOUNT_ROLES)
def list_meetings() -> str:
    """Show the meetings of all councils in reach, the latest first."""
    with reading() as session:
        councils = office.councils_by_id(session, office_person().area)
        rows = plans.list_meetings(session, list(councils))
    return render_office(
        "office_meetings/list.html",
        "meetings",
        councils=councils,
        rows=[(row, plans.number_of(row)) for row in rows],
        may_plan=office_person().role in OFFICE,
    )


@blueprint.get("/office/meetings/new")
@office_only()
def new_meeting() -> str:
    """Show the form of a plan; ``?council=`` chooses whose accepted topics are offered."""
    return _new_page(Entered({}), request.args.get("council", ""), [])


@blueprint.post("/office/meetings")
@office_only()
def plan_meeting() -> str | AnyResponse | tuple[str, int]:
    """Write a plan with the ticked topics as its first items."""
    entered = Entered(request.form)
    with reading() as session:
        councils = office.councils_by_id(session, office_person().area)
    council = entered.choice("council", list(councils))
    facts = _read_facts(entered)
    ticked = request.form.getlist("topic")
    if facts is not None and entered.is_good:
        now = services().clock()
        with reading() as session:
            free = {row.id: row for row in plans.free_topics(session, council)}
        items = [plans.NewItem(free[topic].title, 15, topic) for topic in ticked if topic in free]
        meeting: str = carry_out(lambda unit: plans.plan_meeting(unit, now, council, facts, items))
        return redirect(f"/office/meetings/{meeting}", 303)
    return _new_page(entered, council, ticked), 422


@blueprint.get("/office/meetings/<meeting_id>")
@office_only(*ACCOUNT_ROLES)
def show_meeting(meeting_id: str) -> str:
    """Show a meeting: the plan with its agenda, or, once called, what may be entered and printed."""
    row = find_reached(meeting_id)
    if row.state == "planned" and office_person().role in OFFICE:
        return _plan_page(row, Entered({}, values=_facts_of(row)))
    return _called_page(row)


@blueprint.post("/office/meetings/<meeting_id>")
@office_only()
def save_plan(meeting_id: str) -> str | AnyResponse | tuple[str, int]:
    """Save what the plan says about itself."""
    row = find_reached(meeting_id)
    entered = Entered(request.form)
    facts = _read_facts(entered)
    if facts is None or not entered.is_good:
        return _plan_page(row, entered), 422
    carry_out(lambda unit: plans.edit_plan(unit, meeting_id, facts))
    return redirect(f"/office/meetings/{meeting_id}?done=1", 303)


@blueprint.get("/office/meetings/<meeting_id>/withdraw")
@office_only()
def ask_withdraw(meeting_id: str) -> str:
    """Ask once more before a plan is taken back."""
    row = find_reached(meeting_id)
    if row.state != "planned":
        raise refused(RefusalCode.AGENDA_LOCKED)
    return render_office(
        "office_meetings/withdraw.html", "meetings", meeting=row, number=plans.number_of(row)
    )


@blueprint.post("/office/meetings/<meeting_id>/withdraw")
@office_only()
def withdraw_plan(meeting_id: str) -> AnyResponse:
    """Take a plan back; its topics stay in the pool."""
    find_reached(meeting_id)
    carry_out(lambda unit: plans.withdraw_plan(unit, meeting_id))
    return redirect("/office/meetings", 303)


@blueprint.post("/office/meetings/<meeting_id>/items")
@office_only()
def add_item(meeting_id: str) -> str | AnyResponse | tuple[str, int]:
    """Put an accepted topic or a written item at the end of the agenda."""
    row = find_reached(meeting_id)
    entered = Entered(request.form)
    topic_id = request.form.get("topic", "")
    title, minutes = "", entered.number("minutes", 1, plans.MOST_MINUTES, must=False)
    if topic_id:
        with reading() as session:
            free = {found.id: found for found in plans.free_topics(session, row.council_id)}
        if topic_id not in free:
            raise refused(RefusalCode.INVALID_TRANSITION)
        title = free[topic_id].title
    else:
        title = entered.text("item", plans.LONGEST_TITLE)
    if not entered.is_good:
        entered.values |= _facts_of(row)
        return _plan_page(row, entered), 422
    item = plans.NewItem(title, minutes, topic_id or None)
    carry_out(lambda unit: plans.add_item(unit, meeting_id, item))
    return _back_to_agenda(meeting_id)


@blueprint.post("/office/meetings/<meeting_id>/items/<item_id>")
@office_only()
def change_item(meeting_id: str, item_id: str) -> str | AnyResponse | tuple[str, int]:
    """Move an item, take it off, or save its words and minutes, as the pressed button says."""
    row = find_reached(meeting_id)
    act = request.form.get("act", "save")
    if act in ("up", "down"):
        places = -1 if act == "up" else 1
        carry_out(lambda unit: plans.move_item(unit, meeting_id, item_id, places))
        return _back_to_agenda(meeting_id)
    if act == "remove":
        carry_out(lambda unit: plans.remove_item(unit, meeting_id, item_id))
        return _back_to_agenda(meeting_id)
    entered = Entered(request.form)
    title = entered.text("title", plans.LONGEST_TITLE)
    minutes = entered.number("minutes", 1, plans.MOST_MINUTES, must=False)
    if not entered.is_good:
        message = "；".join(entered.errors.values())
        shown = Entered({}, values=_facts_of(row))
        return _plan_page(row, shown, Words("这一项没有存上", message, "BAD_DATA")), 422
    carry_out(lambda unit: plans.edit_item(unit, meeting_id, item_id, title, minutes))
    return _back_to_agenda(meeting_id)


def find_reached(meeting_id: str) -> MeetingRow:
    """Return a meeting of a council in reach; Refused NOT_FOUND or NOT_ALLOWED."""
    with reading() as session:
        row = plans.find_meeting(session, meeting_id)
    reach(row.council_id)
    return row


def show_plan_failure(row: MeetingRow, error: Refused) -> str:
    """Show the plan with the reason why its notice cannot go out."""
    words = refusal_words(error.refusal, "发通知")
    return _plan_page(row, Entered({}, values=_facts_of(row)), words)


def _back_to_agenda(meeting_id: str) -> AnyResponse:
    return redirect(f"/office/meetings/{meeting_id}#agenda", 303)


def _read_facts(entered: Entered) -> plans.PlanFacts | None:
    title = entered.text("title", plans.LONGEST_TITLE)
    place = entered.text("place", plans.LONGEST_PLACE)
    starts_at = entered.moment("day", "clock")
    chair = entered.text("chair", plans.LONGEST_NAME, must=False)
    secretary = entered.text("secretary", plans.LONGEST_NAME, must=False)
    invited = entered.text("invited", plans.LONGEST_INVITED, must=False)
    if starts_at is None:
        return None
    return plans.PlanFacts(title, place, starts_at, chair, secretary, invited)


def _facts_of(row: MeetingRow) -> dict[str, str]:
    local = local_time(row.starts_at)
    return {
        "title": row.title,
        "place": row.place,
        "day": local.date().isoformat(),
        "clock": f"{local:%H:%M}",
        "chair": row.chair,
        "secretary": row.secretary,
        "invited": row.invited,
    }


def _new_page(entered: Entered, council_id: str, ticked: list[str]) -> str:
    with reading() as session:
        councils = office.councils_by_id(session, office_person().area)
        if council_id not in councils:
            council_id = next(iter(councils), "") if len(councils) == 1 else ""
        free = plans.free_topics(session, council_id) if council_id else ()
    values = dict(entered.values)
    if council_id:
        values.setdefault("place", councils[council_id].venue)
    values["council"] = council_id
    return render_office(
        "office_meetings/new.html",
        "meetings",
        councils=councils,
        council=councils.get(council_id),
        free=free,
        ticked=ticked,
        values=values,
        errors=entered.errors,
        today_day=local_date(services().clock()).isoformat(),
    )


def _plan_page(row: MeetingRow, entered: Entered, failure: Words | None = None) -> str:
    now = services().clock()
    with reading() as session:
        council = find_council(session, row.council_id)
        items = plans.list_items(session, row.id)
        free = plans.free_topics(session, row.council_id)
        empty = plans.empty_parties(session, row.council_id)
    days = procedure_of(council.procedure).notice_days
    return render_office(
        "office_meetings/plan.html",
        "meetings",
        meeting=row,
        number=plans.number_of(row),
        council=council,
        items=items,
        total=sum(item.minutes or 0 for item in items),
        free=free,
        empty=empty,
        notice_days=days,
        is_late=row.starts_at - now < days * DAY_MS,
        is_over=row.starts_at < now,
        values=entered.values,
        errors=entered.errors,
        failure=failure,
        done="done" in request.args,
    )


def _called_page(row: MeetingRow) -> str:
    person, now = office_person(), services().clock()
    with reading() as session:
        council = find_council(session, row.council_id)
        items = plans.list_items(session, row.id)
        links = entries.list_entries(session, row.id, now)
    return render_office(
        "office_meetings/meeting.html",
        "meetings",
        meeting=row,
        number=plans.number_of(row),
        council=council,
        items=items,
        links=links,
        may_enter=person.role in OFFICE,
        own_screens=person.role in (Role.ORGANISER, Role.SECRETARY, Role.CHAIR),
        is_new="called" in request.args,
    )
