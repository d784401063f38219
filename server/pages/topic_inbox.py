"""The topic inbox (议题收件): what waits with its clock, one topic with its answer, topics entered for residents."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, make_response, redirect, request
from werkzeug.wrappers import Response as AnyResponse

from server.documents.qr import qr_svg
from server.domain.meeting.decide.task import LONGEST_POST, LONGEST_TASK
from server.domain.refusal import RefusalCode
from server.domain.topic.life_cycle import (
    LONGEST_SENTENCE,
    AnswerClock,
    Channel,
    DeclineReason,
    TopicState,
    answer_clock,
    next_states,
)
from server.pages.context import carry_out, reading, services
from server.pages.failures import Words, refusal_words
from server.pages.forms import Entered
from server.pages.guards import office_actor, office_only, office_person, reach
from server.pages.office_frame import render_office
from server.service import office
from server.service.clock import local_date
from server.service.community.councils import list_parties
from server.service.matters import topics
from server.service.refused import Refused, refused
from server.store.tables.areas import CouncilRow
from server.store.tables.topics import TopicRow

blueprint = Blueprint("topic_inbox", __name__)

ANSWERS = ("accept", "refer", "decline")
TARGETS = {
    "accept": TopicState.ACCEPTED,
    "refer": TopicState.REFERRED,
    "decline": TopicState.DECLINED,
}
LONGEST_UNIT = 40


@dataclass(frozen=True, slots=True)
class Waits:
    """The clock of a topic as the list shows it: light, words, share of the time used (0…100)."""

    light: str
    words: str
    share: int
    day: int


def clock_of(topic: TopicRow, now: int) -> Waits:
    """Return how long a topic waits, in the words of the inbox."""
    clock: AnswerClock = answer_clock(local_date(topic.raised_at), local_date(now))
    if clock.left < 0:
        words = f"已超时{-clock.left}天"
    elif clock.left == 0:
        words = "今天到期"
    else:
        words = f"还有{clock.left}天"
    total = clock.day + clock.left
    return Waits(clock.light, words, min(100, round(100 * clock.day / max(total, 1))), clock.day)


@blueprint.get("/office/topics")
@office_only()
def list_topics() -> str:
    """Show what waits for an answer, the longest wait first."""
    return _inbox(None, Entered({}), "")


@blueprint.get("/office/topics/<number>")
@office_only()
def show_topic(number: str) -> str:
    """Show one topic with the form of an answer; ``?as=`` chooses which."""
    chosen = request.args.get("as", "")
    return _inbox(_reached(number), Entered({}), chosen if chosen in ANSWERS else "")


@blueprint.post("/office/topics/<number>/answer")
@office_only()
def answer_topic(number: str) -> str | AnyResponse | tuple[str, int]:
    """受理, 转办 or 不予受理; a refusal is shown beside the form with everything kept."""
    topic = _reached(number)
    entered = Entered(request.form)
    chosen = entered.choice("as", ANSWERS)
    entered.text("sentence", LONGEST_SENTENCE)
    if chosen == "decline":
        entered.choice("reason", [reason.value for reason in DeclineReason])
    if chosen == "refer":
        _read_task(entered, topic.council_id)
    failure: Words | None = None
    if entered.is_good:
        try:
            task = _carry_out_answer(topic.id, chosen, entered.values)
            told = {"done": number} | ({"task": task} if task else {})
            return redirect(f"/office/topics?{urlencode(told)}", 303)
        except Refused as error:
            failure = refusal_words(error.refusal)
            if error.refusal.code is RefusalCode.INVALID_TRANSITION:
                failure = Words("这件议题已经答复过了", "请看最新的状态。", failure.code)
    return _inbox(_reached(number), entered, chosen, failure), 422


def _carry_out_answer(topic_id: str, chosen: str, values: dict[str, str]) -> str:
    """Carry out an answer and return the number of the task it made, if any."""
    now, actor = services().clock(), office_actor()
    sentence = values["sentence"]
    if chosen == "accept":
        carry_out(lambda unit: topics.accept(unit, now, topic_id, actor, sentence))
        return ""
    if chosen == "decline":
        reason = DeclineReason(values["reason"])
        carry_out(lambda unit: topics.decline(unit, now, topic_id, actor, reason, sentence))
        return ""
    task: str = carry_out(
        lambda unit: topics.refer(
            unit,
            now,
            topic_id,
            actor,
            text=values["text"],
            accountable=values["unit"] or values["accountable"],
            post=values["post"],
            due=values["due"],
            sentence=sentence,
        )
    )
    return task


def _read_task(entered: Entered, council_id: str) -> None:
    """Read who does what by when: a party of the council, or another unit by name."""
    with reading() as session:
        parties = [party.id for party in list_parties(session, council_id)]
    entered.text("text", LONGEST_TASK)
    other = entered.text("unit", LONGEST_UNIT, must=False)
    entered.choice("accountable", parties, must=not other)
    entered.text("post", LONGEST_POST)
    entered.day("due", earliest=local_date(services().clock()))


@blueprint.get("/office/topics/new")
@office_only()
def enter_topic() -> str:
    """Show the form for a topic that came by telephone, visit, box or book."""
    return _new_page(Entered({}))


@blueprint.post("/office/topics")
@office_only()
def raise_for_resident() -> str | AnyResponse | tuple[str, int]:
    """Enter a topic for a resident; the receipt code is in this answer and nowhere else."""
    entered = Entered(request.form)
    with reading() as session:
        councils = office.councils_by_id(session, office_person().area)
    council = entered.choice("council", list(councils))
    title = entered.text("title", topics.LONGEST_TITLE)
    body = entered.text("body", topics.LONGEST_BODY)
    place = entered.text("place", topics.LONGEST_PLACE, must=False)
    channel = entered.choice("channel", [known.value for known in Channel])
    proposer = entered.text("proposer", topics.LONGEST_NAME, must=False)
    telephone = entered.text("telephone", topics.LONGEST_TELEPHONE, must=False)
    is_named = entered.flag("is_named")
    if not entered.is_good:
        return _new_page(entered), 422
    now, by = services().clock(), office_person().key
    raised: topics.Raised = carry_out(
        lambda unit: topics.raise_topic(
            unit,
            now,
            council_id=council,
            title=title,
            body=body,
            place=place,
            channel=channel,
            proposer=proposer,
            telephone=telephone,
            is_named=is_named,
            by=by,
        )
    )
    return make_response(_receipt_page(raised, title, councils[council], now))


def _receipt_page(raised: topics.Raised, title: str, council: CouncilRow, now: int) -> str:
    url = f"{services().public_url()}/topics/{raised.number}"
    return render_office(
        "topic_inbox/receipt.html",
        "topics",
        raised=raised,
        title=title,
        council=council,
        raised_at=now,
        url=url,
        qr=qr_svg(url, "查询二维码"),
    )


@blueprint.get("/office/pool")
@office_only()
def list_pool() -> str:
    """Show the accepted topics that wait for a meeting, and what became of the others lately."""
    now = services().clock()
    with reading() as session:
        councils = office.councils_by_id(session, office_person().area)
        rows = office.list_pool(session, list(councils))
        answered = office.recent_answers(session, list(councils))
    return render_office(
        "topic_inbox/pool.html",
        "pool",
        councils=councils,
        rows=[(row, (local_date(now) - local_date(row.raised_at)).days) for row in rows],
        answered=answered,
    )


def _reached(number: str) -> TopicRow:
    with reading() as session:
        topic = topics.find_by_number(session, number)
    reach(topic.council_id)
    return topic


def _inbox(topic: TopicRow | None, entered: Entered, chosen: str, failure: Words | None = None) -> str:
    now = services().clock()
    with reading() as session:
        councils = office.councils_by_id(session, office_person().area)
        rows = office.waiting_topics(session, list(councils), most=200)
        record = office.answer_record(session, list(councils), now)
        entries = topics.timeline(session, topic.id) if topic is not None else ()
        parties = list_parties(session, topic.council_id) if topic is not None else ()
    allowed = next_states(TopicState(topic.state)) if topic is not None else frozenset()
    answers = [name for name in ANSWERS if TARGETS[name] in allowed]
    return render_office(
        "topic_inbox/inbox.html",
        "topics" if topic is None or topic.state == TopicState.RECEIVED.value else "pool",
        councils=councils,
        rows=[(row, clock_of(row, now)) for row in rows],
        record=record,
        topic=topic,
        clock=clock_of(topic, now) if topic is not None else None,
        entries=entries,
        parties=parties,
        answers=answers,
        chosen=chosen,
        reasons=[reason.value for reason in DeclineReason],
        values=entered.values,
        errors=entered.errors,
        failure=failure,
        done=request.args.get("done", ""),
        task=request.args.get("task", ""),
        least_due=_tomorrow(now),
    )


def _tomorrow(now: int) -> str:
    return date.fromordinal(local_date(now).toordinal() + 1).isoformat()


def _new_page(entered: Entered) -> str:
    with reading() as session:
        councils = office.councils_by_id(session, office_person().area)
    if not councils:
        raise refused(RefusalCode.NOT_FOUND, what="council")
    values = dict(entered.values)
    if len(councils) == 1:
        values.setdefault("council", next(iter(councils)))
    return render_office(
        "topic_inbox/new.html",
        "topics",
        councils=councils,
        channels=[channel.value for channel in Channel],
        values=values,
        errors=entered.errors,
    )
