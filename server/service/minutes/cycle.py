"""会议纪要: drafted from the log, edited, frozen, signed, published; milestones are in the log, the text in a table."""

import hashlib
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.documents.strokes import parse_strokes
from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting.decide.minutes import LONGEST_REMARK
from server.domain.meeting.decide.text import is_sound_text
from server.domain.meeting.events import Event
from server.domain.minutes.draft import draft_markdown
from server.domain.minutes.record import MeetingRecord, record_of
from server.domain.refusal import RefusalCode
from server.screens.card import RoomCard
from server.service.minutes.text import MinutesText, draft_names, freeze, text_of, thaw
from server.service.refused import refused
from server.service.room.cards import read_card
from server.service.room.keeper import RoomKeeper, Sitting
from server.store import log as log_store
from server.store.codec import canonical, read_line
from server.store.tables.areas import CouncilRow
from server.store.tables.meetings import MeetingRow
from server.store.tables.minutes import DrawingRow, MinutesRow, MinutesVersionRow
from server.store.writer import Unit

LONGEST_TEXT = 50_000
AnswerWord = Literal["signed", "signed_with_reservation", "refused"]


@dataclass(frozen=True, slots=True)
class Text:
    """The text as it stands; version 0 is the draft from the log that nobody has saved yet."""

    markdown: str
    version: int
    saved_at: int | None
    saved_by: str


@dataclass(frozen=True, slots=True)
class Version:
    """One saved text of the history."""

    version: int
    markdown: str
    saved_at: int
    saved_by: str
    note: str


class TextConflict(Exception):
    """Somebody saved in between: both texts are shown, none is lost (T64)."""

    def __init__(self, theirs: Text) -> None:
        super().__init__(theirs.version)
        self.theirs = theirs


@dataclass(frozen=True, slots=True)
class Answer:
    """A signatory's answer; ``strokes`` is the JSON of the pad, "" from somebody who refuses (S54).

    ``is_typed`` says that the device takes no handwriting and the signer typed the name.
    """

    signatory: str
    answer: AnswerWord
    sha256: str
    text: str
    strokes: str
    is_typed: bool = False


@dataclass(frozen=True, slots=True)
class MinutesView:
    """A meeting's minutes as pages need them; ``frozen`` is what was put up for signing, else None."""

    record: MeetingRecord
    card: RoomCard
    council_id: str
    organisation: str
    document_sign: str
    published_at: int | None
    text: Text
    frozen: str
    frozen_text: MinutesText | None


def read_minutes(session: Session, meeting_id: str) -> MinutesView | None:
    """Return the minutes of a called meeting, None when there is no such meeting. Cost: the whole log."""
    events = log_store.read_events(session, meeting_id)
    return _view(session, meeting_id, events) if events else None


def read_versions(session: Session, meeting_id: str) -> tuple[Version, ...]:
    """Return every saved text, the newest first."""
    rows = session.scalars(
        select(MinutesVersionRow)
        .where(MinutesVersionRow.meeting_id == meeting_id)
        .order_by(MinutesVersionRow.version.desc())
    )
    return tuple(Version(row.version, row.markdown, row.saved_at, row.saved_by, row.note) for row in rows)


def open_draft(unit: Unit, rooms: RoomKeeper, meeting_id: str, now: int) -> Text:
    """Return the text, made from the log and saved as version 1 when there is none yet."""
    view = _view_in(unit, rooms, meeting_id)
    if view.text.version == 0:
        _save(unit.session, meeting_id, view.text.markdown, 1, "", now, "按议事日志生成")
        return Text(view.text.markdown, 1, now, "")
    return view.text


def save_text(
    unit: Unit,
    rooms: RoomKeeper,
    meeting_id: str,
    actor: Actor,
    markdown: str,
    *,
    by: str,
    base_version: int,
    now: int,
    note: str = "",
) -> int:
    """Save a new text over the one it was made from and return its version.

    TextConflict when somebody saved in between; INVALID_TRANSITION once signing began; the same text again changes
    nothing.
    """
    _check_editor(unit, rooms, meeting_id, actor)
    if not is_sound_text(markdown, LONGEST_TEXT):
        raise refused(RefusalCode.BAD_DATA, field="markdown")
    current = _current(unit.session, meeting_id)
    if current is not None and current.markdown == markdown:
        return current.version
    version = current.version if current is not None else 0
    if current is not None and version != base_version:
        raise TextConflict(current)
    _save(unit.session, meeting_id, markdown, version + 1, by, now, note)
    return version + 1


def regenerate(
    unit: Unit, rooms: RoomKeeper, meeting_id: str, actor: Actor, *, by: str, base_version: int, now: int
) -> int:
    """Write the text anew from the log; the former one stays in the history."""
    view = _view_in(unit, rooms, meeting_id)
    draft = draft_markdown(view.record, draft_names(view.record, view.card))
    return save_text(
        unit,
        rooms,
        meeting_id,
        actor,
        draft,
        by=by,
        base_version=base_version,
        now=now,
        note="按议事日志重新生成",
    )


def finalise(
    unit: Unit,
    rooms: RoomKeeper,
    meeting_id: str,
    actor: Actor,
    now: int,
    *,
    base_version: int | None = None,
) -> str:
    """Freeze the text with all its facts for signing and return its SHA-256.

    ``base_version`` is the version the person saw; TextConflict when another one stands.
    """
    view = _view_in(unit, rooms, meeting_id)
    if base_version is not None and base_version != view.text.version:
        raise TextConflict(view.text)
    open_draft(unit, rooms, meeting_id, now)
    text = text_of(view.record, view.card, view.organisation, view.document_sign, view.text.markdown, now)
    frozen, sha256 = freeze(text)
    rooms.decide(unit, meeting_id, actor, c.FinaliseMinutes(sha256), now)
    _row(unit.session, meeting_id).frozen = frozen
    return sha256


