"""The one writer: group commit, answers after the commit, one failure spoils no other."""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, func, select
from sqlalchemy.orm import Session

from server.store.database import Database
from server.store.tables.areas import CounterRow
from server.store.writer import Committed, Unit, Writer

WAIT = 10


def write(scope: str) -> Callable[[Unit], str]:
    """A job that writes one row and returns its key."""

    def run(unit: Unit) -> str:
        unit.session.add(CounterRow(scope=scope, last=1))
        return scope

    return run


def fail(unit: Unit) -> None:
    unit.session.add(CounterRow(scope="never", last=1))
    unit.session.flush()
    raise KeyError("赞成")


def carry_out(unit: Unit, wishes: Sequence[Any]) -> list[Any]:
    """Write a row for each wish; a wish called ``bad`` fails."""
    for wish in wishes:
        if wish == "bad":
            raise ValueError("赞成")
        write(wish)(unit)
    return [f"{wish} done" for wish in wishes]


def rows_seen_elsewhere(database: Database) -> set[str]:
    """What another connection sees now."""
    with Session(database.reading) as session:
        return set(session.scalars(select(CounterRow.scope)))


@contextmanager
def running(
    database: Database,
    announce: Callable[[Committed], None] = lambda committed: None,
    carry: Callable[[Unit, Sequence[Any]], Sequence[Any]] = carry_out,
) -> Iterator[Writer]:
    writer = Writer(database, carry, announce)
    writer.start()
    yield writer
    writer.close()


@contextmanager
def held(writer: Writer) -> Iterator[None]:
    """Hold the writer in a reading of its own, so that what is queued meanwhile makes one batch."""
    begun, go_on = threading.Event(), threading.Event()

    def hold(session: Session) -> None:
        begun.set()
        assert go_on.wait(WAIT)

    future = writer.look(hold)
    assert begun.wait(WAIT)
    yield
    go_on.set()
    future.result(WAIT)


def test_a_page_is_answered_after_the_commit(database: Database) -> None:
    seen: list[set[str]] = []
    with running(database) as writer:
        with held(writer):
            future = writer.submit(write("a"))
            future.add_done_callback(lambda done: seen.append(rows_seen_elsewhere(database)))
        assert future.result(WAIT) == "a"
    assert seen == [{"a"}]


@pytest.mark.rule("S16")
def test_a_wish_is_answered_after_the_commit(database: Database) -> None:
    seen: list[tuple[Any, set[str]]] = []

    def announce(committed: Committed) -> None:
        seen.extend((answer, rows_seen_elsewhere(database)) for _, answer in committed.answers)

    with running(database, announce) as writer, held(writer):
        writer.wish_all(["a", "b"])
    assert seen == [("a done", {"a", "b"}), ("b done", {"a", "b"})]


def test_what_waits_is_committed_together(database: Database) -> None:
    commits: list[object] = []
    event.listen(database.writing, "commit", commits.append)
    with running(database) as writer:
        with held(writer):
            futures = [writer.submit(write(f"job {n}")) for n in range(50)]
            writer.wish_all([f"wish {n}" for n in range(50)])
        for future in futures:
            future.result(WAIT)
    assert len(commits) == 1
    assert len(rows_seen_elsewhere(database)) == 100


def test_the_order_of_arrival_is_kept(database: Database) -> None:
    order: list[str] = []

    def carry(unit: Unit, wishes: Sequence[Any]) -> list[Any]:
        order.extend(wishes)
        return list(wishes)

    with running(database, carry=carry) as writer, held(writer):
        writer.wish("1")
        writer.wish("2")
        writer.submit(lambda unit: order.append("3"))
        writer.wish("4")
    assert order == ["1", "2", "3", "4"]


def test_a_failing_job_spoils_no_other(database: Database) -> None:
    with running(database) as writer:
        with held(writer):
            before, bad, after = writer.submit(write("a")), writer.submit(fail), writer.submit(write("b"))
        with pytest.raises(KeyError):
            bad.result(WAIT)
        assert (before.result(WAIT), after.result(WAIT)) == ("a", "b")
    assert rows_seen_elsewhere(database) == {"a", "b"}


