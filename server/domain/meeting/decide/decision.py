"""What a decision hands back: events to append, a ballot to store, or a first answer to repeat."""

from dataclasses import dataclass

from server.domain.meeting.events import Event
from server.domain.meeting.state import Ballot
from server.domain.refusal import Refusal


@dataclass(frozen=True, slots=True)
class Decided:
    """A wish that was granted.

    ``ballot`` is a row to insert, ``choice`` its choice (kept apart from the row in secret polls). ``confirmed`` is the
    seat whose recorded ballot now counts, ``discarded`` one whose record is taken out, ``superseded`` one whose ballot
    was changed (with ``ballot``) or withdrawn and stays on file (R66). ``repeats`` is the revision of a first answer;
    nothing is written then.
    """

    events: tuple[Event, ...] = ()
    poll: str | None = None
    ballot: Ballot | None = None
    choice: str | None = None
    confirmed: int | None = None
    discarded: int | None = None
    superseded: int | None = None
    repeats: int | None = None


Decision = Decided | Refusal
