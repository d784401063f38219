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
from server.pages.limits import Allowance, FirstAnswer, address_prefix, allowance
from server.pages.masthead import find_council, masthead, public_page
from server.pages.stamps import FILL_MS, WAIT_MS, WORK_BITS, age_of, is_worked, new_stamp, spend
from server.service.clock import DAY_MS, local_date
from server.service.ids import digest
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

# S73: a queue nobody can work off is closed; one network and one telephone raise so many a day.
LONGEST_WAITING_LINE = 500
RAISED_A_DAY = 20
RAISED_A_DAY_BY_ONE = 3
# From the next one on a network's topics cost some arithmetic, or a minute.
RAISED_FREELY = 3
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


class _NotYet(Exception):
    """Why a topic was not taken in although its fields are good: the field it is said beside, and the sentence."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(field)
        self.field = field
        self.sentence = sentence


@blueprint.get("/c/<council_id>/topics/new")
def new_topic(council_id: str) -> AnyResponse:
    """Show the form to raise a topic, or say that the office has to work off what waits first."""
    council = find_council(council_id)
    if _is_closed(council):
        return make_response(render_template("public_topics/closed.html", **masthead(council)))
    return _form(council, Entered({}))


@blueprint.post("/c/<council_id>/topics/new")
def raise_topic(council_id: str) -> AnyResponse:
    """Take a topic in and lead to its receipt; what was typed stays when something is missing."""
    council = find_council(council_id)
    entered = _read_form()
    if not entered.is_good:
        return _form(council, entered, 422)
    if _is_closed(council):
        return make_response(render_template("public_topics/closed.html", **masthead(council)), 409)
    once = request.form.get("once", "")[:40]
    try:
        return redirect(_sent.get(once, lambda: _raise(council, entered)), 303)
    except _NotYet as error:
        entered.errors[error.field] = error.sentence
        return _form(council, entered, 422)


def _is_closed(council: PublicCouncil) -> bool:
    with reading() as session:
        return read_waits(session, council.id, services().clock()).unanswered >= LONGEST_WAITING_LINE


def _raise(council: PublicCouncil, entered: Entered) -> str:
    """Write the topic and return the address of its receipt."""
    now, values = services().clock(), entered.values
    _check_price(values, now)
    with reading() as session:
        is_repeated = topics.is_waiting_already(session, council.id, values["title"], values["body"])
    if is_repeated:
        raise _NotYet("title", "一模一样的议题已经收到了，正在等答复，不用再提交")
    if _by_telephone().used(_line_of(values), now) >= RAISED_A_DAY_BY_ONE:
        raise _NotYet(
            "telephone", f"这个电话今天已经提了{RAISED_A_DAY_BY_ONE}件，请明天再提，或者到社区服务台"
        )
    if not _by_network().count(address_prefix(request.remote_addr), now):
        raise refused(RefusalCode.TOO_OFTEN)
    if not spend(request.form.get("stamp", ""), now):
        raise _NotYet("stamp", "这张表已经提交过一次，请核对后再按一次提交")
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
    _by_telephone().count(_line_of(values), now)
    return f"/receipt?code={raised.receipt}&new=1"


def _check_price(values: dict[str, str], now: int) -> None:
    """Ask for the time a person needs, and once a network has raised some, for arithmetic or a minute (S73)."""
    stamp = request.form.get("stamp", "")
    age = age_of(stamp, now)
    if age is None:
        raise _NotYet("stamp", "这一页打开得太久了，请核对一遍，再按一次提交")
    # A form that came back for something else keeps its stamp, and so its age.
    values["stamp"] = stamp
    if age < FILL_MS:
        raise _NotYet("stamp", "提交得太快了，请核对一遍，再按一次提交")
    is_cheap = _by_network().used(address_prefix(request.remote_addr), now) < RAISED_FREELY
    if not (is_cheap or age >= WAIT_MS or is_worked(stamp, request.form.get("work", ""))):
        raise _NotYet("stamp", "今天从这个网络提交的议题比较多，请等一分钟，再按一次提交")


def _by_network() -> Allowance:
    return allowance("topics", RAISED_A_DAY, DAY_MS)


def _by_telephone() -> Allowance:
    return allowance("topics by telephone", RAISED_A_DAY_BY_ONE, DAY_MS)


def _line_of(values: dict[str, str]) -> str:
    """Return what stands for a telephone number in memory; the number itself is personal."""
    return digest("".join(char for char in values["telephone"] if char.isdigit()))


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
    now = services().clock()
    is_priced = _by_network().used(address_prefix(request.remote_addr), now) >= RAISED_FREELY
    page = render_template(
        "public_topics/new.html",
        **masthead(council),
        entered=entered,
        stamp=entered.values.get("stamp") or new_stamp(now),
        work_bits=WORK_BITS if is_priced else 0,
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
