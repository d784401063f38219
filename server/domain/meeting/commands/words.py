"""The small words commands are made of."""

from dataclasses import dataclass
from typing import Literal

Stance = Literal["talk", "for", "against", "question", "addition"]
Secrecy = Literal["open", "secret"]
# Why somebody raises a point of order, the most pressing first (R15).
OrderReason = Literal["hearing", "breach", "count", "procedure"]
RulingOutcome = Literal["upheld", "not_upheld", "withdrawn"]
Nature = Literal["sounding", "deliberative", "assembly"]
Method = Literal["ballots", "hands"]
# What a procedural motion is about: a break, the end of a debate, another order, handing over, anything else.
Matter = Literal["recess", "close_debate", "agenda_order", "refer", "other"]
ReconsiderGround = Literal["seats", "facts"]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a ballot can choose."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class HandCount:
    """So many hands for one option; ``party`` is None where all were counted together."""

    option: str
    count: int
    party: str | None = None
