"""Structured logs without personal data: one JSON line per event, of fields named here alone (S8, S83, S91).

What a message of another library or an exception says may hold a name, a ticket or a choice; of those only the kind
and the place in the code are written.
"""

import json
import logging
import logging.handlers
import os
import queue
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Final

import gevent

from server.pages.request_log import mark
from server.service.upkeep.log_files import log_file
from server.settings import PROJECT

# What a log call may say beside its sentence.
FIELDS: Final = ("request", "method", "route", "status", "ms")
_OURS: Final = "server."
_FRAMES: Final = 12


def event_of(record: logging.LogRecord) -> dict[str, Any]:
    """Return a record as plain data: time, level, event, and whatever of FIELDS it carries."""
    said: dict[str, Any] = {
        "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "event": getattr(record, "event", None) or record.name.removeprefix(_OURS),
    }
    if record.name.startswith(_OURS) and not hasattr(record, "event"):
        said["message"] = record.getMessage()
    elif not record.name.startswith(_OURS):
        said["place"] = f"{record.module}:{record.lineno}"
    said.update({name: getattr(record, name) for name in FIELDS if hasattr(record, name)})
    if record.exc_info and record.exc_info[0] is not None:
        said["fault"], said["trace"] = fault_of(record.exc_info[1], record.exc_info[2])
    return said


def fault_of(error: BaseException | None, trace: TracebackType | None) -> tuple[str, list[str]]:
    """Return the kinds of an exception and of what caused it, and where it came from; never its text."""
    kinds, cause = [type(error).__name__], error
    while cause is not None and len(kinds) < 5:
        cause = cause.__cause__ or cause.__context__
        if cause is not None:
            kinds.append(type(cause).__name__)
    frames = traceback.extract_tb(trace)[-_FRAMES:]
    root = f"{PROJECT}/"
    return " < ".join(kinds), [f"{f.filename.removeprefix(root)}:{f.lineno} {f.name}" for f in frames]


class LineFormatter(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        return json.dumps(event_of(record), ensure_ascii=False)


class TerminalFormatter(logging.Formatter):
    """The same, for a person who looks at the terminal."""

    def format(self, record: logging.LogRecord) -> str:
        """Return a short line; a fault is followed by where it came from."""
        said = event_of(record)
        line = f"{self.formatTime(record)} {record.levelname} {said['event']}: {said.get('message', '')}"
        if "fault" in said:
            line += f"\nTraceback: {said['fault']}\n  " + "\n  ".join(said["trace"])
        return line


class DailyFile(logging.Handler):
    """Appends to the file of the day in a folder; a line is one write, so that several processes may do so at once."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self._folder = folder
        self._path: Path | None = None
        self._handle: int | None = None

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a disk that is full or a folder that is gone stops nothing else."""
        try:
            os.write(self._open(log_file(self._folder, int(record.created * 1000))), self._line(record))
        except OSError:
            self._shut()

    def close(self) -> None:
        """Close the file of the day."""
        self._shut()
        super().close()

    def _line(self, record: logging.LogRecord) -> bytes:
        return f"{self.format(record)}\n".encode()

    def _open(self, path: Path) -> int:
        if self._handle is None or path != self._path:
            self._shut()
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            self._path = path
        return self._handle

    def _shut(self) -> None:
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None


@contextmanager
def closing_logs(folder: Path | None) -> Iterator[None]:
    """Send every log of this process to the day's file in ``folder``, or to stderr as JSON when there is none.

    With a folder, warnings go to stderr too, for the person at the terminal. Whoever logs only puts the record into a
    queue: a slow disk is waited for by a thread of its own.
    """
    lines = logging.StreamHandler(sys.stderr) if folder is None else DailyFile(folder)
    lines.setFormatter(LineFormatter())
    handlers: list[logging.Handler] = [lines]
    if folder is not None:
        terminal = logging.StreamHandler(sys.stderr)
        terminal.setFormatter(TerminalFormatter())
        terminal.setLevel(logging.WARNING)
        handlers.append(terminal)
    waiting: queue.SimpleQueue[Any] = queue.SimpleQueue()
    listener = logging.handlers.QueueListener(waiting, *handlers, respect_handler_level=True)
    entrance = _Entrance(waiting)
    entrance.addFilter(mark)
    root = logging.getLogger()
    root.handlers[:] = [entrance]
    root.setLevel(logging.INFO)
    for chatty in ("alembic", "asyncio", "PIL", "fontTools", "weasyprint"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    listener.start()
    _note_what_nobody_caught()
    try:
        yield
    finally:
        listener.stop()
        root.removeHandler(entrance)
        for handler in handlers:
            handler.close()


class _Entrance(logging.handlers.QueueHandler):
    """Puts records into the queue as they are; they stay in this process."""

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record


def _note_what_nobody_caught() -> None:
    """Exceptions that end a thread, a greenlet or the program are noted like all others, without their text."""
    log = logging.getLogger("server.unhandled")

    def note(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        if not issubclass(kind, KeyboardInterrupt | SystemExit):
            log.error("nobody caught this", exc_info=(kind, error or kind(), trace))

    threading.excepthook = lambda args: note(args.exc_type, args.exc_value, args.exc_traceback)
    hub: Any = gevent.get_hub()
    hub.print_exception = lambda context, kind, error, trace: note(kind, error, trace)
