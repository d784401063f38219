"""修改意见: carrying a change over to a motion that meanwhile reads differently, and how its question is put."""

from difflib import SequenceMatcher

from server.domain.meeting.state import Amendment, Meeting


def carry_over(base: str, present: str, changed: str) -> str | None:
    """Return ``present`` with the change that made ``base`` into ``changed``; None when both touched the same words.

    Two changes also meet when they border on each other: nobody could say which words should come first.
    """
    mine = _edits(base, changed)
    theirs = _edits(base, present)
    for begin, end, _ in mine:
        if any(begin <= other_end and other_begin <= end for other_begin, other_end, _ in theirs):
            return None
    text = base
    for begin, end, words in sorted((*mine, *theirs), reverse=True):
        text = text[:begin] + words + text[end:]
    return text


def _edits(base: str, changed: str) -> list[tuple[int, int, str]]:
    matcher = SequenceMatcher(None, base, changed, autojunk=False)
    return [(a, b, changed[c:d]) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def amendment_question(amendment: Amendment) -> str:
    """Return what is asked about an amendment, so that the frozen text stands for itself (R59)."""
    return f"第{amendment.number}条修改意见：表决事项改为“{amendment.text}”"


def is_amending(state: Meeting) -> bool:
    """Tell whether an amendment was counted and its result is not published yet: the motion's text waits for it."""
    poll = state.poll
    return poll is not None and poll.state == "closed" and poll.amendment is not None


def asks_about_amendment(state: Meeting) -> bool:
    """Tell whether the last answered question was about an amendment, so that the motion itself is still to come."""
    if state.adoption is not None:
        return state.adoption.amendment is not None
    return state.poll is not None and state.poll.amendment is not None
