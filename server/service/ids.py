"""Ids, numbers and secrets: the only place that draws chance above the store."""

import hashlib
import secrets

from sqlalchemy.orm import Session

from server.store.tables.areas import CounterRow

# Crockford base32: no I, L, O, U to misread on paper.
_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_MISREAD = str.maketrans("ilo", "110")


def new_id() -> str:
    """Return a random id of 10 characters (50 bits); ids are not secrets."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(10))


def new_token() -> str:
    """Return a secret of 128 random bits for cookies and tickets (S66, S78)."""
    return secrets.token_urlsafe(16)


def new_receipt() -> str:
    """Return a receipt code of 8 characters to be read from paper, in two groups."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(8)).upper()
    return f"{code[:4]}-{code[4:]}"


def digest(secret: str) -> str:
    """Return the SHA-256 under which a secret is stored."""
    return hashlib.sha256(secret.encode()).hexdigest()


def receipt_digest(code: str) -> str:
    """Return the digest of a receipt code, forgiving case, spaces, hyphens and letters misread from paper."""
    plain = "".join(code.split()).replace("-", "").lower()
    return digest(plain.translate(_MISREAD))


def next_number(session: Session, scope: str) -> int:
    """Return the next number of a scope, starting at 1; call it inside the writer's transaction only."""
    counter = session.get(CounterRow, scope)
    if counter is None:
        counter = CounterRow(scope=scope, last=0)
        session.add(counter)
    counter.last += 1
    session.flush()
    return counter.last
