"""删除: names, telephones, devices go; the log keeps seat numbers and verifies as before (PIPL 47, DESIGN §3)."""

from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from server.domain.refusal import RefusalCode
from server.service.access.accounts import NO_PASSWORD
from server.service.access.sessions import revoke_tickets
from server.service.access.two_step import turn_off
from server.service.privacy.subjects import ERASED, Subject, find_subject
from server.service.refused import refused
from server.store.tables.access import AccountRow, SessionRow, TicketRow
from server.store.tables.areas import RepresentativeRow
from server.store.tables.meetings import SeatNameRow
from server.store.tables.minutes import MinutesRow, MinutesVersionRow
from server.store.tables.topics import TopicRow
from server.store.writer import Unit


@dataclass(frozen=True, slots=True)
class NamesErased:
    """An announcement: what stood beside the log of a meeting changed, so a room in memory is out of date."""

    meeting: str


def erase(unit: Unit, now: int, subject: Subject) -> None:
    """Erase what may go of a person's data; erasing again changes nothing.

    Refusals: NOT_FOUND, PERSON_NEEDED while a seat, an account or minutes still need the name.
    """
    subject = find_subject(unit.session, subject.kind, subject.id)
    if subject.is_erased:
        return
    if subject.hindrance:
        raise refused(RefusalCode.PERSON_NEEDED, why=subject.hindrance)
    match subject.kind:
        case "representative":
            _erase_representative(unit, now, subject.id)
        case "account":
            _erase_account(unit, subject.id)
        case "topic":
            _erase_proposer(unit.session, subject.id)
    unit.session.flush()


def _erase_representative(unit: Unit, now: int, person: str) -> None:
    """The salt goes with the name: without it the hash in the log says nothing of who it was (S50)."""
    session = unit.session
    row = session.get_one(RepresentativeRow, person)
    row.name, row.post, row.telephone = ERASED, "", ""
    revoke_tickets(unit, now, representative=person)
    session.flush()
    tickets = session.scalars(select(TicketRow.id).where(TicketRow.representative_id == person)).all()
    session.execute(update(TicketRow).where(TicketRow.representative_id == person).values(holder=""))
    session.execute(delete(SessionRow).where(SessionRow.ticket_id.in_(tickets)))
    meetings = session.scalars(
        select(SeatNameRow.meeting_id).where(SeatNameRow.representative_id == person)
    ).all()
    session.execute(
        update(SeatNameRow)
        .where(SeatNameRow.representative_id == person)
        .values(name=ERASED, post="", salt="")
    )
    unit.announcements.extend(NamesErased(meeting) for meeting in meetings)


def _erase_account(unit: Unit, account_id: str) -> None:
    """The row keeps its id, which the log names; nobody logs in with it again."""
    session = unit.session
    row = session.get_one(AccountRow, account_id)
    texts: list[MinutesRow | MinutesVersionRow] = [
        *session.scalars(
            select(MinutesRow).where(MinutesRow.saved_by.endswith(row.display_name, autoescape=True))
        ),
        *session.scalars(
            select(MinutesVersionRow).where(
                MinutesVersionRow.saved_by.endswith(row.display_name, autoescape=True)
            )
        ),
    ]
    for text in texts:
        text.saved_by = f"{text.saved_by.removesuffix(row.display_name)}{ERASED}".strip()
    turn_off(unit, [account_id])
    session.execute(delete(SessionRow).where(SessionRow.account_id == account_id))
    row.name, row.display_name, row.password_hash = f"{ERASED}-{row.id}", ERASED, NO_PASSWORD


def _erase_proposer(session: Session, topic: str) -> None:
    row = session.get_one(TopicRow, topic)
    row.proposer, row.telephone, row.is_named = "", "", False
