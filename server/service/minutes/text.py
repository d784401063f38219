"""Everything a signatory reads and signs, as words ready to print and as one canonical JSON (T88, S45)."""

import hashlib
import json
from dataclasses import dataclass, replace
from typing import Literal

import msgspec

from server.documents.papers import (
    BallotLine,
    OptionCount,
    PartyCount,
    ResolutionLine,
    ResultLine,
    TaskLine,
)
from server.domain.meeting.commands import Nature, Secrecy
from server.domain.meeting.sentence import seal_of
from server.domain.meeting.state import Count, Meeting, Poll
from server.domain.minutes.draft import DraftNames, due_words
from server.domain.minutes.record import (
    ItemRecord,
    MeetingRecord,
    PollRecord,
    Question,
    SeatRecord,
    resolution_of,
)
from server.screens.card import RoomCard
from server.service.clock import local_time
from server.service.minutes.ways import words_on_ways
from server.store.codec import canonical

# The same words as in the word list; the paper must not change its meaning when that list does (tests compare them).
NATURES: dict[Nature, str] = {
    "sounding": "意向征询",
    "deliberative": "协商表决",
    "assembly": "代表会议决议",
}
SECRECY: dict[Secrecy, str] = {"open": "记名", "secret": "无记名"}
NOTE_ON_SECRECY = "无记名：保密性取决于服务器管理者。"


@dataclass(frozen=True, slots=True)
class SeatLine:
    """One seat in the list of persons; ``remark`` says when somebody came late or left early."""

    seat: int
    party: str
    name: str
    post: str
    presence: Literal["present", "excused", "absent"]
    remark: str = ""


@dataclass(frozen=True, slots=True)
class MinutesText:
    """What is signed: the secretary's Markdown and every fact printed with it."""

    organisation: str
    council: str
    meeting: str
    title: str
    doc_number: str
    issued_on: str
    held_at: str
    place: str
    chair: str
    secretary: str
    markdown: str
    seats: tuple[SeatLine, ...]
    results: tuple[ResultLine, ...]
    tasks: tuple[TaskLine, ...]
    schema: str = "minutes.v1"


def freeze(text: MinutesText) -> tuple[str, str]:
    """Return the canonical JSON of a text and its SHA-256 in hex, the one the log and the paper name."""
    frozen = canonical(msgspec.to_builtins(text))
    return frozen, digest_of(frozen)


def thaw(frozen: str) -> MinutesText:
    """Return the text of a canonical JSON; ValidationError when it is not ours."""
    return msgspec.convert(json.loads(frozen), MinutesText)


def digest_of(frozen: str) -> str:
    """Return the SHA-256 of a frozen text in hex."""
    return hashlib.sha256(frozen.encode()).hexdigest()


def check_words(sha256: str) -> str:
    """Return the first twelve digits of a digest in three groups, short enough to be read aloud."""
    head = sha256[:12].upper()
    return " ".join((head[:4], head[4:8], head[8:]))


def text_of(
    record: MeetingRecord, card: RoomCard, organisation: str, document_sign: str, markdown: str, now: int
) -> MinutesText:
    """Gather what is to be signed from the record, the names beside it and the secretary's Markdown."""
    year, _, ordinal = card.number.partition("年第")
    number = ordinal.removesuffix("次会议")
    return MinutesText(
        organisation,
        card.council,
        card.number,
        f"{card.council}\n{card.number}纪要",
        f"{document_sign}〔{year}〕{number}号" if document_sign else "",
        date_words(now),
        held_words(record.meeting, card.starts_at),
        card.place,
        card.chair,
        card.secretary,
        markdown,
        tuple(_seat_line(seat, record.meeting, card) for seat in record.seats),
        tuple(_result_line(item, question, record.meeting, card) for item, question in record.results),
        task_lines(record),
    )


def draft_names(record: MeetingRecord, card: RoomCard) -> DraftNames:
    """Return the words a draft needs beside the log."""
    held_at = held_words(record.meeting, card.starts_at)
    return DraftNames(card.council, card.number, card.place, held_at, card.chair, card.secretary)


def date_words(instant: int) -> str:
    """Return 2026年3月28日."""
    local = local_time(instant)
    return f"{local.year}年{local.month}月{local.day}日"


