"""Connections: handshake by cookie, ``hello``, which screen each shows, and the one handler of commands."""

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any

import gevent
from socketio.exceptions import ConnectionRefusedError as HandshakeRefused

from server.domain.refusal import Refusal, RefusalCode, refuse
from server.live.broadcast import Broadcaster
from server.live.packets import Encoded, PendingReply, dumps
from server.live.people import People
from server.live.protocol import failed_answer, read_envelope, read_hello, refused_answer
from server.live.room import LiveRoom
from server.live.sight import CommandLimit, may_see
from server.live.socket_server import at_end_of_turn
from server.live.staying import Staying
from server.screens import whole
from server.screens.whole import ScreenKind
from server.screens.words import Words
from server.service.access.sessions import SignedIn, actor_in
from server.service.ids import digest
from server.service.room.wishes import Wish
from server.store.database import Database
from server.store.writer import Writer

log = logging.getLogger(__name__)
NAMESPACE = "/live"
FRESH_MS = 1000
COOKIES = ("__Host-sid", "sid")


@dataclass(slots=True)
class Connection:
    """One socket: whose session, and what it shows since its last ``hello``."""

    sid: str
    person: SignedIn
    read_at: int
    room: LiveRoom | None = None
    meeting: str = ""
    screen: ScreenKind | None = None
    seat: int | None = None


