"""The public home: all councils, and each council's four answers (T156)."""

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from server.domain.topic.life_cycle import ANSWER_DAYS
from server.pages.context import reading, services
from server.pages.headers import keep_briefly
from server.pages.masthead import find_council, public_page
from server.service.clock import local_date
from server.service.matters.tasks import read_tasks
from server.service.publishing import (
    next_meeting,
    past_meetings,
    published_resolutions,
    read_councils,
    read_waits,
)

blueprint = Blueprint("home", __name__)
TASKS_SHOWN = 5


@blueprint.get("/")
def list_councils() -> AnyResponse:
    """Show every council; where there is only one, lead to its home."""
    with reading() as session:
        councils = read_councils(session)
    if len(councils) == 1 and "all" not in request.args:
        return redirect(f"/c/{councils[0].id}/", 303)
    return keep_briefly(make_response(render_template("home/councils.html", councils=councils)))


@blueprint.get("/c/<council_id>/")
def show_council(council_id: str) -> Response:
    """Answer the four questions: what is on, what was settled, who does it, what became of mine."""
    council = find_council(council_id)
    now = services().clock()
    today = local_date(now)
    with reading() as session:
        past = past_meetings(session, council_id)
        published = next((meeting for meeting in past if meeting.published_at is not None), None)
        tasks = read_tasks(session, council_id, today)
        values = {
            "sitting": next_meeting(session, council_id),
            "published": published,
            "unpublished": past[0] if past and past[0].published_at is None else None,
            "resolutions": published_resolutions(session, published.id) if published else (),
            "waits": read_waits(session, council_id, now),
        }
    shown = [task for task in tasks if task.state != "void"]
    return public_page(
        "home/council.html",
        council,
        "home",
        today=today,
        tasks=shown[:TASKS_SHOWN],
        task_count=len(shown),
        answer_days=ANSWER_DAYS,
        **values,
    )


@blueprint.get("/c/<council_id>/meetings")
def list_meetings(council_id: str) -> Response:
    """Show the meetings that were announced or held, with their notices and minutes."""
    council = find_council(council_id)
    with reading() as session:
        sitting = next_meeting(session, council_id)
        past = past_meetings(session, council_id)
    return public_page("home/meetings.html", council, "meetings", sitting=sitting, past=past)
