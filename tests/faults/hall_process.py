"""A hall without its network: writer, rooms and database as a worker has them, in a process that can be killed.

It is forked from a process that has everything imported, so that a hundred deaths cost seconds, not minutes.
"""

import multiprocessing
import os
import signal
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy.orm import configure_mappers

from server.domain.meeting.commands import RoomCommand
from server.domain.refusal import Refusal
from server.service.clock import now_ms
from server.service.room.keeper import RoomKeeper
from server.service.room.wishes import Wish, WishHandler
from server.store.database import Database, open_database
from server.store.writer import Committed, Writer

_FORKS = multiprocessing.get_context("forkserver")
configure_mappers()  # once, before the first fork
# A version, the code of a refusal, or None where the server could not.
Answer = int | str | None
# What a test may do to a hall before it serves: a named point of death, or a flaw the oracle has to find.
Prepare = Callable[["Hall"], None]


@dataclass(slots=True)
class Hall:
    """The parts of one worker's hall, before its writer starts."""

    database: Database
    rooms: RoomKeeper
    handler: WishHandler
    writer: Writer
    before_telling: list[Callable[[], None]] = field(default_factory=list)
    after_telling: list[Callable[[], None]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Sent:
    """A wish as it travels to the hall; ``command_id`` is also how its answer is told apart."""

    session: str
    meeting: str
    command_id: str
    command: RoomCommand


def build(data: Path, tell: Callable[[list[tuple[str, Answer]]], None], clock: Callable[[], int]) -> Hall:
    """Put a hall together as the application does."""
    database = open_database(f"sqlite:///{data / 'council.sqlite'}")
    rooms = RoomKeeper(clock)
    handler = WishHandler(rooms, clock)
    hall: Hall

    def announce(committed: Committed) -> None:
        for act in hall.before_telling:
            act()
        tell([(str(wish.reply), _plain(answer)) for wish, answer in committed.answers])
        for act in hall.after_telling:
            act()

    writer = Writer(database, handler.carry_out, announce)
    hall = Hall(database, rooms, handler, writer)
    return hall


def _plain(answer: Any) -> Answer:
    if isinstance(answer, Refusal):
        return answer.code.value
    return answer if isinstance(answer, int) else None


def _serve(wire: Connection, data: Path, prepare: Prepare | None) -> None:
    """Run in the child: wishes in, answers out, until killed or hung up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    hall = build(data, wire.send, now_ms)
    if prepare is not None:
        prepare(hall)
    hall.writer.start()
    wire.send([])  # ready
    with suppress(EOFError):
        while True:
            wishes: list[Sent] = wire.recv()
            hall.writer.wish_all(
                [Wish(w.session, w.meeting, w.command_id, w.command, w.command_id) for w in wishes]
            )
    hall.writer.close()
    hall.database.close()


class HallProcess:
    """The parent's end of a hall."""

    def __init__(self, data: Path, prepare: Prepare | None = None) -> None:
        _FORKS.set_forkserver_preload(["pytest", "tests.faults.points"])
        self.wire, theirs = _FORKS.Pipe()
        self.process = _FORKS.Process(target=_serve, args=(theirs, data, prepare), daemon=True)
        self.process.start()
        theirs.close()
        assert self.wire.poll(30), "the hall did not start"
        self.wire.recv()

    def send(self, wishes: Sequence[Sent]) -> None:
        """Hand wishes over; silently lost when the hall is dead, as on a network."""
        with suppress(BrokenPipeError, ConnectionError):
            self.wire.send(list(wishes))

    def hear(self, seconds: float) -> list[tuple[str, Answer]] | None:
        """Return the next answers, nothing when none come in time, None when the hall is dead."""
        try:
            return self.wire.recv() if self.wire.poll(seconds) else []
        except (EOFError, ConnectionError, OSError):
            return None

    def ask(self, wishes: Sequence[Sent], seconds: float = 10) -> dict[str, Answer]:
        """Send wishes together and wait for every answer; what is missing got none."""
        self.send(wishes)
        answers: dict[str, Answer] = {}
        while len(answers) < len({wish.command_id for wish in wishes}):
            heard = self.hear(seconds)
            if not heard:
                break
            answers.update(heard)
        return answers

    def kill(self) -> dict[str, Answer]:
        """SIGKILL; returns the answers that had left the hall before."""
        with suppress(ProcessLookupError):
            os.kill(self.process.pid or 0, signal.SIGKILL)
        return self.bury()

    def bury(self) -> dict[str, Answer]:
        """Take in what a dead hall had still said."""
        self.process.join(30)
        answers: dict[str, Answer] = {}
        while heard := self.hear(0):
            answers.update(heard)
        self.wire.close()
        return answers

    def stop(self) -> None:
        """Let it finish what waits."""
        self.wire.close()
        self.process.join(30)
        assert self.process.exitcode == 0