def held_words(meeting: Meeting, starts_at: int) -> str:
    """Return 2026年3月20日19时至20时35分; the planned beginning while the meeting was not opened."""
    began = meeting.opened_at if meeting.opened_at is not None else starts_at
    words = f"{date_words(began)}{_clock_words(began)}"
    if meeting.closed_at is None:
        return words
    if date_words(began) == date_words(meeting.closed_at):
        return f"{words}至{_clock_words(meeting.closed_at)}"
    return f"{words}至{date_words(meeting.closed_at)}{_clock_words(meeting.closed_at)}"


def _clock_words(instant: int) -> str:
    local = local_time(instant)
    return f"{local.hour}时{local.minute}分" if local.minute else f"{local.hour}时"


def _seat_line(seat: SeatRecord, meeting: Meeting, card: RoomCard) -> SeatLine:
    named = card.names.get(seat.seat)
    remarks = []
    if seat.was_late and seat.arrived_at is not None:
        remarks.append(f"{_clock_words(seat.arrived_at)}到会")
    if seat.left_early and seat.left_at is not None:
        remarks.append(f"{_clock_words(seat.left_at)}离会")
    return SeatLine(
        seat.seat,
        meeting.party(seat.party).name,
        card.name(seat.seat),
        named.post if named is not None else "",
        _presence_of(seat.seat, meeting),
        "、".join(remarks),
    )


def _presence_of(seat: int, meeting: Meeting) -> Literal["present", "excused", "absent"]:
    if seat in meeting.attended:
        return "present"
    return "excused" if seat in meeting.excused else "absent"


def _result_line(item: ItemRecord, question: Question, meeting: Meeting, card: RoomCard) -> ResultLine:
    resolution = resolution_of(item, question)
    adopted = ResolutionLine(f"第{resolution.number}号决议", resolution.text) if resolution else None
    if not isinstance(question, PollRecord):
        return ResultLine(
            item.item.title,
            question.text,
            NATURES["deliberative"],
            "无异议通过",
            "passed",
            question.sentence,
            question.entitled,
            question.present,
            resolution=adopted,
        )
    poll = question.poll
    plain = ResultLine(
        item.item.title,
        poll.text,
        NATURES[poll.nature],
        SECRECY[poll.secrecy],
        "void",
        question.sentence,
        len(poll.entitled),
        len(poll.base),
        note=NOTE_ON_SECRECY if poll.secrecy == "secret" else None,
        resolution=adopted,
    )
    # A poll declared void counts for nothing: its figures are not printed.
    if question.void_reason is not None or poll.count is None:
        return plain
    return _counted(plain, poll, poll.count, meeting, card)


def _counted(plain: ResultLine, poll: Poll, count: Count, meeting: Meeting, card: RoomCard) -> ResultLine:
    words = {option.id: option.text for option in poll.options}
    tally = dict(count.tally)
    parties = ballots = None
    note = plain.note
    if count.parties is not None:
        parties = tuple(
            PartyCount(
                meeting.party(p.party).name,
                p.entitled,
                p.present,
                tuple(dict(p.tally).get(option.id, 0) for option in poll.options),
            )
            for p in count.parties
        )
    if count.ballots is not None:
        ballots = tuple(
            BallotLine(
                card.name(b.seat),
                meeting.party(meeting.seat(b.seat).party).name,
                words.get(b.choice, b.choice),
            )
            for b in count.ballots
        )
        on_paper = sum(b.on_paper for b in count.ballots)
        note = f"其中{on_paper}票由签到台登记。" if on_paper else None
    return replace(
        plain,
        outcome=seal_of(poll.nature, count.verdict.outcome),
        entitled=count.verdict.entitled,
        present=count.verdict.present,
        options=tuple(OptionCount(option.text, tally.get(option.id, 0)) for option in poll.options),
        parties=parties,
        ballots=ballots,
        note="\n".join(filter(None, (note, *words_on_ways(poll, meeting, card)))) or None,
    )


def task_lines(record: MeetingRecord) -> tuple[TaskLine, ...]:
    """Return the tasks of valid resolutions, numbered through the meeting as the draft refers to them."""
    pairs = [
        (resolution, task)
        for item in record.items
        for resolution in item.resolutions
        if not resolution.void
        for task in resolution.tasks
    ]
    return tuple(
        TaskLine(
            str(place),
            task.text,
            record.meeting.party(task.accountable).name,
            task.post,
            due_words(task.due),
            f"第{resolution.number}号决议",
        )
        for place, (resolution, task) in enumerate(pairs, 1)
    )
