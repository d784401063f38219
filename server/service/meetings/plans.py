"""Planning a meeting from accepted topics and issuing its notice, after which the agenda is locked (T46–T50)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.actor import Actor, may_work_in_office
from server.domain.meeting.decide.text import is_sound_text
from server.domain.meeting.state import Meeting
from server.domain.refusal import RefusalCode
from server.domain.topic.life_cycle import TopicState
from server.service.clock import local_date
from server.service.community.councils import count_people, find_council, list_parties
from server.service.ids import new_id, next_number
from server.service.matters import topics
from server.service.meetings.calling import call_meeting
from server.service.refused import refused
from server.service.room.keeper import RoomKeeper
from server.store.tables.areas import CounterRow
from server.store.tables.meetings import MeetingRow, PlannedItemRow
from server.store.tables.minutes import DocumentRow
from server.store.tables.topics import TopicRow
from server.store.writer import Unit

LONGEST_TITLE = 80
LONGEST_PLACE = 60
LONGEST_NAME = 40
LONGEST_INVITED = 300
MOST_ITEMS = 20
MOST_MINUTES = 240


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """What a notice says: lengths 80, 60, 40, 40, 300 characters; ``starts_at`` in ms UTC."""

    title: str
    place: str
    starts_at: int
    chair: str = ""
    secretary: str = ""
    invited: str = ""


@dataclass(frozen=True, slots=True)
class NewItem:
    """An item of the plan; ``topic_id`` where it came from a topic."""

    title: str
    minutes: int | None = None
    topic_id: str | None = None


def plan_meeting(
    unit: Unit, now: int, council_id: str, facts: PlanFacts, items: Sequence[NewItem] = ()
) -> str:
    """Write a planned meeting with the council's next number of its year and return its id. BAD_DATA, NOT_FOUND."""
    find_council(unit.session, council_id)
    _check_facts(facts)
    year = local_date(facts.starts_at).year
    row = MeetingRow(
        id=new_id(),
        council_id=council_id,
        year=year,
        ordinal=next_number(unit.session, f"meeting.{council_id}.{year}"),
        title=facts.title,
        place=facts.place,
        starts_at=facts.starts_at,
        chair=facts.chair,
        secretary=facts.secretary,
        invited=facts.invited,
        state="planned",
        created_at=now,
    )
    unit.session.add(row)
    unit.session.flush()
    for item in items:
        add_item(unit, row.id, item)
    return row.id


def edit_plan(unit: Unit, meeting_id: str, facts: PlanFacts) -> None:
    """Change what a planned meeting says about itself; AGENDA_LOCKED once the notice is out."""
    row = _planned(unit.session, meeting_id)
    _check_facts(facts)
    row.title, row.place, row.starts_at = facts.title, facts.place, facts.starts_at
    row.chair, row.secretary, row.invited = facts.chair, facts.secretary, facts.invited


def withdraw_plan(unit: Unit, meeting_id: str) -> str:
    """Take back a plan whose notice never went out and return its council's id; AGENDA_LOCKED afterwards.

    The number of the last plan is given again, as nobody outside has seen it.
    """
    row = _planned(unit.session, meeting_id)
    for item in list_items(unit.session, meeting_id):
        unit.session.delete(item)
    unit.session.flush()
    document = unit.session.get(DocumentRow, (meeting_id, "notice"))
    if document is not None:  # a notice that was printed to look at
        unit.session.delete(document)
    counter = unit.session.get(CounterRow, f"meeting.{row.council_id}.{row.year}")
    if counter is not None and counter.last == row.ordinal:
        counter.last -= 1
    unit.session.delete(row)
    unit.session.flush()
    return row.council_id


def add_item(unit: Unit, meeting_id: str, item: NewItem) -> str:
    """Put an item at the end of the plan and return its id.

    Refusals: AGENDA_LOCKED, BAD_DATA, INVALID_TRANSITION for a topic that is not accepted or planned already.
    """
    row = _planned(unit.session, meeting_id)
    _check_item(item.title, item.minutes)
    standing = list_items(unit.session, meeting_id)
    if len(standing) >= MOST_ITEMS:
        raise refused(RefusalCode.BAD_DATA, field="items")
    if item.topic_id is not None:
        topic = topics.find_topic(unit.session, item.topic_id)
        free = {found.id for found in free_topics(unit.session, row.council_id)}
        if topic.id not in free:
            raise refused(RefusalCode.INVALID_TRANSITION, topic=topic.number)
    planned = PlannedItemRow(
        id=new_id(),
        meeting_id=meeting_id,
        position=len(standing) + 1,
        title=item.title,
        minutes=item.minutes,
        topic_id=item.topic_id,
    )
    unit.session.add(planned)
    unit.session.flush()
    return planned.id


def edit_item(unit: Unit, meeting_id: str, item_id: str, title: str, minutes: int | None) -> None:
    """Change the words and minutes of a planned item."""
    _planned(unit.session, meeting_id)
    _check_item(title, minutes)
    item = _item(unit.session, meeting_id, item_id)
    item.title, item.minutes = title, minutes


def remove_item(unit: Unit, meeting_id: str, item_id: str) -> None:
    """Take an item off the plan; its topic stays in the pool."""
    _planned(unit.session, meeting_id)
    unit.session.delete(_item(unit.session, meeting_id, item_id))
    unit.session.flush()
    _renumber(list_items(unit.session, meeting_id))


