"""What a procedure lays down for speaking and voting; a called meeting freezes it (DESIGN §5).

Every default is what a record without the field meant, so that old records read as they were written.
"""

from dataclasses import dataclass
from typing import Literal

SpeakingOrder = Literal["first_come", "alternating", "party_rotation", "least_spoken"]


@dataclass(frozen=True, slots=True)
class SpeakingRules:
    """How the floor is given.

    ``order`` is R9's mode. ``turns_per_item`` are the ordinary turns of a person on one item, None without a limit;
    who has had them speaks after everybody else (R13). ``points_of_order_per_item`` of one person (R15).
    Seconds: a point of order (R18), an interposed question (None: there are none, R19), an observer's one turn
    (None: observers do not speak, P17). ``ideas_per_person`` may stand on an idea board at once, with their
    authors' names only when ``ideas_named``.
    """

    order: SpeakingOrder = "first_come"
    turns_per_item: int | None = None
    point_of_order_seconds: int | None = None
    points_of_order_per_item: int | None = None
    question_seconds: int | None = None
    observer_seconds: int | None = None
    ideas_per_person: int = 3
    ideas_named: bool = False


@dataclass(frozen=True, slots=True)
class PollRules:
    """How ballots are given.

    ``may_change`` until the close (R66); ``mandates`` is how many absent seats one person may vote for (R43), nought
    without proxies; ``second_round`` between the two leaders when no option passes.
    """

    may_change: bool = False
    mandates: int = 0
    second_round: bool = False


PLAIN_SPEAKING_RULES = SpeakingRules()
PLAIN_POLL_RULES = PollRules()
