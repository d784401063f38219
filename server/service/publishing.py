"""What residents may see without logging in: only what was announced, published or screened (T8, T156, T164)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.domain.topic.life_cycle import TopicState, answer_clock
from server.service.clock import local_date
from server.store.tables.areas import AreaRow, CouncilRow, PartyRow
from server.store.tables.meetings import MeetingRow, PlannedItemRow, ResolutionRow
from server.store.tables.tasks import TaskRow
from server.store.tables.topics import TopicRow

# A topic is public once the office took it on; a declined or withdrawn one is for its proposer alone (T8, T9).
PUBLIC_STATES = frozenset(
    {
        TopicState.ACCEPTED,
        TopicState.REFERRED,
        TopicState.SCHEDULED,
        TopicState.DISCUSSED,
        TopicState.DOING,
        TopicState.DONE,
    }
)
_ANNOUNCED = ("called", "open", "suspended")
MOST_LISTED = 300
YEAR_MS = 365 * 86_400_000


@dataclass(frozen=True, slots=True)
class CouncilLine:
    """A council in the list of all: ``place`` is its area, ``under`` the areas above it from the top."""

    id: str
    name: str
    place: str
    under: tuple[str, ...]
    next_at: int | None
    open_tasks: int


@dataclass(frozen=True, slots=True)
class PartySign:
    """方 as pages draw it."""

    name: str
    mark: str
    order: int
    seats: int


@dataclass(frozen=True, slots=True)
class PublicCouncil:
    """What stands on every public page of a council."""

    id: str
    name: str
    place: str
    under: tuple[str, ...]
    organisation: str
    venue: str
    telephone: str
    introduction: str
    parties: tuple[PartySign, ...]


@dataclass(frozen=True, slots=True)
class PublicItem:
    """An announced agenda item; ``topic`` is a public topic's number."""

    position: int
    title: str
    minutes: int | None
    topic: str | None


@dataclass(frozen=True, slots=True)
class PublicMeeting:
    """An announced meeting; ``published_at`` is None until its minutes are public."""

    id: str
    council_id: str
    year: int
    ordinal: int
    title: str
    place: str
    starts_at: int
    state: str
    called_at: int | None
    opened_at: int | None
    closed_at: int | None
    published_at: int | None
    invited: str
    items: tuple[PublicItem, ...] = ()


@dataclass(frozen=True, slots=True)
class PublicResolution:
    """决议 of a meeting whose minutes are public."""

    id: str
    number: int
    text: str
    sentence: str
    item: str


