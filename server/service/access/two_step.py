"""两步验证: a code of the owner's device beside the password (TOTP, RFC 6238), and codes for when it is lost (S82)."""

import base64
import hashlib
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

import pyotp
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from server.service.access.accounts import stretch
from server.service.access.sessions import end_sessions
from server.store.tables.access import AccountRow, PolicyRow, RecoveryCodeRow, SecondFactorRow
from server.store.writer import Unit

ISSUER = "议事厅"
STEP_SECONDS, DIGITS = 30, 6
# A phone's clock may be one step ahead or behind.
DRIFT = 1
RECOVERY_CODES = 10
# Every fifth wrong code locks the account's second step, for twice as long each time; a right one begins anew.
TRIES, LOCK_MS, LONGEST_LOCK_MS = 5, 10 * 60_000, 12 * 3600_000
REQUIRED = "two_step_required"
# Crockford base32 without letters that are misread on paper; 10 of them are 50 bits.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

Answer = Literal["good", "wrong", "locked", "unreadable"]


@dataclass(frozen=True, slots=True)
class Factor:
    """How an account's second step stands; ``left`` counts recovery codes not used yet."""

    since: int
    left: int


@dataclass(frozen=True, slots=True)
class RecoveryCodes:
    """Ten codes as they are printed once, and what is stored of them."""

    shown: Sequence[str]
    hashes: Sequence[str]
    salt: str


def sealing(keys: Sequence[bytes]) -> MultiFernet:
    """Return what encrypts the shared secrets: the newest server key first, former ones still open (S83)."""
    return MultiFernet([Fernet(base64.urlsafe_b64encode(_derived(key))) for key in keys])


def _derived(key: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=b"council two-step").derive(key)


def draw_recovery_codes() -> RecoveryCodes:
    """Draw ten codes; hashing takes some 60 ms each, so never on the writer or the loop."""
    salt = secrets.token_hex(16)
    codes = ["".join(secrets.choice(_ALPHABET) for _ in range(10)) for _ in range(RECOVERY_CODES)]
    return RecoveryCodes(
        [f"{code[:5]}-{code[5:]}" for code in codes], [recovery_hash(code, salt) for code in codes], salt
    )


def recovery_hash(code: str, salt: str) -> str:
    """Return the hash a recovery code is stored under, forgiving blanks, hyphens and case."""
    plain = "".join(code.split()).replace("-", "").lower()
    return stretch(plain, bytes.fromhex(salt)).hex()


def looks_like_recovery(code: str) -> bool:
    """Tell whether what was typed is meant as a recovery code rather than six digits."""
    return len("".join(code.split()).replace("-", "")) == 10


def factor_of(session: Session, account_id: str) -> Factor | None:
    """Return an account's second step, None while it has none."""
    row = session.get(SecondFactorRow, account_id)
    if row is None or row.confirmed_at is None:
        return None
    left = session.scalar(
        select(func.count())
        .select_from(RecoveryCodeRow)
        .where(RecoveryCodeRow.account_id == account_id, RecoveryCodeRow.used_at.is_(None))
    )
    return Factor(row.confirmed_at, left or 0)


def salt_of(session: Session, account_id: str) -> str | None:
    """Return the salt of an account's recovery codes."""
    row = session.get(SecondFactorRow, account_id)
    return row.salt if row is not None else None


def accounts_with_factor(session: Session) -> set[str]:
    """Return the ids of accounts whose second step is on."""
    return set(
        session.scalars(select(SecondFactorRow.account_id).where(SecondFactorRow.confirmed_at.is_not(None)))
    )


def is_required(session: Session) -> bool:
    """Tell whether the administrator asks every account for a second step."""
    row = session.get(PolicyRow, REQUIRED)
    return row is not None and row.chosen == "yes"


def require(unit: Unit, now: int, *, required: bool) -> None:
    """Ask every account for a second step, or no longer; who has none yet has to log in again and set it up."""
    unit.session.merge(PolicyRow(name=REQUIRED, chosen="yes" if required else "no"))
    if required:
        having = accounts_with_factor(unit.session)
        for account_id in unit.session.scalars(select(AccountRow.id)).all():
            if account_id not in having:
                end_sessions(unit, now, "ended", account_id=account_id)


