"""What people read when something cannot be done: a sentence, what to do now, and a small code."""

import errno
import logging
from typing import Any, NamedTuple

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from server.documents.failed import DocumentFailed
from server.domain.refusal import Refusal, RefusalCode
from server.pages.context import services
from server.pages.csrf import FormStale
from server.pages.request_log import request_id
from server.service.refused import Refused
from server.store.failures import CommitUnknown, StorageFull, is_away

log = logging.getLogger(__name__)

# What no rule refused but the server could not do; nothing of it is kept.
FAILED = {"UNAVAILABLE": 503, "DISK_FULL": 507}
_STATUS = {
    RefusalCode.NOT_FOUND: 404,
    RefusalCode.NOT_ALLOWED: 403,
    RefusalCode.NOT_SIGNED_IN: 403,
    RefusalCode.TOO_OFTEN: 429,
}
_WITHOUT_ACT = ("现在不能{act}：", "还不能{act}：", "不能再{act}：", "不用再{act}：", "您不能{act}：")


class Words(NamedTuple):
    """What to show: the case, what to do, the code."""

    sentence: str
    advice: str
    code: str


def install_failures(app: Flask) -> None:
    """Register the pages people see instead of an error."""
    app.register_error_handler(Refused, _show_refused)
    app.register_error_handler(FormStale, _show_stale_form)
    app.register_error_handler(DocumentFailed, _show_document_failed)
    app.register_error_handler(HTTPException, _show_http_error)
    app.register_error_handler(TimeoutError, _show_busy)
    app.register_error_handler(CommitUnknown, _show_unknown)
    app.register_error_handler(StorageFull, _show_full)
    app.register_error_handler(OSError, _show_full_or_fault)
    app.register_error_handler(Exception, _show_fault)


def refusal_words(refusal: Refusal, act: str = "") -> Words:
    """Return the sentence and advice of a refusal, filled with its facts; ``act`` names what was tried."""
    entry = services().words["refusals"].get(refusal.code.value, {})
    sentence, advice = str(entry.get("sentence", "现在不能这样做")), str(entry.get("advice", ""))
    if not act:
        for opening in _WITHOUT_ACT:
            sentence = sentence.removeprefix(opening)
    facts = {"act": act, **refusal.facts}
    return Words(_fill(sentence, facts), _fill(advice, facts), refusal.code.value)


def _fill(text: str, facts: dict[str, Any]) -> str:
    for name, value in facts.items():
        text = text.replace("{" + name + "}", str(value))
    return text


def show_failure(status: int, words: Words, facts: dict[str, Any] | None = None) -> Response:
    """Answer with the page of a failure, or with JSON where JSON was sent or asked for."""
    accepts = request.accept_mimetypes
    wants_json = accepts["application/json"] > accepts["text/html"] or (
        request.is_json and not accepts.accept_html
    )
    if request.is_json or wants_json:
        refusal = {"code": words.code, "facts": facts or {}, "sentence": words.sentence}
        response = jsonify(ok=False, refusal=refusal)
    else:
        response = make_response(render_template("failures/failure.html", failure=words, status=status))
    response.status_code = status
    response.headers["Cache-Control"] = "no-store"
    return response


def _show_refused(error: Refused) -> Response:
    refusal = error.refusal
    return show_failure(_STATUS.get(refusal.code, 422), refusal_words(refusal), dict(refusal.facts))


def _show_stale_form(error: FormStale) -> Response:
    advice = "请退回上一页，刷新后再提交；刚才填的内容先抄下来。已经退出登录的，请先登录。"
    return show_failure(403, Words("这一页打开得太久，没有提交成功", advice, "FORM_STALE"))


def _show_document_failed(error: DocumentFailed) -> Response:
    return show_failure(422, Words(error.sentence, "请退回上一页，改好后再试。", error.code))


_HTTP = {
    400: Words("送来的内容不完整", "请退回上一页，重新填写。", "BAD_REQUEST"),
    403: Words("您不能看这一页", "请用有权限的账号登录。", "NOT_ALLOWED"),
    404: Words("没有这一页", "请核对网址，或者从首页找起。", "NOT_FOUND"),
    405: Words("这一页不能这样打开", "请从首页找起。", "METHOD_NOT_ALLOWED"),
    413: Words("送来的内容太大", "文字请缩短；照片请先缩小再上传。", "TOO_LARGE"),
    415: Words("这种格式看不懂", "请换一种格式再试。", "BAD_MEDIA_TYPE"),
    422: Words("填的内容有误", "请退回上一页，改好后再提交。", "BAD_DATA"),
    429: Words("点得太快了", "请等几秒再试。", "TOO_OFTEN"),
}


def _show_http_error(error: HTTPException) -> Response | HTTPException:
    status = error.code or 500
    if status < 400:
        return error
    unknown = Words("这一步没有做成", "请退回上一页再试。", f"HTTP_{status}")
    return show_failure(status, _HTTP.get(status, unknown))


def _show_busy(error: Exception) -> Response:
    log.error("a page waited too long: %s", type(error).__name__)
    return show_failure(
        503, Words("服务器正忙，这一步还没有做", "请等一会儿再试；已经保存的内容都在。", "BUSY")
    )


def _show_unknown(error: CommitUnknown) -> Response:
    log.error("a page's work may or may not be kept")
    advice = "请先看看有没有保存上，没有再做一次。"
    return show_failure(503, Words("服务器中途断开，这一步不知道有没有存上", advice, "UNKNOWN"))


def _show_full_or_fault(error: OSError) -> Response:
    """A large upload is put aside on the disk while it is read; that disk may be full as well."""
    return _show_full(error) if error.errno in (errno.ENOSPC, errno.EDQUOT) else _show_fault(error)


def _show_full(error: Exception) -> Response:
    code = "DISK_FULL"
    entry = services().words["refusals"][code]
    return show_failure(FAILED[code], Words(entry["sentence"], entry["advice"], code))


def _show_fault(error: Exception) -> Response:
    # A statement passed the page's time limit, or the database does not answer.
    if type(error).__name__ == "OperationalError" or is_away(error):
        return _show_busy(error)
    if type(error).__name__ == "DataError":  # a key no database can hold, such as one with a NUL
        return show_failure(404, _HTTP[404])
    # The traceback is for the log alone; forms may hold personal data, so nothing of the request is written.
    log.error("a page failed at %s", request.endpoint, exc_info=error)
    return show_failure(
        500,
        Words(
            "服务器出错了，这一步没有做成",
            f"请稍后再试；还不行，请把编号 {request_id()} 告诉管理员。",
            "FAULT",
        ),
    )
