"""Whose data it is: a representative, an account, or who raised a topic; found by name, number or receipt."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from server.domain.refusal import RefusalCode
from server.service.matters.topics import find_by_receipt
from server.service.refused import refused
from server.store.tables.access import AccountRow
from server.store.tables.areas import CouncilRow, RepresentativeRow
from server.store.tables.meetings import MeetingRow, SeatNameRow
from server.store.tables.topics import TopicRow

Kind = Literal["representative", "account", "topic"]
KINDS: tuple[Kind, ...] = ("representative", "account", "topic")
ERASED = "已删除"
MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Subject:
    """One person in one capacity; ``council`` is empty for an account, ``area`` is an account's own.

    ``hindrance`` says in a sentence why nothing may be erased yet, "" when it may; ``is_erased`` that it was.
    """

    kind: Kind
    id: str
    name: str
    words: str
    council: str
    area: str | None
    hindrance: str
    is_erased: bool


def find_subject(session: Session, kind: Kind, subject_id: str) -> Subject:
    """Return a person; Refused NOT_FOUND when there is none."""
    match kind:
        case "representative":
            found = session.get(RepresentativeRow, subject_id)
            subject = _representative(session, found) if found is not None else None
        case "account":
            account = session.get(AccountRow, subject_id)
            subject = _account(account) if account is not None else None
        case "topic":
            topic = session.get(TopicRow, subject_id)
            subject = _proposer(topic) if topic is not None else None
    if subject is None:
        raise refused(RefusalCode.NOT_FOUND, what=kind)
    return subject


def search_subjects(session: Session, words: str) -> list[Subject]:
    """Return who is meant by a name, a telephone number, a topic's number or a receipt code."""
    if not words:
        return []
    people = session.scalars(
        select(RepresentativeRow)
        .where(or_(RepresentativeRow.name == words, RepresentativeRow.telephone == words))
        .limit(MOST_FOUND)
    )
    accounts = session.scalars(
        select(AccountRow).where(or_(AccountRow.name == words, AccountRow.display_name == words))
    )
    topics = list(
        session.scalars(
            select(TopicRow)
            .where(or_(TopicRow.number == words, TopicRow.proposer == words, TopicRow.telephone == words))
            .limit(MOST_FOUND)
        )
    )
    by_receipt = find_by_receipt(session, words)
    if by_receipt is not None and by_receipt not in topics:
        topics.append(by_receipt)
    return [
        *(_representative(session, row) for row in people),
        *(_account(row) for row in accounts),
        *(_proposer(row) for row in topics),
    ]


def _representative(session: Session, row: RepresentativeRow) -> Subject:
    council = session.get_one(CouncilRow, row.council_id)
    unpublished = session.scalar(
        select(MeetingRow.id)
        .join(SeatNameRow, SeatNameRow.meeting_id == MeetingRow.id)
        .where(SeatNameRow.representative_id == row.id, MeetingRow.published_at.is_(None))
        .limit(1)
    )
    hindrance = ""
    if row.left_at is None:
        hindrance = "还在任：先在代表名册里办离任"
    elif unpublished is not None:
        hindrance = "参加的会议还有没公布纪要的：公布以后再删，纪要上的名单和签字要用"
    return Subject(
        "representative", row.id, row.name, f"{council.name}的议事代表", row.council_id, None, hindrance,
        row.name == ERASED,
    )  # fmt: skip


def _account(row: AccountRow) -> Subject:
    hindrance = "" if row.disabled_at is not None else "账号还在用：先在账号里停用"
    return Subject(
        "account", row.id, row.display_name, f"工作人员账号“{row.name}”", "", row.area_id, hindrance,
        row.display_name == ERASED,
    )  # fmt: skip


def _proposer(row: TopicRow) -> Subject:
    return Subject(
        "topic", row.id, row.proposer or "没有留姓名", f"议题{row.number}的提议人", row.council_id, None, "",
        not row.proposer and not row.telephone,
    )  # fmt: skip
