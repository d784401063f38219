"""What the minutes say of a meeting's own course: amendments, procedural motions, ideas, reconsideration."""

import re

from server.domain.meeting.state import Amendment, IdeaBoard, Meeting, Procedure

_MARKED = re.compile(r"([\\`*_\[\]])")
_SETTLED = {
    "adopted": "会议采纳。",
    "rejected": "会议没有采纳。",
    "withdrawn": "主持人宣布收回，理由：{reason}。",
    "lapsed": "因同一处文字已经改过，不再表决。",
    "pending": "没有议定。",
}


def plain(text: str) -> str:
    """Keep a text from outside on its line and free of Markdown's own signs."""
    return _MARKED.sub(r"\\\1", " ".join(text.split()))


def course_of(meeting: Meeting, item: str) -> list[str]:
    """Return a paragraph for each amendment and procedural motion of an item; proposers by party, never by name."""
    amended = [_amendment(meeting, one) for one in meeting.amendments if one.item == item]
    return amended + [_procedure(meeting, one) for one in meeting.procedures if one.item == item]


def _amendment(meeting: Meeting, amendment: Amendment) -> str:
    party = meeting.party(meeting.seat(amendment.seat).party).name
    settled = _SETTLED[amendment.state].replace("{reason}", plain(amendment.reason).rstrip("。"))
    return (
        f"{party}代表提出第{amendment.number}条修改意见，把表决事项改为“{plain(amendment.text)}”，{settled}"
    )


def _procedure(meeting: Meeting, procedure: Procedure) -> str:
    by = "主持人"
    if procedure.seat is not None:
        by = f"{meeting.party(meeting.seat(procedure.seat).party).name}代表"
    answer = "通过" if procedure.passed else "未通过"
    head = f"{by}提出程序性动议“{plain(procedure.text)}”"
    if procedure.unopposed:
        return f"{head}，没有人提出异议，{answer}。"
    hands = f"赞成{procedure.in_favour}人，反对{procedure.against}人，弃权{procedure.abstained}人"
    return f"{head}，到会{procedure.present}人举手表决，{hands}，{answer}。"


def collected_ideas(meeting: Meeting, item: str) -> list[str]:
    """Return what was written on an item's boards, by group; taken off and unread ideas are only counted."""
    return [line for board in meeting.boards if board.item == item for line in _board(board)]


def _board(board: IdeaBoard) -> list[str]:
    shown = [idea for idea in board.ideas if idea.state == "shown"]
    names = list(dict.fromkeys(idea.group for idea in shown if idea.group))
    names += [""] if any(not idea.group for idea in shown) else []
    lines = [f"会议围绕“{plain(board.question)}”征集意见，收到{len(board.ideas)}条，展示{len(shown)}条。"]
    for name in names:
        texts = "；".join(plain(idea.text) for idea in shown if idea.group == name)
        raised = "，已转成议题" if name in board.raised else ""
        lines.append(f"{plain(name) or '没有归类'}{raised}：{texts}。")
    return lines


def reconsidered(meeting: Meeting, resolution: str) -> list[str]:
    """Return that reconsideration of a resolution was asked for, if it was; until then it stands (P20)."""
    return [
        f"会上有{one.seats}个席位（应到{one.entitled}个）请求复议本决议，理由：{plain(one.reason).rstrip('。')}。"
        "下次会议另行通知后复议，新的决议作出以前，本决议继续有效。"
        for one in meeting.reconsiderations
        if one.resolution == resolution
    ]
