"""The guide (console): the one next step, the words to say, the buttons that do it, and the gate of a poll."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from server.domain.meeting.amending import asks_about_amendment
from server.domain.meeting.decide.gates import is_debate_open
from server.domain.meeting.presence import Presence
from server.domain.meeting.queue import speaking_order
from server.domain.meeting.sentence import poll_sentence
from server.domain.meeting.state import AgendaItem, Amendment, Ballot, Meeting, Poll
from server.screens.card import RoomCard
from server.screens.owners import owners_hint
from server.screens.words import Words

MOST_PARTIES_NAMED = 2


@dataclass(frozen=True, slots=True)
class Room:
    """What the guide looks at; ``cast`` is the turnout as the screen may show it."""

    state: Meeting
    card: RoomCard
    presence: Presence
    ballots: Mapping[int, Ballot]
    words: Words
    cast: int = 0


def guide_panel(room: Room) -> dict[str, Any]:
    """Return the panel ``guide``."""
    step = _step(room)
    return {**step, "gate": _gate(room), "hint": _hint(room)}


def _hint(room: Room) -> str | None:
    """Return the word about an owners' matter while the current item is open to a question."""
    state = room.state
    item = state.current_item
    if state.state != "open" or item is None or state.has_open_question or _is_decided(state):
        return None
    return owners_hint(room.words, item)


def _is_decided(state: Meeting) -> bool:
    if asks_about_amendment(state):
        return False  # the motion itself is still to come
    return state.adoption is not None or (
        state.poll is not None and state.poll.state in ("closed", "published")
    )


def _say(room: Room, code: str, actions: list[dict[str, Any]], **facts: object) -> dict[str, Any]:
    entry = room.words["guide"][code]
    step, say = entry["step"], entry["say"]
    for name, value in facts.items():
        step = step.replace("{" + name + "}", str(value))
        say = say.replace("{" + name + "}", str(value))
    return {"code": code, "step": step, "say": say, "actions": actions}


def act(
    name: str,
    label: str,
    data: dict[str, Any] | None = None,
    *,
    weight: str = "second",
    confirm: str | None = None,
    blocked: str | None = None,
) -> dict[str, Any]:
    """Return one button; ``blocked`` says in a sentence why it cannot be pressed now."""
    return {
        "name": name,
        "data": data or {},
        "label": label,
        "weight": weight,
        "confirm": confirm,
        "blocked": blocked,
    }


def _step(room: Room) -> dict[str, Any]:
    state = room.state
    if state.state == "called":
        return _before(room)
    if state.state == "suspended":
        return _say(room, "resume_meeting", [act("meeting.resume", "复会", weight="primary")])
    if state.state == "closed":
        return _after(room)
    if state.consent is not None:
        return _consent(room, state.consent.item)
    poll = state.poll
    if poll is not None and poll.state == "open":
        return _polling(room, poll)
    if poll is not None and poll.state == "closed":
        publish = act("poll.publish", "公布结果", {"poll": poll.id}, weight="primary")
        return _say(room, "publish_result", [publish], sentence=poll_sentence(state, poll))
    item = state.current_item
    if item is None:
        return _between_items(room)
    return _in_item(room, item)


def _before(room: Room) -> dict[str, Any]:
    presence = room.presence
    facts = {
        "present": presence.present,
        "entitled": presence.entitled,
        "council": room.card.council,
        "number": room.card.number,
    }
    if presence.is_reached:
        return _say(room, "open_meeting", [act("meeting.open", "宣布开会", weight="primary")], **facts)
    confirm = "到会人数还不够法定人数。现在开会只能讨论，不能表决。确定开会吗？"
    actions = [act("meeting.open", "先开会，只讨论", confirm=confirm)]
    return _say(room, "wait_for_quorum", actions, missing=_missing(presence), **facts)


def _after(room: Room) -> dict[str, Any]:
    """The record is the next thing after the meeting, until it is published."""
    minutes = room.state.minutes
    words = {"draft": "closed", "signing": "closed_signing", "published": "closed_published"}[minutes.state]
    step = _say(room, words, [], signed=len(minutes.signatures), signatories=len(minutes.signatories))
    return {**step, "code": "closed"}


