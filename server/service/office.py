"""What the office's menu and home count: topics without an answer, the next meeting, what is overdue."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.topic.life_cycle import ANSWER_DAYS, UNANSWERED, TopicState
from server.service.clock import DAY_MS, local_date
from server.service.community.reach import reachable_councils
from server.store.tables.areas import CouncilRow
from server.store.tables.meetings import MeetingRow
from server.store.tables.tasks import TaskRow
from server.store.tables.topics import TopicRow

WAITING = tuple(state.value for state in UNANSWERED)
NEXT_MEETINGS = 5
# A meeting still counts as coming while it may still be sitting.
_SITTING_MS = DAY_MS


@dataclass(frozen=True, slots=True)
class Counts:
    """The figures beside the menu's entries."""

    unanswered: int
    pool: int
    minutes: int
    tasks: int
    overdue: int


def count_work(session: Session, area_id: str | None, now: int) -> Counts:
    """Count what waits in the councils an account may work with. Cost: five small counts on indexes."""
    ids = [row.id for row in reachable_councils(session, area_id)]

    def count(*conditions: object) -> int:
        return session.scalar(select(func.count()).where(*conditions)) or 0  # type: ignore[arg-type]

    today = local_date(now).isoformat()
    topics, tasks = TopicRow.council_id.in_(ids), TaskRow.council_id.in_(ids)
    return Counts(
        unanswered=count(topics, TopicRow.state.in_(WAITING)),
        pool=count(topics, TopicRow.state == TopicState.ACCEPTED.value),
        minutes=count(
            MeetingRow.council_id.in_(ids), MeetingRow.state == "closed", MeetingRow.published_at.is_(None)
        ),
        tasks=count(tasks, TaskRow.state == "open"),
        overdue=count(tasks, TaskRow.state == "open", TaskRow.due < today),
    )


def next_meetings(session: Session, council_ids: Sequence[str], now: int) -> Sequence[MeetingRow]:
    """Return the meetings that are sitting or to come, the nearest first."""
    chosen = select(MeetingRow).where(
        MeetingRow.council_id.in_(council_ids),
        MeetingRow.state != "closed",
        MeetingRow.starts_at > now - _SITTING_MS,
    )
    return session.scalars(chosen.order_by(MeetingRow.starts_at).limit(NEXT_MEETINGS)).all()


def waiting_topics(session: Session, council_ids: Sequence[str], most: int = 6) -> Sequence[TopicRow]:
    """Return unanswered topics, those that waited longest first."""
    chosen = select(TopicRow).where(TopicRow.council_id.in_(council_ids), TopicRow.state.in_(WAITING))
    return session.scalars(chosen.order_by(TopicRow.raised_at).limit(most)).all()


def overdue_tasks(session: Session, council_ids: Sequence[str], now: int, most: int = 6) -> Sequence[TaskRow]:
    """Return open tasks whose day is over, the oldest first."""
    chosen = select(TaskRow).where(
        TaskRow.council_id.in_(council_ids),
        TaskRow.state == "open",
        TaskRow.due < local_date(now).isoformat(),
    )
    return session.scalars(chosen.order_by(TaskRow.due).limit(most)).all()


@dataclass(frozen=True, slots=True)
class AnswerRecord:
    """How the office answered lately: number of answers, the usual number of days, how many came too late."""

    answered: int
    usual_days: int
    late: int


def answer_record(session: Session, council_ids: Sequence[str], now: int) -> AnswerRecord:
    """Return this month's answers with their median wait (T17)."""
    first = local_date(now).replace(day=1)
    rows = session.execute(
        select(TopicRow.raised_at, TopicRow.answered_at).where(
            TopicRow.council_id.in_(council_ids), TopicRow.answered_at > now - 31 * DAY_MS
        )
    )
    days = sorted(
        (local_date(answered) - local_date(raised)).days
        for raised, answered in rows
        if answered is not None and local_date(answered) >= first
    )
    usual = days[len(days) // 2] if days else 0
    return AnswerRecord(len(days), usual, sum(day > ANSWER_DAYS for day in days))


def councils_by_id(session: Session, area_id: str | None) -> dict[str, CouncilRow]:
    """Return the councils an account may work with, by id."""
    return {row.id: row for row in reachable_councils(session, area_id)}


def list_pool(session: Session, council_ids: Sequence[str]) -> Sequence[TopicRow]:
    """Return accepted topics that wait for a meeting, oldest first (T48)."""
    chosen = select(TopicRow).where(
        TopicRow.council_id.in_(council_ids), TopicRow.state == TopicState.ACCEPTED.value
    )
    return session.scalars(chosen.order_by(TopicRow.raised_at)).all()


def recent_answers(session: Session, council_ids: Sequence[str], most: int = 30) -> Sequence[TopicRow]:
    """Return topics that were answered and have left the pool, the latest first."""
    chosen = select(TopicRow).where(
        TopicRow.council_id.in_(council_ids),
        TopicRow.answered_at.is_not(None),
        TopicRow.state != TopicState.ACCEPTED.value,
    )
    return session.scalars(chosen.order_by(TopicRow.answered_at.desc()).limit(most)).all()
