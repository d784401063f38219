"""Security headers of every answer, one place (S74–S76), and the remembered 长辈版."""

import re

from flask import Flask, Response, request

from server.pages.context import services

MODES = ("elder", "ordinary")
YEAR_SECONDS = 365 * 24 * 3600
_HOST = re.compile(r"[A-Za-z0-9.-]{1,253}(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]{2,45}\](:[0-9]{1,5})?")
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(self), geolocation=(), microphone=(), payment=(), usb=()",
}

# A script, style sheet or drawing is part of a page, whose policy counts; opened by itself it may do nothing at all.
# Thirty of them with a page's headers would weigh as much as what is in them (CONTRACT: first view at most 60 KB).
_PARTS = ("text/css", "text/javascript", "image/svg+xml")
_OF_PART = {
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Content-Security-Policy": "default-src 'none'",
}


def install_headers(app: Flask) -> None:
    """Put the headers on every answer, failures included."""
    app.after_request(set_headers)


def content_policy(host: str) -> str:
    """Return the Content-Security-Policy: nothing but our own files, sockets of this host, no inline code (S74).

    The socket addresses are spelled out for web views that do not count them to ``'self'``; a host that is none
    is left out, lest it break out of the policy.
    """
    sockets = f" ws://{host} wss://{host}" if _HOST.fullmatch(host) else ""
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            f"connect-src 'self'{sockets}",
            "manifest-src 'self'",
            "worker-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "object-src 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
            "report-uri /csp",
        )
    )


def set_headers(response: Response) -> Response:
    """Set what is missing; a page that says something stricter about itself keeps it."""
    is_part = response.mimetype in _PARTS and request.path.startswith("/static/")
    for name, value in (_OF_PART if is_part else _FIXED).items():
        response.headers.setdefault(name, value)
    if is_part:
        # the tag says what the date would; a script is not saved under a name nor read in pieces
        for name in ("Last-Modified", "Content-Disposition", "Accept-Ranges"):
            response.headers.pop(name, None)
    response.headers.setdefault("Content-Security-Policy", content_policy(request.host))
    if services().is_secure:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={YEAR_SECONDS}; includeSubDomains")
    _set_caching(response)
    _remember_mode(response)
    return response


def keep_briefly(response: Response) -> Response:
    """Let browsers keep a public page but ask before showing it again, so that going back is quick (S76)."""
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _set_caching(response: Response) -> None:
    """Files with their hash in the address may be kept for good; pages are kept only where they say so (S76)."""
    if request.path.startswith("/static/"):
        is_fixed = response.status_code == 200 and "v" in request.args
        response.headers["Cache-Control"] = (
            f"public, max-age={YEAR_SECONDS}, immutable" if is_fixed else "no-cache"
        )
    else:
        response.headers.setdefault("Cache-Control", "no-store")
        response.vary.add("Cookie")


def _remember_mode(response: Response) -> None:
    """Keep 长辈版 or 普通版 for a year after one tap (T159)."""
    mode = request.args.get("mode", "")
    if mode in MODES and request.method == "GET":
        response.set_cookie(
            "mode",
            mode,
            max_age=YEAR_SECONDS,
            secure=services().is_secure,
            httponly=True,
            samesite="Lax",
        )
