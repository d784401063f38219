"""表决: open, close, publish, void. A poll only moves forward; a repeat is a new poll (R56)."""

import re
from dataclasses import replace

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.amending import amendment_question
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.gates import refuse_question
from server.domain.meeting.decide.motion import refuse_order, settle_amendment, undo_amendment
from server.domain.meeting.decide.text import LONGEST_TEXT, is_sound_text
from server.domain.meeting.pass_rule import PassRule
from server.domain.meeting.sentence import poll_sentence
from server.domain.meeting.state import BallotBox, Meeting, Poll
from server.domain.meeting.tally import count_poll
from server.domain.refusal import Refusal, RefusalCode, refuse

LONGEST_OPTION = 60
LONGEST_REASON = 200
STANDARD_OPTIONS = (c.Option("for", "赞成"), c.Option("against", "反对"), c.Option("abstain", "弃权"))
_OPTION_ID = re.compile(r"[A-Za-z0-9._-]{1,32}")
# Two labels that differ by an unseen character alone would read alike (S84).
_UNSEEN = frozenset("\u200c\u200d")


def open_poll(command: c.OpenPoll, state: Meeting, actor: Actor) -> Decision:
    """Open a poll; text, options, rule and entitled seats are frozen by the event (R59, R60)."""
    options = command.options if command.options is not None else STANDARD_OPTIONS
    if not is_sound_text(command.text, LONGEST_TEXT):
        return refuse(RefusalCode.BAD_DATA, field="text")
    if not _are_sound(options):
        return refuse(RefusalCode.BAD_DATA, field="options")
    if command.method == "hands" and (command.secrecy == "secret" or command.counted is None):
        return refuse(RefusalCode.BAD_DATA, field="method")
    if command.amendment is not None and command.nature == "sounding":
        return refuse(RefusalCode.BAD_DATA, field="nature")
    if command.amendment is not None and command.options is not None:
        return refuse(RefusalCode.BAD_DATA, field="options")
    rule = _rule_of(command, state)
    if rule is None:
        return refuse(RefusalCode.BAD_DATA, field="rule")
    refusal = refuse_question(
        state,
        actor,
        command.item,
        decides=command.nature != "sounding",
        quorum=rule.quorum,
        confirmed=command.confirmed,
    )
    refusal = refusal or refuse_order(state, command.item, command.amendment, command.text)
    if refusal is not None:
        return refusal
    if command.counted not in (None, len(state.present)):
        return refuse(RefusalCode.HEADCOUNT_DIFFERS, counted=command.counted, present=len(state.present))
    return Decided((_opened(command, state, options, rule),))


def _opened(
    command: c.OpenPoll, state: Meeting, options: tuple[c.Option, ...], rule: PassRule
) -> e.PollOpened:
    """Return the event that freezes the question; who stands aside is not among the entitled (R60, P2)."""
    recused = frozenset(r.seat for r in state.recusals if r.item == command.item)
    return e.PollOpened(
        f"{state.id}.p{len(state.polls) + 1}",
        command.item,
        _question(command, state),
        options,
        command.secrecy,
        command.nature,
        rule,
        tuple(seat.number for seat in state.seats if seat.number not in recused),
        tuple(sorted(state.present - recused)),
        command.method,
        tuple(sorted(recused)),
        tuple(sorted(recused & state.present)),
        command.counted,
        command.amendment,
        # Secret ballots never change (CONTRACT); raised hands are counted once.
        state.poll_rules.may_change and command.secrecy == "open" and command.method == "ballots",
    )


def _question(command: c.OpenPoll, state: Meeting) -> str:
    amendment = state.find_amendment(command.amendment) if command.amendment is not None else None
    return command.text if amendment is None else amendment_question(amendment)


def _are_sound(options: tuple[c.Option, ...]) -> bool:
    ids = [option.id for option in options]
    texts = [option.text for option in options]
    return (
        2 <= len(options) <= 12
        and len(set(ids)) == len(ids)
        and len(set(texts)) == len(texts)
        and all(_OPTION_ID.fullmatch(option_id) for option_id in ids)
        and all(is_sound_text(text, LONGEST_OPTION) and _UNSEEN.isdisjoint(text) for text in texts)
    )


