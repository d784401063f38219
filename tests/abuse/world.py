"""Two communities that know nothing of each other, with meetings in every state and everybody who could ask."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from sqlalchemy import select

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.pages.context import Services
from server.pages.stamps import new_stamp
from server.service.access import accounts
from server.service.access.sessions import NewSession, issue_ticket, open_session, redeem_ticket
from server.service.clock import DAY_MS
from server.service.community import councils, roster
from server.service.matters import progress, topics
from server.service.meetings.plans import NewItem, PlanFacts, issue_notice, plan_meeting
from server.service.minutes import cycle
from server.store.tables.access import AccountRow, SessionRow, TicketRow
from server.store.tables.meetings import PlannedItemRow
from server.store.tables.tasks import PhotoRow, TaskEntryRow, TaskRow
from server.store.writer import Unit
from tests.pages.cast import HASH, PASSWORD
from tests.pages.house import Clock
from tests.service.held_meeting import STROKES, filled, hold_meeting

FAMILY_NAMES = ("赵", "钱", "孙", "李", "周")
OFFICE = Actor("account:office", frozenset({Role.ORGANISER}))
CHAIR = Actor("chair:lin", frozenset({Role.CHAIR}))
MOTION = "同意在3栋与4栋之间放置健身器材"
# What somebody holds who was invited to one meeting of the first community: role and, for cards, the family name.
ROOM = {
    "representative_present": "赵",
    "representative_absent": "周",
    "secretary_in_room": Role.SECRETARY,
    "chair_in_room": Role.CHAIR,
    "observer": Role.OBSERVER,
}
ACCOUNTS = {
    "organiser": Role.ORGANISER,
    "secretary": Role.SECRETARY,
    "chair": Role.CHAIR,
    "supervisor": Role.SUPERVISOR,
}
CarryOut = Callable[..., Any]


@dataclass(slots=True)
class Community:
    """What one community has: ids and numbers by the word the expectations use for them."""

    area: str
    council: str
    things: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    parties: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class World:
    """The house with its two communities; ``principals``: everybody's Cookie header and form token."""

    flask: Flask
    services: Services
    clock: Clock
    own: Community
    other: Community
    principals: Mapping[str, tuple[str, str]]
    sessions: Mapping[str, str]


def build_world(flask: Flask, services: Services, clock: Clock) -> World:
    """Write both communities and sign everybody in."""

    def carry_out(act: Callable[..., Any], *given: Any, **named: Any) -> Any:
        return services.writer.submit(lambda unit: act(unit, *given, **named)).result(20)

    own = _found(carry_out, services, clock, "金穗小区")
    other = _found(carry_out, services, clock, "石桥小区")
    opened = _sign_in(carry_out, clock, own, other)
    with flask.app_context():
        own.things["stamp"] = other.things["stamp"] = new_stamp(clock() - 60_000)
    people: dict[str, tuple[str, str]] = {}
    for name in ("anonymous", "resident", *opened):
        cookies = f"sid={opened[name].cookie}; csrf={opened[name].csrf}" if name in opened else ""
        client = flask.test_client(use_cookies=False)
        page = client.get("/office/login", headers={"Cookie": cookies})
        form = re.search(r'name="csrf" value="([^"]+)"', page.get_data(as_text=True))
        # Whose session is no longer good gets an anonymous form like everybody.
        token = form[1] if form is not None else opened[name].csrf
        kept = "; ".join(line.split(";")[0] for line in page.headers.getlist("Set-Cookie"))
        people[name] = ("; ".join(filter(None, (cookies, kept))), token)
    sessions = {name: session.signed_in.session for name, session in opened.items()}
    return World(flask, services, clock, own, other, people, sessions)


def _found(carry_out: CarryOut, services: Services, clock: Clock, name: str) -> Community:
    now = clock()
    area = carry_out(councils.add_area, parent_id=None, level="estate", name=name)
    facts = councils.CouncilFacts(f"{name}议事会", "芙蓉社区居民委员会", "议事长廊", "0731-5555 0100")
    council = carry_out(councils.create_council, now, area_id=area, facts=facts)
    made = Community(area, council)
    with services.database.reader() as session:
        made.parties = {row.name: row.id for row in councils.list_parties(session, council)}
    new = [
        roster.NewRepresentative(party, f"{family}{name[0]}")
        for family, party in zip(FAMILY_NAMES, made.parties.values(), strict=True)
    ]
    ids = carry_out(roster.add_representatives, now, council, new)
    made.people = dict(zip(FAMILY_NAMES, ids, strict=True))
    made.things |= {
        "file": "css/tokens.css",
        "council": council,
        "area": area,
        "representative": made.people["孙"],
        "neighbour": made.people["赵"],
    }
    made.things |= {f"party{place}": party for place, party in enumerate(made.parties.values(), 1)}
    made.things["party"] = made.things["party1"]
    _hold_meetings(carry_out, services, clock, made)
    _raise_matters(carry_out, services, clock, made)
    return made


