"""A blocking call beside the loop: it runs on a native thread, the greenlet waits, everybody else goes on."""

from collections.abc import Callable
from typing import Any, TypeVar

import gevent

T = TypeVar("T")


def aside(call: Callable[[], T]) -> T:
    """Run ``call`` on a native thread and return its result or raise its exception here.

    The pool would print whatever is raised on its threads, with all that a traceback may hold.
    """

    def quietly() -> tuple[Any, Exception | None]:
        try:
            return call(), None
        except Exception as error:
            return None, error

    found, failed = gevent.get_hub().threadpool.apply(quietly)
    if failed is not None:
        raise failed
    result: T = found
    return result
