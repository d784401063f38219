"""The demonstration community: true figures, a meeting by the rules, and ready at any hour of any day."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting.sentence import verdict_sentence
from server.service import publishing
from server.service.access.joining import meeting_of
from server.service.access.sessions import redeem_ticket
from server.service.clock import DAY_MS, SHANGHAI, local_date
from server.service.matters import tasks
from server.service.matters.passports import read_passport
from server.service.minutes import cycle
from server.service.room.keeper import RoomKeeper
from server.service.room.wishes import WishHandler
from server.service.samples.demonstration import Demonstration, load_demonstration
from server.service.samples.demonstration.places import ESTATE, OTHERS, PEOPLE
from server.store.database import Database, open_database
from server.store.log import verify_log
from server.store.tables import metadata
from server.store.tables.meetings import MeetingRow
from server.store.tables.topics import TopicRow
from server.store.writer import Writer


def at(*local: int) -> int:
    """Return the instant of a wall-clock time in Shanghai."""
    year, month, day, hour, minute, second = (*local, 0)[:6]
    return int(datetime(year, month, day, hour, minute, second, tzinfo=SHANGHAI).timestamp() * 1000)


EVENING = at(2026, 4, 8, 18, 0)
HOURS = (
    EVENING,
    at(2026, 4, 8, 19, 30),
    at(2026, 4, 8, 23, 59, 59),
    at(2027, 1, 1, 0, 0),
    at(2028, 2, 29, 3, 0),
)


@dataclass(frozen=True, slots=True)
class House:
    """A database with the demonstration in it."""

    database: Database
    writer: Writer
    rooms: RoomKeeper
    demonstration: Demonstration


def load(folder: Path, now: int) -> Iterator[House]:
    database = open_database(f"sqlite:///{folder / 'council.sqlite'}")
    metadata.create_all(database.writing)
    rooms = RoomKeeper(lambda: now)
    writer = Writer(database, WishHandler(rooms, lambda: now).carry_out, lambda committed: None)
    writer.start()
    yield House(database, writer, rooms, load_demonstration(writer, rooms, now))
    writer.close()
    database.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    yield from load(tmp_path_factory.mktemp("demonstration"), EVENING)


@pytest.fixture
def session(house: House) -> Iterator[Session]:
    with house.database.reader(5) as session:
        yield session


def test_five_communities_stand_with_their_areas(session: Session) -> None:
    lines = publishing.read_councils(session)
    assert {line.name for line in lines} == {ESTATE.name, *(place.name for place in OTHERS)}
    assert lines[0].place == "金穗小区"
    assert lines[0].under == ("岳塘区", "书院路街道", "芙蓉社区")
    # 赤岭路社区 and 华宫大厦小区 lie in one sub-district, which stands once.
    assert len({line.under[:2] for line in lines if "金盆岭街道" in line.under}) == 1


@pytest.mark.parametrize(
    ("place", "figures"),
    [
        ("金穗小区", ("51名", "217名", "1112名", "5至15户")),
        ("陈家湾社区", ("43个老旧小区", "998米", "2018年初", "7类", "270余次", "400人次", "800余项")),
        ("赤岭路社区", ("6个居民小区", "2022年初", "51万余元", "2500余人次")),
        ("华宫大厦小区", ("36名", "233名", "160名", "三个月")),
        (
            "翠湖社区",
            (
                "2015年4月",
                "7个花园",
                "235栋",
                "13700人",
                "43名",
                "120余次",
                "30余个",
                "260余人次",
                "14个点位",
                "7处",
            ),
        ),
    ],
)
def test_introductions_keep_the_reports_figures(
    session: Session, place: str, figures: tuple[str, ...]
) -> None:
    line = next(line for line in publishing.read_councils(session) if line.place == place)
    council = publishing.read_council(session, line.id)
    assert council is not None
    for figure in figures:
        assert figure.replace("51名", "片长51名").replace("217名", "组长217名") in council.introduction
    assert "虚构" in council.introduction


def test_five_parties_sit_with_twenty_five_seats(session: Session, house: House) -> None:
    council = publishing.read_council(session, house.demonstration.council)
    assert council is not None
    assert [(party.name, party.seats) for party in council.parties] == [
        ("小区管理单位", 3),
        ("物业", 4),
        ("社区", 4),
        ("邻长", 6),
        ("业主", 8),
    ]
    assert len(PEOPLE) == len({name for _, name, _, _ in PEOPLE}) == 25


def test_the_past_meeting_was_held_by_the_rules(session: Session, house: House) -> None:
    past = publishing.past_meetings(session, house.demonstration.council)[0]
    state = house.rooms.read(session, past.id)
    assert state is not None
    assert verify_log(session, past.id)
    poll = state.polls[0]
    assert poll.count is not None
    assert dict(poll.count.tally) == {"for": 17, "against": 4, "abstain": 2}
    assert [ballot.seat for ballot in poll.count.ballots or () if ballot.on_paper] == [15]
    assert verdict_sentence(
        poll.count.verdict, poll.rule, poll.nature, dict(poll.count.tally), poll.options, state.parties
    ) == (
        "应到25人，实到23人，符合规定人数；赞成17票、反对4票、弃权2票，赞成票超过实到人数的三分之二，表决通过。"
    )
    assert [(item.announced, item.outcome) for item in state.items] == [
        (True, "passed"),
        (True, "passed"),
        (False, None),
    ]
    assert state.minutes.state == "published"
    assert len(state.minutes.signatures) == 25
    view = cycle.read_minutes(session, past.id)
    assert view is not None
    assert "请记录人补写" not in view.text.markdown


def test_its_tasks_show_every_light(session: Session, house: House) -> None:
    found = tasks.read_tasks(session, house.demonstration.council, local_date(EVENING))
    assert [task.signal.colour for task in found] == ["red", "yellow", "green", "green", "grey", "grey"]
    assert found[0].signal.days_left == -1
    assert all(task.note for task in found)


def test_one_topic_can_be_followed_to_the_end(session: Session) -> None:
    passport = read_passport(session, "2026-001", local_date(EVENING))
    assert passport is not None
    assert passport.reached == {"raised", "accepted", "scheduled", "discussed", "resolved", "doing"}
    kinds = [line.kind for line in passport.lines]
    for kind in ("received", "accepted", "scheduled", "discussed", "resolved", "published", "task_progress"):
        assert kind in kinds


def test_topics_stand_in_several_states(session: Session) -> None:
    states = set(session.scalars(select(TopicRow.state)))
    assert states == {"received", "accepted", "declined", "scheduled", "doing", "done"}


def test_the_next_meeting_only_waits_to_be_opened(house: House) -> None:
    demonstration = house.demonstration

    def come_in(ticket: str) -> tuple[Actor, str | None]:
        def run(unit: object) -> tuple[Actor, str | None]:
            person = redeem_ticket(unit, EVENING, ticket).signed_in  # type: ignore[arg-type]
            meeting = meeting_of(unit.session, person, EVENING)  # type: ignore[attr-defined]
            return Actor(person.key, frozenset({person.role})), meeting

        return house.writer.submit(run).result()

    chair, meeting = come_in(demonstration.chair)
    assert meeting == demonstration.meeting
    assert come_in(demonstration.secretary)[1] == demonstration.meeting
    assert [party for party, _, _ in demonstration.cards] == [party.name for party in ESTATE.parties]
    for _, _, ticket in demonstration.cards:
        representative, meeting = come_in(ticket)
        assert representative.is_one_of(Role.REPRESENTATIVE)
        assert meeting == demonstration.meeting
    state = house.writer.submit(
        lambda unit: house.rooms.decide(unit, demonstration.meeting, chair, c.OpenMeeting(), EVENING)
    ).result()
    assert state.state == "open"
    house.writer.submit(
        lambda unit: house.rooms.decide(unit, demonstration.meeting, chair, c.CloseMeeting(), EVENING)
    ).result()


def test_the_terminal_is_told_each_secret_once(house: House) -> None:
    lines = "\n".join(house.demonstration.lines("http://127.0.0.1:8000"))
    for account in house.demonstration.accounts:
        assert lines.count(account.password) == 1
    for secret in (house.demonstration.chair, house.demonstration.secretary):
        assert lines.count(secret) == 1
    assert "虚构" in lines


@pytest.mark.parametrize("now", HOURS)
def test_it_loads_at_any_hour_and_nothing_lies_ahead_of_its_time(tmp_path: Path, now: int) -> None:
    for house in load(tmp_path, now):
        with house.database.reader(5) as session:
            rows = session.scalars(select(MeetingRow).order_by(MeetingRow.starts_at)).all()
            assert [row.state for row in rows] == ["closed", "called"]
            assert now - 28 * DAY_MS < rows[0].starts_at < now < rows[1].starts_at <= now + DAY_MS
            assert all((row.called_at or 0) <= now for row in rows)
            assert (rows[0].published_at or now + 1) <= now
            found = tasks.read_tasks(session, house.demonstration.council, local_date(now))
            colours = [task.signal.colour for task in found]
            assert colours == ["red", "yellow", "green", "green", "grey", "grey"]
            assert all(task.noted_at <= now for task in found)