def _missing(presence: Presence) -> str:
    lacking = max(0, presence.needed - presence.present)
    parties = [row for row in presence.parties if not row.is_reached]
    words = [f"{lacking}人"] if lacking else []
    if len(parties) > MOST_PARTIES_NAMED:
        # A chair reads a line, not a table: who exactly is missing stands beside it, party by party.
        return "，".join([*words, f"{len(parties)}方没有到够"])
    words += [f"{row.party.name}至少{row.needed - row.present}人" for row in parties]
    return "，".join(words)


def _consent(room: Room, item: str) -> dict[str, Any]:
    question = room.state.consent
    return _say(
        room,
        "record_consent",
        [
            act("consent.record", "没有异议，通过", {"item": item, "objection": False}, weight="primary"),
            act("consent.record", "有人提出异议", {"item": item, "objection": True}),
        ],
        text=_spoken(question.text) if question is not None else "",
    )


def _polling(room: Room, poll: Poll) -> dict[str, Any]:
    if poll.method == "hands":
        return _raising(room, poll)
    unconfirmed = [ballot for ballot in room.ballots.values() if not ballot.is_counted]
    cast = room.cast
    if unconfirmed:
        return _confirming(room, poll, unconfirmed)
    if cast >= len(poll.base):
        return _say(room, "close_poll", [act("poll.close", "截止表决", {"poll": poll.id}, weight="primary")])
    confirm = f"还有{len(poll.base) - cast}位到会代表没有投票。现在截止，他们就算没有投票。确定截止吗？"
    close = act("poll.close", "截止表决", {"poll": poll.id}, confirm=confirm)
    return _say(room, "wait_for_ballots", [close], cast=cast, entitled=len(poll.base))


def _raising(room: Room, poll: Poll) -> dict[str, Any]:
    """Hands are raised and counted by two; the figures are read out before they stand (R78)."""
    hands = poll.hands
    if hands is None:
        form = act("form.hands", "登记举手的人数", {"poll": poll.id}, weight="primary")
        return _say(room, "count_hands", [form], text=_spoken(poll.text))
    totals = Counter({option.id: 0 for option in poll.options})
    for one in hands.counts:
        totals[one.option] += one.count
    figures = "、".join(f"{option.text}{totals[option.id]}人" for option in poll.options)
    actions = [
        act("hands.confirm", "数目没有错，确认", {"poll": poll.id}, weight="primary"),
        act("hands.return", "不对，请重数", {"poll": poll.id}),
    ]
    return _say(room, "confirm_hands", actions, figures=figures,
                counter=room.card.name(hands.counter), checker=room.card.name(hands.checker))  # fmt: skip


def _confirming(room: Room, poll: Poll, unconfirmed: list[Ballot]) -> dict[str, Any]:
    """The next recorded ballot, with what it says: confirm it, or send it back."""
    ballot = min(unconfirmed, key=lambda waiting: waiting.seat)
    name = room.card.name(ballot.seat)
    choice = next((option.text for option in poll.options if option.id == ballot.choice), "")
    data = {"poll": poll.id, "representative": room.state.seat(ballot.seat).representative}
    actions = [
        act("ballot.confirm", f"{name}：{choice}，确认", data, weight="primary"),
        act("ballot.discard", "不对，退回", data),
    ]
    return _say(room, "confirm_ballots", actions, unconfirmed=len(unconfirmed))


def _between_items(room: Room) -> dict[str, Any]:
    pending = [(n, item) for n, item in enumerate(room.state.items, 1) if item.state == "pending"]
    if not pending:
        return _say(room, "close_meeting", [act("meeting.close", "宣布散会", weight="primary")])
    position, item = pending[0]
    actions = [act("agenda.begin", "开始这一项", {"item": item.id}, weight="primary")]
    began = any(one.state == "finished" for one in room.state.items)
    return _say(room, "next_item" if began else "begin_item", actions, position=position, title=item.title)


