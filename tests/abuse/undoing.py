"""A writer that carries everything out and takes it back: a thousand questions to one and the same world."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from server.domain.refusal import Refusal
from server.service.room.wishes import Wish, WishHandler
from server.store.writer import Unit, Writer


class _Undone(Exception):
    """What was done, on its way past the commit."""

    def __init__(self, result: Any) -> None:
        super().__init__()
        self.result = result


class UndoingWriter:
    """Looks like a writer to pages and to the room's door; ``done`` counts what would have been committed."""

    def __init__(self, writer: Writer, handler: WishHandler) -> None:
        self._writer = writer
        self._handler = handler
        self.done = 0

    def submit(self, run: Callable[[Unit], Any]) -> "Future[Any]":
        """Run within the real transaction, with all that is written before a commit, and roll it back."""
        outer: Future[Any] = Future()

        def undone(unit: Unit) -> None:
            result = run(unit)
            unit.session.flush()
            for act in unit.before_commit:
                act()
            unit.before_commit.clear()
            raise _Undone(result)

        def settle(inner: "Future[None]") -> None:
            error = inner.exception()
            if isinstance(error, _Undone):
                # That somebody tried in vain, or was here at all, is noted; nothing else has changed by it.
                self.done += not any(name in run.__qualname__ for name in ("note_refusal", "_note_use"))
                outer.set_result(error.result)
            else:
                outer.set_exception(error or AssertionError("committed"))

        self._writer.submit(undone).add_done_callback(settle)
        return outer

    def wish(self, wish: Wish) -> None:
        """Decide a live wish; its answer comes at once."""
        reply: Any = wish.reply
        self.submit(lambda unit: self._handler.carry_out(unit, [wish])[0]).add_done_callback(
            lambda done: reply.set_result(done.exception() or done.result())
        )

    def settle(self, wish: Wish) -> int | Refusal:
        """Decide a live wish and return its answer."""
        answer: int | Refusal = self.submit(lambda unit: self._handler.carry_out(unit, [wish])[0]).result(20)
        return answer
