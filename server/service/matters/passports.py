"""议题档案: one topic from the first word to the last task, as one timeline (T39)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.topic.life_cycle import TopicState
from server.service.matters.tasks import Task, read_entries, tasks_of_topic
from server.service.matters.topics import find_by_receipt, timeline
from server.service.publishing import PUBLIC_STATES
from server.store.tables.meetings import MeetingRow, ResolutionRow
from server.store.tables.topics import TopicRow

# The task's own lines tell these steps, with more in them.
_TOLD_BY_TASKS = (TopicState.DOING.value, TopicState.DONE.value)
STAGES = ("raised", "accepted", "scheduled", "discussed", "resolved", "doing", "done")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the timeline; ``kind`` is a topic state, resolved, published, or a task entry's ``task_…``.

    ``due`` (a local date) instead of ``at`` for what lies ahead; ``task`` and ``meeting`` lead further.
    """

    kind: str
    at: int
    text: str
    due: str | None = None
    task: Task | None = None
    meeting: str | None = None
    meeting_is_public: bool = False


@dataclass(frozen=True, slots=True)
class Passport:
    """A topic with everything a reader may see; contact data is never part of it (T1)."""

    number: str
    council_id: str
    title: str
    body: str
    place: str
    channel: str
    proposer: str
    state: str
    reason: str
    answer: str
    raised_at: int
    is_public: bool
    reached: frozenset[str]
    lines: tuple[Line, ...]
    tasks: tuple[Task, ...]


def read_passport(session: Session, number: str, today: date) -> Passport | None:
    """Return a screened topic by its number; None when there is none or it is not public (T8)."""
    row = session.scalar(select(TopicRow).where(TopicRow.number == number))
    if row is None or row.state not in PUBLIC_STATES:
        return None
    return _passport(session, row, today)


def read_by_receipt(session: Session, code: str, today: date) -> Passport | None:
    """Return the topic of a receipt code in any state: the proposer may see how it stands."""
    row = find_by_receipt(session, code)
    return _passport(session, row, today) if row is not None else None


def is_public_number(session: Session, number: str) -> bool:
    """Tell whether a topic of this number is public."""
    state = session.scalar(select(TopicRow.state).where(TopicRow.number == number))
    return state is not None and state in PUBLIC_STATES


def _passport(session: Session, row: TopicRow, today: date) -> Passport:
    tasks = tasks_of_topic(session, row.id, today)
    told = [line.state for line in timeline(session, row.id)]
    resolutions = _resolutions(session, row.id)
    lines = [
        *_own_lines(session, row),
        *_resolution_lines(resolutions),
        *(line for task in tasks for line in _task_lines(session, task)),
    ]
    lines.sort(key=lambda line: line.at, reverse=True)
    ahead = [Line("due", 0, task.text, due=task.due, task=task) for task in tasks if task.state == "open"]
    ahead.sort(key=lambda line: line.due or "", reverse=True)
    return Passport(
        row.number,
        row.council_id,
        row.title,
        row.body,
        row.place,
        row.channel,
        row.proposer if row.is_named else "",
        row.state,
        row.reason,
        row.answer,
        row.raised_at,
        row.state in PUBLIC_STATES,
        frozenset(_stages(told, bool(resolutions), tasks, row.state)),
        (*ahead, *lines),
        tasks,
    )


def _stages(told: Sequence[str], is_resolved: bool, tasks: Sequence[Task], state: str) -> Iterator[str]:
    yield "raised"
    for stage, states in (
        ("accepted", ("accepted", "referred")),
        ("scheduled", ("scheduled",)),
        ("discussed", ("discussed",)),
    ):
        if any(past in states for past in told):
            yield stage
    if is_resolved:
        yield "resolved"
    if tasks:
        yield "doing"
    if state == TopicState.DONE:
        yield "done"


def _own_lines(session: Session, row: TopicRow) -> Iterator[Line]:
    for entry in timeline(session, row.id):
        if entry.state not in _TOLD_BY_TASKS:
            yield Line(entry.state, entry.at, row.body if entry.state == "received" else entry.text)


def _resolutions(session: Session, topic_id: str) -> Sequence[tuple[ResolutionRow, MeetingRow]]:
    return [
        (resolution, meeting)
        for resolution, meeting in session.execute(
            select(ResolutionRow, MeetingRow)
            .join(MeetingRow, MeetingRow.id == ResolutionRow.meeting_id)
            .where(
                ResolutionRow.topic_id == topic_id,
                ResolutionRow.is_void.is_(False),
                MeetingRow.published_at.is_not(None),
            )
            .order_by(ResolutionRow.adopted_at)
        )
    ]


def _resolution_lines(found: Sequence[tuple[ResolutionRow, MeetingRow]]) -> Iterator[Line]:
    for resolution, meeting in found:
        text = f"{resolution.text}\n{resolution.sentence}"
        yield Line("resolved", resolution.adopted_at, text, meeting=meeting.id, meeting_is_public=True)
    for meeting in {meeting.id: meeting for _, meeting in found}.values():
        if meeting.published_at is not None:
            yield Line("published", meeting.published_at, "", meeting=meeting.id, meeting_is_public=True)


def _task_lines(session: Session, task: Task) -> Iterator[Line]:
    for entry in read_entries(session, task.number):
        yield Line(f"task_{entry.kind}", entry.at, entry.text or task.text, task=task)
