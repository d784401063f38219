"""One line per request: route, status, duration. Never the address that was typed, nor what was sent (S67, S83)."""

import logging
import time

from flask import Flask, Response, g, has_request_context, request

from server.pages.context import services
from server.service.ids import new_id

log = logging.getLogger(__name__)
# Asked every few seconds by machines, or thirty at a time by every phone: only what goes wrong is noted.
_METHODS = ("GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE")
_QUIET = ("/healthz", "/metrics", "/hall/state", "/meetings/<meeting>/state", "/static/<path:filename>")


def install_request_log(app: Flask) -> None:
    """Give every request an id and note how it ended."""
    app.before_request(_begin)
    app.after_request(_note)


def request_id() -> str:
    """Return the id of the request this thread carries out, for what a person may read out; empty outside of one."""
    return str(g.get("request_id", "")) if has_request_context() else ""


def _begin() -> None:
    g.request_id, g.began = new_id(), time.perf_counter()


def _note(response: Response) -> Response:
    route = request.url_rule.rule if request.url_rule is not None else "-"
    method = request.method if request.method in _METHODS else "other"
    services().metrics.count_request(method, route, response.status_code)
    if route not in _QUIET or response.status_code >= 500:
        log.info(
            "request",
            extra={
                "event": "request",
                "request": request_id(),
                "method": method,
                "route": route,
                "status": response.status_code,
                "ms": round((time.perf_counter() - g.get("began", time.perf_counter())) * 1000, 1),
            },
        )
    return response


def mark(record: logging.LogRecord) -> bool:
    """Tie what is logged while a request runs to that request."""
    if not hasattr(record, "request") and (marked := request_id()):
        record.request = marked
    return True
