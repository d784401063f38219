"""The server with the one fault the kill test must find: answers go out before the commit, on a slow disk.

It is started in place of ``-m server.cli`` by the negative control and by nothing else.
"""

import sys
import time
from typing import Any

from sqlalchemy.orm import Session

from server.cli.__main__ import main
from server.store import writer as store_writer

SLOW_DISK_SECONDS = 0.03


def commit_after_answering(self: Any, batch: list[Any]) -> Any:
    """The writer's own steps with the last two in the wrong order."""
    settled = store_writer._Settled()
    with Session(self._database.writing, expire_on_commit=False) as session:
        unit = store_writer.Unit(session)
        for group in store_writer._in_order(batch):
            if isinstance(group, store_writer._Job):
                settled.jobs.append((group, group.run(unit)))
            else:
                settled.answers.extend(zip(group, self._carry_out(unit, group), strict=True))
            session.flush()
        for act in unit.before_commit:
            act()
        settled.on_commit, settled.announcements = unit.on_commit, unit.announcements
        self._tell(settled)
        time.sleep(SLOW_DISK_SECONDS)
        session.commit()
    return store_writer._Settled()


store_writer.Writer._commit = commit_after_answering  # type: ignore[method-assign]
sys.exit(main(sys.argv[1:]))
