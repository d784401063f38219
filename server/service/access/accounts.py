"""Office accounts: passwords, log-in, the one-time link of the first administrator (S66, S81)."""

import base64
import hashlib
import hmac
import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.actor import Role
from server.domain.meeting.decide.text import is_sound_name, likeness
from server.domain.refusal import RefusalCode
from server.service.access.audit import Act, note
from server.service.access.sessions import NewSession, SignedIn, end_sessions, open_session
from server.service.clock import DAY_MS
from server.service.ids import digest, new_id, new_token
from server.service.refused import refused
from server.store.tables.access import AccountRow, SessionRow, SetupLinkRow
from server.store.tables.areas import AreaRow
from server.store.writer import Unit

LONGEST_NAME = 40
SETUP_MS = DAY_MS
ACCOUNT_ROLES = (Role.ADMINISTRATOR, Role.ORGANISER, Role.SECRETARY, Role.CHAIR, Role.SUPERVISOR)

# scrypt with 32 MiB per password; at most two at once, so that a rush of log-ins cannot exhaust a small machine.
_COST, _BLOCK, _LANES = 2**15, 8, 1
_MEMORY = 64 * 1024 * 1024
_AT_ONCE = threading.BoundedSemaphore(2)
# No l, o, 0, 1: printed passwords are read from paper.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class CreatedAccount:
    """What is told once about a new account or a new password."""

    account_id: str
    name: str
    password: str


def new_password() -> str:
    """Return a password of 12 characters in three groups (59 bits), to be printed once."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))


def hash_password(password: str) -> str:
    """Return ``scrypt$cost$block$lanes$salt$hash``; takes some 60 ms and 32 MiB: never on the writer or the loop."""
    salt = secrets.token_bytes(16)
    return "$".join(
        ("scrypt", str(_COST), str(_BLOCK), str(_LANES), _text(salt), _text(stretch(password, salt)))
    )


def password_matches(password: str, stored: str) -> bool:
    """Tell in constant time whether a password is the one behind a stored hash."""
    _, _, _, _, salt, wanted = stored.split("$")
    return hmac.compare_digest(stretch(password, base64.b64decode(salt)), base64.b64decode(wanted))


def stretch(password: str, salt: bytes) -> bytes:
    """Return scrypt of a password: some 60 ms and 32 MiB, at most two at once; never on the writer or the loop."""
    with _AT_ONCE:
        return hashlib.scrypt(
            password.encode(), salt=salt, n=_COST, r=_BLOCK, p=_LANES, maxmem=_MEMORY, dklen=32
        )


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()


# Compared when there is no such account, so that the answer takes as long (constant time).
NO_PASSWORD = "$".join(("scrypt", str(_COST), str(_BLOCK), str(_LANES), _text(b"nobody"), _text(bytes(32))))


def check_login(session: Session, name: str, password: str) -> str | None:
    """Return the id of the account that name and password open, or None; takes as long for unknown names."""
    row = session.scalar(select(AccountRow).where(AccountRow.name == name))
    matches = password_matches(password, row.password_hash if row is not None else NO_PASSWORD)
    return row.id if row is not None and row.disabled_at is None and matches else None


def log_in(unit: Unit, now: int, account_id: str) -> NewSession:
    """Open a session for an account whose password was just checked; NOT_ALLOWED when it was disabled meanwhile."""
    row = find_account(unit.session, account_id)
    if row.disabled_at is not None:
        raise refused(RefusalCode.NOT_ALLOWED)
    note(unit, now, f"account:{account_id}", Act.LOG_IN)
    return open_session(unit, now, account=row)


def log_out(unit: Unit, now: int, person: SignedIn) -> None:
    """End the session this person asks with."""
    note(unit, now, person.key, Act.LOG_OUT)
    end_sessions(unit, now, "signed_out", session_id=person.session)


def create_account(
    unit: Unit,
    now: int,
    *,
    name: str,
    role: Role,
    display_name: str = "",
    area_id: str | None = None,
    password: str | None = None,
    password_hash: str | None = None,
) -> CreatedAccount:
    """Write an account and return its password, which is kept nowhere.

    Without a password one is drawn. Give ``password_hash`` with it to keep the hashing off the writer's thread.
    Refusals: BAD_DATA with the fact ``field``, NAME_TAKEN, NOT_FOUND for an unknown area.
    """
    shown = display_name or name
    for field, value in (("name", name), ("display_name", shown)):
        if not is_sound_name(value, LONGEST_NAME) or value != value.strip():
            raise refused(RefusalCode.BAD_DATA, field=field)
    if role not in ACCOUNT_ROLES:
        raise refused(RefusalCode.BAD_DATA, field="role")
    if area_id is not None and unit.session.get(AreaRow, area_id) is None:
        raise refused(RefusalCode.NOT_FOUND, what="area")
    # A name that only looks like another one would be trusted as that one (S84).
    if likeness(name) in map(likeness, unit.session.scalars(select(AccountRow.name))):
        raise refused(RefusalCode.NAME_TAKEN, name=name)
    chosen = password or new_password()
    row = AccountRow(
        id=new_id(),
        name=name,
        display_name=shown,
        role=role.value,
        area_id=area_id,
        password_hash=password_hash or hash_password(chosen),
        created_at=now,
    )
    unit.session.add(row)
    unit.session.flush()
    return CreatedAccount(row.id, name, chosen)


def change_password(unit: Unit, now: int, account_id: str, password_hash: str, *, keep: str = "") -> None:
    """Set a new password and end the account's sessions, all but ``keep``."""
    row = find_account(unit.session, account_id)
    row.password_hash = password_hash
    _end_others(unit, now, account_id, keep)


