"""The box of a poll: ballots by Core, secret choices apart under random keys (S15, S17, S27)."""

import secrets
from collections import Counter
from collections.abc import Sequence

from sqlalchemy import bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from server.domain.meeting.state import Ballot
from server.store.bulk import insert_many
from server.store.tables.meetings import BallotRow, SecretChoiceRow, SupersededBallotRow
from server.store.tables.registry import plain

_BALLOTS, _CHOICES, _FORMER = plain(BallotRow), plain(SecretChoiceRow), plain(SupersededBallotRow)
# Other workers' ballots are read again and again: plain rows, in the order of Ballot's fields.
_BOX = select(
    _BALLOTS.c.seat, _BALLOTS.c.choice, _BALLOTS.c.nonce, _BALLOTS.c.received_at, _BALLOTS.c.revision,
    _BALLOTS.c.is_recorded, _BALLOTS.c.is_counted,
).where(_BALLOTS.c.poll == bindparam("poll"))  # fmt: skip


def insert_ballots(
    session: Session, ballots: Sequence[tuple[str, Ballot, str]], secret_polls: frozenset[str]
) -> None:
    """Insert ``(poll, ballot, choice)``; the key (poll, seat) refuses a second ballot of a seat.

    A secret poll's row says only that the seat took part: no choice, time or revision.
    """
    rows = []
    choices = []
    for poll, ballot, choice in ballots:
        is_secret = poll in secret_polls
        rows.append(
            {
                "poll": poll,
                "seat": ballot.seat,
                "choice": None if is_secret else choice,
                "nonce": ballot.nonce,
                "received_at": None if is_secret else ballot.received_at,
                "revision": None if is_secret else ballot.revision,
                "is_recorded": ballot.is_recorded,
                "is_counted": ballot.is_counted,
            }
        )
        if is_secret:
            choices.append({"key": secrets.token_bytes(16), "poll": poll, "choice": choice})
    insert_many(session, _BALLOTS, rows)
    insert_many(session, _CHOICES, choices)


def confirm_ballot(session: Session, poll: str, seat: int) -> None:
    """Let a recorded ballot count."""
    session.execute(
        update(BallotRow).where(BallotRow.poll == poll, BallotRow.seat == seat).values(is_counted=True)
    )


def discard_ballot(session: Session, poll: str, seat: int) -> None:
    """Take out a recorded ballot that does not count yet."""
    session.connection().execute(
        delete(_BALLOTS).where(
            _BALLOTS.c.poll == poll, _BALLOTS.c.seat == seat, _BALLOTS.c.is_counted.is_(False)
        )
    )


def supersede_ballot(session: Session, poll: str, ballot: Ballot) -> None:
    """Move an open poll's ballot out of the box to those kept for the audit (R66)."""
    connection = session.connection()
    connection.execute(
        insert(_FORMER).values(
            poll=poll, seat=ballot.seat, nonce=ballot.nonce, choice=ballot.choice,
            received_at=ballot.received_at, revision=ballot.revision,
        )
    )  # fmt: skip
    connection.execute(delete(_BALLOTS).where(_BALLOTS.c.poll == poll, _BALLOTS.c.seat == ballot.seat))


def read_superseded(session: Session, poll: str) -> dict[tuple[int, str], int]:
    """Return seat and nonce of superseded ballots with their versions."""
    rows = session.connection().execute(
        select(_FORMER.c.seat, _FORMER.c.nonce, _FORMER.c.revision).where(_FORMER.c.poll == poll)
    )
    return {(row[0], row[1]): row[2] or 0 for row in rows}


def read_box(session: Session, poll: str) -> dict[int, Ballot]:
    """Return the ballots of a poll by seat; in a secret poll choice is None, time and revision 0."""
    rows = session.connection().execute(_BOX, {"poll": poll})
    return {row[0]: Ballot(row[0], row[1], row[2], row[3] or 0, row[4] or 0, row[5], row[6]) for row in rows}


def count_secret_choices(session: Session, poll: str) -> dict[str, int]:
    """Return option → count of a secret poll; called once, when it is closed."""
    return dict(Counter(session.scalars(select(SecretChoiceRow.choice).where(SecretChoiceRow.poll == poll))))
