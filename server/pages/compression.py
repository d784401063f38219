"""Smaller answers over the wire (CONTRACT: a phone's first view is at most 60 KB)."""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

LEAST = 900
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
    if not _may_compress(response):
        return response
    response.direct_passthrough = False
    content = response.get_data()
    response.headers["Vary"] = ", ".join(filter(None, (response.headers.get("Vary"), "Accept-Encoding")))
    if len(content) < LEAST:
        return response
    is_file = request.path.startswith("/static/")
    response.set_data(_compressed_file(content) if is_file else gzip.compress(content, 5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    etag, _ = response.get_etag()
    if etag is not None:
        # the same file, other bytes: only a weak tag may stand for both
        response.set_etag(etag, weak=True)
    return response


def _may_compress(response: Response) -> bool:
    return (
        response.status_code == 200
        and request.method == "GET"
        and request.path.startswith(_SAFE_PATHS)
        and response.mimetype in _TYPES
        and "Content-Encoding" not in response.headers
        and request.accept_encodings.quality("gzip") > 0
    )


@lru_cache(maxsize=256)
def _compressed_file(content: bytes) -> bytes:
    return gzip.compress(content, 9, mtime=0)
