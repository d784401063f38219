"""What must hold after every fault: lost = unexpected = duplicated = 0, chain, polls, tallies (I1–I8)."""

import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.orm import Session

from server.domain.meeting import events as e
from server.store.database import open_database
from server.store.log import read_events, verify_log

Key = tuple[str, int]  # poll and seat


@dataclass(slots=True)
class History:
    """What was tried and what was answered, as the people outside saw it."""

    attempted: dict[Key, tuple[str, str]] = field(default_factory=dict)  # → choice and nonce
    acknowledged: set[Key] = field(default_factory=set)
    commands: set[str] = field(default_factory=set)  # acknowledged commands that are no ballots


@dataclass(frozen=True, slots=True)
class Verdict:
    """The oracle's figures; all but ``recovered`` must be empty."""

    lost: frozenset[Key | str]
    unexpected: frozenset[Key]
    duplicated: frozenset[Key]
    recovered: frozenset[Key]

    @property
    def faults(self) -> str:
        """What is wrong, in one line; empty when nothing is."""
        found = {"lost": self.lost, "unexpected": self.unexpected, "duplicated": self.duplicated}
        return ", ".join(f"{len(keys)} {name}" for name, keys in found.items() if keys)


def judge(data: Path, history: History, meeting: str) -> Verdict:
    """Compare what was told in a meeting with what is kept, read from the file as it lies there."""
    with closing(_looking_at(data)) as connection:
        ballots = "SELECT poll, seat, choice, nonce FROM ballot WHERE poll LIKE ?"
        rows = connection.execute(ballots, (f"{meeting}.%",)).fetchall()
        answers = connection.execute("SELECT command_id FROM answer WHERE meeting_id = ?", (meeting,))
        kept_commands = {row[0] for row in answers}
    recorded = Counter((poll, seat) for poll, seat, _, _ in rows)
    as_sent = {
        (poll, seat) for poll, seat, *what in rows if history.attempted.get((poll, seat)) == tuple(what)
    }
    return Verdict(
        lost=frozenset(history.acknowledged - as_sent) | frozenset(history.commands - kept_commands),
        unexpected=frozenset(recorded.keys() - as_sent),
        duplicated=frozenset(key for key, times in recorded.items() if times > 1),
        recovered=frozenset(as_sent - history.acknowledged),
    )


def recorded(data: Path, poll: str) -> list[tuple[int, str]]:
    """Return seat and choice of every ballot in a box."""
    with closing(_looking_at(data)) as connection:
        return connection.execute("SELECT seat, choice FROM ballot WHERE poll = ?", (poll,)).fetchall()


def check_record(data: Path, meetings: Iterable[str]) -> int:
    """Chain and order of every log (I5), polls that only move forward (I7), counts that recount (I6).

    Returns how many polls were closed.
    """
    database = open_database(f"sqlite:///{data / 'council.sqlite'}")
    try:
        with Session(database.reading) as session:
            closed = 0
            for meeting in meetings:
                verify_log(session, meeting)
                closed += _check_polls(data, [event for event, _ in read_events(session, meeting)])
            return closed
    finally:
        database.close()


def _check_polls(data: Path, events: list[e.Event]) -> int:
    states: dict[str, str] = {}
    closings: list[e.PollClosed] = []
    for event in events:
        if isinstance(event, e.PollOpened):
            assert event.poll not in states, "opened twice"
            assert "open" not in states.values(), "two polls at once"
            states[event.poll] = "open"
        elif isinstance(event, e.PollClosed):
            assert states.get(event.poll) == "open", "closed without being open"
            states[event.poll] = "closed"
            closings.append(event)
    with closing(_looking_at(data)) as connection:
        for event in closings:
            rows = connection.execute(
                "SELECT seat, choice FROM ballot WHERE poll = ?", (event.poll,)
            ).fetchall()
            named = [(ballot.seat, ballot.choice) for ballot in event.ballots or ()]
            assert sorted(rows) == sorted(named), "a ballot beside the count"
            recount = Counter(choice for _, choice in rows)
            assert {option: count for option, count in event.tally if count} == recount
    return len(closings)


def check_database(data: Path) -> None:
    """The file is sound in itself (I8)."""
    with closing(_looking_at(data)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def _looking_at(data: Path) -> sqlite3.Connection:
    """A connection that only looks: the next hall has to recover the file as the dead one left it."""
    return sqlite3.connect(f"file:{data / 'council.sqlite'}?mode=ro", uri=True, timeout=10)
