"""查阅、复制: all that is stored about a person, as plain data under Chinese names (PIPL 45)."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.meeting import events as e
from server.service.clock import local_time
from server.service.matters.topics import timeline
from server.service.privacy.subjects import Subject
from server.store.log import read_events
from server.store.tables.access import AccountRow, SessionRow, TicketRow
from server.store.tables.areas import CouncilRow, PartyRow, RepresentativeRow
from server.store.tables.audit import AuditRow
from server.store.tables.meetings import MeetingRow, SeatNameRow
from server.store.tables.minutes import DrawingRow
from server.store.tables.topics import TopicRow

Data = dict[str, Any]


def data_of(session: Session, subject: Subject) -> Data:
    """Return a person's data; secrets (hashes, keys, a secret ballot's choice) are not in it. Cost: their logs."""
    match subject.kind:
        case "representative":
            return _representative(session, session.get_one(RepresentativeRow, subject.id))
        case "account":
            return _account(session, session.get_one(AccountRow, subject.id))
        case "topic":
            return _proposer(session, session.get_one(TopicRow, subject.id))


def _representative(session: Session, row: RepresentativeRow) -> Data:
    tickets = session.scalars(select(TicketRow).where(TicketRow.representative_id == row.id)).all()
    return {
        "类别": "议事代表",
        "议事会": session.get_one(CouncilRow, row.council_id).name,
        "所属方": session.get_one(PartyRow, row.party_id).name,
        "姓名": row.name,
        "职务或楼栋": row.post,
        "电话": row.telephone,
        "席位": row.seat,
        "任职": _moment(row.joined_at),
        "离任": _moment(row.left_at),
        "代表证": [
            {
                "印制": _moment(ticket.created_at),
                "作废": _moment(ticket.revoked_at),
                "最近使用": _moment(ticket.redeemed_at),
                "使用次数": ticket.redemptions,
            }
            for ticket in tickets
        ],
        "登录": _sessions(session, SessionRow.ticket_id.in_([ticket.id for ticket in tickets])),
        "会议": [
            _sitting(session, seat)
            for seat in session.scalars(
                select(SeatNameRow)
                .where(SeatNameRow.representative_id == row.id)
                .order_by(SeatNameRow.meeting_id)
            )
        ],
    }


def _sitting(session: Session, seat: SeatNameRow) -> Data:
    meeting = session.get_one(MeetingRow, seat.meeting_id)
    signatory, done = str(seat.seat), list[Data]()
    drawing = ""
    for event, at in read_events(session, seat.meeting_id):
        words, extra = _own_act(event, seat.seat, signatory)
        if words:
            done.append({"时间": _moment(at), "做了什么": words, **extra})
        if isinstance(event, e.MinutesSigned) and event.signatory == signatory:
            drawing = event.drawing
    strokes = session.get(DrawingRow, (seat.meeting_id, drawing)) if drawing else None
    return {
        "会议": f"{meeting.year}年第{meeting.ordinal}次会议",
        "席位": seat.seat,
        "名册上的姓名": seat.name,
        "名册上的职务": seat.post,
        "经过": done,
        "手写签名的笔画": strokes.strokes if strokes is not None else "",
    }


def _own_act(event: e.Event, seat: int, signatory: str) -> tuple[str, Data]:
    """Return what an event says of one seat, "" when nothing; choices only of polls in which names are shown."""
    match event:
        case e.PresenceCheckedIn() if event.seat == seat:
            return "签到", {}
        case e.PresenceLeft() if event.seat == seat:
            return "离会", {}
        case e.FloorRequested() if event.seat == seat:
            return "申请发言", {}
        case e.FloorYielded() if event.seat == seat:
            return "发言", {"秒": event.spoken_seconds}
        case e.PollClosed() if seat in event.participants:
            choice = next((ballot.choice for ballot in event.ballots or () if ballot.seat == seat), None)
            return "参加表决", {"选择": choice} if choice is not None else {"选择": "无记名，系统里认不出"}
        case e.MinutesSigned() if event.signatory == signatory:
            return "答复纪要", {"答复": event.answer, "意见": event.text}
        case _:
            return "", {}


def _account(session: Session, row: AccountRow) -> Data:
    acts = session.scalars(select(AuditRow).where(AuditRow.who == f"account:{row.id}").order_by(AuditRow.id))
    return {
        "类别": "工作人员账号",
        "账号": row.name,
        "姓名": row.display_name,
        "职责": row.role,
        "开通": _moment(row.created_at),
        "停用": _moment(row.disabled_at),
        "登录": _sessions(session, SessionRow.account_id == row.id),
        "操作": [{"时间": _moment(act.at), "种类": act.act, "结果": act.result} for act in acts],
    }


def _proposer(session: Session, row: TopicRow) -> Data:
    return {
        "类别": "议题提议人",
        "议题编号": row.number,
        "姓名": row.proposer,
        "电话": row.telephone,
        "是否署名": row.is_named,
        "题目": row.title,
        "内容": row.body,
        "地点": row.place,
        "提出": _moment(row.raised_at),
        "经过": [
            {"时间": _moment(entry.at), "状态": entry.state, "说明": entry.text}
            for entry in timeline(session, row.id)
        ],
    }


def _sessions(session: Session, condition: Any) -> Iterable[Data]:
    rows = session.scalars(select(SessionRow).where(condition).order_by(SessionRow.created_at))
    return [
        {
            "登录": _moment(row.created_at),
            "设备": row.device,
            "最近使用": _moment(row.seen_at),
            "退出": _moment(row.ended_at),
        }
        for row in rows
    ]


def _moment(instant: int | None) -> str:
    return f"{local_time(instant):%Y-%m-%d %H:%M}" if instant is not None else ""