def _rule_of(command: c.OpenPoll, state: Meeting) -> PassRule | None:
    """Return the rule in force with parties by id, or None when it cannot be applied here.

    Party conditions need ballots by party, so they are not possible in a secret poll (R77).
    """
    rule = command.rule if command.rule is not None else state.rule
    condition = rule.parties
    if condition.kind != "none" and command.secrecy == "secret":
        return None
    if condition.kind == "must":
        by_name = {party.name: party.id for party in state.parties} | {p.id: p.id for p in state.parties}
        if not set(condition.parties) <= set(by_name):
            return None
        condition = replace(condition, parties=tuple(by_name[name] for name in condition.parties))
    return replace(rule, parties=condition)


def _poll_for_chair(poll_id: str, state: Meeting, actor: Actor) -> Poll | Refusal:
    poll = state.find_poll(poll_id)
    if poll is None:
        return refuse(RefusalCode.NOT_FOUND, what="poll")
    if not actor.is_one_of(Role.CHAIR):
        return refuse(RefusalCode.NOT_ALLOWED)
    return poll


def close_poll(command: c.ClosePoll, state: Meeting, actor: Actor, box: BallotBox) -> Decision:
    """Close and count in one step; unconfirmed records of a deciding poll have to be confirmed or discarded."""
    poll = _poll_for_chair(command.poll, state, actor)
    if isinstance(poll, Refusal):
        return poll
    if poll.state != "open":
        return refuse(RefusalCode.POLL_NOT_OPEN)
    if poll.method == "hands":  # its count, confirmed, ends it
        return refuse(RefusalCode.INVALID_TRANSITION, state="unconfirmed" if poll.hands else "uncounted")
    unconfirmed = sum(not ballot.is_counted for ballot in box.ballots.values())
    if unconfirmed and not command.confirmed:
        return refuse(RefusalCode.INVALID_TRANSITION, state="unconfirmed", count=unconfirmed)
    return Decided((count_poll(state, poll, box),), poll=poll.id)


def publish_poll(command: c.PublishPoll, state: Meeting, actor: Actor) -> Decision:
    """Publish a closed poll before the minutes are frozen; what passed becomes a numbered resolution."""
    poll = _poll_for_chair(command.poll, state, actor)
    if isinstance(poll, Refusal):
        return poll
    if poll.state != "closed" or poll.count is None or state.minutes.state != "draft":
        return refuse(RefusalCode.INVALID_TRANSITION, state=poll.state)
    events: tuple[e.Event, ...] = (e.PollPublished(poll.id),)
    if poll.amendment is not None:
        outcome = poll.count.verdict.outcome
        # Without a quorum nothing was decided: the amendment still waits.
        settled = settle_amendment(state, poll.amendment, adopted=outcome == "passed")
        return Decided(events if outcome == "void" else (*events, *settled))
    if poll.nature != "sounding" and poll.count.verdict.outcome == "passed":
        text = poll.text
        winner = poll.count.verdict.winner
        if winner not in (None, "for"):
            chosen = next(option.text for option in poll.options if option.id == winner)
            text = f"{text}（{chosen}）"
        events = (*events, adopt(state, poll.item, poll.id, text, poll_sentence(state, poll)))
    return Decided(events)


def adopt(state: Meeting, item: str, poll: str | None, text: str, sentence: str) -> e.ResolutionAdopted:
    """Return the event of a new resolution with the next number."""
    number = len(state.resolutions) + 1
    return e.ResolutionAdopted(f"{state.id}.r{number}", number, item, poll, text, sentence)


def void_poll(command: c.VoidPoll, state: Meeting, actor: Actor) -> Decision:
    """Declare an open, closed or published poll void, with a reason."""
    if not is_sound_text(command.reason, LONGEST_REASON):
        return refuse(RefusalCode.BAD_DATA, field="reason")
    poll = _poll_for_chair(command.poll, state, actor)
    if isinstance(poll, Refusal):
        return poll
    if poll.state == "void" or state.minutes.state != "draft":
        return refuse(RefusalCode.INVALID_TRANSITION, state=poll.state)
    undone = undo_amendment(state, poll)
    if isinstance(undone, Refusal):
        return undone
    return Decided((e.PollVoided(poll.id, command.reason), *undone))
