"""The room as it runs: writer thread, wishes, sessions and SQLite; people of the cast, each with a session."""

import shutil
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.refusal import Refusal
from server.service.access.sessions import issue_ticket, redeem_ticket
from server.service.room.keeper import RoomChanged, RoomKeeper
from server.service.room.wishes import Wish, WishHandler
from server.store.database import open_database
from server.store.migrations import migrate
from server.store.tables.areas import PartyRow, RepresentativeRow
from server.store.tables.meetings import BallotRow, EventRow, MeetingRow, SecretChoiceRow
from server.store.writer import Committed, Unit, Writer
from tests.domain.cast import CALLED, LIN, NOON, WANG, XU, ZHENG, ZHOU
from tests.store.ground import found_meetings

LATER = NOON + 30 * 86_400_000
Answer = int | Refusal


def prepare(file: Path, called: e.MeetingCalled = CALLED) -> dict[str, str]:
    """Write a database in which m1 was called and everybody is signed in; returns session ids by actor key."""
    database = open_database(f"sqlite:///{file}")
    migrate(database)
    found_meetings(database, "m1", "m2")
    rooms = RoomKeeper(lambda: NOON)
    writer = Writer(database, WishHandler(rooms, lambda: NOON).carry_out, lambda committed: None)
    writer.start()
    sessions = writer.submit(lambda unit: _settle_in(unit, rooms, called)).result(30)
    writer.close()
    database.close()
    return sessions


def _settle_in(unit: Unit, rooms: RoomKeeper, called: e.MeetingCalled) -> dict[str, str]:
    session = unit.session
    session.add_all(
        PartyRow(id=p.id, council_id="council", name=p.name, mark=p.mark, position=p.order)
        for p in called.parties
    )
    session.flush()
    session.add_all(
        RepresentativeRow(
            id=seat.representative,
            council_id="council",
            party_id=seat.party,
            seat=seat.number,
            name="赵",
            joined_at=1,
        )
        for seat in called.seats
    )
    session.flush()
    rooms.append(unit, "m1", NOON, [called])
    office = ((LIN, Role.CHAIR, "m1"), (ZHOU, Role.SECRETARY, "m1"), (ZHENG, Role.OBSERVER, "m1"))
    strangers = ((WANG, Role.CHAIR, "m2"), (XU, Role.SUPERVISOR, "m1"))
    sessions = {
        actor.key: _enter(
            unit, issue_ticket(session, NOON, role, holder="", expires_at=LATER, meeting=meeting)
        )
        for actor, role, meeting in (*office, *strangers)
    }
    for seat in called.seats:
        ticket = issue_ticket(
            session,
            NOON,
            Role.REPRESENTATIVE,
            holder="",
            expires_at=LATER,
            representative=seat.representative,
        )
        sessions[f"seat:{seat.number}"] = _enter(unit, ticket)
    return sessions


def _enter(unit: Unit, ticket: str) -> str:
    unit.session.flush()
    return redeem_ticket(unit, NOON, ticket).signed_in.session


class RealRoom:
    """One run of the service on a copy of a prepared database."""

    def __init__(self, prepared: Path, file: Path, sessions: dict[str, str]) -> None:
        shutil.copy(prepared, file)
        self.sessions = sessions
        self.now = NOON
        self.database = open_database(f"sqlite:///{file}")
        self.rooms = RoomKeeper(lambda: self.now)
        self.changes: list[RoomChanged] = []
        self.writer = Writer(
            self.database, WishHandler(self.rooms, lambda: self.now).carry_out, self._announce
        )
        self.writer.start()

    def _announce(self, committed: Committed) -> None:
        self.changes += [entry for entry in committed.announcements if isinstance(entry, RoomChanged)]
        for wish, answer in committed.answers:
            wish.reply.set_result(answer)

    def wish(self, command_id: str, command: c.RoomCommand, actor: Actor) -> Wish:
        return Wish(self.sessions[actor.key], "m1", command_id, command, Future())

    def send(self, wishes: Sequence[Wish]) -> list[Answer]:
        """Queue wishes together and wait for their answers."""
        self.writer.wish_all(wishes)
        replies: list[Any] = [wish.reply for wish in wishes]
        return [reply.result(30) for reply in replies]

    def figures(self) -> tuple[int, int, int, int]:
        """Revision, events, ballots and secret choices as they are stored."""
        with Session(self.database.reading) as session:
            counts = [
                session.scalar(select(func.count()).select_from(table)) or 0
                for table in (EventRow, BallotRow, SecretChoiceRow)
            ]
            revision = session.scalar(select(MeetingRow.revision).where(MeetingRow.id == "m1")) or 0
        return revision, counts[0], counts[1], counts[2]

    def close(self) -> None:
        self.writer.close()
        self.database.close()