def sign(unit: Unit, rooms: RoomKeeper, meeting_id: str, actor: Actor, answer: Answer, now: int) -> None:
    """Record one signatory's answer and keep the drawing beside the log, named there by its digest.

    DocumentFailed when the drawing is empty, too long or unreadable (S54); who refuses or typed the name does not draw.
    """
    is_drawn = answer.answer != "refused" and not answer.is_typed
    strokes = "" if not is_drawn else canonical(parse_strokes(answer.strokes).lines)
    drawing = hashlib.sha256(strokes.encode()).hexdigest() if strokes else ""
    text = "" if answer.answer == "signed" else answer.text
    command = c.SignMinutes(
        answer.signatory, answer.answer, answer.sha256, text, drawing, "typed" if answer.is_typed else "drawn"
    )
    rooms.decide(unit, meeting_id, actor, command, now)
    if drawing and unit.session.get(DrawingRow, (meeting_id, drawing)) is None:
        unit.session.add(DrawingRow(meeting_id=meeting_id, digest=drawing, strokes=strokes, drawn_at=now))


def reopen(unit: Unit, rooms: RoomKeeper, meeting_id: str, actor: Actor, reason: str, now: int) -> None:
    """Take the text up again: every signature becomes void, visibly, with the reason (T90)."""
    if not is_sound_text(reason, LONGEST_REMARK):
        raise refused(RefusalCode.REASON_MISSING)
    rooms.decide(unit, meeting_id, actor, c.ReopenMinutes(reason), now)
    _row(unit.session, meeting_id).frozen = ""


def publish(unit: Unit, rooms: RoomKeeper, meeting_id: str, actor: Actor, confirmed: bool, now: int) -> None:
    """公开; ``confirmed`` prints who did not answer as 未签字; chair and secretary must have answered."""
    rooms.decide(unit, meeting_id, actor, c.PublishMinutes(confirmed), now)


def may_edit(actor: Actor | None) -> bool:
    """Tell whether a person keeps the record: the secretary, and the chair."""
    return actor is not None and actor.is_one_of(Role.SECRETARY, Role.CHAIR)


def _check_editor(unit: Unit, rooms: RoomKeeper, meeting_id: str, actor: Actor) -> None:
    sitting = _sitting(unit, rooms, meeting_id)
    if not may_edit(actor):
        raise refused(RefusalCode.NOT_ALLOWED)
    if sitting.state.minutes.state != "draft":
        raise refused(RefusalCode.INVALID_TRANSITION, state=sitting.state.minutes.state)


def _sitting(unit: Unit, rooms: RoomKeeper, meeting_id: str) -> Sitting:
    sitting = rooms.sit(unit, meeting_id)
    if sitting is None:
        raise refused(RefusalCode.NOT_FOUND, what="meeting")
    return sitting


def _view_in(unit: Unit, rooms: RoomKeeper, meeting_id: str) -> MinutesView:
    """Return the minutes within a transaction; events decided in it but not written yet count too."""
    sitting = _sitting(unit, rooms, meeting_id)
    pending = [read_line(str(row["line"])) for row in sitting.rows]
    unit.session.flush()
    return _view(unit.session, meeting_id, [*log_store.read_events(unit.session, meeting_id), *pending])


def _view(session: Session, meeting_id: str, events: list[tuple[Event, int]]) -> MinutesView:
    record = record_of(meeting_id, events)
    card = read_card(session, meeting_id)
    meeting = session.get_one(MeetingRow, meeting_id)
    council = session.get_one(CouncilRow, meeting.council_id)
    row = session.get(MinutesRow, meeting_id)
    if row is None:
        text = Text(draft_markdown(record, draft_names(record, card)), 0, None, "")
    else:
        text = Text(row.markdown, row.version, row.saved_at, row.saved_by)
    frozen = row.frozen if row is not None else ""
    return MinutesView(
        record,
        card,
        council.id,
        council.organisation,
        council.document_sign,
        meeting.published_at,
        text,
        frozen,
        thaw(frozen) if frozen else None,
    )


def _current(session: Session, meeting_id: str) -> Text | None:
    row = session.get(MinutesRow, meeting_id)
    return Text(row.markdown, row.version, row.saved_at, row.saved_by) if row is not None else None


def _row(session: Session, meeting_id: str) -> MinutesRow:
    row = session.get(MinutesRow, meeting_id)
    if row is None:
        raise refused(RefusalCode.NOT_FOUND, what="minutes")
    return row


def _save(
    session: Session, meeting_id: str, markdown: str, version: int, by: str, now: int, note: str
) -> None:
    row = session.get(MinutesRow, meeting_id)
    if row is None:
        row = MinutesRow(meeting_id=meeting_id, frozen="")
        session.add(row)
    row.markdown, row.version, row.saved_at, row.saved_by = markdown, version, now, by[:60]
    session.add(
        MinutesVersionRow(
            meeting_id=meeting_id,
            version=version,
            markdown=markdown,
            saved_at=now,
            saved_by=by[:60],
            note=note,
        )
    )
    session.flush()
