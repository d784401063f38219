"""Smaller answers over the wire (CONTRACT: a phone's first view is at most 60 KB)."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache

from flask import Flask, Response, request

from server.pages.slimming import without_comments

LEAST = 300
_TYPES = (
    "text/html",
    "text/css",
    "text/javascript",
    "application/javascript",
    "application/json",
    "image/svg+xml",
)
# Files and live screens carry nothing that a stranger's request could mix with a secret, so the length of a
# compressed answer tells nothing (BREACH). Other pages repeat what was typed beside their form token: left alone.
_SAFE_PATHS = ("/static/", "/meetings/")


def install_compression(app: Flask) -> None:
    """Compress files and live screens for browsers that accept it."""
    app.after_request(compress)


def compress(response: Response) -> Response:
    """Compress one answer; costs about a millisecond for a live screen, nothing for a file seen before."""
    if not _may_shrink(response):
        return response
    response.direct_passthrough = False
    response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary"), "Accept-Encoding")))
    wants_gzip = request.accept_encodings.quality("gzip") > 0
    if request.path.startswith("/static/"):
        file = _slim_file(request.path, response.get_data())
        content, small = file.content, file.small
        # by content, not by date: a new installation of the same files is no reason to load them again;
        # weak, because the same tag stands for the compressed bytes
        response.set_etag(file.tag, weak=True)
    else:
        content = response.get_data()
        small = gzip.compress(content, 6, mtime=0) if wants_gzip else b""
    if not wants_gzip or len(content) < LEAST:
        response.set_data(content)
    else:
        response.set_data(small)
        response.headers["Content-Encoding"] = "gzip"
    response.make_conditional(request.environ)
    return response


def _may_shrink(response: Response) -> bool:
    return (
        response.status_code == 200
        and request.method == "GET"
        and request.path.startswith(_SAFE_PATHS)
        and response.mimetype in _TYPES
        and "Content-Encoding" not in response.headers
    )


@dataclass(frozen=True, slots=True)
class _File:
    """A file as it goes over the wire, plain and compressed."""

    content: bytes
    small: bytes
    tag: str


@lru_cache(maxsize=256)
def _slim_file(path: str, content: bytes) -> _File:
    slim = without_comments(path, content.decode()).encode()
    return _File(slim, gzip.compress(slim, 9, mtime=0), hashlib.sha256(slim).hexdigest()[:10])
