"""Every unsafe request proves that it comes from one of our own pages (S79)."""

import hashlib
import hmac

from flask import Flask, Response, current_app, g, request
from markupsafe import Markup

from server.domain.actor import Role
from server.domain.refusal import RefusalCode
from server.pages.context import cookie_name, services, signed_in
from server.service.access.sessions import SESSION_MS, NewSession
from server.service.ids import new_token
from server.service.refused import refused

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# The ticket itself is the proof at /join; nothing is changed at /healthz and /csp.
WITHOUT_TOKEN = frozenset({"/join", "/healthz", "/csp"})


class FormStale(Exception):
    """A form without a valid token: the page was open too long, or it is not ours."""


def install_csrf(app: Flask) -> None:
    """Check every unsafe request of the application; anonymous forms get their cookie with the page."""
    app.before_request(check_csrf)
    app.after_request(_keep_form_cookie)


def check_csrf() -> None:
    """Raise FormStale unless a request may change something: same site, and the token of its session or cookie."""
    if request.method in SAFE:
        return
    if request.headers.get("Sec-Fetch-Site") == "cross-site":
        raise FormStale
    if request.path in WITHOUT_TOKEN:
        return
    given = request.headers.get("X-CSRF-Token") or request.form.get("csrf", "")
    person = signed_in()
    if person is None and request.path.startswith("/meetings/"):
        # A room knows no anonymous forms: a phone whose session ended has to hear so, not that its page is old.
        raise refused(RefusalCode.NOT_SIGNED_IN)
    expected = person.csrf if person is not None else _form_cookie()
    if not expected or not hmac.compare_digest(given.encode(), expected.encode()):
        raise FormStale


def csrf_token() -> str:
    """Return the token a form of this page carries: the session's, or a signed one kept in a cookie."""
    person = signed_in()
    if person is not None:
        return person.csrf
    token = _form_cookie() or g.get("form_token")
    if not token:
        nonce = new_token()
        token = f"{nonce}.{_signature(nonce, server_keys()[0])}"
        g.form_token = token
    return str(token)


def csrf_field() -> Markup:
    """Return the hidden field every form of ours carries."""
    return Markup('<input type="hidden" name="csrf" value="{}">').format(csrf_token())


def keep_session(response: Response, opened: NewSession) -> Response:
    """Set the cookies of a session just opened: the secret one, and the token live screens send as a header."""
    secure = services().is_secure
    seconds = SESSION_MS // 1000
    # Who may do most is not carried along by a link on a foreign page (S78); a scanned card and its form come from us.
    site = "Strict" if opened.signed_in.role in (Role.CHAIR, Role.ADMINISTRATOR) else "Lax"
    response.set_cookie(
        cookie_name(), opened.cookie, max_age=seconds, secure=secure, httponly=True, samesite=site
    )
    response.set_cookie("csrf", opened.csrf, max_age=seconds, secure=secure, samesite=site)
    return response


def drop_session(response: Response) -> Response:
    """Take the session's cookies back and clear what the browser kept (S76)."""
    response.delete_cookie(cookie_name(), secure=services().is_secure, httponly=True, samesite="Lax")
    response.delete_cookie("csrf", secure=services().is_secure, samesite="Lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def _form_cookie() -> str:
    """Return the anonymous token of the request's cookie, if its signature is ours."""
    token = request.cookies.get("form", "")
    nonce, _, signature = token.partition(".")
    is_ours = any(
        hmac.compare_digest(signature.encode(), _signature(nonce, key).encode()) for key in server_keys()
    )
    return token if nonce and is_ours else ""


def server_keys() -> list[bytes]:
    """Return the server's secret keys, the newest first; the former ones still open what they signed (S83)."""
    newest = current_app.secret_key or b""
    former = current_app.config.get("SECRET_KEY_FALLBACKS") or []
    return [key.encode() if isinstance(key, str) else key for key in (newest, *former)]


def _signature(nonce: str, key: bytes) -> str:
    return hmac.new(key, f"form.{nonce}".encode(), hashlib.sha256).hexdigest()[:32]


def _keep_form_cookie(response: Response) -> Response:
    token = g.pop("form_token", None)
    if token:
        response.set_cookie("form", token, secure=services().is_secure, httponly=True, samesite="Lax")
    return response
