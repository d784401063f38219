"""办理事项 for residents: who does what by when, with a light, and the photos (T130, T156, P12)."""

from flask import Blueprint, Response

from server.domain.refusal import RefusalCode
from server.pages.context import reading, services
from server.pages.masthead import find_council, public_page
from server.service.clock import local_date
from server.service.matters.tasks import read_entries, read_photo, read_task, read_tasks
from server.service.publishing import resolution_of, topic_number
from server.service.refused import refused

blueprint = Blueprint("public_tasks", __name__)
PHOTO_SECONDS = 7 * 24 * 3600
_GROUPS = ("red", "yellow", "green", "grey")


@blueprint.get("/c/<council_id>/tasks")
def list_tasks(council_id: str) -> Response:
    """Show a council's tasks by light: overdue, due soon, under way, closed."""
    council = find_council(council_id)
    today = local_date(services().clock())
    with reading() as session:
        tasks = read_tasks(session, council_id, today)
    groups = [(colour, [task for task in tasks if task.signal.colour == colour]) for colour in _GROUPS]
    this_year = [task for task in tasks if task.number.startswith(f"办-{today.year}-")]
    done = [task for task in this_year if task.done_at is not None]
    return public_page(
        "public_tasks/list.html",
        council,
        "tasks",
        groups=groups,
        today=today,
        count=len(this_year),
        done=len(done),
        on_time=sum(local_date(task.done_at or 0).isoformat() <= task.due for task in done),
    )


@blueprint.get("/tasks/<number>")
def show_task(number: str) -> Response:
    """Show one task with its dated entries and photos."""
    today = local_date(services().clock())
    with reading() as session:
        task = read_task(session, number, today)
        if task is None:
            raise refused(RefusalCode.NOT_FOUND, what="task")
        entries = read_entries(session, task.number)
        topic = topic_number(session, task.topic_id)
        resolution = resolution_of(session, task.resolution_id)
    return public_page(
        "public_tasks/task.html",
        find_council(task.council_id),
        "tasks",
        task=task,
        entries=entries,
        topic=topic,
        resolution=resolution,
        today=today,
    )


@blueprint.get("/photos/<photo_id>.jpg")
def show_photo(photo_id: str) -> Response:
    """Return a photo of a task's entry, re-encoded by us (S63)."""
    return _photo(photo_id, small=False)


@blueprint.get("/photos/<photo_id>-small.jpg")
def show_thumbnail(photo_id: str) -> Response:
    """Return the photo at the size a list shows."""
    return _photo(photo_id, small=True)


def _photo(photo_id: str, *, small: bool) -> Response:
    with reading() as session:
        jpeg = read_photo(session, photo_id, small=small)
    if jpeg is None:
        raise refused(RefusalCode.NOT_FOUND, what="photo")
    response = Response(jpeg, mimetype="image/jpeg")
    # What was uploaded is shown as a picture and as nothing else (S65).
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response.headers["Content-Disposition"] = f'inline; filename="{photo_id}.jpg"'
    response.headers["Cache-Control"] = f"public, max-age={PHOTO_SECONDS}, immutable"
    return response
