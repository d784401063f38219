"""Runs whole Flask requests on native threads, so that page code may block while the hall stays live."""

import logging
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

import gevent
from gevent.threadpool import ThreadPool

BODY_BYTES: Final = 10 * 1024 * 1024
BODY_SECONDS: Final = 60
_PIECE_BYTES = 65_536
_DRAIN_SECONDS = 2.0
_log = logging.getLogger(__name__)
WSGIApp = Callable[..., Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class WholeResponse:
    """A finished response: status line, headers, body."""

    status: str
    headers: list[tuple[str, str]]
    body: bytes


class BodyTooLarge(Exception):
    """The request announces or sends more than the limit."""


def offload(
    wsgi_app: WSGIApp, *, threads: int = 16, waiting: int = 4096, body_limit: int = BODY_BYTES
) -> WSGIApp:
    """Wraps a blocking WSGI app for the loop: body in, one native thread, complete response out.

    At most `threads` requests run and `waiting` more queue up (else 503); bodies over `body_limit` bytes get 413,
    bodies slower than BODY_SECONDS 408. Must wrap only Flask's part: Socket.IO belongs on the loop.
    """
    pool: ThreadPool | None = None  # made by the first request, in the loop that will own it
    queued = 0

    def on_loop(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        nonlocal pool, queued
        if pool is None:  # an idle pool is empty, and so false
            pool = ThreadPool(threads)
        body = _read_body(environ, body_limit)
        if isinstance(body, WholeResponse):
            response = body
        elif queued >= threads + waiting:
            response = _page("503 Service Unavailable", "服务器忙", "请稍等几秒再试。")
        else:
            queued += 1
            try:
                running: Any = pool.spawn(_run_whole, wsgi_app, _own_environ(environ, body))
                response = running.get()
            finally:
                queued -= 1
        start_response(response.status, response.headers)
        return [response.body]

    return on_loop


def _read_body(environ: dict[str, Any], limit: int) -> bytes | WholeResponse:
    stream = environ["wsgi.input"]
    try:
        with gevent.Timeout(BODY_SECONDS):
            return _read_bounded(stream, environ.get("CONTENT_LENGTH"), limit)
    except BodyTooLarge:
        _drain(stream)
        answer = _page("413 Content Too Large", "内容太大", "请把文件缩小后再提交。")
    except gevent.Timeout:
        answer = _page("408 Request Timeout", "上传超时", "请检查网络后再提交一次。")
    except (OSError, ValueError):
        answer = _page("400 Bad Request", "提交不完整", "请再提交一次。")
    _forget_rest(stream)
    return answer


def _read_bounded(stream: Any, announced: str | None, limit: int) -> bytes:
    if announced and int(announced) > limit:
        raise BodyTooLarge
    pieces: list[bytes] = []
    size = 0
    while piece := stream.read(_PIECE_BYTES):
        size += len(piece)
        if size > limit:
            raise BodyTooLarge
        pieces.append(piece)
    return b"".join(pieces)


def _drain(stream: Any) -> None:
    """Reads on for a moment, so that an honest browser sees the answer and not a broken connection."""
    with suppress(OSError, ValueError), gevent.Timeout(_DRAIN_SECONDS, TimeoutError):
        while stream.read(_PIECE_BYTES):
            pass


def _forget_rest(stream: Any) -> None:
    """Keeps the WSGI server from reading an endless body to its end before it closes."""
    stream.chunked_input = False
    stream.content_length = stream.position


def _own_environ(environ: dict[str, Any], body: bytes) -> dict[str, Any]:
    own = {name: value for name, value in environ.items() if name != "HTTP_TRANSFER_ENCODING"}
    own["wsgi.input"] = BytesIO(body)
    own["wsgi.input_terminated"] = True
    own["wsgi.multithread"] = True
    own["CONTENT_LENGTH"] = str(len(body))
    return own


def _run_whole(wsgi_app: WSGIApp, environ: dict[str, Any]) -> WholeResponse:
    """In the native thread: runs the app to its last byte; an exception becomes a 500 page."""
    started: list[tuple[str, list[tuple[str, str]]]] = []
    pieces: list[bytes] = []

    def start_response(
        status: str, headers: list[tuple[str, str]], _exc: Any = None
    ) -> Callable[[bytes], Any]:
        started[:] = [(status, headers)]
        return pieces.append

    try:
        result = wsgi_app(environ, start_response)
        try:
            pieces.extend(result)
        finally:
            close = getattr(result, "close", None)
            if close is not None:
                close()
        status, headers = started[0]
    except Exception:
        _log.exception("a page request failed")
        return _page(
            "500 Internal Server Error", "服务器出错了", "这次操作没有完成,请再试一次;仍不行请联系工作人员。"
        )
    return WholeResponse(status, list(headers), b"".join(pieces))


def _page(status: str, sentence: str, advice: str) -> WholeResponse:
    code = status.split(" ", 1)[0]
    body = (
        f'<!doctype html><html lang="zh-CN"><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{sentence}</title>'
        f"<h1>{sentence}</h1><p>{advice}</p><p><small>{code}</small></p></html>\n"
    ).encode()
    headers = [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
        ("X-Content-Type-Options", "nosniff"),
        ("Content-Security-Policy", "default-src 'none'"),
        ("Connection", "close"),
    ]
    return WholeResponse(status, headers, body)