def _in_item(room: Room, item: AgendaItem) -> dict[str, Any]:
    state = room.state
    is_decided = _is_decided(state)
    if state.queue_open and not (is_decided and not state.waiting and state.speech is None):
        return _debate(room, item)
    if is_decided:
        return _decided(room, item)
    waiting = state.pending_amendments(item.id)
    if waiting:
        return _amendment(room, item, waiting[0])
    if item.motion is not None and item.stands:
        return _before_question(room, item, item.motion)
    word = act("form.motion", "写表决事项", {"item": item.id})
    if item.is_debated or item.is_draft:
        actions = [{**word, "weight": "primary"}, act("queue.open", "再听听发言"), _finish(item)]
        return _say(room, "word_motion", actions)
    return _say(room, "open_queue", [act("queue.open", "开放发言", weight="primary"), word, _finish(item)])


def _before_question(room: Room, item: AgendaItem, text: str) -> dict[str, Any]:
    """The text stands: hear both sides, then vote or ask for objections; only announced items are decided."""
    debate = act("queue.open", "再听听发言" if item.is_debated else "开放发言")
    reword = act("form.motion", "改文字", {"item": item.id}, weight="quiet")
    question, said = {"item": item.id, "text": text}, _spoken(text)
    if not item.announced:
        return _say(room, "sound_out", [_sounding(question), debate, reword, _finish(item)], text=said)
    blocked = None if room.presence.is_reached else "到会人数不够法定人数，现在只能讨论。"
    poll = act("poll.open", "开启表决", {**question, "secrecy": "open"}, weight="primary", blocked=blocked)
    if owners_hint(room.words, item) is not None:
        still = {**poll, "label": "仍作协商表决", "weight": "second"}
        return _say(room, "sound_out", [_sounding(question), still, debate, reword, _finish(item)], text=said)
    consent = act("consent.ask", "问大家有没有异议", question, blocked=blocked)
    hands = _show_of_hands(room, question, blocked)
    return _say(room, "open_poll", [poll, consent, hands, debate, reword, _finish(item)], text=said)


def _show_of_hands(room: Room, question: dict[str, Any], blocked: str | None) -> dict[str, Any]:
    """The room is counted first: who is there by the record must be who sits there (P5)."""
    present = room.presence.present
    data = {**question, "secrecy": "open", "method": "hands", "counted": present}
    confirm = (
        f"签到记录现在到会{present}人。请先清点在座人数，正好{present}人再举手；对不上，先补签到或登记离会。"
    )
    return act("poll.open", "举手表决", data, confirm=confirm, blocked=blocked)


def _amendment(room: Room, item: AgendaItem, amendment: Amendment) -> dict[str, Any]:
    """Amendments come before the motion, in the order the chair laid down (R58)."""
    blocked = None if room.presence.is_reached else "到会人数不够法定人数，现在只能讨论。"
    question = {"item": item.id, "text": amendment.text, "amendment": amendment.id}
    actions = [
        act(
            "poll.open",
            "表决这条修改意见",
            {**question, "secrecy": "open"},
            weight="primary",
            blocked=blocked,
        ),
        act("consent.ask", "问大家有没有异议", question, blocked=blocked),
        act("queue.open", "再听听发言" if item.is_debated else "开放发言"),
        _finish(item),
    ]
    name = room.card.name(amendment.seat)
    said = _spoken(amendment.text)
    return _say(room, "put_amendment", actions, number=amendment.number, name=name, text=said)


def _spoken(text: str) -> str:
    """Return a text as it is read out between quotation marks: a sentence has an end."""
    return text if text.endswith(("。", "？", "！", "；")) else f"{text}。"


def _sounding(question: dict[str, Any]) -> dict[str, Any]:
    data = {**question, "secrecy": "open", "nature": "sounding"}
    return act("poll.open", "意向征询", data, weight="primary")


