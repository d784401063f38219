"""Topics (议题): raised, answered, put on an agenda, discussed; every step is a dated line of the timeline."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.actor import Actor
from server.domain.meeting.decide.text import is_sound_text
from server.domain.refusal import Refusal, RefusalCode
from server.domain.topic.life_cycle import (
    LONGEST_SENTENCE,
    Answer,
    Channel,
    DeclineReason,
    TopicState,
    may_screen,
    move,
    screen,
)
from server.service.clock import local_date
from server.service.community.councils import find_council
from server.service.ids import new_id, new_receipt, next_number, receipt_digest
from server.service.matters.tasks import create_task
from server.service.refused import Refused, refused
from server.store.tables.topics import TopicEntryRow, TopicRow
from server.store.writer import Unit

LONGEST_TITLE = 80
LONGEST_BODY = 2000
LONGEST_PLACE = 60
LONGEST_NAME = 40
LONGEST_TELEPHONE = 40


@dataclass(frozen=True, slots=True)
class Raised:
    """What a proposer is told: the number for life, and the receipt code, kept nowhere else (T3)."""

    topic_id: str
    number: str
    receipt: str


def raise_topic(
    unit: Unit,
    now: int,
    *,
    council_id: str,
    title: str,
    body: str,
    channel: str,
    place: str = "",
    proposer: str = "",
    telephone: str = "",
    is_named: bool = False,
    by: str = "resident",
) -> Raised:
    """Write a new topic and return its number (2026-041) and receipt code; BAD_DATA names the field.

    ``proposer`` and ``telephone`` are for staff only (T1); ``by``: ``resident`` or the account that entered it (T4).
    """
    find_council(unit.session, council_id)
    _check_words(title, body, place, proposer, telephone, channel)
    receipt = new_receipt()
    row = TopicRow(
        id=new_id(),
        number=_next_topic_number(unit.session, now),
        council_id=council_id,
        title=title,
        body=body,
        place=place,
        channel=channel,
        proposer=proposer,
        telephone=telephone,
        is_named=is_named,
        receipt_hash=receipt_digest(receipt),
        state=TopicState.RECEIVED.value,
        raised_at=now,
    )
    unit.session.add(row)
    unit.session.flush()
    _enter(unit.session, now, row, "", by)
    return Raised(row.id, row.number, receipt)


def is_waiting_already(session: Session, council_id: str, title: str, body: str) -> bool:
    """Tell whether a topic of the same words, however they are set, waits for its answer (S73). Cost: what waits."""
    chosen = select(TopicRow.title, TopicRow.body).where(
        TopicRow.council_id == council_id, TopicRow.state == TopicState.RECEIVED.value
    )
    wanted = _bare(title + body)
    return any(_bare(row.title + row.body) == wanted for row in session.execute(chosen))


def _bare(text: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())


def _next_topic_number(session: Session, now: int) -> str:
    year = local_date(now).year
    return f"{year}-{next_number(session, f'topic.{year}'):03d}"


def _check_words(title: str, body: str, place: str, proposer: str, telephone: str, channel: str) -> None:
    if channel not in tuple(Channel):
        raise refused(RefusalCode.BAD_DATA, field="channel")
    for field, value, longest, shortest in (
        ("title", title, LONGEST_TITLE, 1),
        ("body", body, LONGEST_BODY, 1),
        ("place", place, LONGEST_PLACE, 0),
        ("proposer", proposer, LONGEST_NAME, 0),
        ("telephone", telephone, LONGEST_TELEPHONE, 0),
    ):
        if not is_sound_text(value, longest, shortest=shortest):
            raise refused(RefusalCode.BAD_DATA, field=field)


def accept(unit: Unit, now: int, topic_id: str, actor: Actor, sentence: str) -> None:
    """受理: the topic joins the pool for the next meeting."""
    _answer(unit, now, topic_id, actor, Answer(TopicState.ACCEPTED, sentence))


def decline(
    unit: Unit, now: int, topic_id: str, actor: Actor, reason: DeclineReason | None, sentence: str
) -> None:
    """不予受理: needs a coded reason and one plain sentence, else REASON_MISSING (T19)."""
    _answer(unit, now, topic_id, actor, Answer(TopicState.DECLINED, sentence, reason))


def refer(
    unit: Unit,
    now: int,
    topic_id: str,
    actor: Actor,
    *,
    text: str,
    accountable: str,
    post: str,
    due: str,
    sentence: str,
) -> str:
    """直接办理: no deliberation needed; writes the task and returns its number."""
    row = _answer(unit, now, topic_id, actor, Answer(TopicState.REFERRED, sentence))
    return create_task(
        unit,
        now,
        council_id=row.council_id,
        text=text,
        accountable=accountable,
        post=post,
        due=due,
        topic_id=row.id,
        by=actor.key,
    )


def schedule(unit: Unit, now: int, topic_id: str, actor: Actor, where: str) -> None:
    """已列入: the notice that names the topic went out; ``where`` says which meeting."""
    if not may_screen(actor):
        raise refused(RefusalCode.NOT_ALLOWED)
    _step(unit, now, find_topic(unit.session, topic_id), TopicState.SCHEDULED, where, actor.key)


def mark_discussed(unit: Unit, now: int, topic_id: str, *, was_taken_up: bool) -> None:
    """After the meeting: discussed, or back in the pool when its item never came up (T52)."""
    row = unit.session.get(TopicRow, topic_id)
    if row is None or row.state != TopicState.SCHEDULED.value:
        return
    target = TopicState.DISCUSSED if was_taken_up else TopicState.ACCEPTED
    _step(unit, now, row, target, "" if was_taken_up else "这次会议没有议定，留待下次", "meeting")


def mark_doing(unit: Unit, now: int, topic_id: str) -> None:
    """办理中: a task of the topic has begun; nothing happens where it is already under way."""
    row = unit.session.get(TopicRow, topic_id)
    if row is not None and not isinstance(move(TopicState(row.state), TopicState.DOING), Refusal):
        _step(unit, now, row, TopicState.DOING, "", "task")


def mark_done(unit: Unit, now: int, topic_id: str, text: str) -> None:
    """办结: the last task of the topic is done; ``text`` is the result in one sentence."""
    row = unit.session.get(TopicRow, topic_id)
    if row is not None and not isinstance(move(TopicState(row.state), TopicState.DONE), Refusal):
        _step(unit, now, row, TopicState.DONE, text, "task")


def find_topic(session: Session, topic_id: str) -> TopicRow:
    """Return a topic by id; Refused NOT_FOUND when there is none."""
    row = session.get(TopicRow, topic_id)
    if row is None:
        raise refused(RefusalCode.NOT_FOUND, what="topic")
    return row


def find_by_number(session: Session, number: str) -> TopicRow:
    """Return a topic by its number (2026-041); Refused NOT_FOUND when there is none."""
    row = session.scalar(select(TopicRow).where(TopicRow.number == number))
    if row is None:
        raise refused(RefusalCode.NOT_FOUND, what="topic")
    return row


def find_by_receipt(session: Session, code: str) -> TopicRow | None:
    """Return the topic a receipt code belongs to, forgiving how it was typed."""
    return session.scalar(select(TopicRow).where(TopicRow.receipt_hash == receipt_digest(code)))


def timeline(session: Session, topic_id: str) -> Sequence[TopicEntryRow]:
    """Return the dated lines of a topic, oldest first."""
    chosen = select(TopicEntryRow).where(TopicEntryRow.topic_id == topic_id)
    return session.scalars(chosen.order_by(TopicEntryRow.at, TopicEntryRow.id)).all()


def list_topics(session: Session, council_id: str, states: Sequence[TopicState]) -> Sequence[TopicRow]:
    """Return a council's topics in these states, those that waited longest first."""
    chosen = select(TopicRow).where(
        TopicRow.council_id == council_id, TopicRow.state.in_([state.value for state in states])
    )
    return session.scalars(chosen.order_by(TopicRow.raised_at, TopicRow.number)).all()


def _answer(unit: Unit, now: int, topic_id: str, actor: Actor, answer: Answer) -> TopicRow:
    row = find_topic(unit.session, topic_id)
    settled = screen(TopicState(row.state), actor, answer)
    if isinstance(settled, Refusal):
        raise Refused(settled)
    if not is_sound_text(answer.sentence, LONGEST_SENTENCE):
        raise refused(RefusalCode.BAD_DATA, field="sentence")
    row.state = settled.value
    row.reason = answer.reason.value if answer.reason is not None else ""
    row.answer = answer.sentence
    row.answered_at = now
    _enter(unit.session, now, row, answer.sentence, actor.key)
    return row


def _step(unit: Unit, now: int, row: TopicRow, target: TopicState, text: str, by: str) -> None:
    settled = move(TopicState(row.state), target)
    if isinstance(settled, Refusal):
        raise Refused(settled)
    row.state = settled.value
    _enter(unit.session, now, row, text, by)


def _enter(session: Session, now: int, row: TopicRow, text: str, by: str) -> None:
    session.add(TopicEntryRow(topic_id=row.id, at=now, state=row.state, text=text, by=by))
    session.flush()
