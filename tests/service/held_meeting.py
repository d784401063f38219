"""A meeting planned, called, held and closed by the rules, ready for its minutes."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting.state import Meeting
from server.service.ids import new_id
from server.service.meetings.calling import call_meeting
from server.service.room.keeper import RoomKeeper
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
    carry_out: CarryOut,
    rooms: RoomKeeper,
    council: str,
    began: int,
    *,
    excused: int = 0,
    ordinal: int = 3,
    officers: tuple[str, str] = ("林平", "周文"),
) -> HeldMeeting:
    """Hold a meeting of half an hour: a debate with a named poll and a task, one adoption without objection.

    ``excused`` is the number of a seat whose holder asked for leave; ``officers`` are chair and secretary.
    """
    meeting = carry_out(lambda unit: _plan(unit, council, began, ordinal, officers))
    state = carry_out(lambda unit: call_meeting(unit, rooms, meeting, began - 7 * 24 * 60 * MINUTE))
    steps = list(_sitting(state, excused))

    def run(unit: Unit) -> int:
        now = began
        for minutes, actor, command in steps:
            now += minutes * MINUTE
            rooms.decide(unit, meeting, actor, command, now)
        return now

    return HeldMeeting(meeting, dict(state.seat_of), carry_out(run))


def _sitting(state: Meeting, excused: int) -> Iterator[tuple[int, Actor, c.Command]]:
    """Yield what happens: after how many minutes, by whom, what."""
    present = [found.number for found in state.seats if found.number != excused]
    first, second, third = (item.id for item in state.items)
    poll = f"{state.id}.p1"
    for number in present:
        yield 0, seat(number), c.CheckIn()
    if excused:
        yield 0, SECRETARY, c.Excuse(state.seat(excused).representative)
    yield 0, CHAIR, c.OpenMeeting()
    yield 1, CHAIR, c.BeginItem(first)
    yield 4, CHAIR, c.BeginItem(second)
    yield 1, CHAIR, c.OpenQueue()
    yield from _speech(4, "for")
    yield from _speech(present[-1], "against")
    yield 1, CHAIR, c.CloseQueue()
    yield 1, CHAIR, c.OpenPoll(second, MOTION, "open")
    for number in present:
        choice = "against" if number == present[-1] else "for"
        yield 0, seat(number), c.CastBallot(poll, choice, f"nonce-{number}-{state.id}")
    yield 1, CHAIR, c.ClosePoll(poll)
    yield 1, CHAIR, c.PublishPoll(poll)
    task = c.DraftTask(
        f"{state.id}.r1", "采购并安装健身器材6件", state.parties[1].id, "物业经理", "2026-04-30"
    )
    yield 1, SECRETARY, task
    yield 1, CHAIR, c.BeginItem(third)
    yield 1, CHAIR, c.AskConsent(third, "楼道灯由物业公司每月巡查一次。")
    yield 1, CHAIR, c.RecordConsent(third, objection=False)
    yield 10, CHAIR, c.CloseMeeting()


def _speech(number: int, stance: c.Stance) -> Iterator[tuple[int, Actor, c.Command]]:
    yield 1, seat(number), c.RequestFloor(stance)
    yield 1, CHAIR, c.GrantFloor()
    yield 2, CHAIR, c.YieldFloor()


def _plan(unit: Unit, council: str, began: int, ordinal: int, officers: tuple[str, str]) -> str:
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
            chair=officers[0],
            secretary=officers[1],
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
