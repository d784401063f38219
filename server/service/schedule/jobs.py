"""Jobs and when they are due; what ran stands in the database, so that every process and command can read it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.store.tables.schedule import JobRow
from server.store.writer import Unit

Outcome = Literal["running", "done", "failed"]
# A job that failed is tried again sooner than its period says; one whose process ended in the middle, a little later.
RETRY_MS = 10 * 60_000
LONGEST_RUN_MS = 60 * 60_000
LONGEST_WORDS = 200


class JobFailed(Exception):
    """A job knows why it could not do its work; the text is a sentence without personal data."""


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do every ``period_ms``, on a native thread of its own.

    ``run(now)`` may block and returns a short sentence without personal data; whatever it raises is noted as failed
    (JobFailed with its sentence, anything else with the exception's kind alone) and tried again after ``retry_ms``.
    The first run comes ``first_after_ms`` after the job was first seen. A job may be interrupted at any point.
    """

    name: str
    period_ms: int
    run: Callable[[int], str]
    first_after_ms: int = 60_000
    retry_ms: int = RETRY_MS


@dataclass(frozen=True, slots=True)
class JobHealth:
    """How a job is doing; instants are None where it never ran."""

    name: str
    next_at: int
    started_at: int | None
    succeeded_at: int | None
    outcome: Outcome | None
    words: str


def begin_if_due(unit: Unit, job: Job, now: int) -> bool:
    """Tell whether the job is to run now, and note that it does; asked inside the writer's transaction.

    The next run is fixed before this one begins, so that no process that takes over runs it beside this one. An
    instant further away than a period is no plan but a clock that went back.
    """
    row = unit.session.get(JobRow, job.name)
    if row is None:
        row = JobRow(name=job.name, next_at=now + job.first_after_ms, started_at=0, outcome="", words="")
        unit.session.add(row)
    if now < row.next_at <= now + max(job.period_ms, job.first_after_ms):
        return False
    row.next_at, row.started_at, row.finished_at, row.outcome, row.words = (
        now + min(job.period_ms, LONGEST_RUN_MS), now, None, "running", "",
    )  # fmt: skip
    return True


def finish(unit: Unit, job: Job, now: int, outcome: Outcome, words: str) -> None:
    """Note how a run ended."""
    row = unit.session.get_one(JobRow, job.name)
    row.finished_at, row.outcome, row.words = now, outcome, words[:LONGEST_WORDS]
    if outcome == "done":
        row.succeeded_at, row.next_at = now, row.started_at + job.period_ms
    else:
        row.next_at = now + min(job.period_ms, job.retry_ms)


def read_job_health(session: Session) -> list[JobHealth]:
    """Return every job the installation has met, by name."""
    return [
        JobHealth(
            row.name, row.next_at, row.started_at or None, row.succeeded_at, _outcome(row.outcome), row.words
        )
        for row in session.scalars(select(JobRow).order_by(JobRow.name))
    ]


def _outcome(stored: str) -> Outcome | None:
    known: dict[str, Outcome] = {"running": "running", "done": "done", "failed": "failed"}
    return known.get(stored)