def test_a_failing_wish_spoils_no_other(database: Database, caplog: pytest.LogCaptureFixture) -> None:
    answers: dict[Any, Any] = {}
    with (
        caplog.at_level(logging.DEBUG),
        running(database, lambda committed: answers.update(committed.answers)) as writer,
        held(writer),
    ):
        writer.wish_all(["a", "bad", "b"])
    assert (answers["a"], answers["b"]) == ("a done", "b done")
    assert isinstance(answers["bad"], ValueError)
    assert rows_seen_elsewhere(database) == {"a", "b"}
    assert "ValueError" in caplog.text
    assert "赞成" not in caplog.text


def test_a_rolled_back_unit_announces_and_keeps_nothing(database: Database) -> None:
    told: list[Any] = []
    kept: list[str] = []

    def tries(unit: Unit) -> None:
        unit.announcements.append("changed")
        unit.on_commit.append(lambda: kept.append("kept"))
        unit.work["scratch"] = 1
        raise KeyError

    with running(database, lambda committed: told.extend(committed.announcements)) as writer:
        with held(writer):
            bad = writer.submit(tries)
            good = writer.submit(lambda unit: dict(unit.work))
        with pytest.raises(KeyError):
            bad.result(WAIT)
        assert good.result(WAIT) == {}
    assert (told, kept) == ([], [])


@pytest.mark.rule("S15")
def test_last_writes_belong_to_the_same_transaction(database: Database) -> None:
    def lays_up(unit: Unit) -> None:
        unit.before_commit.append(lambda: fail(unit))

    with running(database) as writer:
        with pytest.raises(KeyError):
            writer.submit(lays_up).result(WAIT)
        assert writer.submit(write("a")).result(WAIT) == "a"
    assert rows_seen_elsewhere(database) == {"a"}


def count_up(unit: Unit) -> int:
    """Count how often this job was carried out."""
    row = unit.session.get(CounterRow, "counted") or CounterRow(scope="counted", last=0)
    unit.session.add(row)
    row.last += 1
    return row.last


def test_what_fails_after_the_commit_does_not_write_again(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def stumble(committed: Committed) -> None:
        raise RuntimeError("赞成")

    def count_and_announce(unit: Unit) -> int:
        unit.announcements.append("changed")
        return count_up(unit)

    with running(database, stumble) as writer:
        with held(writer):
            futures = [writer.submit(count_and_announce) for _ in range(3)]
        assert [future.result(WAIT) for future in futures] == [1, 2, 3]
        assert writer.submit(count_up).result(WAIT) == 4
    assert "赞成" not in caplog.text
    assert "RuntimeError" in caplog.text


def test_a_page_that_gave_up_waiting_spoils_nothing(database: Database) -> None:
    with running(database) as writer:
        with held(writer):
            given_up: Future[int] = writer.submit(count_up)
            assert given_up.cancel()
            kept = writer.submit(count_up)
        assert kept.result(WAIT) == 1
        assert writer.submit(count_up).result(WAIT) == 2


def test_closing_finishes_what_waits(database: Database) -> None:
    writer = Writer(database, carry_out, lambda committed: None)
    writer.start()
    futures = [writer.submit(write(f"{n}")) for n in range(30)]
    writer.close()
    assert all(future.done() for future in futures)
    assert len(rows_seen_elsewhere(database)) == 30


def test_many_threads_lose_nothing(database: Database) -> None:
    answers: list[Any] = []
    lock = threading.Lock()

    def announce(committed: Committed) -> None:
        with lock:
            answers.extend(answer for _, answer in committed.answers)

    with running(database, announce) as writer:
        futures: list[Future[str]] = []

        def tap(thread: int) -> None:
            for n in range(25):
                writer.wish(f"wish {thread}.{n}")
                future = writer.submit(write(f"job {thread}.{n}"))
                with lock:
                    futures.append(future)

        threads = [threading.Thread(target=tap, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len({future.result(WAIT) for future in futures}) == 200
    assert len(answers) == len(set(answers)) == 200
    with Session(database.reading) as session:
        assert session.scalar(select(func.count()).select_from(CounterRow)) == 400
