"""The pool of worker processes that print papers and re-encode photos; safe to call from many native threads."""

import os
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import BinaryIO, cast

from server.documents.codec import encode_paper
from server.documents.failed import DocumentFailed
from server.documents.papers import Paper, SignInPaper
from server.documents.pipe import Head, read_message, write_message

ROOT = Path(__file__).parents[2]
FONTS_CONF = ROOT / "web" / "static" / "fonts" / "fonts.conf"

RENDER_SECONDS = 30.0  # one request, S57
WAIT_SECONDS = 60.0  # for a free worker
RENDERS_PER_WORKER = 200  # then a fresh process: whatever a library leaks stays bounded
MAX_PHOTO_BYTES = 10 * 1024 * 1024  # S64

# What a child may know of our environment: where programs and libraries are, never secrets.
_PASSED_ON = (
    "PATH",
    "LD_LIBRARY_PATH",
    "DYLD_FALLBACK_LIBRARY_PATH",
    "WEASYPRINT_DLL_DIRECTORIES",
    "SYSTEMROOT",
)


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo without metadata: JPEG at most 1600 px a side, thumbnail at most 320; sizes in pixels."""

    jpeg: bytes
    width: int
    height: int
    thumbnail: bytes
    thumbnail_width: int
    thumbnail_height: int


@dataclass(frozen=True, slots=True)
class Rendered:
    """A PDF and the processor time its rendering took, in seconds."""

    pdf: bytes
    cpu_seconds: float


@dataclass(slots=True)
class _Seat:
    """A place for one worker process; whoever holds the seat talks to it alone."""

    process: subprocess.Popen[bytes]
    served: int = 0


class DocumentPool:
    """Keeps `workers` warm processes; each is replaced when it falls, hangs or has served 200 requests.

    Calls block: use native threads, never the event loop. Fonts are scanned once into the pool's own folder.
    """

    def __init__(self, workers: int | None = None) -> None:
        count = workers or max(1, (os.cpu_count() or 2) - 1)
        self._folder = Path(tempfile.mkdtemp(prefix="council-documents-"))
        self._idle: SimpleQueue[_Seat | None] = SimpleQueue()
        self._seats = [_Seat(_start(self._folder)) for _ in range(count)]
        self._closed = False
        self._closing = threading.Lock()
        self.waiting = 0  # for figures; a count lost to two threads at once would stay, hence the lock
        self._counting = threading.Lock()
        for seat in self._seats:
            self._idle.put(seat)

    def render(self, paper: Paper) -> bytes:
        """Prints a paper as PDF.

        Raises DocumentFailed: GLYPH_MISSING, RENDER_FAILED, RENDER_TOO_SLOW (30 s), RENDER_BUSY (60 s in the queue).
        """
        return self.render_measured(paper).pdf

    def render_measured(self, paper: Paper) -> Rendered:
        """Prints a paper and tells what it cost; raises as `render`."""
        try:
            head, blobs = self._ask({"do": "render", "paper": encode_paper(paper)})
        except UnicodeEncodeError:  # half a character: nothing could print it
            raise DocumentFailed("TEXT_UNREADABLE", "内容里有读不出的字符。请删去乱码再试。") from None
        return Rendered(blobs[0], head["cpu_seconds"])

    def reencode_photo(self, data: bytes) -> Photo:
        """Decodes an uploaded PNG or JPEG and encodes it anew, upright and without metadata (S62, S63).

        Raises DocumentFailed: PHOTO_UNREADABLE, PHOTO_TOO_LARGE (10 MiB or 8 million pixels), RENDER_…
        """
        if len(data) > MAX_PHOTO_BYTES:
            raise DocumentFailed("PHOTO_TOO_LARGE", "照片文件超过10兆。请压缩后再上传。")
        head, (jpeg, thumbnail) = self._ask({"do": "photo"}, data)
        (width, height), (small_width, small_height) = head["size"], head["thumbnail_size"]
        return Photo(jpeg, width, height, thumbnail, small_width, small_height)

    def check(self) -> None:
        """Prints an empty sheet and throws it away; raises as `render` where fonts or libraries are missing."""
        self.render(SignInPaper("", "", "", "", "", ()))

    def close(self) -> None:
        """Ends all workers; requests under way fail with RENDER_FAILED. Closing twice is allowed."""
        with self._closing:
            if self._closed:
                return
            self._closed = True
            for seat in self._seats:
                _end(seat.process)
        for _ in self._seats:
            self._idle.put(None)  # wakes those who wait for a seat
        shutil.rmtree(self._folder, ignore_errors=True)

    def _ask(self, head: Head, *blobs: bytes) -> tuple[Head, tuple[bytes, ...]]:
        seat = self._take()
        try:
            answer, out = self._converse(seat, head, blobs)
        finally:
            self._idle.put(None if self._closed else seat)
        if answer["code"]:
            raise DocumentFailed(answer["code"], answer["sentence"])
        return answer, out

    def _wait(self, change: int) -> None:
        with self._counting:
            self.waiting += change

    def _take(self) -> _Seat:
        self._wait(1)
        try:
            seat = self._idle.get(timeout=WAIT_SECONDS)
        except Empty:
            raise DocumentFailed("RENDER_BUSY", "正在做的文件太多。请过一分钟再试。") from None
        finally:
            self._wait(-1)
        if seat is None:
            self._idle.put(None)
            raise DocumentFailed("RENDER_FAILED", "服务正在停止，文件没有做成。请稍后再试。")
        return seat

    def _converse(self, seat: _Seat, head: Head, blobs: tuple[bytes, ...]) -> tuple[Head, tuple[bytes, ...]]:
        """Puts one question to the seat's worker, and a second time to a new one when the first one fell."""
        for _ in range(2):
            answer = self._question(seat, head, blobs)
            if answer is not None:
                return answer
        raise DocumentFailed("RENDER_FAILED", "文件没有做成，制作程序已重新启动。请检查内容后再试一次。")

    def _question(
        self, seat: _Seat, head: Head, blobs: tuple[bytes, ...]
    ) -> tuple[Head, tuple[bytes, ...]] | None:
        """Gives the worker's answer, or None when it fell; leaves a worker in the seat that is fit to go on."""
        expired = threading.Event()
        timer = threading.Timer(RENDER_SECONDS, _expire, (seat.process, expired))
        timer.daemon = True
        timer.start()
        try:
            write_message(cast(BinaryIO, seat.process.stdin), head, *blobs)
            answer = read_message(cast(BinaryIO, seat.process.stdout))
        except UnicodeEncodeError:  # nothing was sent yet
            raise
        except (EOFError, OSError, ValueError):  # ValueError: the pool was closed and the pipe with it
            self._replace(seat)
            if expired.is_set():
                raise DocumentFailed(
                    "RENDER_TOO_SLOW", "文件做了30秒还没有做完，已停下。请删减内容后再试。"
                ) from None
            return None
        finally:
            timer.cancel()
        seat.served += 1
        if seat.served >= RENDERS_PER_WORKER:
            self._replace(seat)
        return answer

    def _replace(self, seat: _Seat) -> None:
        with self._closing:
            _end(seat.process)
            if not self._closed:
                seat.process, seat.served = _start(self._folder), 0


def _expire(process: subprocess.Popen[bytes], expired: threading.Event) -> None:
    expired.set()
    process.kill()


def _start(folder: Path) -> subprocess.Popen[bytes]:
    """Starts a worker in an empty folder of its own; returns at once, warming up takes it about a second."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    environment |= {
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "FONTCONFIG_FILE": str(FONTS_CONF),
        "XDG_CACHE_HOME": str(folder),
        "HOME": str(folder),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "server.documents.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
        cwd=folder,
    )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            try:
                stream.close()
            except OSError:  # the unsent rest of a request to a worker that has gone
                continue
