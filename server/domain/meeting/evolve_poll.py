"""How polls, consents and resolutions' validity follow from their events."""

from dataclasses import replace

from server.domain.meeting import events as e
from server.domain.meeting.evolve_motion import with_motion
from server.domain.meeting.pass_rule import Outcome
from server.domain.meeting.state import Adoption, AgendaItem, Consent, Count, Meeting, Poll


def evolve_poll(
    meeting: Meeting, event: e.PollOpened | e.PollClosed | e.PollPublished | e.PollVoided, at: int
) -> Meeting:
    """Return the meeting after an event of a poll."""
    if isinstance(event, e.PollOpened):
        return _opened(meeting, event, at)
    poll = meeting.find_poll(event.poll)
    if poll is None:
        return meeting
    if isinstance(event, e.PollVoided):
        return _voided(meeting, poll, event.reason)
    if isinstance(event, e.PollClosed):
        count = Count(
            event.tally,
            event.participants,
            event.silent,
            event.ballots,
            event.parties,
            event.verdict,
            event.hands is not None,
        )
        return replace(meeting, polls=meeting.with_poll(replace(poll, state="closed", count=count)))
    after = replace(meeting, polls=meeting.with_poll(replace(poll, state="published")))
    if poll.amendment is not None:
        return after  # the motion itself is still to be decided
    # What was decided before stands: neither a sounding nor a later question that failed takes it away.
    has_passed = (
        poll.nature != "sounding" and poll.count is not None and poll.count.verdict.outcome == "passed"
    )
    outcome = "passed" if has_passed else _outcome_left(after, poll.item)
    return replace(after, items=_with_outcome(after.items, poll.item, outcome))


def _opened(meeting: Meeting, event: e.PollOpened, at: int) -> Meeting:
    poll = Poll(
        event.poll,
        event.item,
        event.text,
        event.options,
        event.secrecy,
        event.nature,
        event.rule,
        frozenset(event.entitled),
        frozenset(event.present),
        at,
        method=event.method,
        recused=frozenset(event.recused),
        recused_present=frozenset(event.recused_present),
        amendment=event.amendment,
        may_change=event.may_change,
    )
    items = meeting.items
    if event.amendment is None:
        items = with_motion(items, event.item, event.text)
    return replace(meeting, polls=(*meeting.polls, poll), is_poll_shown=True, adoption=None, items=items)


def _voided(meeting: Meeting, poll: Poll, reason: str) -> Meeting:
    """A void poll takes its resolution with it; the text stays readable in the log."""
    resolutions = tuple(replace(r, void=True) if r.poll == poll.id else r for r in meeting.resolutions)
    void = replace(poll, state="void", void_reason=reason)
    after = replace(meeting, resolutions=resolutions, polls=meeting.with_poll(void))
    return replace(after, items=_with_outcome(after.items, poll.item, _outcome_left(after, poll.item)))


def _outcome_left(meeting: Meeting, item_id: str) -> Outcome | None:
    """Return what the item's other questions decided: a standing resolution, else the last published verdict."""
    if any(r.item == item_id and not r.void for r in meeting.resolutions):
        return "passed"
    verdicts = [
        poll.count.verdict.outcome
        for poll in meeting.polls
        if (poll.item, poll.state) == (item_id, "published") and poll.decides_motion and poll.count
    ]
    return verdicts[-1] if verdicts else None


def evolve_consent(meeting: Meeting, event: e.ConsentAsked | e.ConsentRecorded) -> Meeting:
    """Return the meeting after a question of 无异议 or its answer."""
    if isinstance(event, e.ConsentAsked):
        items = meeting.items
        if event.amendment is None:
            items = with_motion(items, event.item, event.text)
        return replace(meeting, consent=Consent(event.item, event.text, event.amendment), items=items)
    if event.objection:
        return replace(meeting, consent=None)
    adoption = Adoption(event.item, event.text, event.present, event.entitled, event.amendment)
    if event.amendment is not None:
        return replace(meeting, consent=None, adoption=adoption)
    items = _with_outcome(meeting.items, event.item, "passed")
    return replace(meeting, consent=None, adoption=adoption, items=items)


def _with_outcome(
    items: tuple[AgendaItem, ...], item_id: str, outcome: Outcome | None
) -> tuple[AgendaItem, ...]:
    return tuple(replace(item, outcome=outcome) if item.id == item_id else item for item in items)
