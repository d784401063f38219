"""The demonstration's past meeting: who says what at which minute, every step a command the rules decide."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting.state import Meeting
from server.service.clock import local_date
from server.service.minutes import cycle
from server.service.room.keeper import RoomKeeper
from server.store.writer import Unit

CHAIR = Actor("chair:demonstration", frozenset({Role.CHAIR}))
SECRETARY = Actor("secretary:demonstration", frozenset({Role.SECRETARY}))
MINUTE_MS = 60_000
EXCUSED = 11
ABSENT = (EXCUSED, 25)
AGAINST = (15, 17, 19, 20)
ABSTAINED = (7, 24)
ON_PAPER = 15
RESERVED = 18
RESERVATION = "对22时后停用的执行仍有顾虑，请物业每月通报一次。"

MOTION = "同意在3栋与4栋之间的空地放置新增健身器材6件，由物业安装养护，每日22时后停止使用。"
LAMPS = "楼道灯由物业更换，费用在物业费的日常维修费中列支。"

# What the secretary writes where the draft leaves a place, in order.
SUMMARIES = (
    "3栋与4栋之间的空地日照充足，离儿童活动区近，老人看孩子时可以就近锻炼。",
    "该处离3栋北侧住户较近，清晨和夜间可能扰民。",
    "器材会不会有噪声、谁来养护。物业答复：加装减振垫，每日22时关闭照明，纳入日常巡查。",
    "邻长可以和3栋住户约定使用时段，张贴公约。",
    "2、5、7栋共有11盏灯不亮，老人晚上下楼不安全；换灯属于日常维修，不动用维修资金。",
    "棚顶锈蚀，有安全隐患，建议先做检测，把重建方案列入下次会议。",
)
_PLACE_TO_FILL = re.compile(r"（请记录人补写[^）]*）")


@dataclass(frozen=True, slots=True)
class Step:
    """One command of one person, ``seconds`` after the step before."""

    actor: Actor
    command: c.Command
    seconds: int


def seat_actor(seat: int) -> Actor:
    """Return the holder of a seat as the rules know them."""
    return Actor(f"seat:{seat}", frozenset({Role.REPRESENTATIVE}), seat)


def hold(unit: Unit, rooms: RoomKeeper, meeting_id: str, began: int, dues: Sequence[int]) -> int:
    """Hold the meeting from check-in to its close and return when it ended; ``dues`` are days after it."""
    called = rooms.sit(unit, meeting_id)
    if called is None:
        raise LookupError(meeting_id)
    at = began - 25 * MINUTE_MS
    for step in steps(called.state, dues, local_date(began)):
        at += step.seconds * 1000
        rooms.decide(unit, meeting_id, step.actor, step.command, at)
    return at


def steps(state: Meeting, dues: Sequence[int], day: date) -> Iterator[Step]:
    """Yield the whole evening; ``dues`` are days from ``day`` for the four tasks."""
    present = [seat.number for seat in state.seats if seat.number not in ABSENT]
    yield Step(SECRETARY, c.Excuse(state.seat(EXCUSED).representative), 40)
    for seat in present:
        at_desk = seat == ON_PAPER
        who = SECRETARY if at_desk else seat_actor(seat)
        named = state.seat(seat).representative if at_desk else None
        yield Step(who, c.CheckIn(named), 62)
    yield Step(CHAIR, c.OpenMeeting(), 90)
    yield from _equipment(state, present)
    due = [(day + timedelta(days=days)).isoformat() for days in dues]
    yield from _tasks(state, due)
    yield from _lamps(state, due)
    yield from _shed(state)
    yield Step(CHAIR, c.CloseMeeting(), 60)


def _speak(seat: int, stance: c.Stance, seconds: int) -> Iterator[Step]:
    yield Step(seat_actor(seat), c.RequestFloor(stance), 12)
    yield Step(CHAIR, c.GrantFloor(), 50)
    yield Step(seat_actor(seat), c.YieldFloor(), seconds)


def _equipment(state: Meeting, present: Sequence[int]) -> Iterator[Step]:
    item, poll = state.items[0].id, f"{state.id}.p1"
    yield Step(CHAIR, c.BeginItem(item), 30)
    yield Step(CHAIR, c.OpenQueue(), 240)
    turns: tuple[tuple[int, c.Stance, int], ...] = (
        (13, "for", 128), (19, "against", 166), (4, "question", 95), (12, "addition", 142), (18, "for", 110),
        (20, "against", 121), (1, "for", 84), (22, "for", 73),
    )  # fmt: skip
    for turn in turns:
        yield from _speak(*turn)
    yield Step(CHAIR, c.CloseQueue(), 20)
    yield Step(CHAIR, c.OpenPoll(item, MOTION, "open"), 180)
    for seat in present:
        choice = "against" if seat in AGAINST else "abstain" if seat in ABSTAINED else "for"
        if seat == ON_PAPER:
            named = state.seat(seat).representative
            yield Step(SECRETARY, c.RecordBallot(poll, named, choice, "paper"), 6)
            yield Step(CHAIR, c.ConfirmBallot(poll, named), 5)
        else:
            yield Step(seat_actor(seat), c.CastBallot(poll, choice, f"phone-{seat}"), 4)
    yield Step(CHAIR, c.ClosePoll(poll), 20)
    yield Step(CHAIR, c.PublishPoll(poll), 10)


def _tasks(state: Meeting, due: Sequence[str]) -> Iterator[Step]:
    manager, property_company, steward = state.parties[0].id, state.parties[1].id, state.parties[3].id
    resolution = f"{state.id}.r1"
    for text, party, post, day in (
        ("核定健身器材点位，现场放线，离3栋北窗10米以上", manager, "项目办", due[0]),
        ("采购、安装健身器材6件，加装减振垫", property_company, "工程部", due[1]),
        ("与3栋住户约定健身器材使用时段，张贴公约", steward, "3栋邻长", due[2]),
    ):
        yield Step(SECRETARY, c.DraftTask(resolution, text, party, post, day), 35)


def _lamps(state: Meeting, due: Sequence[str]) -> Iterator[Step]:
    item = state.items[1].id
    yield Step(CHAIR, c.BeginItem(item), 25)
    yield Step(CHAIR, c.OpenQueue(), 15)
    for seat, seconds in ((16, 92), (14, 70), (6, 105)):
        yield from _speak(seat, "talk", seconds)
    yield Step(CHAIR, c.CloseQueue(), 15)
    yield Step(CHAIR, c.AskConsent(item, LAMPS), 150)
    yield Step(CHAIR, c.RecordConsent(item, objection=False), 20)
    task = c.DraftTask(f"{state.id}.r2", "更换2、5、7栋楼道灯11盏", state.parties[1].id, "维修班", due[3])
    yield Step(SECRETARY, task, 40)


def _shed(state: Meeting) -> Iterator[Step]:
    """An item nobody announced is discussed and never decided (T49)."""
    item = f"{state.id}.i{len(state.items) + 1}"
    yield Step(CHAIR, c.AddItem("单车棚要不要拆"), 25)
    yield Step(CHAIR, c.BeginItem(item), 10)
    yield Step(CHAIR, c.OpenQueue(), 10)
    for seat, seconds in ((23, 88), (2, 64)):
        yield from _speak(seat, "talk", seconds)
    yield Step(CHAIR, c.CloseQueue(), 10)


def keep_minutes(unit: Unit, rooms: RoomKeeper, meeting_id: str, closed: int, published: int) -> None:
    """Write, read out, sign on the spot and publish the minutes (P8)."""
    draft = cycle.open_draft(unit, rooms, meeting_id, closed + 2 * MINUTE_MS)
    text = fill(draft.markdown)
    at = closed + 9 * MINUTE_MS
    cycle.save_text(
        unit, rooms, meeting_id, SECRETARY, text, by=SECRETARY.key, base_version=draft.version, now=at
    )
    digest = cycle.finalise(unit, rooms, meeting_id, SECRETARY, at + MINUTE_MS)
    sitting = rooms.sit(unit, meeting_id)
    signatories = sitting.state.minutes.signatories if sitting is not None else ()
    for place, signatory in enumerate(signatories, 1):
        # Who came without a phone signs at the desk.
        at_desk = {"chair": CHAIR, "secretary": SECRETARY, str(ON_PAPER): SECRETARY}
        actor = at_desk.get(signatory) or seat_actor(int(signatory))
        has_reserved = signatory == str(RESERVED)
        answer = cycle.Answer(
            signatory,
            "signed_with_reservation" if has_reserved else "signed",
            digest,
            RESERVATION if has_reserved else "",
            strokes(place),
        )
        cycle.sign(unit, rooms, meeting_id, actor, answer, at + (2 * MINUTE_MS) + place * 25_000)
    cycle.publish(unit, rooms, meeting_id, SECRETARY, False, published)


def fill(draft: str) -> str:
    """Put the secretary's summaries where the draft left a place for them."""
    summaries = iter(SUMMARIES)
    return _PLACE_TO_FILL.sub(lambda place: next(summaries, ""), draft)


def strokes(place: int) -> str:
    """Return a finger's few lines, different for each signatory."""
    lines = [
        [[300 + 40 * step, 900 + (place * 37 + step * step * 13) % 700] for step in range(12)],
        [[420 + 55 * step, 1700 - (place * 53 + step * 71) % 500] for step in range(8)],
        [[1100 + 30 * step, 800 + (place * 29 + step * 47) % 900] for step in range(10)],
    ]
    return json.dumps(lines)
