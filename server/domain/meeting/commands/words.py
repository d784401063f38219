"""The small words commands are made of."""

from dataclasses import dataclass
from typing import Literal

Stance = Literal["talk", "for", "against", "question", "addition"]
Secrecy = Literal["open", "secret"]
Nature = Literal["sounding", "deliberative", "assembly"]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing a ballot can choose."""

    id: str
    text: str
