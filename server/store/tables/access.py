"""Accounts, tickets and sessions; secrets are stored as SHA-256 only (S66, S81)."""

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from server.store.tables.registry import Id, Instant, Row


class AccountRow(Row):
    """工作人员账号: logs in with a password; ``role`` is a value of ``domain.actor.Role``."""

    __tablename__ = "account"
    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(40), unique=True)
    display_name: Mapped[str] = mapped_column(String(40))
    role: Mapped[str] = mapped_column(String(20))
    area_id: Mapped[str | None] = mapped_column(ForeignKey("area.id"))
    password_hash: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[Instant]
    disabled_at: Mapped[int | None] = mapped_column(BigInteger)


class SecondFactorRow(Row):
    """两步验证 of an account: the shared secret encrypted, the last time step a code was taken for, wrong tries.

    ``confirmed_at`` is empty until a code proved that the owner's device has the secret.
    """

    __tablename__ = "second_factor"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    sealed: Mapped[str] = mapped_column(String(300))
    salt: Mapped[str] = mapped_column(String(32))
    begun_at: Mapped[Instant]
    confirmed_at: Mapped[int | None] = mapped_column(BigInteger)
    last_step: Mapped[int] = mapped_column(BigInteger, default=0)
    failed: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[int] = mapped_column(BigInteger, default=0)


class RecoveryCodeRow(Row):
    """A code for the day the phone is lost, good once; stored as its scrypt hash under the factor's salt."""

    __tablename__ = "recovery_code"
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_at: Mapped[int | None] = mapped_column(BigInteger)


class PolicyRow(Row):
    """A choice of the administrator for the whole installation, by name."""

    __tablename__ = "policy"
    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    chosen: Mapped[str] = mapped_column(String(40))


class SetupLinkRow(Row):
    """The one-time link for the first administrator."""

    __tablename__ = "setup_link"
    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    expires_at: Mapped[Instant]
    used_at: Mapped[int | None] = mapped_column(BigInteger)


class TicketRow(Row):
    """入场码: ``kind`` is chair, secretary, observer (of one meeting) or representative (of a council)."""

    __tablename__ = "ticket"
    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[str] = mapped_column(String(20))
    representative_id: Mapped[str | None] = mapped_column(ForeignKey("representative.id"), index=True)
    meeting_id: Mapped[str | None] = mapped_column(ForeignKey("meeting.id"), index=True)
    holder: Mapped[str] = mapped_column(String(40), default="")
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    revoked_at: Mapped[int | None] = mapped_column(BigInteger)
    redeemed_at: Mapped[int | None] = mapped_column(BigInteger)
    redemptions: Mapped[int] = mapped_column(default=0)


class SessionRow(Row):
    """A signed-in person: by account or by ticket; ``id`` is the SHA-256 of the cookie's value.

    ``device`` says in words what it is used on, ``seen_at`` when it was last used.
    """

    __tablename__ = "session"
    id: Mapped[str] = mapped_column(String(64), primary_key=True)
    csrf: Mapped[str] = mapped_column(String(43))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("account.id"), index=True)
    ticket_id: Mapped[str | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant]
    ended_at: Mapped[int | None] = mapped_column(BigInteger)
    ended_reason: Mapped[str] = mapped_column(String(20), default="")
    device: Mapped[str] = mapped_column(String(60), default="")
    seen_at: Mapped[int | None] = mapped_column(BigInteger)


class AllowanceRow(Row):
    """How often somebody tried in the window that ends at ``until``; ``key`` is a keyed digest, never an address."""

    __tablename__ = "allowance"
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    until: Mapped[Instant]
    used: Mapped[int]
