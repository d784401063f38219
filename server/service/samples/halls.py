"""Seeded halls for load and acceptance checks, each with its own council, people and tickets (CONTRACT, seed)."""

from dataclasses import dataclass

from server.domain.actor import Role
from server.domain.procedure.presets import FIVE_PARTIES, FIVE_PARTY_V1
from server.service.access.sessions import issue_ticket
from server.service.clock import DAY_MS, local_time
from server.service.ids import new_id
from server.service.meetings.calling import call_meeting
from server.service.room.keeper import RoomKeeper
from server.store.tables.areas import AreaRow, CouncilRow, PartyRow, RepresentativeRow
from server.store.tables.meetings import MeetingRow, PlannedItemRow
from server.store.writer import Unit

ITEMS = ("新增健身器材放在哪里", "楼道灯更换与日常维护", "单车棚拆除重建")
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜"
_GIVEN = "建国淑贞志强秀英桂兰文斌海燕立中玉梅方正月华晓东永红国庆小玲德胜"


@dataclass(frozen=True, slots=True)
class SampleSeat:
    """A representative of a seeded hall with the secret of its card."""

    representative: str
    party: str
    ticket: str


@dataclass(frozen=True, slots=True)
class SampleMeeting:
    """A seeded hall and every secret that opens it."""

    id: str
    number: str
    chair: str
    secretary: str
    observer: str
    seats: tuple[SampleSeat, ...]


def add_sample_area(unit: Unit) -> str:
    """Write the area that holds seeded councils and return its id."""
    area = AreaRow(id=new_id(), parent_id=None, level="community", name="验收社区", position=0)
    unit.session.add(area)
    unit.session.flush()
    return area.id


def add_sample_meeting(
    unit: Unit, rooms: RoomKeeper, now: int, area: str, ordinal: int, representatives: int
) -> SampleMeeting:
    """Write one hall, called now, with ``representatives`` dealt round-robin over the five parties."""
    session = unit.session
    council = CouncilRow(
        id=new_id(),
        area_id=area,
        name=f"第{ordinal}议事会",
        organisation="验收社区居委会",
        venue="议事厅",
        telephone="",
        procedure=FIVE_PARTY_V1.id,
        document_sign="",
        introduction="",
        created_at=now,
    )
    session.add(council)
    session.flush()
    per_party = -(-representatives // len(FIVE_PARTIES))
    parties = [
        PartyRow(id=new_id(), council_id=council.id, name=p.name, mark=p.mark, position=n, seats=per_party)
        for n, p in enumerate(FIVE_PARTIES, 1)
    ]
    session.add_all(parties)
    session.flush()
    seats = _add_people(unit, now, council.id, parties, representatives)
    meeting = _add_meeting(unit, now, council.id)
    call_meeting(unit, rooms, meeting.id, now)
    expires = now + DAY_MS
    chair, secretary, observer = (
        issue_ticket(session, now, role, holder=holder, expires_at=expires, meeting=meeting.id)
        for role, holder in ((Role.CHAIR, "林主持"), (Role.SECRETARY, "周记录"), (Role.OBSERVER, "列席者"))
    )
    number = f"{meeting.year}年第{meeting.ordinal}次会议"
    return SampleMeeting(meeting.id, number, chair, secretary, observer, seats)


def _add_people(
    unit: Unit, now: int, council: str, parties: list[PartyRow], representatives: int
) -> tuple[SampleSeat, ...]:
    people = [
        RepresentativeRow(
            id=new_id(),
            council_id=council,
            party_id=parties[index % len(parties)].id,
            seat=index + 1,
            name=_name(index),
            post=f"{parties[index % len(parties)].name}代表",
            telephone="",
            appointment="recommended",
            joined_at=now,
        )
        for index in range(representatives)
    ]
    unit.session.add_all(people)
    unit.session.flush()
    names = {party.id: party.name for party in parties}
    return tuple(
        SampleSeat(
            person.id,
            names[person.party_id],
            issue_ticket(
                unit.session,
                now,
                Role.REPRESENTATIVE,
                holder=person.name,
                expires_at=now + DAY_MS,
                representative=person.id,
            ),
        )
        for person in people
    )


def _name(index: int) -> str:
    given = _GIVEN[index * 7 % len(_GIVEN)] + _GIVEN[index // 3 % len(_GIVEN)]
    return _SURNAMES[index % len(_SURNAMES)] + given


def _add_meeting(unit: Unit, now: int, council: str) -> MeetingRow:
    meeting = MeetingRow(
        id=new_id(),
        council_id=council,
        year=local_time(now).year,
        ordinal=1,
        title="五方代表议事会",
        place="议事厅",
        starts_at=now,
        chair="林主持",
        secretary="周记录",
        invited="",
        state="planned",
        revision=0,
        last_seq=-1,
        last_hash="0" * 64,
        created_at=now,
    )
    unit.session.add(meeting)
    unit.session.flush()
    unit.session.add_all(
        PlannedItemRow(id=f"{meeting.id}.i{n}", meeting_id=meeting.id, position=n, title=title, minutes=20)
        for n, title in enumerate(ITEMS, 1)
    )
    unit.session.flush()
    return meeting
