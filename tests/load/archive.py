"""Fills a data folder with past meetings, so that a young database can be compared with an old one.

Run as a program of its own, because it uses the product from inside: `python3 -m tests.load.archive DATA COUNT`.
"""

import sys
from functools import partial
from pathlib import Path

from server.app import create_app
from server.service.samples import past
from server.service.samples.halls import add_sample_area, add_sample_meeting
from server.settings import Choices, read_settings

FIRST_ORDINAL = 20_000


def main() -> None:
    """Holds COUNT meetings, each with its published minutes, one a day back from yesterday; prints their ids."""
    data, count = Path(sys.argv[1]), int(sys.argv[2])
    application = create_app(read_settings({}, Choices(data=data)))
    services = application.services
    writer, rooms, now = services.writer, services.rooms, services.clock()
    try:
        area = writer.submit(add_sample_area).result()
        for number in range(count):
            began = now - (number + 1) * 24 * 60 * past.MINUTE_MS
            hall = partial(add_sample_meeting, rooms=rooms, now=began, area=area)
            add = partial(hall, ordinal=FIRST_ORDINAL + number, representatives=past.SEATS)
            meeting = writer.submit(add).result().id
            writer.submit(partial(past._hold, rooms=rooms, meeting=meeting, began=began)).result()
            at = began + 70 * past.MINUTE_MS
            writer.submit(partial(past._keep_minutes, rooms=rooms, meeting=meeting, at=at)).result()
            print(meeting, flush=True)
    finally:
        application.close()


if __name__ == "__main__":
    main()