def disable_account(unit: Unit, now: int, account_id: str, by: str) -> None:
    """Close an account for good and end its sessions; nobody disables the own one or the last administrator's."""
    row = find_account(unit.session, account_id)
    if row.disabled_at is not None:
        return
    if account_id == by or (row.role == Role.ADMINISTRATOR.value and _administrators(unit.session) <= 1):
        raise refused(RefusalCode.LAST_ADMINISTRATOR)
    row.disabled_at = now
    _end_others(unit, now, account_id, "")


def enable_account(unit: Unit, account_id: str) -> None:
    """Let a disabled account log in again."""
    find_account(unit.session, account_id).disabled_at = None


def find_account(session: Session, account_id: str) -> AccountRow:
    """Return an account; Refused NOT_FOUND when there is none."""
    row = session.get(AccountRow, account_id)
    if row is None:
        raise refused(RefusalCode.NOT_FOUND, what="account")
    return row


def find_by_name(session: Session, name: str) -> str | None:
    """Return the id of the account of this name, if there is one."""
    return session.scalar(select(AccountRow.id).where(AccountRow.name == name))


def list_accounts(session: Session) -> Sequence[AccountRow]:
    """Return all accounts, those in use first, by name."""
    return session.scalars(
        select(AccountRow).order_by(AccountRow.disabled_at.is_not(None), AccountRow.name)
    ).all()


def has_accounts(session: Session) -> bool:
    """Tell whether anybody can log in at all."""
    return session.scalar(select(AccountRow.id).limit(1)) is not None


def create_setup_link(unit: Unit, now: int) -> str:
    """Return the token of a new one-time link for the first administrator; older links end.

    The address is ``{public_url}/office/setup?token={token}``. NOT_ALLOWED once there is an account.
    """
    if has_accounts(unit.session):
        raise refused(RefusalCode.NOT_ALLOWED)
    for former in unit.session.scalars(select(SetupLinkRow).where(SetupLinkRow.used_at.is_(None))):
        former.used_at = now
    token = new_token()
    unit.session.add(SetupLinkRow(token_hash=digest(token), expires_at=now + SETUP_MS))
    return token


def is_setup_open(session: Session, now: int, token: str) -> bool:
    """Tell whether a set-up link may still be used."""
    row = session.get(SetupLinkRow, digest(token))
    return row is not None and row.used_at is None and row.expires_at > now and not has_accounts(session)


def set_up(
    unit: Unit, now: int, token: str, *, name: str, display_name: str, password_hash: str
) -> NewSession:
    """Use the one-time link: write the first administrator and sign in; LINK_USED when it opens nothing."""
    row = unit.session.get(SetupLinkRow, digest(token))
    if row is None or not is_setup_open(unit.session, now, token):
        raise refused(RefusalCode.LINK_USED)
    row.used_at = now
    created = create_account(
        unit,
        now,
        name=name,
        role=Role.ADMINISTRATOR,
        display_name=display_name,
        password="unused",  # noqa: S106 - the hash below is what counts
        password_hash=password_hash,
    )
    note(unit, now, f"account:{created.account_id}", Act.SET_UP)
    return log_in(unit, now, created.account_id)


def _administrators(session: Session) -> int:
    rows = session.scalars(
        select(AccountRow.id).where(
            AccountRow.role == Role.ADMINISTRATOR.value, AccountRow.disabled_at.is_(None)
        )
    )
    return len(rows.all())


def _end_others(unit: Unit, now: int, account_id: str, keep: str) -> None:
    chosen = select(SessionRow.id).where(SessionRow.account_id == account_id, SessionRow.id != keep)
    for session_id in unit.session.scalars(chosen.where(SessionRow.ended_at.is_(None))).all():
        end_sessions(unit, now, "signed_out", session_id=session_id)
