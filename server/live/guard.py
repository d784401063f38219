"""What stands between Engine.IO and Socket.IO: Origin, packets, admission, and the short way for events."""

from collections.abc import Callable, Collection
from typing import Any, Final

from socketio import packet as wire

from server.live import frames, packets
from server.live.websocket import LiveSocket

NAMESPACE: Final = "/live"
Origins = Collection[str] | Callable[[], Collection[str]]
_EVENT: Final = f"2{NAMESPACE},"
# All a connect handler may look at; the rest of the request is not kept for the life of the connection.
_KEPT_ENVIRON = (
    "HTTP_COOKIE", "HTTP_HOST", "HTTP_ORIGIN", "HTTP_USER_AGENT", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO",
    "REMOTE_ADDR", "wsgi.url_scheme",
)  # fmt: skip


class Guard:
    """Takes Engine.IO's three events before Socket.IO does; `server.live_links` holds the joined phones."""

    __slots__ = ("_foreign", "_joined", "_origins", "_server")

    def __init__(self, server: Any, allowed_origins: Origins) -> None:
        self._server = server
        self._origins = allowed_origins
        self._foreign: set[str] = set()
        self._joined: dict[str, str] = {}  # Engine.IO's session id → Socket.IO's

    def stand(self) -> None:
        """Takes the place of Socket.IO's own handlers, which are called from here."""
        self._server.eio.on("connect", self._connect)
        self._server.eio.on("message", self._message)
        self._server.eio.on("disconnect", self._disconnect)

    def _connect(self, engine_sid: str, environ: dict[str, Any]) -> None:
        origins = self._origins() if callable(self._origins) else self._origins
        if environ.get("HTTP_ORIGIN") not in origins:
            self._foreign.add(engine_sid)
        kept = {name: environ[name] for name in _KEPT_ENVIRON if name in environ}
        self._server._handle_eio_connect(engine_sid, kept)

    def _message(self, engine_sid: str, data: str) -> None:
        sid = self._joined.get(engine_sid)
        try:
            if sid is not None and data.startswith(_EVENT):
                self._take_event(sid, data)
            elif engine_sid in self._foreign:
                self._refuse_foreign(engine_sid, data)
            elif data:
                self._server._handle_eio_message(engine_sid, data)
                if data[0] in "01":
                    self._note_joining(engine_sid)
        except packets.BadPacket:
            return  # dropped; the connection stays usable

    def _disconnect(self, engine_sid: str, reason: str) -> None:
        self._foreign.discard(engine_sid)
        self._server.live_links.pop(self._joined.pop(engine_sid, None), None)
        self._server._handle_eio_disconnect(engine_sid, reason)

    def _take_event(self, sid: str, text: str) -> None:
        """Calls the handler registered on Socket.IO's server and answers; its own way takes three times as long."""
        ack_id, said = packets.read_event(text, len(_EVENT))
        handler = self._server.handlers[NAMESPACE].get(said[0])
        if handler is None:
            return
        answer = handler(sid, *said[1:])
        if ack_id is None:
            return
        if isinstance(answer, packets.PendingReply):
            answer.ack_id = ack_id
            answer = answer.answer
        link: LiveSocket | None = self._server.live_links.get(sid)
        if answer is not None and link is not None:
            link.write_soon(frames.text_frame(packets.answer_text(ack_id, answer, NAMESPACE)))

    def _note_joining(self, engine_sid: str) -> None:
        self._server.live_links.pop(self._joined.pop(engine_sid, None), None)
        sid = self._server.manager.sid_from_eio_sid(engine_sid, NAMESPACE)
        engine = self._server.eio.sockets.get(engine_sid)
        if sid is not None and engine is not None and not engine.closed:
            self._joined[engine_sid] = sid
            self._server.live_links[sid] = engine.live_socket
            engine.live_socket.admit()

    def _refuse_foreign(self, engine_sid: str, data: str) -> None:
        asked = packets.TextPacket(encoded_packet=data)
        if not data or asked.packet_type != wire.CONNECT:
            return
        refusal = packets.TextPacket(
            wire.CONNECT_ERROR, data={"message": "NOT_SIGNED_IN"}, namespace=asked.namespace
        )
        self._server._send_packet(engine_sid, refusal)
        engine = self._server.eio.sockets[engine_sid]
        engine.close(wait=False, reason=self._server.reason.SERVER_DISCONNECT)
