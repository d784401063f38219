"""议题 for residents: raise one, look one up by its receipt, read the public ones (T1–T8, T39)."""

import re
import unicodedata

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from server.documents.qr import qr_svg
from server.domain.refusal import RefusalCode
from server.domain.topic.life_cycle import ANSWER_DAYS
from server.pages.context import carry_out, reading, services
from server.pages.failures import Words, show_failure
from server.pages.forms import Entered
from server.pages.limits import FirstAnswer, address_prefix, allowance
from server.pages.masthead import find_council, masthead, public_page
from server.service.clock import DAY_MS, local_date
from server.service.matters import topics
from server.service.matters.passports import (
    STAGES,
    Passport,
    is_public_number,
    read_by_receipt,
    read_passport,
)
from server.service.publishing import PublicCouncil, public_topics, read_waits
from server.service.refused import refused

blueprint = Blueprint("public_topics", __name__)

LONGEST_WAITING_LINE = 500  # S73
RAISED_A_DAY = 20
WRONG_RECEIPTS_A_MINUTE = 60
_sent = FirstAnswer()
_ROOM = re.compile(r"[0-9]{3,4}\s*(室|号房|房间|房)|单元\s*[0-9]{3,4}(?![0-9栋])")
_NUMBER = re.compile(r"(议-?|议题\s*)?([0-9]{4})[-—–]([0-9]{1,6})")


@blueprint.get("/c/<council_id>/topics")
def list_topics(council_id: str) -> Response:
    """Show the screened topics of a council."""
    council = find_council(council_id)
    with reading() as session:
        found = public_topics(session, council_id)
    return public_page("public_topics/list.html", council, "topics", topics=found)


@blueprint.get("/c/<council_id>/topics/new")
def new_topic(council_id: str) -> AnyResponse:
    """Show the form to raise a topic."""
    return _form(find_council(council_id), Entered({}))


@blueprint.post("/c/<council_id>/topics/new")
def raise_topic(council_id: str) -> AnyResponse:
    """Take a topic in and lead to its receipt; what was typed stays when something is missing."""
    council = find_council(council_id)
    entered = _read_form()
    if not entered.is_good:
        return _form(council, entered, 422)
    once = request.form.get("once", "")[:40]
    return redirect(_sent.get(once, lambda: _raise(council, entered)), 303)


def _raise(council: PublicCouncil, entered: Entered) -> str:
    """Write the topic and return the address of its receipt."""
    now = services().clock()
    with reading() as session:
        waiting = read_waits(session, council.id, now).unanswered
    if waiting >= LONGEST_WAITING_LINE or not _may_raise(now):
        raise refused(RefusalCode.TOO_OFTEN)
    values = entered.values
    raised = carry_out(
        lambda unit: topics.raise_topic(
            unit,
            now,
            council_id=council.id,
            title=values["title"],
            body=values["body"],
            channel="online",
            place=values["place"],
            proposer=values["proposer"],
            telephone=values["telephone"],
            is_named=bool(values["is_named"]),
        )
    )
    return f"/receipt?code={raised.receipt}&new=1"


def _may_raise(now: int) -> bool:
    return allowance("topics", RAISED_A_DAY, DAY_MS).count(address_prefix(request.remote_addr), now)


def _read_form() -> Entered:
    entered = Entered(request.form)
    entered.text("title", topics.LONGEST_TITLE)
    entered.text("body", topics.LONGEST_BODY)
    place = entered.text("place", topics.LONGEST_PLACE)
    entered.text("proposer", topics.LONGEST_NAME)
    telephone = entered.text("telephone", topics.LONGEST_TELEPHONE)
    entered.flag("is_named")
    if _ROOM.search(place):
        entered.errors["place"] = "这一栏会公开，只写到楼栋，请去掉房号"
    if telephone and "telephone" not in entered.errors and sum(char.isdigit() for char in telephone) < 7:
        entered.errors["telephone"] = "请写完整的电话号码"
    # A field people do not see; whoever fills it in reads the page's source, not the page (S73).
    if request.form.get("website"):
        entered.errors["website"] = "最后一栏请留空，再提交一次"
    return entered


def _form(council: PublicCouncil, entered: Entered, status: int = 200) -> AnyResponse:
    page = render_template(
        "public_topics/new.html",
        **masthead(council),
        entered=entered,
        answer_days=ANSWER_DAYS,
        limits=topics,
    )
    return make_response(page, status)


@blueprint.get("/receipt")
def show_receipt() -> AnyResponse:
    """Show how a topic stands to whoever holds its receipt; a public topic's number leads to its page.

    A look-up changes nothing, so it is a GET: it works without cookies and from the QR on the paper.
    """
    typed = unicodedata.normalize("NFKC", request.args.get("code", "")).strip()[:40]
    number = _NUMBER.fullmatch(typed)
    now = services().clock()
    today = local_date(now)
    with reading() as session:
        if number is not None:
            wanted = f"{number[2]}-{int(number[3]):03d}"
            if is_public_number(session, wanted):
                return redirect(f"/topics/{wanted}", 303)
            return _ask(typed, "这个编号的议题还没有公开，或者没有这个编号。请输入回执上的回执码。")
        found = read_by_receipt(session, typed, today) if typed.isascii() and typed else None
    if found is not None:
        return _receipt(found, typed)
    if not typed:
        return _ask("", "")
    wrong = allowance("receipts", WRONG_RECEIPTS_A_MINUTE, 60_000)
    if not wrong.count(address_prefix(request.remote_addr), now):
        return show_failure(429, Words("查得太快了", "请过一分钟再查。", "TOO_OFTEN"))
    return _ask(typed, "没有查到。请对照回执再输一次：回执码是八位字母和数字。", 404)


def _ask(typed: str, error: str, status: int = 200) -> AnyResponse:
    return make_response(render_template("public_topics/ask.html", typed=typed, error=error), status)


def _receipt(topic: Passport, code: str) -> AnyResponse:
    plain = "".join(code.split()).replace("-", "").upper()
    shown = f"{plain[:4]}-{plain[4:]}"
    url = f"{services().public_url()}/receipt?code={shown}"
    page = render_template(
        "public_topics/receipt.html",
        **masthead(find_council(topic.council_id)),
        topic=topic,
        code=shown,
        qr=qr_svg(url, "本回执二维码"),
        is_new="new" in request.args,
        answer_days=ANSWER_DAYS,
    )
    return make_response(page)


@blueprint.get("/topics/<number>")
def show_topic(number: str) -> Response:
    """Show a screened topic's whole way; 404 before the office took it on (T8)."""
    with reading() as session:
        topic = read_passport(session, number, local_date(services().clock()))
    if topic is None:
        raise refused(RefusalCode.NOT_FOUND, what="topic")
    return public_page(
        "public_topics/passport.html",
        find_council(topic.council_id),
        "topics",
        topic=topic,
        stages=STAGES,
        today=local_date(services().clock()),
        qr=qr_svg(f"{services().public_url()}/topics/{topic.number}", "本议题二维码"),
    )
