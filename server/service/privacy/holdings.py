"""What is stored about a person, piece by piece: what an erasure takes, what stays, and why (PIPL 44–47, S86, S87)."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.service.access.audit import KEPT_DAYS
from server.service.privacy.subjects import Subject
from server.store.tables.access import RecoveryCodeRow, SecondFactorRow, SessionRow, TicketRow
from server.store.tables.audit import AuditRow
from server.store.tables.meetings import SeatNameRow
from server.store.tables.minutes import DrawingRow


@dataclass(frozen=True, slots=True)
class Holding:
    """One piece: ``count`` of it, whether an erasure takes it, and the reason in a sentence."""

    what: str
    count: int
    goes: bool
    why: str


_LOG = Holding(
    "议事日志里的席位号", 0, goes=False,
    why="议事日志只写席位号，不写姓名；它的防改校验码印在纪要上，改了就对不上。旁边的姓名删掉以后，席位号认不出是谁",
)  # fmt: skip
_MINUTES = Holding(
    "会议纪要（公布以后）", 0, goes=False,
    why="纪要是依法依约公开、归档的会议文书，存档版写姓名，公开版只写所属一方和职务；按档案保存期限保存",
)  # fmt: skip
_BACKUPS = Holding(
    "以前做的备份", 0, goes=False,
    why="备份是加密的整份拷贝，不能只改其中一个人；旧备份到期自动删除。万一要恢复旧备份，恢复以后要再删一次",
)  # fmt: skip


def holdings_of(session: Session, subject: Subject) -> tuple[Holding, ...]:
    """Return every piece that is stored about a person, what goes first."""
    pieces = {
        "representative": _of_representative,
        "account": _of_account,
        "topic": _of_proposer,
    }[subject.kind](session, subject.id)
    shown = [piece for piece in pieces if piece.count or piece is _BACKUPS]
    return tuple(sorted(shown, key=lambda piece: not piece.goes))


def _of_representative(session: Session, person: str) -> list[Holding]:
    seats = _count(session, SeatNameRow.seat, SeatNameRow.representative_id == person)
    tickets = select(TicketRow.id).where(TicketRow.representative_id == person)
    return [
        Holding("名册上的姓名、职务、电话", 1, goes=True, why="名册那一行留着空位，姓名写成“已删除”"),
        Holding("各次会议席位旁边的姓名和核对用的随机数", seats, goes=True, why="会议的纪要都已公布，不再需要"),
        Holding(
            "代表证上的持证人姓名", _count(session, TicketRow.id, TicketRow.representative_id == person),
            goes=True, why="离任时已经作废",
        ),
        Holding(
            "登录记录（设备、时间）", _count(session, SessionRow.id, SessionRow.ticket_id.in_(tickets)),
            goes=True, why="不再需要",
        ),
        _counted(_LOG, seats),
        _counted(_MINUTES, seats),
        Holding(
            "手写签名的笔画", _drawings(session, person), goes=False,
            why="签名是纪要定稿的证据，只存笔画位置，不存速度和力度；公开版不印",
        ),
        _BACKUPS,
    ]  # fmt: skip


def _of_account(session: Session, account: str) -> list[Holding]:
    key = f"account:{account}"
    return [
        Holding("账号名、姓名、密码的校验值", 1, goes=True, why="账号那一行留着编号，姓名写成“已删除”"),
        Holding(
            "两步验证和备用码",
            _count(session, SecondFactorRow.account_id, SecondFactorRow.account_id == account)
            + _count(session, RecoveryCodeRow.account_id, RecoveryCodeRow.account_id == account),
            goes=True, why="不再需要",
        ),
        Holding(
            "登录记录（设备、时间）", _count(session, SessionRow.id, SessionRow.account_id == account),
            goes=True, why="不再需要",
        ),
        Holding("纪要各版旁边“谁保存的”姓名", 1, goes=True, why="写成“已删除”，纪要文字不动"),
        Holding(
            "操作记录里的账号编号", _count(session, AuditRow.id, AuditRow.who == key), goes=False,
            why=f"网络安全法要求日志至少留六个月；只有编号没有姓名，{KEPT_DAYS}天后自动清除",
        ),
        Holding(
            "会议通知、纪要上写的主持人或记录人姓名", 1, goes=False,
            why="通知和纪要是已经发出、公布的会议文书",
        ),
        _BACKUPS,
    ]  # fmt: skip


def _of_proposer(session: Session, topic: str) -> list[Holding]:
    return [
        Holding("提议人的姓名、电话、是否署名", 1, goes=True, why="删掉以后，工作人员也看不到是谁提的"),
        Holding(
            "议题的题目、内容、地点和办理经过", 1, goes=False,
            why="是公开的议事事项，按编号流转，旁边不再写是谁提的",
        ),
        Holding("回执码的校验值", 1, goes=False, why="本人还要凭回执码查进度；它认不出是谁"),
        _BACKUPS,
    ]  # fmt: skip


def _counted(piece: Holding, count: int) -> Holding:
    return Holding(piece.what, count, piece.goes, piece.why)


def _count(session: Session, column: object, condition: object) -> int:
    return session.scalar(select(func.count(column)).where(condition)) or 0  # type: ignore[arg-type]


def _drawings(session: Session, person: str) -> int:
    """Count the drawings of meetings in which the person has a seat, at most one for each."""
    meetings = select(SeatNameRow.meeting_id).where(SeatNameRow.representative_id == person)
    return len(
        session.scalars(
            select(DrawingRow.meeting_id).where(DrawingRow.meeting_id.in_(meetings)).distinct()
        ).all()
    )