def _hold_meetings(carry_out: CarryOut, services: Services, clock: Clock, made: Community) -> None:
    """One meeting each: planned, called, open with a poll running, held, held and being signed, published."""
    now, rooms = clock(), services.rooms
    held = [
        hold_meeting(carry_out, rooms, made.council, now - days * DAY_MS, ordinal=days)
        for days in (20, 40, 50, 60)
    ]
    names = ("held", "signing", "signed", "published")
    made.things |= {name: one.id for name, one in zip(names, held, strict=True)}
    for name in names[1:]:
        made.things["digest_of_" + name] = carry_out(
            _put_up_for_signing, services, made.things[name], now, name
        )
    made.things["sha256"] = made.things["digest_of_signing"]
    state = carry_out(rooms.sit, held[0].id).state
    made.things |= {"held_item": state.items[1].id, "held_poll": state.polls[0].id}
    made.things["resolution"] = state.resolutions[0].id
    facts = PlanFacts("四月议事会", "议事长廊", now + 7 * DAY_MS, "林主持", "周记录")
    for name in ("planned", "called", "room"):
        meeting = carry_out(plan_meeting, now, made.council, facts, (NewItem("楼道灯"), NewItem("车棚")))
        made.things[name] = meeting
        if name != "planned":
            carry_out(issue_notice, rooms, now, meeting, OFFICE)
    with services.database.reader() as session:
        wanted = select(PlannedItemRow.id).where(PlannedItemRow.meeting_id == made.things["planned"])
        made.things["item"] = session.scalars(wanted).first() or ""
    carry_out(_open_room, services, made, now)
    made.things["ticket"] = carry_out(_hand_out, made, now)


def _put_up_for_signing(unit: Unit, services: Services, meeting: str, now: int, how_far: str) -> str:
    actor = Actor("account:keeper", frozenset({Role.SECRETARY}))
    text = cycle.open_draft(unit, services.rooms, meeting, now)
    unit.session.flush()
    words = filled(text.markdown)
    version = cycle.save_text(
        unit, services.rooms, meeting, actor, words, by="周记录", base_version=text.version, now=now
    )
    unit.session.flush()
    sha256 = cycle.finalise(unit, services.rooms, meeting, actor, base_version=version, now=now)
    if how_far != "signing":
        for signatory in ("chair", "secretary"):
            answer = cycle.Answer(signatory, "signed", sha256, "", STROKES)
            cycle.sign(unit, services.rooms, meeting, actor, answer, now)
    if how_far == "published":
        cycle.publish(unit, services.rooms, meeting, actor, confirmed=True, now=now)
    return sha256


def _open_room(unit: Unit, services: Services, made: Community, now: int) -> None:
    """The room's meeting is open: all but 周 are there, one speaks, one waits, a poll runs."""
    meeting = made.things["room"]

    def act(actor: Actor, command: c.Command) -> Any:
        return services.rooms.decide(unit, meeting, actor, command, now)

    for number in range(1, 5):
        act(Actor(f"seat:{number}", frozenset({Role.REPRESENTATIVE}), number), c.CheckIn())
    state = act(CHAIR, c.OpenMeeting())
    made.things["room_item"] = state.items[0].id
    act(CHAIR, c.BeginItem(state.items[0].id))
    act(CHAIR, c.OpenQueue())
    for number in (1, 2):
        act(Actor(f"seat:{number}", frozenset({Role.REPRESENTATIVE}), number), c.RequestFloor("talk"))
    act(CHAIR, c.GrantFloor())
    act(CHAIR, c.WordMotion(state.items[0].id, MOTION))
    state = act(CHAIR, c.AmendMotion(state.items[0].id, f"{MOTION}，今年办完", state.seats[0].representative))
    made.things["amendment"] = state.amendments[0].id
    act(CHAIR, c.WithdrawAmendment(state.amendments[0].id, "提出人收回"))
    state = act(CHAIR, c.OpenPoll(state.items[0].id, MOTION, "open", nature="sounding", confirmed=True))
    made.things["poll"] = state.polls[-1].id


