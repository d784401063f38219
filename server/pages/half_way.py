"""A log-in that is half done: the password was right, the second step is still to come."""

from dataclasses import dataclass

from flask import Response, request
from itsdangerous import BadSignature, URLSafeSerializer

from server.pages.context import reading, services
from server.pages.csrf import server_keys
from server.service.access.accounts import find_account
from server.service.access.two_step import fingerprint
from server.service.refused import Refused

COOKIE = "step"
HALF_WAY_MS = 10 * 60_000


@dataclass(frozen=True, slots=True)
class HalfWay:
    """Whose password was right; it opens nothing but the question for the second step."""

    account: str
    name: str


def remember_half_way(response: Response, account_id: str, password_hash: str) -> Response:
    """Keep in a signed cookie of ten minutes that this account's password was right."""
    said = [account_id, fingerprint(password_hash), services().clock() + HALF_WAY_MS]
    response.set_cookie(
        COOKIE,
        str(_serializer().dumps(said)),
        max_age=HALF_WAY_MS // 1000,
        path="/office/login",
        secure=services().is_secure,
        httponly=True,
        samesite="Strict",
    )
    return response


def forget_half_way(response: Response) -> Response:
    """Take the cookie back."""
    response.delete_cookie(
        COOKIE, path="/office/login", secure=services().is_secure, httponly=True, samesite="Strict"
    )
    return response


def half_way() -> HalfWay | None:
    """Return whose log-in is half done; None when it is not ours, too old, or the password changed since."""
    try:
        account_id, printed, until = _serializer().loads(request.cookies.get(COOKIE, ""))
    except (BadSignature, ValueError, TypeError):
        return None
    if not isinstance(until, int) or until <= services().clock():
        return None
    try:
        with reading() as session:
            row = find_account(session, str(account_id))
    except Refused:
        return None
    is_same = row.disabled_at is None and fingerprint(row.password_hash) == printed
    return HalfWay(row.id, row.name) if is_same else None


def _serializer() -> "URLSafeSerializer":
    # itsdangerous signs with the last key of a list and checks with all of them
    return URLSafeSerializer(server_keys()[::-1], salt="half way")