class Connections:
    """All sockets of this worker; every method runs in a phone's greenlet on the loop."""

    def __init__(
        self,
        database: Database,
        writer: Writer,
        broadcaster: Broadcaster,
        limit: CommandLimit,
        clock: Callable[[], int],
        words: Words,
    ) -> None:
        self._people = People(database, clock)
        self._writer = writer
        self._broadcaster = broadcaster
        self._limit = limit
        self._clock = clock
        self._words = words
        self._by_sid: dict[str, Connection] = {}
        self._by_session: dict[str, set[str]] = {}
        self._burst: list[Wish] = []
        self._server: Any = None
        broadcaster.on_session_ended = lambda session: list(self._by_session.get(session, ()))
        self._staying = Staying(
            database,
            writer,
            clock,
            self._in_use,
            self._retire_session,
            broadcaster.forget_quiet_rooms,
        )

    @property
    def count(self) -> int:
        """How many sockets are signed in; safe to ask from any thread."""
        return len(self._by_sid)

    def register(self, server: Any) -> None:
        """Register the handlers on the socket server itself: no Flask request context per event."""
        self._server = server
        server.on("connect", self.connect, namespace=NAMESPACE)
        server.on("disconnect", self.disconnect, namespace=NAMESPACE)
        server.on("hello", self.hello, namespace=NAMESPACE)
        server.on("command", self.command, namespace=NAMESPACE)

    def sessions(self) -> Collection[str]:
        """Return the sessions with a socket on this worker."""
        return self._by_session.keys()

    def connect(self, sid: str, environ: dict[str, Any], auth: Any = None) -> None:
        """Accept a handshake with a live session, else refuse it with NOT_SIGNED_IN."""
        session_id = _session_of(environ.get("HTTP_COOKIE", ""))
        try:
            person = self._people.read(session_id) if session_id is not None else None
        except (Exception, gevent.Timeout) as error:  # the database does not answer: the phone dials again
            log.warning("a handshake failed: %s", type(error).__name__)
            raise HandshakeRefused("UNAVAILABLE") from None
        if person is None:
            raise HandshakeRefused("NOT_SIGNED_IN")
        self._by_sid[sid] = Connection(sid, person, self._clock())
        self._by_session.setdefault(person.session, set()).add(sid)
        self._staying.begin()

    def _is_signed_in(self, connection: Connection) -> bool:
        """Tell whether the session still lives; one read within the last second is good enough for looking on.

        A session that ends takes its sockets along at once, so this only spares a hall that arrives together.
        """
        now = self._clock()
        if 0 <= now - connection.read_at < FRESH_MS:
            return True
        connection.read_at = now
        return self._people.read(connection.person.session) is not None

    def _in_use(self) -> dict[str, bool]:
        """Return every session with a socket here, and whether it shows a meeting that is not over."""
        rooms = {
            session: [self._by_sid[sid].room for sid in sids if sid in self._by_sid]
            for session, sids in self._by_session.items()
        }
        return {
            session: any(room is not None and room.view.state.state != "closed" for room in shown)
            for session, shown in rooms.items()
        }

    def _retire_session(self, session: str) -> None:
        self._broadcaster.retire(list(self._by_session.get(session, ())), "signed_out")

    def disconnect(self, sid: str, reason: Any = None) -> None:
        """Forget a socket."""
        connection = self._by_sid.pop(sid, None)
        if connection is None:
            return
        self._leave(connection)
        sessions = self._by_session.get(connection.person.session)
        if sessions is not None:
            sessions.discard(sid)
            if not sessions:
                del self._by_session[connection.person.session]

    def hello(self, sid: str, message: Any = None, *rest: Any) -> dict[str, Any] | Encoded:
        """Answer with the whole screen and show it from now on, or with a refusal; UNAVAILABLE means ask again."""
        try:
            return self._greet(sid, message)
        except (Exception, gevent.Timeout) as error:
            log.warning("a hello failed: %s", type(error).__name__)
            return failed_answer(self._words)

    def _greet(self, sid: str, message: Any) -> dict[str, Any] | Encoded:
        connection = self._by_sid.get(sid)
        if connection is None or not self._is_signed_in(connection):
            return refused_answer(self._words, refuse(RefusalCode.NOT_SIGNED_IN))
        hello = read_hello(message)
        if isinstance(hello, Refusal):
            return refused_answer(self._words, hello)
        room = self._broadcaster.room(hello.meeting)
        if room is None:
            return refused_answer(self._words, refuse(RefusalCode.NOT_FOUND, what="meeting"))
        actor = actor_in(room.view.state, connection.person)
        if actor is None or not may_see(hello.screen, actor):
            return refused_answer(self._words, refuse(RefusalCode.NOT_ALLOWED))
        self._leave(connection)
        seat = actor.seat if hello.screen == "phone" else None
        connection.room, connection.meeting = room, hello.meeting
        connection.screen, connection.seat = hello.screen, seat
        room.members[hello.screen].add(sid)
        if seat is not None:
            room.by_seat.setdefault(seat, set()).add(sid)
        return whole_screen(room, hello.screen, seat, self._clock())

    def _leave(self, connection: Connection) -> None:
        room = connection.room
        if room is None or connection.screen is None:
            return
        room.members[connection.screen].discard(connection.sid)
        if connection.seat is not None:
            room.by_seat.get(connection.seat, set()).discard(connection.sid)
        connection.room = connection.screen = connection.seat = None

    def command(self, sid: str, message: Any = None, *rest: Any) -> dict[str, Any] | PendingReply:
        """Queue a command for the writer and answer after its commit; what cannot be read is refused at once."""
        connection = self._by_sid.get(sid)
        if connection is None:
            return refused_answer(self._words, refuse(RefusalCode.NOT_SIGNED_IN))
        if not self._limit.allows(connection.person.session):
            return refused_answer(self._words, refuse(RefusalCode.TOO_OFTEN), _name_of(message))
        envelope = read_envelope(message)
        if isinstance(envelope, Refusal):
            return refused_answer(self._words, envelope, _name_of(message))
        if connection.room is None:
            return refused_answer(self._words, refuse(RefusalCode.BAD_DATA, field="hello"), envelope.name)
        pending = PendingReply(sid)
        if not self._burst:
            at_end_of_turn(self._server, self._hand_on)
        self._burst.append(
            Wish(
                connection.person.session,
                connection.meeting,
                envelope.id,
                envelope.command,
                (pending, envelope.name),
            )
        )
        return pending

    def _hand_on(self) -> None:
        """Give the writer all that one turn of the loop has read: one wake-up for a whole hall's ballots."""
        burst, self._burst = self._burst, []
        self._broadcaster.hearing.given(len(burst))
        self._writer.wish_all(burst)


def whole_screen(room: LiveRoom, screen: ScreenKind, seat: int | None, now: int) -> Encoded:
    """Return the answer to ``hello`` for one person: what all share is encoded once per drawing."""
    drawn = room.fresh()
    shared = room.encoded(screen)
    if screen == "phone":
        shared = f'{shared[:-1]},"me":{dumps(whole.me(drawn.view, seat))}}}'
    return Encoded(f'{{"ok":true,"version":{drawn.version},"now":{now},"panels":{shared}}}')


def panels_for(panels: whole.Screen, screen: ScreenKind, view: whole.View, seat: int | None) -> whole.Screen:
    """Return a screen's panels with ``me`` where the screen has one."""
    if screen != "phone":
        return panels
    return {**panels, "me": whole.me(view, seat)}


def _session_of(cookie_header: str) -> str | None:
    """Return the session id (digest) a Cookie header carries, if any."""
    try:
        cookies = SimpleCookie(cookie_header)
    except CookieError:
        return None
    for name in COOKIES:
        if name in cookies and cookies[name].value:
            return digest(cookies[name].value)
    return None


def _name_of(message: Any) -> str:
    name = message.get("name") if isinstance(message, dict) else None
    return name if isinstance(name, str) else ""