def _hand_out(unit: Unit, made: Community, now: int) -> str:
    """An entry link of the called meeting, to be revoked."""
    issue_ticket(
        unit.session, now, Role.OBSERVER, holder="王", expires_at=now + DAY_MS, meeting=made.things["called"]
    )
    unit.session.flush()
    chosen = select(TicketRow.id).where(
        TicketRow.meeting_id == made.things["called"], TicketRow.holder == "王"
    )
    return str(unit.session.scalars(chosen).one())


def _raise_matters(carry_out: CarryOut, services: Services, clock: Clock, made: Community) -> None:
    """A topic nobody answered, an accepted one, a referred one with its task and a photo of progress."""
    now = clock()

    def act(unit: Unit) -> None:
        raised = [
            topics.raise_topic(
                unit,
                now,
                council_id=made.council,
                title=title,
                body="晚上看不见路。",
                channel="online",
                proposer="王五",
            )
            for title in ("门口的灯不亮", "车棚漏雨", "井盖松动")
        ]
        topics.accept(unit, now, raised[1].topic_id, OFFICE, "已受理。")
        task = topics.refer(
            unit,
            now,
            raised[2].topic_id,
            OFFICE,
            text="紧固井盖",
            accountable=made.things["party"],
            post="物业经理",
            due="2026-12-30",
            sentence="转物业办理。",
        )
        photo = progress.NewPhoto(b"\xff\xd8jpeg", b"\xff\xd8small", 8, 8, "井盖")
        progress.add_progress(unit, now, task, OFFICE, text="已到现场查看。", photos=(photo,))
        made.things |= {"receipt": raised[0].receipt, "fresh_topic": raised[0].number}
        made.things |= {"topic": raised[1].number, "task": task, "topic_id": raised[1].topic_id}

    carry_out(act)
    with services.database.reader() as session:
        of_task = select(PhotoRow.id).join(TaskEntryRow).join(TaskRow)
        made.things["photo"] = session.scalars(of_task.where(TaskRow.number == made.things["task"])).one()


def _sign_in(carry_out: CarryOut, clock: Clock, own: Community, other: Community) -> dict[str, NewSession]:
    """Open everybody's session: cards, entry links, accounts, and sessions that are no longer good."""
    now = clock()
    opened: dict[str, NewSession] = {}

    def card(unit: Unit, where: Community, family: str) -> NewSession:
        token = f"card-{where.council}-{family.encode().hex()}"
        roster.replace_cards(unit, now, where.council, {where.people[family]: token})
        unit.session.flush()
        return redeem_ticket(unit, now, token)

    for name, given in ROOM.items():
        if isinstance(given, Role):
            opened[name] = carry_out(_by_link, now, given, own)
        else:
            opened[name] = carry_out(card, own, given)
    opened["representative_elsewhere"] = carry_out(card, other, "赵")
    for name, role in ACCOUNTS.items():
        opened[name] = carry_out(_by_account, now, name, role, own.area)
    greater: tuple[tuple[str, Role, str | None], ...] = (
        ("administrator", Role.ADMINISTRATOR, None),
        ("administrator_of_area", Role.ADMINISTRATOR, own.area),
        ("organiser_elsewhere", Role.ORGANISER, other.area),
        *((name, Role.ORGANISER, own.area) for name in ("disabled", "expired", "signed_out")),
    )
    for name, role, area in greater:
        opened[name] = carry_out(_by_account, now, name, role, area)
    carry_out(_spoil, now, opened)
    own.things["account"] = str(opened["chair"].signed_in.account)
    other.things["account"] = str(opened["organiser_elsewhere"].signed_in.account)
    return opened


def _by_link(unit: Unit, now: int, role: Role, where: Community) -> NewSession:
    token = issue_ticket(
        unit.session, now, role, holder="某人", expires_at=now + DAY_MS, meeting=where.things["room"]
    )
    unit.session.flush()
    return redeem_ticket(unit, now, token)


def _by_account(unit: Unit, now: int, name: str, role: Role, area: str | None) -> NewSession:
    made = accounts.create_account(
        unit, now, name=name, role=role, area_id=area, password=PASSWORD, password_hash=HASH
    )
    return open_session(unit, now, account=unit.session.get(AccountRow, made.account_id))


def _spoil(unit: Unit, now: int, opened: Mapping[str, NewSession]) -> None:
    """An account closed behind its session's back, a session past its time, one that was signed out."""
    account = unit.session.get(AccountRow, opened["disabled"].signed_in.account)
    late = unit.session.get(SessionRow, opened["expired"].signed_in.session)
    left = unit.session.get(SessionRow, opened["signed_out"].signed_in.session)
    assert account is not None
    assert late is not None
    assert left is not None
    account.disabled_at, late.expires_at, left.ended_at = now, now, now
