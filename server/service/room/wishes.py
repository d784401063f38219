"""Live wishes in batches: sessions read again in one query, each decided in order (DESIGN §3, S3, S4)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from server.domain.meeting import commands as c
from server.domain.refusal import Refusal, RefusalCode, refuse
from server.service.access.sessions import SignedIn, actor_in, check_sessions, read_sessions
from server.service.room.keeper import BALLOTS, RoomKeeper
from server.store.tables.meetings import AnswerRow
from server.store.tables.registry import plain
from server.store.writer import Unit

MOST_KNOWN_SESSIONS = 50_000
_ANSWERS = plain(AnswerRow)
_FORMER = select(_ANSWERS.c.meeting_id, _ANSWERS.c.command_id, _ANSWERS.c.actor, _ANSWERS.c.revision).where(
    tuple_(_ANSWERS.c.meeting_id, _ANSWERS.c.command_id).in_(bindparam("keys", expanding=True))
)


@dataclass(slots=True)
class Wish:
    """A command on its way to the writer; ``reply`` is the sender's and means nothing here."""

    session: str
    meeting: str
    command_id: str
    command: c.RoomCommand
    reply: object


class WishHandler:
    """Decides batches of wishes on the writer's thread."""

    def __init__(self, rooms: RoomKeeper, clock: Callable[[], int]) -> None:
        self._rooms = rooms
        self._clock = clock
        self._known: dict[str, SignedIn] = {}

    def carry_out(self, unit: Unit, wishes: Sequence[Wish]) -> list[int | Refusal]:
        """Return an answer for each wish: the meeting's version, or a refusal."""
        now = self._clock()
        # First the locks, in one order on every worker, so that two batches never wait for each other (S15, S19):
        # what another worker has answered or ended before we came to it is seen by the questions that follow.
        for meeting in sorted({wish.meeting for wish in wishes}):
            self._rooms.sit(unit, meeting)
        people = self._people(unit.session, {wish.session for wish in wishes}, now)
        former = self._former_answers(unit.session, wishes)
        return [self._settle(unit, wish, people.get(wish.session), former, now) for wish in wishes]

    def _settle(
        self,
        unit: Unit,
        wish: Wish,
        person: SignedIn | None,
        former: dict[tuple[str, str], dict[str, int]],
        now: int,
    ) -> int | Refusal:
        if person is None:
            return refuse(RefusalCode.NOT_SIGNED_IN)
        sitting = self._rooms.sit(unit, wish.meeting)
        if sitting is None:
            return refuse(RefusalCode.NOT_FOUND, what="meeting")
        actor = actor_in(sitting.state, person)
        if actor is None:
            # An account's area may have got a new council since: it is read again with the next wish.
            self._known.pop(wish.session, None)
            return refuse(RefusalCode.NOT_ALLOWED)
        answered = former.get((wish.meeting, wish.command_id), {}).get(actor.key)
        if answered is None:
            # The same id may stand twice in this very batch.
            answered = sitting.revision if (actor.key, wish.command_id) in sitting.answers else None
        if answered is not None:
            return answered
        answer = self._rooms.settle(unit, sitting, actor, wish.command, now)
        # A ballot's own row holds its nonce; a second row for the answer would double its cost.
        if isinstance(answer, int) and not isinstance(wish.command, BALLOTS):
            self._rooms.remember_answer(sitting, actor, wish.command_id)
        return answer

    def _people(self, session: Session, ids: set[str], now: int) -> dict[str, SignedIn]:
        unknown = ids - self._known.keys()
        if len(self._known) > MOST_KNOWN_SESSIONS:
            self._known.clear()
            unknown = ids
        if unknown:
            self._known.update(read_sessions(session, unknown, now))
        live = check_sessions(session, ids - unknown, now) if ids - unknown else set()
        return {key: self._known[key] for key in live | (unknown & self._known.keys())}

    def _former_answers(
        self, session: Session, wishes: Sequence[Wish]
    ) -> dict[tuple[str, str], dict[str, int]]:
        keys = [(wish.meeting, wish.command_id) for wish in wishes if not isinstance(wish.command, BALLOTS)]
        found: dict[tuple[str, str], dict[str, int]] = {}
        if keys:
            rows = session.connection().execute(_FORMER, {"keys": keys})
            for meeting, command_id, actor, revision in rows:
                found.setdefault((meeting, command_id), {})[actor] = revision
        return found
