"""The meeting as it stands: frozen values folded from the log by ``evolve``; one file per subject."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from server.domain.meeting.events.called import Party, Seat
from server.domain.meeting.pass_rule import PassRule, Quorum
from server.domain.meeting.rules import (
    PLAIN_POLL_RULES,
    PLAIN_SPEAKING_RULES,
    PollRules,
    SpeakingOrder,
    SpeakingRules,
)
from server.domain.meeting.state.agenda import AgendaItem, ItemState
from server.domain.meeting.state.floor import PastSpeech, Ruling, Speech, Waiting
from server.domain.meeting.state.motion import (
    Amendment,
    Idea,
    IdeaBoard,
    Procedure,
    Reconsideration,
)
from server.domain.meeting.state.poll import (
    EMPTY_BOX,
    Adoption,
    Ballot,
    BallotBox,
    Consent,
    Count,
    Poll,
    PollState,
)
from server.domain.meeting.state.record import (
    UNWRITTEN_MINUTES,
    DraftedTask,
    MinutesMilestones,
    Resolution,
    Signature,
)
from server.domain.meeting.state.ways import Dissent, HandsCount, Recusal

# 五方协商 v1 (CONTRACT); a called meeting carries its own frozen rule.
FIVE_PARTY_RULE = PassRule("present", "2/3", True, Quorum("2/3", 1))

MeetingState = Literal["called", "open", "suspended", "closed"]


@dataclass(frozen=True, slots=True)
class Meeting:
    """一次议事会. ``attended`` remembers who was ever there, for the signature list.

    ``at_desk`` are those the desk checked in: most likely they have no phone of their own. ``queue_order`` is the
    mode chosen for the current item, ``last_speech`` the turn that ended last on it and may be taken up again.
    """

    id: str
    council: str = ""
    procedure: str = ""
    rule: PassRule = FIVE_PARTY_RULE
    speaking_seconds: int = 180
    speaking_rules: SpeakingRules = PLAIN_SPEAKING_RULES
    poll_rules: PollRules = PLAIN_POLL_RULES
    parties: tuple[Party, ...] = ()
    seats: tuple[Seat, ...] = ()
    seat_of: Mapping[str, int] = field(default_factory=dict)
    items: tuple[AgendaItem, ...] = ()
    state: MeetingState = "called"
    opened_at: int | None = None
    suspended_at: int | None = None
    closed_at: int | None = None
    present: frozenset[int] = frozenset()
    attended: frozenset[int] = frozenset()
    excused: frozenset[int] = frozenset()
    at_desk: frozenset[int] = frozenset()
    queue_open: bool = False
    waiting: tuple[Waiting, ...] = ()
    queue_order: SpeakingOrder | None = None
    moves: int = 0
    speech: Speech | None = None
    interposed: Speech | None = None
    last_speech: Speech | None = None
    past_speeches: tuple[PastSpeech, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    polls: tuple[Poll, ...] = ()
    is_poll_shown: bool = False
    adoption: Adoption | None = None
    consent: Consent | None = None
    recusals: tuple[Recusal, ...] = ()
    dissents: tuple[Dissent, ...] = ()
    resolutions: tuple[Resolution, ...] = ()
    tasks: int = 0
    amendments: tuple[Amendment, ...] = ()
    procedures: tuple[Procedure, ...] = ()
    is_procedure_shown: bool = False
    reconsiderations: tuple[Reconsideration, ...] = ()
    boards: tuple[IdeaBoard, ...] = ()
    ideas_posted: int = 0
    minutes: MinutesMilestones = UNWRITTEN_MINUTES

    def seat(self, number: int) -> Seat:
        """Return the seat with this number."""
        return self.seats[number - 1]

    def party(self, party_id: str) -> Party:
        """Return the party with this id."""
        for party in self.parties:
            if party.id == party_id:
                return party
        raise KeyError(party_id)

    def item(self, item_id: str) -> AgendaItem | None:
        """Return the agenda item with this id, if there is one."""
        return next((item for item in self.items if item.id == item_id), None)

    @property
    def current_item(self) -> AgendaItem | None:
        """The item under discussion, if any."""
        return next((item for item in self.items if item.state == "current"), None)

    @property
    def order_of_queue(self) -> SpeakingOrder:
        """The mode of the queue: the item's own, else the procedure's (R11)."""
        return self.queue_order or self.speaking_rules.order

    def speeches_on(self, item: str, seat: int | None = None) -> tuple[PastSpeech, ...]:
        """Return the finished ordinary turns on an item, of everybody or of one seat; points of order are none."""
        return tuple(
            turn
            for turn in self.past_speeches
            if turn.item == item and not turn.point_of_order and seat in (None, turn.seat)
        )

    def spoken_ms(self, seat: int) -> int:
        """Return how long a seat has spoken in finished turns of this meeting, points of order left out (R14)."""
        return sum(
            turn.spoken_ms for turn in self.past_speeches if turn.seat == seat and not turn.point_of_order
        )

    @property
    def poll(self) -> Poll | None:
        """The last opened poll until the next item begins (CONTRACT, panel ``poll``)."""
        return self.polls[-1] if self.is_poll_shown else None

    def find_poll(self, poll_id: str) -> Poll | None:
        """Return any poll this meeting ever opened; the newest is asked for most."""
        for poll in reversed(self.polls):
            if poll.id == poll_id:
                return poll
        return None

    def recusal_of(self, item_id: str, seat: int) -> Recusal | None:
        """Return a seat's recusal in an item, if there is one."""
        return next((r for r in self.recusals if r.item == item_id and r.seat == seat), None)

    def with_poll(self, poll: Poll) -> tuple[Poll, ...]:
        """Return the polls with this one in place of its former self."""
        return tuple(poll if former.id == poll.id else former for former in self.polls)

    def find_amendment(self, amendment_id: str) -> Amendment | None:
        """Return any amendment ever proposed at this meeting."""
        return next((one for one in self.amendments if one.id == amendment_id), None)

    def pending_amendments(self, item_id: str) -> tuple[Amendment, ...]:
        """Return the undecided amendments of an item in the order they are decided."""
        return tuple(one for one in self.amendments if (one.item, one.state) == (item_id, "pending"))

    @property
    def board(self) -> IdeaBoard | None:
        """The newest idea board while its item is current."""
        item = self.current_item
        if not self.boards or item is None or self.boards[-1].item != item.id:
            return None
        return self.boards[-1]

    @property
    def has_open_question(self) -> bool:
        """Whether a poll or a consent waits for its answer."""
        return self.consent is not None or (self.poll is not None and self.poll.state == "open")


__all__ = [
    "EMPTY_BOX",
    "FIVE_PARTY_RULE",
    "Adoption",
    "AgendaItem",
    "Amendment",
    "Ballot",
    "BallotBox",
    "Consent",
    "Count",
    "Dissent",
    "DraftedTask",
    "HandsCount",
    "Idea",
    "IdeaBoard",
    "ItemState",
    "Meeting",
    "MeetingState",
    "MinutesMilestones",
    "PastSpeech",
    "Poll",
    "PollState",
    "Procedure",
    "Reconsideration",
    "Recusal",
    "Resolution",
    "Ruling",
    "Signature",
    "Speech",
    "Waiting",
]
