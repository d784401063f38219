"""What the minutes say of the ways of voting: who counted, who stood aside, who left a dissent (P2, R78, R81)."""

from server.domain.meeting.state import Meeting, Poll
from server.domain.minutes.mask import public_text
from server.screens.card import RoomCard

# How a line of dissent begins: the public edition leaves it out, for it tells how its author voted (T105).
DISSENT = "保留意见："


def words_on_ways(poll: Poll, meeting: Meeting, card: RoomCard) -> list[str]:
    """Return one sentence a line; a text from outside stays on its line."""
    lines = []
    if poll.hands is not None:
        counter, checker = card.name(poll.hands.counter), card.name(poll.hands.checker)
        lines.append(f"举手表决，计票人{counter}，监票人{checker}。")
    for seat in sorted(poll.recused):
        recusal = meeting.recusal_of(poll.item, seat)
        reason = f"（{_on_one_line(recusal.reason)}）" if recusal is not None and recusal.reason else ""
        lines.append(f"回避：{card.name(seat)}{reason}。")
    lines += [
        f"{DISSENT}{card.name(dissent.seat)}：“{_on_one_line(dissent.text)}”"
        for dissent in meeting.dissents
        if dissent.poll == poll.id
    ]
    return lines


def public_words(note: str | None, posts: dict[str, str]) -> str | None:
    """Return a note for the public edition: posts instead of names, no dissent."""
    lines = [line for line in (note or "").split("\n") if line and not line.startswith(DISSENT)]
    return public_text("\n".join(lines), posts) or None


def _on_one_line(text: str) -> str:
    return " ".join(text.split())
