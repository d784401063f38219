"""The hash-chained log: append events, read them back (S40–S44). Lines are never updated or deleted."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from server.domain.meeting.events import Event
from server.store.codec import event_line, read_line, type_of
from server.store.merkle import leaf_hash, root_hash
from server.store.tables.meetings import EventRow, MeetingRow
from server.store.tables.registry import plain

# Line 0 of an organisation's first meeting has no former root to carry (S42).
NO_FORMER_ROOT = "0" * 64


@dataclass(frozen=True, slots=True)
class LogEnd:
    """How far a log has come: the last sequence number (-1 when empty) and the hash its next line carries."""

    seq: int
    hash: str


class ChainFault(Exception):
    """A stored log that does not verify; ``seq`` names the first bad line."""

    def __init__(self, meeting: str, seq: int) -> None:
        super().__init__(meeting, seq)
        self.meeting = meeting
        self.seq = seq


def chain(
    end: LogEnd, meeting: str, at: int, events: Sequence[Event]
) -> tuple[list[dict[str, object]], LogEnd]:
    """Return the rows for new events and the log's new end; nothing is written."""
    rows: list[dict[str, object]] = []
    seq, prev = end.seq, end.hash
    for event in events:
        seq += 1
        line = event_line(seq, prev, at, event)
        digest = leaf_hash(line)
        rows.append(
            {"meeting_id": meeting, "seq": seq, "type": type_of(event), "at": at, "line": line,
             "prev": prev, "hash": digest}
        )  # fmt: skip
        prev = digest
    return rows, LogEnd(seq, prev)


def append(session: Session, rows: Sequence[dict[str, object]]) -> None:
    """Insert rows made by ``chain``; the key (meeting, seq) guards against a second writer."""
    if rows:
        session.connection().execute(insert(plain(EventRow)), list(rows))


def read_events(session: Session, meeting: str, after: int = -1) -> list[tuple[Event, int]]:
    """Return the events after a sequence number with their instants, in order."""
    lines = session.scalars(
        select(EventRow.line)
        .where(EventRow.meeting_id == meeting, EventRow.seq > after)
        .order_by(EventRow.seq)
    )
    return [read_line(line) for line in lines]


def read_lines(session: Session, meeting: str) -> list[str]:
    """Return the record of a meeting, line by line."""
    return list(
        session.scalars(select(EventRow.line).where(EventRow.meeting_id == meeting).order_by(EventRow.seq))
    )


def root_of(lines: Iterable[str]) -> str:
    """Return the Merkle root over a record's lines, in hex (防改校验码)."""
    return root_hash([leaf_hash(line) for line in lines])


def verify_log(session: Session, meeting: str) -> str:
    """Check sequence, chain, hashes and end of a stored log and return its root; ChainFault at the first bad line.

    The end is the one the meeting's own row remembers, so a log cut short or written anew is found too.
    """
    rows = session.execute(
        select(EventRow.seq, EventRow.line, EventRow.prev, EventRow.hash)
        .where(EventRow.meeting_id == meeting)
        .order_by(EventRow.seq)
    ).all()
    expected = rows[0].prev if rows else NO_FORMER_ROOT
    for position, row in enumerate(rows):
        carries = f'"prev":"{row.prev}"' in row.line and f'"seq":{row.seq},' in row.line
        if row.seq != position or row.prev != expected or leaf_hash(row.line) != row.hash or not carries:
            raise ChainFault(meeting, position)
        expected = row.hash
    mark = session.execute(
        select(MeetingRow.last_seq, MeetingRow.last_hash).where(MeetingRow.id == meeting)
    ).first()
    if mark is not None and rows and (mark.last_seq, mark.last_hash) != (rows[-1].seq, rows[-1].hash):
        raise ChainFault(meeting, len(rows))
    if mark is not None and not rows and mark.last_seq >= 0:
        raise ChainFault(meeting, 0)
    return root_hash([row.hash for row in rows])
