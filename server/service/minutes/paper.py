"""The minutes as papers: the archive edition in full, the public one derived from it by rules (T104, T105)."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.documents.codec import encode_paper
from server.documents.failed import DocumentFailed
from server.documents.markdown import to_html
from server.documents.papers import Attendee, Edition, MinutesPaper, PartyPresence, SignatureLine
from server.documents.strokes import Strokes, parse_strokes
from server.domain.meeting.state import Signature
from server.domain.minutes.mask import public_text, representative_words
from server.domain.minutes.record import MeetingRecord
from server.domain.refusal import RefusalCode
from server.service.clock import local_time
from server.service.minutes.cycle import MinutesView, read_minutes
from server.service.minutes.text import MinutesText, SeatLine, date_words, digest_of
from server.service.minutes.ways import public_words
from server.service.refused import refused
from server.store.codec import canonical
from server.store.log import read_lines, root_of
from server.store.tables.meetings import EventRow
from server.store.tables.minutes import DocumentRow, DrawingRow
from server.store.tables.tasks import TaskRow
from server.store.writer import Unit

OFFICERS = {"chair": "主持人", "secretary": "记录人"}


@dataclass(frozen=True, slots=True)
class Printed:
    """A stored PDF and the stamp of the content it was made from."""

    stamp: str
    pdf: bytes


def paper_of(session: Session, meeting_id: str, public_url: str) -> MinutesPaper:
    """Return the archive edition; Refused NOT_FOUND before a text was frozen for signing."""
    return _frozen_paper(session, _found(session, meeting_id), public_url)


def public_paper(session: Session, meeting_id: str, public_url: str) -> MinutesPaper:
    """Return the public edition; Refused NOT_FOUND before a text was frozen for signing."""
    return edition_of(session, _found(session, meeting_id), public_url, "public")


def edition_of(session: Session, view: MinutesView, public_url: str, edition: Edition) -> MinutesPaper:
    """Return an edition of minutes already read.

    Raises Refused NOT_FOUND before a text was frozen for signing, DocumentFailed MINUTES_ALTERED when the stored text
    is not the one whose digest is in the log.
    """
    full = _frozen_paper(session, view, public_url)
    return full if edition == "archive" else _public(full, view)


def _found(session: Session, meeting_id: str) -> MinutesView:
    view = read_minutes(session, meeting_id)
    if view is None:
        raise refused(RefusalCode.NOT_FOUND, what="meeting")
    return view


def _frozen_paper(session: Session, view: MinutesView, public_url: str) -> MinutesPaper:
    text, milestones = view.frozen_text, view.record.meeting.minutes
    if text is None or milestones.state == "draft":
        raise refused(RefusalCode.NOT_FOUND, what="minutes")
    if digest_of(view.frozen) != milestones.sha256:
        raise DocumentFailed(
            "MINUTES_ALTERED", "保存的纪要和签字时的文字不一致，不能打印。请告诉管理员核对备份。"
        )
    meeting = view.record.meeting.id
    root, size = _root_when_finalised(session, meeting)
    return MinutesPaper(
        organisation=text.organisation,
        council=text.council,
        meeting=text.meeting,
        title=text.title,
        held_at=text.held_at,
        issued_on=text.issued_on,
        place=text.place,
        chair=text.chair,
        secretary=text.secretary,
        body_html=to_html(text.markdown),
        text_sha256=milestones.sha256,
        root=root,
        log_size=size,
        check_url=f"{public_url}/minutes/{meeting}#check",
        doc_number=text.doc_number or None,
        presence=_by_party(text.seats),
        results=text.results,
        tasks=text.tasks,
        signatures=_signatures(session, view.record, text),
        voided=voided_words(view.record),
    )


def _public(full: MinutesPaper, view: MinutesView) -> MinutesPaper:
    """Derive the public edition: posts instead of names, no drawings, no list of who chose what (T105)."""
    text = view.frozen_text
    if text is None:
        return full
    posts = posts_instead_of_names(text)
    body = public_text(text.markdown, posts)
    had_ballots = any(result.ballots for result in full.results)
    return replace(
        full,
        edition="public",
        chair=_post_of(text.chair, text.seats),
        secretary=_post_of(text.secretary, text.seats),
        body_html=to_html(body),
        presence=_without_names(text.seats),
        results=tuple(
            replace(result, ballots=None, note=public_words(result.note, posts)) for result in full.results
        ),
        signatures=tuple(_public_signature(line, text.seats, posts) for line in full.signatures),
        voided=public_text(full.voided, posts) if full.voided else None,
        withheld=("姓名", "手写签名", *(("逐席投票名单",) if had_ballots else ())),
    )


def posts_instead_of_names(text: MinutesText) -> dict[str, str]:
    """Return what stands for each name in free text: party and post; the office for a chair or secretary.

    Where the text says the office before the name already, the office alone is left.
    """
    posts = {seat.name: representative_words(seat.party, seat.post) for seat in text.seats}
    for name, office, words in (
        (text.secretary, OFFICERS["secretary"], OFFICERS["secretary"]),
        (text.chair, OFFICERS["chair"], f"议事会{OFFICERS['chair']}"),
    ):
        if name:
            posts[name] = _post_of(name, text.seats) or words
            posts[office + name] = office
    return {name: words for name, words in posts.items() if name and words}


def voided_words(record: MeetingRecord) -> str | None:
    """Return the note on signatures that an edit made void, None when there were none (T90)."""
    notes = [
        f"{date_words(voided.at)}修改文字，此前{len(voided.signatories)}人的签字因修改失效。修改理由：{voided.reason}"
        for voided in record.voided
        if voided.signatories
    ]
    return "\n".join(notes) if notes else None


def stamp_of(paper: MinutesPaper, version: str) -> str:
    """Return what a paper's content is known by; another program version prints anew."""
    return hashlib.sha256(canonical([encode_paper(paper), version]).encode()).hexdigest()


