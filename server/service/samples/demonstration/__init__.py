"""The demonstration community: areas, councils, people and two months of life, written as real users write them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.actor import Role
from server.service.access import accounts
from server.service.access.entries import issue_entry
from server.service.clock import DAY_MS
from server.service.community import councils, roster
from server.service.ids import new_token
from server.service.room.keeper import RoomKeeper
from server.service.samples.demonstration.diary import CHAPTERS, OFFICE, Diary, call_next_meeting
from server.service.samples.demonstration.places import (
    CHAIR,
    ESTATE,
    ORGANISER,
    OTHERS,
    PEOPLE,
    SECRETARY,
    Place,
)
from server.store.tables.areas import AreaRow
from server.store.writer import Unit, Writer

T = TypeVar("T")
# Login name, role, the name people see. The names are those of the notice, invented like all others.
ACCOUNTS = (
    ("管理员", Role.ADMINISTRATOR, "管理员"),
    ("社区工作者", Role.ORGANISER, ORGANISER),
    ("主持人", Role.CHAIR, CHAIR),
    ("记录人", Role.SECRETARY, SECRETARY),
    ("居务监督", Role.SUPERVISOR, "孙立诚"),
)
WRITTEN_DAYS_AGO = 70


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What is told once: passwords, and what opens the coming meeting; ``cards`` are (party, name, ticket)."""

    council: str
    meeting: str
    accounts: tuple[accounts.CreatedAccount, ...]
    chair: str
    secretary: str
    cards: tuple[tuple[str, str, str], ...]

    def lines(self, public_url: str) -> Iterator[str]:
        """Yield what the terminal shows, once: addresses, tickets, passwords."""
        yield ""
        yield f"演示社区已载入：{ESTATE.areas[-1][1]}等5个社区和小区。人名、电话和会上的话都是虚构的。"
        yield "账号和随机密码（只显示这一次，请记下）："
        for account in self.accounts:
            yield f"  {account.name}  {account.password}"
        yield f"公开页：{public_url}/c/{self.council}/"
        yield "下一次会议已经通知，可以开会：在不同的浏览器或手机上打开"
        yield f"  主持台  {public_url}/join#t={self.chair}"
        yield f"  记录人  {public_url}/join#t={self.secretary}"
        yield f"  大屏    {public_url}/meetings/{self.meeting}/projector（先在同一浏览器进入主持台）"
        for party, name, ticket in self.cards:
            yield f"  手机    {public_url}/join#t={ticket}  {party}代表 {name}"
        yield "其余代表的代表证：登录后在“代表名册”里打印。"
        yield ""


def load_demonstration(writer: Writer, rooms: RoomKeeper, now: int) -> Demonstration:
    """Write the demonstration into an empty database and return its secrets. Cost: a second or two."""
    passwords = [(accounts.new_password(), entry) for entry in ACCOUNTS]
    hashes = {password: accounts.hash_password(password) for password, _ in passwords}
    council = writer.submit(lambda unit: _write_places(unit, now - WRITTEN_DAYS_AGO * DAY_MS)).result()
    topics: dict[str, str] = {}
    for chapter in CHAPTERS:
        writer.submit(partial(_write, chapter, rooms, council, now, topics)).result()
    meeting = writer.submit(partial(_write, call_next_meeting, rooms, council, now, topics)).result()

    def write_people(unit: Unit) -> Demonstration:
        created = tuple(
            accounts.create_account(
                unit,
                now,
                name=name,
                role=role,
                display_name=shown,
                password=password,
                password_hash=hashes[password],
            )
            for password, (name, role, shown) in passwords
        )
        chair = issue_entry(unit, now, meeting, Role.CHAIR, OFFICE)
        secretary = issue_entry(unit, now, meeting, Role.SECRETARY, OFFICE)
        return Demonstration(council, meeting, created, chair, secretary, _cards(unit, now, council))

    return writer.submit(write_people).result()


def _write(
    chapter: Callable[[Diary], T],
    rooms: RoomKeeper,
    council: str,
    now: int,
    topics: dict[str, str],
    unit: Unit,
) -> T:
    return chapter(Diary(unit, rooms, council, now, topics))


def _write_places(unit: Unit, at: int) -> str:
    """Write all areas and councils, and the roster of 金穗小区; return its council's id."""
    council = _write_place(unit, at, ESTATE)
    parties = {party.name: party.id for party in councils.list_parties(unit.session, council)}
    people = [
        roster.NewRepresentative(parties[party], name, post, "", appointment)
        for party, name, post, appointment in PEOPLE
    ]
    roster.add_representatives(unit, at, council, people)
    for minute, place in enumerate(OTHERS, 1):
        _write_place(unit, at + minute * 60_000, place)
    return council


def _write_place(unit: Unit, at: int, place: Place) -> str:
    area: str | None = None
    for level, name in place.areas:
        area = _find_area(unit.session, area, name) or councils.add_area(
            unit, parent_id=area, level=level, name=name
        )
    facts = councils.CouncilFacts(
        place.name, place.organisation, place.venue, place.telephone, place.document_sign, place.introduction
    )
    return councils.create_council(unit, at, area_id=area or "", facts=facts, parties=place.parties)


def _find_area(session: Session, parent: str | None, name: str) -> str | None:
    return session.scalar(select(AreaRow.id).where(AreaRow.parent_id == parent, AreaRow.name == name))


def _cards(unit: Unit, now: int, council: str) -> tuple[tuple[str, str, str], ...]:
    """Issue one card for the first representative of each party."""
    people = roster.list_representatives(unit.session, council)
    parties = councils.list_parties(unit.session, council)
    first = [next(person for person in people if person.party_id == party.id) for party in parties]
    tokens = {person.id: new_token() for person in first}
    roster.replace_cards(unit, now, council, tokens)
    return tuple(
        (party.name, person.name, tokens[person.id]) for party, person in zip(parties, first, strict=True)
    )
