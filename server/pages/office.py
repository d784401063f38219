"""The office's first page: what waits for an answer, the next meeting, what is overdue."""

from typing import Any

from flask import Blueprint, redirect
from werkzeug.wrappers import Response as AnyResponse

from server.domain.actor import Role
from server.pages.condition import concern_words
from server.pages.context import reading, services
from server.pages.guards import OFFICE, office_only, office_person
from server.pages.office_frame import render_office
from server.pages.topic_inbox import clock_of
from server.service import office
from server.service.access import accounts
from server.service.access.sessions import SignedIn
from server.service.clock import local_date
from server.service.meetings.plans import number_of
from server.service.upkeep.condition import read_condition, spoken_age

blueprint = Blueprint("office", __name__)


@blueprint.get("/office")
def lead_home() -> AnyResponse:
    """Lead to the office's first page."""
    return redirect("/office/", 303)


@blueprint.get("/office/")
@office_only(*accounts.ACCOUNT_ROLES)
def show_home() -> str:
    """Show the three lists an office begins its day with."""
    person, now = office_person(), services().clock()
    with reading() as session:
        councils = office.councils_by_id(session, person.area)
        ids = list(councils)
        may_screen = person.role in OFFICE
        topics = office.waiting_topics(session, ids) if may_screen else ()
        meetings = office.next_meetings(session, ids, now)
        tasks = office.overdue_tasks(session, ids, now)
    return render_office(
        "office/home.html",
        "home",
        councils=councils,
        may_screen=may_screen,
        may_administer=person.role.value == "administrator",
        topics=[(topic, clock_of(topic, now)) for topic in topics],
        meetings=[(meeting, number_of(meeting), _days_until(meeting.starts_at, now)) for meeting in meetings],
        tasks=tasks,
        condition=_condition(person, now),
    )


def _condition(person: SignedIn, now: int) -> dict[str, Any] | None:
    """Return what the administrator must know about the installation itself; nobody else can do anything about it."""
    if person.role is not Role.ADMINISTRATOR or person.area is not None:
        return None
    with reading(limit_seconds=1.0) as session:
        found = read_condition(session, services().upkeep, now)
    return {
        "concerns": [concern_words(concern, facts) for concern, facts in found.concerns.items()],
        "backup_at": found.backup_at,
        "backup_age": spoken_age(now - found.backup_at) if found.backup_at is not None else "",
        "records_at": found.records_at,
        "free": found.free_bytes >> 30,
        "database": max(1, found.database_bytes >> 20),
    }


def _days_until(instant: int, now: int) -> int:
    return (local_date(instant) - local_date(now)).days