def begin(unit: Unit, now: int, account_id: str, box: MultiFernet) -> bool:
    """Draw a new shared secret, not in force until a code confirms it; False when the second step is on already."""
    row = unit.session.get(SecondFactorRow, account_id)
    if row is not None and row.confirmed_at is not None:
        return False
    secret = pyotp.random_base32()
    sealed = box.encrypt(secret.encode()).decode()
    fresh = SecondFactorRow(
        account_id=account_id, sealed=sealed, salt="", begun_at=now, confirmed_at=None, last_step=0,
        failed=row.failed if row is not None else 0, locked_until=row.locked_until if row is not None else 0,
    )  # fmt: skip
    unit.session.merge(fresh)
    return True


def pending_secret(session: Session, account_id: str, box: MultiFernet) -> str | None:
    """Return the secret that waits for its first code; None when there is none, or when it is in force."""
    row = session.get(SecondFactorRow, account_id)
    if row is None or row.confirmed_at is not None:
        return None
    return _opened(row, box)


def address_of(secret: str, account_name: str) -> str:
    """Return what the QR code says to an authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=account_name, issuer_name=ISSUER)


def confirm(
    unit: Unit, now: int, account_id: str, code: str, box: MultiFernet, codes: RecoveryCodes
) -> Answer:
    """Put the second step in force when the code is right, with fresh recovery codes."""
    row = unit.session.get(SecondFactorRow, account_id)
    if row is None or row.confirmed_at is not None:
        return "wrong"
    answer = _try_code(row, now, code, box)
    if answer == "good":
        row.confirmed_at = now
        _store_codes(unit, account_id, codes)
    return answer


def verify(
    unit: Unit, now: int, account_id: str, code: str, box: MultiFernet, hashed: str | None = None
) -> Answer:
    """Take a code of the device, or a recovery code by its hash; each is good once (RFC 6238, 5.2).

    A wrong one counts; the result is returned rather than raised, so that the count is kept.
    """
    row = unit.session.get(SecondFactorRow, account_id)
    if row is None or row.confirmed_at is None:
        return "wrong"
    if row.locked_until > now:
        return "locked"
    if hashed is None:
        return _try_code(row, now, code, box)
    spare = unit.session.get(RecoveryCodeRow, (account_id, hashed))
    if spare is None or spare.used_at is not None:
        return _count_wrong(row, now)
    spare.used_at, row.failed = now, 0
    return "good"


def renew_codes(unit: Unit, account_id: str, codes: RecoveryCodes) -> None:
    """Put ten fresh recovery codes in place of the former ones."""
    _store_codes(unit, account_id, codes)


def turn_off(unit: Unit, account_ids: Collection[str]) -> None:
    """Forget the second step of these accounts with all its codes."""
    for row in (RecoveryCodeRow, SecondFactorRow):
        unit.session.execute(delete(row).where(row.account_id.in_(list(account_ids))))


def reseal(unit: Unit, box: MultiFernet) -> int:
    """Encrypt every secret with the newest key and return how many could be opened; after a rotation."""
    done = 0
    for row in unit.session.scalars(select(SecondFactorRow)):
        try:
            row.sealed = box.rotate(row.sealed.encode()).decode()
            done += 1
        except InvalidToken:
            continue
    return done


def _store_codes(unit: Unit, account_id: str, codes: RecoveryCodes) -> None:
    row = unit.session.get_one(SecondFactorRow, account_id)
    row.salt = codes.salt
    unit.session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.account_id == account_id))
    unit.session.add_all(RecoveryCodeRow(account_id=account_id, code_hash=code) for code in codes.hashes)


def _try_code(row: SecondFactorRow, now: int, code: str, box: MultiFernet) -> Answer:
    if row.locked_until > now:
        return "locked"
    secret = _opened(row, box)
    if secret is None:
        return "unreadable"
    typed = "".join(code.split())
    step = now // 1000 // STEP_SECONDS
    for candidate in range(step - DRIFT, step + DRIFT + 1):
        expected = pyotp.TOTP(secret).at(candidate * STEP_SECONDS)
        if candidate > row.last_step and secrets.compare_digest(expected.encode(), typed.encode()):
            row.last_step, row.failed = candidate, 0
            return "good"
    return _count_wrong(row, now)


def _count_wrong(row: SecondFactorRow, now: int) -> Answer:
    row.failed += 1
    if row.failed % TRIES == 0:
        row.locked_until = now + min(LOCK_MS * 2 ** min(10, row.failed // TRIES - 1), LONGEST_LOCK_MS)
    return "wrong"


def _opened(row: SecondFactorRow, box: MultiFernet) -> str | None:
    try:
        return box.decrypt(row.sealed.encode()).decode()
    except InvalidToken:
        return None


def fingerprint(password_hash: str) -> str:
    """Return what ties a half-finished log-in to the password it began with."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]
