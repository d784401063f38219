"""The server on a machine whose clock is set while it runs: a file says by how many milliseconds it is wrong.

``strobe`` in the file means 200 ms fast and slow by turns. Started in place of ``-m server.cli`` by the clock's tests.
"""

import itertools
import os
import sys
import time
from pathlib import Path

from server.cli.__main__ import main
from server.service import clock

SETTING = Path(os.environ["ODD_CLOCK"])
_TURNS = itertools.cycle((200, -200))


class OddTime:
    """The part of ``time`` that the service's clock reads."""

    CLOCK_BOOTTIME, CLOCK_MONOTONIC = time.CLOCK_BOOTTIME, time.CLOCK_MONOTONIC
    clock_gettime_ns = staticmethod(time.clock_gettime_ns)

    @staticmethod
    def time_ns() -> int:
        setting = SETTING.read_text(encoding="ascii").strip() or "0"
        wrong_by = next(_TURNS) if setting == "strobe" else int(setting)
        return time.time_ns() + wrong_by * 1_000_000


vars(clock)["time"] = OddTime()
sys.exit(main(sys.argv[1:]))
