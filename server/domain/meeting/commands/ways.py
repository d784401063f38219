"""Wishes about the ways of voting besides the phone: recusal, show of hands, paper, dissent."""

from dataclasses import dataclass

from server.domain.meeting.commands.words import HandCount


@dataclass(frozen=True, slots=True)
class RecordRecusal:
    """回避 in one item, said by the seat itself or entered for a seat with the reason."""

    item: str
    representative: str | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class WithdrawRecusal:
    """Take a recusal back before the question is put."""

    item: str
    representative: str | None = None


@dataclass(frozen=True, slots=True)
class RecordHands:
    """举手表决: what the counter (计票人) counted under the eyes of the checker (监票人), in total or by party."""

    poll: str
    counts: tuple[HandCount, ...]
    counter: str
    checker: str


@dataclass(frozen=True, slots=True)
class ConfirmHands:
    """The second person's word for the count; it ends the poll."""

    poll: str


@dataclass(frozen=True, slots=True)
class ReturnHands:
    """Send the count back: count again."""

    poll: str


@dataclass(frozen=True, slots=True)
class RecordDissent:
    """保留意见 of one who did not agree, printed in the minutes."""

    poll: str
    text: str


@dataclass(frozen=True, slots=True)
class HandOutPaper:
    """Hand a paper ballot to a seat: from then on it votes on paper in this poll (R63)."""

    poll: str
    representative: str


@dataclass(frozen=True, slots=True)
class TakeBackPaper:
    """Take an empty paper ballot back, so that the phone is free again."""

    poll: str
    representative: str


WaysCommand = (
    RecordRecusal
    | WithdrawRecusal
    | RecordHands
    | ConfirmHands
    | ReturnHands
    | RecordDissent
    | HandOutPaper
    | TakeBackPaper
)

WAYS_COMMANDS: dict[str, type[WaysCommand]] = {
    "recusal.record": RecordRecusal,
    "recusal.withdraw": WithdrawRecusal,
    "hands.record": RecordHands,
    "hands.confirm": ConfirmHands,
    "hands.return": ReturnHands,
    "dissent.record": RecordDissent,
    "paper.hand_out": HandOutPaper,
    "paper.take_back": TakeBackPaper,
}