def read_printed(session: Session, meeting: str, edition: str) -> Printed | None:
    """Return the stored PDF of an edition."""
    row = session.get(DocumentRow, (meeting, _kind(edition)))
    return Printed(row.stamp, row.pdf) if row is not None else None


def keep_printed(unit: Unit, meeting: str, edition: str, printed: Printed, now: int) -> None:
    """Store a PDF in place of the former one."""
    unit.session.merge(
        DocumentRow(
            meeting_id=meeting,
            kind=_kind(edition),
            stamp=printed.stamp,
            sha256=hashlib.sha256(printed.pdf).hexdigest(),
            pdf=printed.pdf,
            made_at=now,
        )
    )


def read_drawings(session: Session, meeting: str) -> dict[str, Strokes]:
    """Return the drawings of a meeting by their digests."""
    rows = session.scalars(select(DrawingRow).where(DrawingRow.meeting_id == meeting))
    return {row.digest: parse_strokes(row.strokes) for row in rows}


def signatory_words(signatory: str, text: MinutesText) -> tuple[str, str]:
    """Return name and party (or office) of a signatory."""
    if signatory in OFFICERS:
        return (text.chair if signatory == "chair" else text.secretary), OFFICERS[signatory]
    seat = text.seats[int(signatory) - 1]
    return seat.name, seat.party


def in_order(signatories: tuple[str, ...]) -> tuple[str, ...]:
    """Return seats by number, then chair and secretary."""
    seats = sorted((name for name in signatories if name not in OFFICERS), key=int)
    return (*seats, *(name for name in OFFICERS if name in signatories))


def _kind(edition: str) -> str:
    return f"minutes_{edition}"


def _root_when_finalised(session: Session, meeting: str) -> tuple[str, int]:
    """Return the root over the log up to the last freezing, as base64url, and its size: signatures come later (S45)."""
    last = session.scalar(
        select(func.max(EventRow.seq)).where(
            EventRow.meeting_id == meeting, EventRow.type == "minutes.finalised"
        )
    )
    size = (last if last is not None else -1) + 1
    root = bytes.fromhex(root_of(read_lines(session, meeting)[:size]))
    return base64.urlsafe_b64encode(root).decode().rstrip("="), size