@dataclass(frozen=True, slots=True)
class Waits:
    """The open clock of the office (T17): ``typical`` and ``longest`` in days, None without figures."""

    unanswered: int
    typical: int | None
    longest: int | None


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A public topic in a list."""

    number: str
    title: str
    place: str
    state: str
    raised_at: int


def read_councils(session: Session) -> tuple[CouncilLine, ...]:
    """Return every council, those of one area together. Cost: four queries."""
    areas = {area.id: area for area in session.scalars(select(AreaRow))}
    following = dict(
        session.execute(
            select(MeetingRow.council_id, func.min(MeetingRow.starts_at))
            .where(MeetingRow.state.in_(_ANNOUNCED))
            .group_by(MeetingRow.council_id)
        ).all()
    )
    tasks = dict(
        session.execute(
            select(TaskRow.council_id, func.count())
            .where(TaskRow.state == "open")
            .group_by(TaskRow.council_id)
        ).all()
    )
    lines = [
        CouncilLine(
            row.id,
            row.name,
            areas[row.area_id].name,
            _above(areas, row.area_id),
            following.get(row.id),
            tasks.get(row.id, 0),
        )
        for row in session.scalars(select(CouncilRow).order_by(CouncilRow.created_at, CouncilRow.id))
    ]
    first = {line.under[:1]: place for place, line in reversed(list(enumerate(lines)))}
    return tuple(sorted(lines, key=lambda line: first[line.under[:1]]))


def read_council(session: Session, council_id: str) -> PublicCouncil | None:
    """Return one council with its parties in order, or None."""
    row = session.get(CouncilRow, council_id)
    if row is None:
        return None
    areas = {area.id: area for area in session.scalars(select(AreaRow))}
    parties = session.scalars(
        select(PartyRow).where(PartyRow.council_id == council_id).order_by(PartyRow.position)
    )
    return PublicCouncil(
        row.id,
        row.name,
        areas[row.area_id].name,
        _above(areas, row.area_id),
        row.organisation,
        row.venue,
        row.telephone,
        row.introduction,
        tuple(PartySign(party.name, party.mark, party.position, party.seats) for party in parties),
    )


def _above(areas: Mapping[str, AreaRow], area_id: str) -> tuple[str, ...]:
    """Return the names above an area, from the top of the tree."""
    names: list[str] = []
    parent = areas[area_id].parent_id
    while parent is not None:
        names.insert(0, areas[parent].name)
        parent = areas[parent].parent_id
    return tuple(names)


def read_meeting(session: Session, meeting_id: str) -> PublicMeeting | None:
    """Return an announced meeting with its agenda; None when there is none or no notice went out yet."""
    row = session.get(MeetingRow, meeting_id)
    if row is None or row.state == "planned":
        return None
    return _meeting(row, _items(session, row.id))


def next_meeting(session: Session, council_id: str) -> PublicMeeting | None:
    """Return the meeting that is on, else the one that comes next."""
    rows = session.scalars(
        select(MeetingRow)
        .where(MeetingRow.council_id == council_id, MeetingRow.state.in_(_ANNOUNCED))
        .order_by(MeetingRow.starts_at)
    ).all()
    row = next((row for row in rows if row.state != "called"), rows[0] if rows else None)
    return _meeting(row, _items(session, row.id)) if row is not None else None


def past_meetings(session: Session, council_id: str) -> tuple[PublicMeeting, ...]:
    """Return the meetings that were held, the latest first; their minutes may not be public yet."""
    rows = session.scalars(
        select(MeetingRow)
        .where(MeetingRow.council_id == council_id, MeetingRow.state == "closed")
        .order_by(MeetingRow.starts_at.desc())
        .limit(MOST_LISTED)
    )
    return tuple(_meeting(row, ()) for row in rows)


def published_resolutions(session: Session, meeting_id: str) -> tuple[PublicResolution, ...]:
    """Return the valid resolutions of a meeting, empty until its minutes are public (T164)."""
    rows = session.scalars(
        select(ResolutionRow)
        .join(MeetingRow, MeetingRow.id == ResolutionRow.meeting_id)
        .where(
            ResolutionRow.meeting_id == meeting_id,
            ResolutionRow.is_void.is_(False),
            MeetingRow.published_at.is_not(None),
        )
        .order_by(ResolutionRow.number)
    )
    return tuple(PublicResolution(row.id, row.number, row.text, row.sentence, row.item_title) for row in rows)


def public_topics(session: Session, council_id: str) -> tuple[TopicLine, ...]:
    """Return the screened topics of a council, the newest first."""
    rows = session.scalars(
        select(TopicRow)
        .where(
            TopicRow.council_id == council_id, TopicRow.state.in_([state.value for state in PUBLIC_STATES])
        )
        .order_by(TopicRow.raised_at.desc(), TopicRow.number.desc())
        .limit(MOST_LISTED)
    )
    return tuple(TopicLine(row.number, row.title, row.place, row.state, row.raised_at) for row in rows)


def read_waits(session: Session, council_id: str, now: int) -> Waits:
    """Return how long residents wait for an answer: open ones now, answered ones of the last year (T17)."""
    topics = session.execute(
        select(TopicRow.state, TopicRow.raised_at, TopicRow.answered_at).where(
            TopicRow.council_id == council_id, TopicRow.raised_at > now - YEAR_MS
        )
    ).all()
    waiting = [topic.raised_at for topic in topics if topic.state == TopicState.RECEIVED.value]
    answered = [
        (local_date(topic.answered_at) - local_date(topic.raised_at)).days
        for topic in topics
        if topic.answered_at is not None
    ]
    longest = answer_clock(local_date(min(waiting)), local_date(now)).day - 1 if waiting else None
    return Waits(len(waiting), round(median(answered)) if answered else None, longest)


def _items(session: Session, meeting_id: str) -> tuple[PublicItem, ...]:
    rows = session.execute(
        select(PlannedItemRow, TopicRow.number, TopicRow.state)
        .outerjoin(TopicRow, TopicRow.id == PlannedItemRow.topic_id)
        .where(PlannedItemRow.meeting_id == meeting_id)
        .order_by(PlannedItemRow.position)
    ).all()
    return tuple(
        PublicItem(place, row.title, row.minutes, number if state in PUBLIC_STATES else None)
        for place, (row, number, state) in enumerate(rows, 1)
    )


def _meeting(row: MeetingRow, items: Sequence[PublicItem]) -> PublicMeeting:
    return PublicMeeting(
        row.id,
        row.council_id,
        row.year,
        row.ordinal,
        row.title,
        row.place,
        row.starts_at,
        row.state,
        row.called_at,
        row.opened_at,
        row.closed_at,
        row.published_at,
        row.invited,
        tuple(items),
    )


def topic_number(session: Session, topic_id: str | None) -> str | None:
    """Return the number of a public topic, for a link to it."""
    if topic_id is None:
        return None
    row = session.get(TopicRow, topic_id)
    return row.number if row is not None and row.state in PUBLIC_STATES else None


def resolution_of(
    session: Session, resolution_id: str | None
) -> tuple[PublicResolution, PublicMeeting] | None:
    """Return a public resolution with its meeting."""
    row = session.get(ResolutionRow, resolution_id) if resolution_id is not None else None
    meeting = session.get(MeetingRow, row.meeting_id) if row is not None else None
    if row is None or meeting is None or meeting.published_at is None:
        return None
    shown = PublicResolution(row.id, row.number, row.text, row.sentence, row.item_title)
    return shown, _meeting(meeting, ())
