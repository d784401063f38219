"""Death at a named point of one transaction (F2), by hooks of the database engine: none is in the product."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event

from tests.faults.hall_process import Hall

POINTS = (
    "before BEGIN", "after insert", "after event", "before COMMIT", "before acknowledgement", "after",
)  # fmt: skip
DIED_HERE = 70  # exit status of a death at its point


@dataclass(frozen=True, slots=True)
class Death:
    """End the process without a word when it comes to a point for the n-th time; one byte per visit is counted."""

    point: str
    visit: int
    counter: Path

    def __call__(self, hall: Hall) -> None:
        counter = os.open(self.counter, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        left = self.visit

        def come_by() -> None:
            nonlocal left
            os.write(counter, b".")
            left -= 1
            if left == 0:
                os._exit(DIED_HERE)

        _place(hall, self.point, come_by)


def _place(hall: Hall, point: str, come_by: Any) -> None:
    engine = hall.database.writing
    if point == "before BEGIN":
        event.listen(engine, "begin", lambda connection: come_by(), insert=True)
    elif point == "before COMMIT":
        event.listen(engine, "commit", lambda connection: come_by())
    elif point in ("after insert", "after event"):
        table = "INSERT INTO ballot" if point == "after insert" else "INSERT INTO event"

        def after_statement(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if statement.startswith(table):
                come_by()

        event.listen(engine, "after_cursor_execute", after_statement)
    else:
        told = hall.before_telling if point == "before acknowledgement" else hall.after_telling
        told.append(come_by)
