"""The wake-up channel between workers: Redis pub/sub on two native threads. Never the truth, only a hint (S12)."""

import json
import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

log = logging.getLogger(__name__)
NAME: Final = "council"
LISTEN_SECONDS: Final = 1.0
PAUSES: Final = (0.1, 0.3, 1.0)
MOST_WAITING: Final = 10_000
LONGEST_WORD: Final = 300


@dataclass(frozen=True, slots=True)
class Moved:
    """A meeting has come to a revision."""

    meeting: str
    revision: int


@dataclass(frozen=True, slots=True)
class Retired:
    """A session has ended; its id is a digest and opens nothing."""

    session: str


Word = Moved | Retired


class Channel:
    """Tells the other workers and hears them; whoever tells never waits, and what cannot be sent is dropped.

    ``hear(word)`` is called on the listening thread. One's own words come back too.
    """

    def __init__(self, url: str, hear: Callable[[Word], None]) -> None:
        self._client: Any = Redis.from_url(
            url,
            socket_connect_timeout=1.0,
            socket_timeout=2.0,
            health_check_interval=5,
            retry=Retry(NoBackoff(), 0),
        )
        self._hear = hear
        self._revisions: dict[str, int] = {}
        self._sessions: set[str] = set()
        self._waiting = threading.Condition()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=work, name=name, daemon=True)
            for work, name in ((self._speak, "channel out"), (self._listen, "channel in"))
        ]

    def start(self) -> None:
        """Start both threads; without Redis they go on trying."""
        for thread in self._threads:
            thread.start()

    def close(self) -> None:
        """Stop; what was not sent yet is dropped."""
        self._stop.set()
        with self._waiting:
            self._waiting.notify_all()
        for thread in self._threads:
            thread.join(2 * LISTEN_SECONDS)
        self._client.close()

    def tell(self, words: Iterable[Word]) -> None:
        """Hand words over to be sent; of a meeting only its last revision. Safe from any thread, never blocks."""
        with self._waiting:
            if len(self._revisions) + len(self._sessions) > MOST_WAITING:
                self._revisions.clear()
                self._sessions.clear()
            for word in words:
                if isinstance(word, Moved):
                    self._revisions[word.meeting] = max(word.revision, self._revisions.get(word.meeting, 0))
                else:
                    self._sessions.add(word.session)
            self._waiting.notify()

    def _speak(self) -> None:
        failures = 0
        while not self._stop.is_set():
            texts = self._take()
            try:
                with self._client.pipeline(transaction=False) as pipe:
                    for text in texts:
                        pipe.publish(NAME, text)
                    pipe.execute()
            except (RedisError, OSError) as error:
                failures = self._wait_after("sending", error, failures)
            else:
                failures = 0

    def _take(self) -> list[str]:
        with self._waiting:
            self._waiting.wait_for(lambda: self._revisions or self._sessions or self._stop.is_set())
            texts = [json.dumps({"meeting": key, "revision": at}) for key, at in self._revisions.items()]
            texts += [json.dumps({"retired": session}) for session in self._sessions]
            self._revisions.clear()
            self._sessions.clear()
        return texts

    def _listen(self) -> None:
        failures = 0
        while not self._stop.is_set():
            try:
                with self._client.pubsub(ignore_subscribe_messages=True) as ears:
                    ears.subscribe(NAME)
                    while not self._stop.is_set():
                        message = ears.get_message(timeout=LISTEN_SECONDS)
                        failures = 0
                        word = read_word(message["data"]) if message is not None else None
                        if word is not None:
                            self._hear(word)
            except (RedisError, OSError) as error:
                failures = self._wait_after("listening", error, failures)

    def _wait_after(self, what: str, error: Exception, failures: int) -> int:
        # Once per outage, and only the kind: the text may hold the address with its password.
        if failures == 0:
            log.warning("the channel between workers fails at %s: %s", what, type(error).__name__)
        self._stop.wait(PAUSES[min(failures, len(PAUSES) - 1)])
        return failures + 1


def read_word(data: bytes) -> Word | None:
    """Return what a message says; None for anything that no worker of ours would send."""
    if len(data) > LONGEST_WORD:
        return None
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return None
    match said:
        case {"meeting": str(meeting), "revision": int(revision)} if len(said) == 2:
            return Moved(meeting, revision)
        case {"retired": str(session)} if len(said) == 1:
            return Retired(session)
    return None
