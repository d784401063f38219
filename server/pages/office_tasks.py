"""办理事项 in the office: the list, progress with photos, the end of a task."""

from dataclasses import dataclass

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from server.documents.failed import DocumentFailed
from server.domain.refusal import RefusalCode
from server.pages.context import carry_out, reading, services
from server.pages.failures import refusal_words
from server.pages.forms import Entered
from server.pages.guards import office_actor, office_only, office_person, reach
from server.pages.office_frame import render_office
from server.service.clock import local_date
from server.service.community.reach import reachable_councils
from server.service.matters import progress
from server.service.matters.tasks import Task, read_entries, read_task, read_tasks
from server.service.publishing import resolution_of, topic_number
from server.service.refused import Refused, refused
from server.store.writer import Unit

blueprint = Blueprint("office_tasks", __name__)
ACTS = ("progress", "done", "void")
MOST_YUAN = progress.LARGEST_COST // 100


@dataclass(frozen=True, slots=True)
class _Report:
    """What somebody says about a task; ``cost`` in hundredths of a yuan."""

    act: str
    text: str
    cost: int | None
    photos: tuple[progress.NewPhoto, ...]


@blueprint.get("/office/tasks")
@office_only()
def list_tasks() -> str:
    """Show the tasks of every council within reach, the most urgent first."""
    today = local_date(services().clock())
    with reading() as session:
        councils = reachable_councils(session, office_person().area)
        shown = [(council.name, read_tasks(session, council.id, today)) for council in councils]
    return render_office("office_tasks/list.html", "tasks", councils=shown, today_date=today)


@blueprint.get("/office/tasks/<number>")
@office_only()
def show_task(number: str) -> str:
    """Show one task with what may be done about it."""
    return _page(_find(number), Entered({}))


@blueprint.post("/office/tasks/<number>")
@office_only()
def report_on_task(number: str) -> AnyResponse | tuple[str, int]:
    """Enter progress, the end, or that the task is void; what was typed stays when something is missing."""
    task = _find(number)
    entered = Entered(request.form)
    report = _read_report(entered)
    if entered.is_good:
        now, actor = services().clock(), office_actor()

        def act(unit: Unit) -> None:
            if report.act == "void":
                progress.void_task(unit, now, task.number, actor, reason=report.text)
            elif report.act == "done":
                progress.mark_done(unit, now, task.number, actor, text=report.text, photos=report.photos)
            else:
                progress.add_progress(
                    unit, now, task.number, actor, text=report.text, cost=report.cost, photos=report.photos
                )

        try:
            carry_out(act)
        except Refused as error:
            if error.refusal.code is not RefusalCode.INVALID_TRANSITION:
                raise
            entered.errors["act"] = refusal_words(error.refusal, "填这一条").sentence
    if not entered.is_good:
        return _page(_find(number), entered), 422
    return redirect(url_for("office_tasks.show_task", number=task.number), 303)


def _read_report(entered: Entered) -> _Report:
    act = entered.choice("act", ACTS)
    text = entered.text("text", progress.LONGEST_ENTRY)
    yuan = entered.number("cost", 0, MOST_YUAN, must=False)
    caption = entered.text("caption", progress.LONGEST_CAPTION, must=False)
    photos = _read_photos(entered, caption) if entered.is_good and act != "void" else ()
    return _Report(act, text, yuan * 100 if yuan is not None else None, photos)


def _read_photos(entered: Entered, caption: str) -> tuple[progress.NewPhoto, ...]:
    """Re-encode the uploaded pictures: whatever else was in the files is gone afterwards (S62, S63)."""
    files = [file for file in request.files.getlist("photos") if file.filename]
    if len(files) > progress.MOST_PHOTOS:
        entered.errors["photos"] = f"一次最多{progress.MOST_PHOTOS}张"
        return ()
    photos = []
    for file in files:
        try:
            photo = services().documents.reencode_photo(file.read())
        except DocumentFailed as failed:
            entered.errors["photos"] = failed.sentence
            return ()
        photos.append(progress.NewPhoto(photo.jpeg, photo.thumbnail, photo.width, photo.height, caption))
    return tuple(photos)


def _page(task: Task, entered: Entered) -> str:
    with reading() as session:
        entries = read_entries(session, task.number)
        topic = topic_number(session, task.topic_id)
        resolution = resolution_of(session, task.resolution_id)
    return render_office(
        "office_tasks/task.html",
        "tasks",
        task=task,
        entries=entries,
        topic=topic,
        resolution=resolution,
        values=entered.values,
        errors=entered.errors,
        today_date=local_date(services().clock()),
        limits=progress,
        most_yuan=MOST_YUAN,
    )


def _find(number: str) -> Task:
    """Return a task within the person's reach."""
    with reading() as session:
        task = read_task(session, number, local_date(services().clock()))
    if task is None:
        raise refused(RefusalCode.NOT_FOUND, what="task")
    reach(task.council_id)
    return task
