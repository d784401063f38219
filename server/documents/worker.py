"""`python -m server.documents.worker`: prints papers and re-encodes photos apart from the server (S57).

Answers requests on its standard input one by one. It is niced, bounded in processor time and memory, has no
network, and ends when its parent ends. Nothing it is given is logged.
"""

import gc
import os
import sys
import threading
import time
from typing import BinaryIO

from server.documents.codec import decode_paper
from server.documents.failed import DocumentFailed
from server.documents.photos import reencode
from server.documents.pipe import Head, read_message, write_message
from server.documents.press import Press, make_press, print_paper

MEMORY_BYTES = 1024 * 1024 * 1024
# The pool ends a request after 30 s on the wall clock; this ends one whose pool has gone.
CPU_SECONDS = 32
NICENESS = 10

# Audit events of the network and of starting programs. Rendering needs none of them.
_FORBIDDEN = (
    "socket.",
    "subprocess.",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.fork",
    "urllib.",
    "ftplib.",
)


def main() -> None:
    """Warms up, then serves requests until the parent closes the pipe."""
    # The pipe keeps its own descriptor; a stray print or a warning of a library goes to standard error.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    _limit()
    threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()
    press = make_press()
    sys.addaudithook(_forbid)
    gc.collect()
    gc.freeze()
    _serve(sys.stdin.buffer, answers, press)


def _serve(requests: BinaryIO, answers: BinaryIO, press: Press) -> None:
    while True:
        try:
            head, blobs = read_message(requests)
        except EOFError:
            return
        _allow_cpu()
        began = time.process_time()
        try:
            answer, out = _carry_out(head, blobs, press)
        except DocumentFailed as failed:
            answer, out = {"code": failed.code, "sentence": failed.sentence}, ()
        except MemoryError:
            answer, out = (
                {"code": "RENDER_FAILED", "sentence": "文件太大，内存不够，没有做成。请删减后再试。"},
                (),
            )
        except Exception as failed:  # whatever a library raises on odd input: the worker lives on
            sys.stderr.write(f"documents worker: {type(failed).__name__}\n")
            answer, out = {"code": "RENDER_FAILED", "sentence": "文件没有做成。请检查内容后再试一次。"}, ()
        write_message(answers, {**answer, "cpu_seconds": time.process_time() - began}, *out)


def _carry_out(head: Head, blobs: tuple[bytes, ...], press: Press) -> tuple[Head, tuple[bytes, ...]]:
    if head["do"] == "render":
        return {"code": None}, (print_paper(press, decode_paper(head["paper"])),)
    picture, jpeg, small, thumbnail = reencode(blobs[0])
    return {"code": None, "size": picture.size, "thumbnail_size": small.size}, (jpeg, thumbnail)


def _forbid(event: str, arguments: tuple[object, ...]) -> None:
    if event.startswith(_FORBIDDEN):
        raise PermissionError(event)


def _end_with_parent(parent: int) -> None:
    """Ends a worker whose parent was killed while it renders; an idle one sees its pipe close."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def _limit() -> None:
    if sys.platform == "win32":
        return
    import resource

    os.nice(NICENESS)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # elsewhere the address space counts shared libraries of gigabytes
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))


def _allow_cpu() -> None:
    """Moves the limit of processor time on, because it counts the whole life of a warm process."""
    if sys.platform == "win32":
        return
    import resource

    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + CPU_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))


if __name__ == "__main__":
    main()