def _debate(room: Room, item: AgendaItem) -> dict[str, Any]:
    state = room.state
    minutes = _minutes(state.speaking_seconds)
    motion = []
    if not state.pending_amendments(item.id):
        motion = [act("form.motion", "改文字" if item.stands else "写表决事项", {"item": item.id})]
    waiting = speaking_order(state)
    speaker = room.card.name(state.speech.seat) if state.speech is not None else None
    close = act("queue.close", "结束讨论", confirm=_cut_short(len(waiting), speaker))
    if not waiting:
        if speaker is None:
            actions = [{**close, "weight": "primary"}, *motion, _finish(item)]
            return _say(room, "wait_for_speakers", actions, minutes=minutes)
        actions = [act("floor.yield", "结束发言", weight="primary"), *motion, close]
        return _say(room, "listen", actions, speaker=speaker)
    seat = waiting[0].seat
    name, party = room.card.name(seat), state.party(state.seat(seat).party).name
    grant = act("floor.grant", f"请{name}发言", weight="primary")
    if speaker is None:
        return _say(room, "grant_floor", [grant, close], name=name, party=party, minutes=minutes)
    actions = [grant, act("floor.yield", "结束发言"), close]
    return _say(room, "grant_next", actions, speaker=speaker, name=name, party=party, minutes=minutes)


def _cut_short(waiting: int, speaker: str | None) -> str | None:
    """Say who loses the floor when the debate ends now, None when nobody does."""
    if speaker is not None and waiting:
        return f"{speaker}还在发言，还有{waiting}人等候。结束讨论，发言就停下，等候的申请也取消。"
    if speaker is not None:
        return f"{speaker}还在发言。结束讨论，这次发言也就停下。"
    return f"还有{waiting}人等候发言。结束讨论，他们的申请就取消。" if waiting else None


def _minutes(seconds: int) -> str:
    return str(seconds // 60) if seconds % 60 == 0 else f"{seconds / 60:.1f}"


def _decided(room: Room, item: AgendaItem) -> dict[str, Any]:
    state = room.state
    finish = {**_finish(item), "weight": "primary"}
    poll = state.poll
    # The words are those of the last question: an earlier decision stands, but it is not what was just published.
    asked = None if state.adoption is not None or poll is None else poll.id
    resolution = next(
        (r for r in reversed(state.resolutions) if (r.item, r.poll, r.void) == (item.id, asked, False)), None
    )
    if resolution is not None:
        tasks = act("form.tasks", "定办理事项", {"resolution": resolution.id}, weight="primary")
        if resolution.tasks:
            return _say(room, "finish_item", [finish, {**tasks, "label": "再定一件", "weight": "second"}],
                        position=_position(state, item), title=item.title)  # fmt: skip
        return _say(room, "result_passed", [tasks, _finish(item)], sentence=resolution.sentence)
    again = act("form.motion", "改文字，再表决", {"item": item.id})
    debate = act("queue.close", "结束讨论") if state.queue_open else act("queue.open", "再听听发言")
    if poll is None or poll.count is None or poll.nature == "sounding":
        return _say(
            room, "finish_item", [finish, again, debate], position=_position(state, item), title=item.title
        )
    code = "result_void" if poll.count.verdict.outcome == "void" else "result_failed"
    return _say(room, code, [finish, again, debate], sentence=poll_sentence(state, poll))


def _finish(item: AgendaItem) -> dict[str, Any]:
    decided = item.outcome is not None
    confirm = None if decided else "这一项还没有定下来。结束以后，今天不能再回到这一项。确定结束吗？"
    return act("agenda.finish", "结束这一项", {"item": item.id}, weight="quiet", confirm=confirm)


def _position(state: Meeting, item: AgendaItem) -> int:
    return next(n for n, one in enumerate(state.items, 1) if one.id == item.id)


def _gate(room: Room) -> list[dict[str, Any]]:
    """Return the conditions of a deciding poll on the current item, met or not (R58)."""
    state = room.state
    item = state.current_item
    if state.state != "open" or item is None or state.has_open_question:
        return []
    debate = is_debate_open(state)
    waiting = len(state.waiting)
    talk = f"还有{waiting}人等候发言，讨论未结束" if waiting else "还有人正在发言，讨论未结束"
    return [
        {
            "text": "已写进会议通知" if item.announced else "临时议题，只议不决，可以做意向征询",
            "met": item.announced,
        },
        {
            "text": "法定人数、各方人数均已达到"
            if room.presence.is_reached
            else f"法定人数未达到，还差{_missing(room.presence)}",
            "met": room.presence.is_reached,
        },
        {"text": talk if debate else "没有人等候发言", "met": not debate},
    ]
