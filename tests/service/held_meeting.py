"""A meeting planned, called, held and closed by the rules, ready for its minutes."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.service.calling import call_meeting
from server.service.ids import new_id
from server.service.room import RoomKeeper
from server.store.tables.areas import RepresentativeRow
from server.store.tables.meetings import MeetingRow, PlannedItemRow
from server.store.writer import Unit

CarryOut = Callable[[Callable[[Unit], Any]], Any]
CHAIR = Actor("chair:lin", frozenset({Role.CHAIR}))
SECRETARY = Actor("secretary:zhou", frozenset({Role.SECRETARY}))
STRANGER = Actor("observer:li", frozenset({Role.OBSERVER}))
MOTION = "同意在3栋与4栋之间的空地放置新增健身器材6件，2026年4月30日前完成。"
STROKES = "[[[300,1200],[900,700],[1500,1500],[2100,800]],[[2400,600],[2500,1600]]]"
ITEMS = ("上次议定事项的办理情况", "新增健身器材放在哪里", "楼道灯更换与日常维护")
MINUTE = 60_000


@dataclass(frozen=True, slots=True)
class HeldMeeting:
    """A closed meeting; ``seats`` are seat numbers by representative id."""

    id: str
    seats: Mapping[str, int]
    closed_at: int


def seat(number: int) -> Actor:
    """Return the holder of a seat."""
    return Actor(f"seat:{number}", frozenset({Role.REPRESENTATIVE}), number)


def hold_meeting(
    carry_out: CarryOut, rooms: RoomKeeper, council: str, began: int, *, stay_away: int = 0, ordinal: int = 3
) -> HeldMeeting:
    """Hold a meeting of 35 minutes: a debate with a named poll and a task, one adoption without objection.

    ``stay_away`` is the number of a seat whose holder does not come.
    """
    meeting = carry_out(lambda unit: _plan(unit, council, began, ordinal))
    state = carry_out(lambda unit: call_meeting(unit, rooms, meeting, began - 7 * 24 * 60 * MINUTE))
    now = began

    def do(command: c.Command, actor: Actor = CHAIR, minutes: int = 1) -> None:
        nonlocal now
        now += minutes * MINUTE
        carry_out(lambda unit: rooms.decide(unit, meeting, actor, command, now))

    present = [found.number for found in state.seats if found.number != stay_away]
    for number in present:
        do(c.CheckIn(), seat(number), 0)
    first, second, third = (item.id for item in state.items)
    do(c.OpenMeeting(), minutes=0)
    do(c.BeginItem(first))
    do(c.BeginItem(second), minutes=4)
    do(c.OpenQueue())
    for number, stance in ((4, "for"), (present[-1], "against")):
        do(c.RequestFloor(stance), seat(number))  # type: ignore[arg-type]
        do(c.GrantFloor())
        do(c.YieldFloor(), minutes=2)
    do(c.CloseQueue())
    do(c.OpenPoll(second, MOTION, "open"))
    poll = f"{meeting}.p1"
    for number in present:
        choice = "against" if number == present[-1] else "for"
        do(c.CastBallot(poll, choice, f"nonce-{number}-{meeting}"), seat(number), 0)
    do(c.ClosePoll(poll))
    do(c.PublishPoll(poll))
    due = c.DraftTask(f"{meeting}.r1", "采购并安装健身器材6件", state.parties[1].id, "物业经理", "2026-04-30")
    do(due, SECRETARY)
    do(c.BeginItem(third))
    do(c.AskConsent(third, "楼道灯由物业公司每月巡查一次。"))
    do(c.RecordConsent(third, objection=False))
    do(c.CloseMeeting(), minutes=10)
    return HeldMeeting(meeting, dict(state.seat_of), now)


def _plan(unit: Unit, council: str, began: int, ordinal: int) -> str:
    meeting = new_id()
    unit.session.add(
        MeetingRow(
            id=meeting,
            council_id=council,
            year=2026,
            ordinal=ordinal,
            title="健身器材和楼道灯",
            place="小区议事长廊",
            starts_at=began,
            chair="林平",
            secretary="周文",
            invited="",
            state="planned",
            revision=0,
            last_seq=-1,
            last_hash="",
            created_at=began,
        )
    )
    unit.session.flush()
    for position, title in enumerate(ITEMS, 1):
        unit.session.add(
            PlannedItemRow(id=new_id(), meeting_id=meeting, position=position, title=title, minutes=10)
        )
    people = unit.session.query(RepresentativeRow).filter_by(council_id=council, left_at=None)
    for person in people:
        person.post = person.post or "5栋邻长" if person.name == "李桂香" else person.post
    return meeting


def filled(markdown: str) -> str:
    """Return a draft with its marked places filled in by the secretary."""
    while "（请记录人补写" in markdown:
        head, _, rest = markdown.partition("（请记录人补写")
        markdown = head + "空地日照充足，离北侧住户较近。" + rest.partition("）")[2]
    return markdown
