"""The room's door for HTTP: the same envelopes and answers without a WebSocket (CONTRACT, HTTP)."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from server.domain.refusal import Refusal, RefusalCode, refuse
from server.live.broadcast import Broadcaster
from server.live.connection import panels_for
from server.live.protocol import accepted, failed_answer, hello_answer, read_envelope, refused_answer
from server.live.sight import CommandLimit, may_see
from server.screens.whole import SCREENS
from server.screens.words import Words
from server.service.access.sessions import SignedIn, actor_in
from server.service.room.wishes import Wish
from server.store.writer import Writer

ANSWER_SECONDS = 10.0
MOST_ACTS_REMEMBERED = 10_000


class Door:
    """Called by pages on native threads; each call may wait for the loop or for a commit."""

    def __init__(
        self,
        broadcaster: Broadcaster,
        writer: Writer,
        limit: CommandLimit,
        clock: Callable[[], int],
        words: Words,
    ) -> None:
        self._broadcaster = broadcaster
        self._writer = writer
        self._limit = limit
        self._clock = clock
        self._words = words
        self._acted: dict[tuple[str, str], int] = {}  # (session, meeting) → the version its last act made

    def state(self, person: SignedIn, meeting: str, screen: str) -> dict[str, Any]:
        """Answer as ``hello`` does."""
        kind = next((known for known in SCREENS if known == screen), None)
        if kind is None:
            return refused_answer(self._words, refuse(RefusalCode.BAD_DATA, field="screen"))
        drawn = self._broadcaster.drawn_for_page(meeting, self._acted.get((person.session, meeting), 0))
        if drawn is None:
            return refused_answer(self._words, refuse(RefusalCode.NOT_FOUND, what="meeting"))
        actor = actor_in(drawn.view.state, person)
        if actor is None or not may_see(kind, actor):
            return refused_answer(self._words, refuse(RefusalCode.NOT_ALLOWED))
        panels = panels_for(drawn.screens[kind], kind, drawn.view, actor.seat)
        return hello_answer(drawn.version, self._clock(), panels)

    def command(self, person: SignedIn, meeting: str, message: Any) -> dict[str, Any]:
        """Carry out an envelope ``{id, name, data}`` and answer as the live ``command`` does."""
        name = message.get("name") if isinstance(message, dict) else None
        name = name if isinstance(name, str) else ""
        if not self._limit.allows(person.session):
            return refused_answer(self._words, refuse(RefusalCode.TOO_OFTEN), name)
        envelope = read_envelope(message)
        if isinstance(envelope, Refusal):
            return refused_answer(self._words, envelope, name)
        answer: Future[int | Refusal | Exception] = Future()
        self._writer.wish(Wish(person.session, meeting, envelope.id, envelope.command, answer))
        settled = answer.result(timeout=ANSWER_SECONDS)
        if isinstance(settled, Refusal):
            return refused_answer(self._words, settled, name)
        if not isinstance(settled, int):
            return failed_answer(self._words, settled)
        self._remember(person.session, meeting, settled)
        return accepted(settled)

    def _remember(self, session: str, meeting: str, version: int) -> None:
        """Keep what somebody has done, lest the page that follows shows the room without it."""
        if len(self._acted) >= MOST_ACTS_REMEMBERED:
            self._acted.clear()
        self._acted[session, meeting] = version
