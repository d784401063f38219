"""A worker ends with its supervisor, however that one ends."""

import ctypes
import os
import signal
import sys

_SET_DEATH_SIGNAL = 1


def end_with_parent(parent: int) -> None:
    """Ask the kernel for SIGTERM when the process ``parent`` ends; SystemExit when it has ended already."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_SET_DEATH_SIGNAL, signal.SIGTERM, 0, 0, 0)
    if os.getppid() != parent:
        raise SystemExit(1)
