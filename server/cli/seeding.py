"""``seed``: fills a database for load and acceptance checks and prints one JSON object (CONTRACT, seed)."""

import json
import sys
from pathlib import Path
from typing import Any

from server.app import Application, create_app
from server.cli.folder import held
from server.domain.actor import Role
from server.service.access.accounts import create_account
from server.service.samples.halls import SampleMeeting, add_sample_area, add_sample_meeting
from server.service.samples.past import hold_past_meeting
from server.settings import Settings
from server.store.writer import Unit


def seed(settings: Settings, meetings: int, representatives: int) -> None:
    """Seed and print; FolderInUse while a server holds the folder."""
    with held(settings.data):
        application = create_app(settings)
        try:
            result = _seed(application, settings.data, meetings, representatives)
        finally:
            application.close()
    sys.stdout.write(json.dumps(result, ensure_ascii=False) + "\n")


def _seed(application: Application, data: Path, meetings: int, representatives: int) -> dict[str, Any]:
    services = application.services
    writer, rooms, clock = services.writer, services.rooms, services.clock
    area = writer.submit(add_sample_area).result()
    made = []
    for ordinal in range(1, meetings + 1):

        def add(unit: Unit, ordinal: int = ordinal) -> SampleMeeting:
            return add_sample_meeting(unit, rooms, clock(), area, ordinal, representatives)

        made.append(writer.submit(add).result())
        sys.stderr.write(f"\r已建会议 {ordinal}/{meetings}")
    sys.stderr.write("\n")
    account = writer.submit(
        lambda unit: create_account(unit, clock(), name="acceptance", role=Role.ADMINISTRATOR)
    ).result()
    pdf = hold_past_meeting(services.database, writer, rooms, services.documents, clock(), area)
    path = data / "minutes.pdf"
    path.write_bytes(pdf)
    return {
        "meetings": [_as_data(meeting) for meeting in made],
        "account": {"name": "acceptance", "password": account.password},
        "minutes": str(path),
    }


def _as_data(meeting: SampleMeeting) -> dict[str, Any]:
    seats = [
        {"representative": seat.representative, "party": seat.party, "ticket": seat.ticket}
        for seat in meeting.seats
    ]
    return {
        "id": meeting.id,
        "number": meeting.number,
        "chair": meeting.chair,
        "secretary": meeting.secretary,
        "observer": meeting.observer,
        "representatives": [seat.ticket for seat in meeting.seats],
        "seats": seats,
    }
