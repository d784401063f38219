"""What the pages of the minutes share: who asks, which text they may read, results where the text asks for them."""

from collections.abc import Mapping
from dataclasses import dataclass

from server.documents.markdown import ResultPlace, split_at_results
from server.documents.papers import Edition, MinutesPaper, ResultLine
from server.domain.actor import Actor, Role
from server.domain.meeting.events import Party
from server.domain.refusal import RefusalCode
from server.pages.context import reading, services, signed_in
from server.service.access.sessions import actor_in
from server.service.community.reach import may_reach
from server.service.minutes.cycle import MinutesView, read_minutes
from server.service.minutes.paper import edition_of
from server.service.refused import refused

# Folding a long meeting takes longer than an ordinary page's reading.
READ_SECONDS = 2.0
# How the seats of a party are drawn for the three standard options; others are only counted.
_CELLS = {"赞成": "for", "反对": "against", "弃权": "abstain"}
MOST_CELLS = 40


@dataclass(frozen=True, slots=True)
class PartyCells:
    """One party's row of a result: its sign, one cell for each seat, its counts."""

    name: str
    mark: str
    order: int
    cells: tuple[str, ...]
    counts: tuple[int, ...]
    present: int
    entitled: int


@dataclass(frozen=True, slots=True)
class ShownResult:
    """A result as a page draws it; ``rows`` are empty in secret polls."""

    result: ResultLine
    rows: tuple[PartyCells, ...]


def find_view(meeting_id: str) -> MinutesView:
    """Return a meeting's minutes or refuse with NOT_FOUND."""
    with reading(READ_SECONDS) as session:
        view = read_minutes(session, meeting_id)
    if view is None:
        raise refused(RefusalCode.NOT_FOUND, what="meeting")
    return view


def actor_of(view: MinutesView) -> Actor | None:
    """Return who asks towards this meeting; None for strangers and for accounts of another area (S80)."""
    person = signed_in()
    if person is None:
        return None
    if person.account is not None:
        with reading() as session:
            if not may_reach(session, person.area, view.council_id):
                return None
    actor = actor_in(view.record.meeting, person)
    return actor if actor is not None and actor.roles else None


def own_signatory(view: MinutesView, actor: Actor) -> str | None:
    """Return for whom a person signs on their own device: their seat, the chair or the secretary of this meeting.

    A ticket is given to one person of one meeting. An account may keep many meetings' records, so it signs only where
    the meeting names its holder: nobody signs for another (P10).
    """
    if actor.seat is not None:
        return str(actor.seat)
    person = signed_in()
    offices = ((Role.CHAIR, view.card.chair), (Role.SECRETARY, view.card.secretary))
    for role, holder in offices:
        if person is not None and actor.is_one_of(role) and (person.account is None or person.name == holder):
            return role.value
    return None


def read_paper(view: MinutesView, edition: Edition) -> MinutesPaper:
    """Return an edition of the frozen text."""
    with reading(READ_SECONDS) as session:
        return edition_of(session, view, services().public_url(), edition)


def arranged(
    body_html: str, results: tuple[ResultLine, ...], parties: tuple[Party, ...]
) -> list[str | ShownResult]:
    """Return prose and results in the order of the text, then the results it does not ask for, as the paper prints."""
    signs = {party.name: party for party in parties}
    shown = [_shown(result, signs) for result in results]
    parts: list[str | ShownResult] = []
    placed: set[int] = set()
    for part in split_at_results(body_html):
        if not isinstance(part, ResultPlace):
            parts.append(part)
        elif part.number <= len(shown) and part.number not in placed:
            placed.add(part.number)
            parts.append(shown[part.number - 1])
    return parts + [result for number, result in enumerate(shown, 1) if number not in placed]


def _shown(result: ResultLine, signs: Mapping[str, Party]) -> ShownResult:
    rows = []
    for party in result.parties or ():
        sign = signs.get(party.party)
        cells = [
            _CELLS.get(option.text, "here")
            for option, count in zip(result.options, party.counts, strict=True)
            for _ in range(count)
        ]
        silent = ["none"] * max(0, party.present - len(cells))
        away = ["empty"] * max(0, party.entitled - max(party.present, len(cells)))
        rows.append(
            PartyCells(
                party.party,
                sign.mark if sign is not None else party.party[:1],
                sign.order if sign is not None else 0,
                (*cells, *silent, *away) if party.entitled <= MOST_CELLS else (),
                party.counts,
                party.present,
                party.entitled,
            )
        )
    return ShownResult(result, tuple(rows))