def move_item(unit: Unit, meeting_id: str, item_id: str, places: int) -> None:
    """Move an item up (negative) or down; at the ends nothing happens."""
    _planned(unit.session, meeting_id)
    item = _item(unit.session, meeting_id, item_id)
    items = [found for found in list_items(unit.session, meeting_id) if found.id != item_id]
    items.insert(max(0, item.position - 1 + places), item)
    _renumber(items)


def _renumber(items: Sequence[PlannedItemRow]) -> None:
    for position, item in enumerate(items, 1):
        item.position = position


def issue_notice(unit: Unit, rooms: RoomKeeper, now: int, meeting_id: str, actor: Actor) -> Meeting:
    """发通知: freeze agenda, seats and procedure, and tell the topics which meeting takes them up.

    Refusals: NOT_ALLOWED, AGENDA_LOCKED when it is out already, AGENDA_EMPTY, ROSTER_EMPTY naming the parties
    without a representative, INVALID_TRANSITION for a topic that was settled otherwise meanwhile.
    """
    if not may_work_in_office(actor):
        raise refused(RefusalCode.NOT_ALLOWED)
    row = _planned(unit.session, meeting_id)
    items = list_items(unit.session, meeting_id)
    if not items:
        raise refused(RefusalCode.AGENDA_EMPTY)
    empty = empty_parties(unit.session, row.council_id)
    if empty:
        raise refused(RefusalCode.ROSTER_EMPTY, parties="、".join(empty))
    state = call_meeting(unit, rooms, meeting_id, now)
    for item in items:
        if item.topic_id is not None:
            where = f"列入{number_of(row)}第{item.position}项"
            topics.schedule(unit, now, item.topic_id, actor, where)
    return state


def empty_parties(session: Session, council_id: str) -> list[str]:
    """Return the names of parties without a representative: such a meeting could never reach its quorum."""
    people = count_people(session, council_id)
    return [party.name for party in list_parties(session, council_id) if not people.get(party.id)]


def number_of(row: MeetingRow) -> str:
    """Return how people call a meeting: 2026年第3次会议."""
    return f"{row.year}年第{row.ordinal}次会议"


def find_meeting(session: Session, meeting_id: str) -> MeetingRow:
    """Return a meeting; Refused NOT_FOUND when there is none."""
    row = session.get(MeetingRow, meeting_id)
    if row is None:
        raise refused(RefusalCode.NOT_FOUND, what="meeting")
    return row


def list_meetings(session: Session, council_ids: Sequence[str], most: int = 100) -> Sequence[MeetingRow]:
    """Return meetings of these councils, the latest first."""
    chosen = select(MeetingRow).where(MeetingRow.council_id.in_(council_ids))
    return session.scalars(chosen.order_by(MeetingRow.starts_at.desc()).limit(most)).all()


def list_items(session: Session, meeting_id: str) -> Sequence[PlannedItemRow]:
    """Return the plan's items in order; after the notice they are what it announced."""
    chosen = select(PlannedItemRow).where(PlannedItemRow.meeting_id == meeting_id)
    return session.scalars(chosen.order_by(PlannedItemRow.position)).all()


def free_topics(session: Session, council_id: str) -> Sequence[TopicRow]:
    """Return the accepted topics of a council that no planned meeting has taken up yet, oldest first (T48)."""
    taken = (
        select(PlannedItemRow.topic_id)
        .join(MeetingRow, MeetingRow.id == PlannedItemRow.meeting_id)
        .where(MeetingRow.state == "planned", PlannedItemRow.topic_id.is_not(None))
    )
    chosen = select(TopicRow).where(
        TopicRow.council_id == council_id,
        TopicRow.state == TopicState.ACCEPTED.value,
        TopicRow.id.not_in(taken),
    )
    return session.scalars(chosen.order_by(TopicRow.raised_at)).all()


def _planned(session: Session, meeting_id: str) -> MeetingRow:
    row = find_meeting(session, meeting_id)
    if row.state != "planned":
        raise refused(RefusalCode.AGENDA_LOCKED)
    return row


def _item(session: Session, meeting_id: str, item_id: str) -> PlannedItemRow:
    item = session.get(PlannedItemRow, item_id)
    if item is None or item.meeting_id != meeting_id:
        raise refused(RefusalCode.NOT_FOUND, what="item")
    return item


def _check_facts(facts: PlanFacts) -> None:
    for field, value, longest, shortest in (
        ("title", facts.title, LONGEST_TITLE, 1),
        ("place", facts.place, LONGEST_PLACE, 1),
        ("chair", facts.chair, LONGEST_NAME, 0),
        ("secretary", facts.secretary, LONGEST_NAME, 0),
        ("invited", facts.invited, LONGEST_INVITED, 0),
    ):
        if not is_sound_text(value, longest, shortest=shortest):
            raise refused(RefusalCode.BAD_DATA, field=field)


def _check_item(title: str, minutes: int | None) -> None:
    if not is_sound_text(title, LONGEST_TITLE) or "\n" in title:
        raise refused(RefusalCode.BAD_DATA, field="title")
    if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
        raise refused(RefusalCode.BAD_DATA, field="minutes")
