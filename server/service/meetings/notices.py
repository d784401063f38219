"""The notice (会议通知) and the sign-in sheet of a meeting as papers, and the notice's stored PDF."""

import hashlib

from sqlalchemy.orm import Session

from server.documents.codec import encode_paper
from server.documents.papers import NoticeItem, NoticePaper, SignInLine, SignInPaper
from server.service.community.councils import find_council, list_parties
from server.service.community.roster import list_representatives
from server.service.meetings.plans import find_meeting, list_items, number_of
from server.service.spoken import spoken_date, spoken_moment
from server.store.tables.meetings import MeetingRow
from server.store.tables.minutes import DocumentRow
from server.store.writer import Unit

KIND = "notice"


def notice_paper(session: Session, meeting_id: str, public_url: str, now: int) -> NoticePaper:
    """Return what the notice says; before it is issued it bears today's date. NOT_FOUND without such a meeting."""
    row = find_meeting(session, meeting_id)
    council = find_council(session, row.council_id)
    return NoticePaper(
        organisation=council.organisation,
        council=council.name,
        meeting=number_of(row),
        title=row.title,
        held_at=spoken_moment(row.starts_at),
        place=row.place,
        invited=_invited(session, row),
        items=tuple(NoticeItem(item.title, "协商", item.minutes) for item in list_items(session, meeting_id)),
        raise_matters=_how_to_raise(council.organisation, council.telephone),
        issued_on=spoken_date(row.called_at or now),
        url=f"{public_url}/notices/{meeting_id}",
        telephone=council.telephone or None,
    )


def _invited(session: Session, row: MeetingRow) -> tuple[str, ...]:
    """Say who comes: the parties with their heads, then what was written, a line each."""
    people = list_representatives(session, row.council_id)
    heads = [
        f"{party.name}{sum(person.party_id == party.id for person in people)}人"
        for party in list_parties(session, row.council_id)
    ]
    written = (line.strip() for line in row.invited.split("\n"))
    return ("议事代表：" + "、".join(heads), *(line for line in written if line))


def _how_to_raise(organisation: str, telephone: str) -> str:
    if telephone:
        return f"想提议题，扫码写下来，打下面的电话，或者到{organisation}当面说。"
    return f"想提议题，扫码写下来，或者到{organisation}当面说。"


def sign_in_paper(session: Session, meeting_id: str) -> SignInPaper:
    """Return the sign-in sheet with everybody on the roster, in order of seats (P25)."""
    row = find_meeting(session, meeting_id)
    council = find_council(session, row.council_id)
    names = {party.id: party.name for party in list_parties(session, row.council_id)}
    return SignInPaper(
        organisation=council.organisation,
        council=council.name,
        meeting=number_of(row),
        held_at=spoken_moment(row.starts_at),
        place=row.place,
        seats=tuple(
            SignInLine(person.name, names[person.party_id])
            for person in list_representatives(session, row.council_id)
        ),
    )


def stamp_of(paper: NoticePaper) -> str:
    """Return what tells two contents of a notice apart."""
    return hashlib.sha256(repr(encode_paper(paper)).encode()).hexdigest()


def stored_notice(session: Session, meeting_id: str, stamp: str) -> bytes | None:
    """Return the PDF made from this content, if it was made."""
    row = session.get(DocumentRow, (meeting_id, KIND))
    return row.pdf if row is not None and row.stamp == stamp else None


def store_notice(unit: Unit, now: int, meeting_id: str, stamp: str, pdf: bytes) -> None:
    """Keep a notice's PDF in place of a former one."""
    row = unit.session.get(DocumentRow, (meeting_id, KIND))
    if row is None:
        row = DocumentRow(meeting_id=meeting_id, kind=KIND)
        unit.session.add(row)
    row.stamp, row.pdf, row.made_at = stamp, pdf, now
    row.sha256 = hashlib.sha256(pdf).hexdigest()
