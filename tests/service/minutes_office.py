"""A council on a fresh database with its writer, and what the tests of the minutes say to it."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from server.documents.papers import MinutesPaper
from server.domain.actor import Actor
from server.domain.refusal import RefusalCode
from server.service.community import councils, roster
from server.service.minutes import cycle
from server.service.minutes.cycle import Answer, read_minutes
from server.service.minutes.paper import paper_of, public_paper
from server.service.refused import Refused
from server.service.room.keeper import RoomKeeper
from server.service.room.wishes import WishHandler
from server.store.database import open_database
from server.store.tables import metadata
from server.store.writer import Unit, Writer
from tests.service.held_meeting import SECRETARY, STROKES, HeldMeeting

T = TypeVar("T")
NOW = 1_775_610_000_000
PEOPLE = (
    ("小区管理单位", "赵国庆"),
    ("物业", "钱进"),
    ("社区", "孙芳"),
    ("邻长", "李桂香"),
    ("业主", "周全"),
)
URL = "http://hall.test"


class Office:
    """A database with its writer, and what the tests say to it."""

    def __init__(self, folder: Path) -> None:
        self.database = open_database(f"sqlite:///{folder / 'council.sqlite'}")
        metadata.create_all(self.database.writing)
        self.rooms = RoomKeeper(lambda: NOW)
        wishes = WishHandler(self.rooms, lambda: NOW)
        self.writer = Writer(self.database, wishes.carry_out, lambda committed: None)
        self.writer.start()
        self.council = self.carry_out(self._council)
        self.meeting = HeldMeeting("", {}, NOW)

    def carry_out(self, run: Callable[[Unit], T]) -> T:
        """Run one transaction."""
        return self.writer.submit(run).result(10)

    def _council(self, unit: Unit) -> str:
        area = councils.add_area(unit, parent_id=None, level="estate", name="金穗小区")
        facts = councils.CouncilFacts("金穗小区议事会", "芙蓉社区居民委员会", "议事长廊", "0731-5555 0100")
        council = councils.create_council(unit, NOW, area_id=area, facts=facts)
        parties = {row.name: row.id for row in councils.list_parties(unit.session, council)}
        people = [roster.NewRepresentative(parties[party], name) for party, name in PEOPLE]
        roster.add_representatives(unit, NOW, council, people)
        return council

    def enrol(self, party: str, name: str) -> None:
        """One more representative of a party."""

        def add(unit: Unit) -> None:
            parties = {row.name: row.id for row in councils.list_parties(unit.session, self.council)}
            roster.add_representatives(
                unit, NOW, self.council, [roster.NewRepresentative(parties[party], name)]
            )

        self.carry_out(add)

    def draft(self) -> cycle.Text:
        """Open the draft."""
        return self.carry_out(lambda unit: cycle.open_draft(unit, self.rooms, self.meeting.id, NOW))

    def save(self, markdown: str, base: int, actor: Actor = SECRETARY) -> int:
        """Save a text over a version."""
        return self.carry_out(
            lambda unit: cycle.save_text(
                unit, self.rooms, self.meeting.id, actor, markdown, by="周文", base_version=base, now=NOW
            )
        )

    def finalise(self, actor: Actor = SECRETARY, base: int | None = None) -> str:
        """Freeze the text."""
        return self.carry_out(
            lambda unit: cycle.finalise(unit, self.rooms, self.meeting.id, actor, NOW, base_version=base)
        )

    def sign(self, actor: Actor, answer: Answer) -> None:
        """Answer for a signatory."""
        self.carry_out(lambda unit: cycle.sign(unit, self.rooms, self.meeting.id, actor, answer, NOW))

    def reopen(self, reason: str, actor: Actor = SECRETARY) -> None:
        """Take the text up again."""
        self.carry_out(lambda unit: cycle.reopen(unit, self.rooms, self.meeting.id, actor, reason, NOW))

    def publish(self, *, confirmed: bool = False, actor: Actor = SECRETARY) -> None:
        """Publish."""
        self.carry_out(lambda unit: cycle.publish(unit, self.rooms, self.meeting.id, actor, confirmed, NOW))

    def view(self) -> cycle.MinutesView:
        """Read everything."""
        with self.database.reader(5) as session:
            found = read_minutes(session, self.meeting.id)
        assert found is not None
        return found

    def paper(self) -> MinutesPaper:
        """Return the archive edition."""
        with self.database.reader(5) as session:
            return paper_of(session, self.meeting.id, URL)

    def public(self) -> MinutesPaper:
        """Return the public edition."""
        with self.database.reader(5) as session:
            return public_paper(session, self.meeting.id, URL)


def signed(sha256: str, signatory: str = "4", **changes: Any) -> Answer:
    """Return a plain signature."""
    return replace(Answer(signatory, "signed", sha256, "", STROKES), **changes)


def refusal(run: Callable[[], object]) -> RefusalCode:
    """Return the code a wish is refused with."""
    with pytest.raises(Refused) as caught:
        run()
    return caught.value.refusal.code