def _by_party(seats: tuple[SeatLine, ...]) -> tuple[PartyPresence, ...]:
    return tuple(
        PartyPresence(
            party,
            present=_persons(seats, party, "present"),
            excused=_persons(seats, party, "excused"),
            absent=_persons(seats, party, "absent"),
        )
        for party in dict.fromkeys(seat.party for seat in seats)
    )


def _persons(seats: tuple[SeatLine, ...], party: str, presence: str) -> tuple[Attendee, ...]:
    return tuple(
        Attendee(seat.name, "，".join(words for words in (seat.post, seat.remark) if words) or None)
        for seat in seats
        if seat.party == party and seat.presence == presence
    )


def _without_names(seats: tuple[SeatLine, ...]) -> tuple[PartyPresence, ...]:
    """Say how many of a party came, with their posts."""
    parties = []
    for party in dict.fromkeys(seat.party for seat in seats):
        own = [seat for seat in seats if seat.party == party]
        there, excused, away = (
            _heads([seat for seat in own if seat.presence == presence])
            for presence in ("present", "excused", "absent")
        )
        parties.append(PartyPresence(party, present=there, excused=excused, absent=away))
    return tuple(parties)


def _heads(seats: list[SeatLine]) -> tuple[Attendee, ...]:
    if not seats:
        return ()
    posts = "、".join(seat.post for seat in seats if seat.post)
    return (Attendee(f"{len(seats)}人", posts or None),)


def _signatures(session: Session, record: MeetingRecord, text: MinutesText) -> tuple[SignatureLine, ...]:
    """Return the answers, seats first; who has not answered appears only once the minutes are published."""
    milestones = record.meeting.minutes
    drawings = read_drawings(session, record.meeting.id)
    given = {signature.signatory: signature for signature in milestones.signatures}
    lines = []
    for signatory in in_order(milestones.signatories):
        name, party = signatory_words(signatory, text)
        signature = given.get(signatory)
        if signature is not None:
            lines.append(_signature_line(name, party, signature, drawings))
        elif milestones.state == "published":
            lines.append(SignatureLine(name, party, "unsigned"))
    return tuple(lines)


def _signature_line(
    name: str, party: str, signature: Signature, drawings: Mapping[str, Strokes]
) -> SignatureLine:
    local = local_time(signature.signed_at)
    return SignatureLine(
        name,
        party,
        signature.answer,  # type: ignore[arg-type]
        f"{local.month}月{local.day}日",
        drawings.get(signature.drawing),
        signature.text or None,
        _remark(signature),
    )


def _remark(signature: Signature) -> str | None:
    if signature.manner == "typed":
        return "在本人设备上输入姓名签字"
    return "在签到台的设备上答复" if signature.by == "desk" else None


def _public_signature(
    line: SignatureLine, seats: tuple[SeatLine, ...], posts: Mapping[str, str]
) -> SignatureLine:
    if line.party in OFFICERS.values():
        name = _post_of(line.name, seats)
    else:
        seat = next((s for s in seats if s.name == line.name and s.party == line.party), None)
        name = f"代表（{seat.post}）" if seat is not None and seat.post else "代表"
    return replace(line, name=name, strokes=None, text=public_text(line.text, posts) if line.text else None)


def _post_of(name: str, seats: tuple[SeatLine, ...]) -> str:
    """Return the post of a chair or secretary who holds a seat, else an empty text."""
    return next((seat.post for seat in seats if seat.name == name and seat.post), "")


@dataclass(frozen=True, slots=True)
class PublishedTask:
    """A task that came out of the meeting, with the number residents find it under."""

    number: str
    text: str
    accountable: str
    post: str
    due: str


def published_tasks(session: Session, meeting: str) -> tuple[PublishedTask, ...]:
    """Return the tasks of published minutes in the order of their numbers."""
    rows = session.scalars(select(TaskRow).where(TaskRow.meeting_id == meeting).order_by(TaskRow.number))
    return tuple(PublishedTask(row.number, row.text, row.accountable, row.post, row.due) for row in rows)
