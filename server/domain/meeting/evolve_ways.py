"""How recusals, counted hands and dissent follow from their events."""

from dataclasses import replace

from server.domain.meeting import events as e
from server.domain.meeting.state import Dissent, HandsCount, Meeting, Recusal


def evolve_ways(meeting: Meeting, event: e.WaysEvent) -> Meeting:
    """Return the meeting after an event of a way of voting."""
    match event:
        case e.RecusalRecorded():
            recusal = Recusal(event.item, event.seat, event.by, event.reason)
            return replace(meeting, recusals=(*meeting.recusals, recusal))
        case e.RecusalWithdrawn():
            left = tuple(r for r in meeting.recusals if (r.item, r.seat) != (event.item, event.seat))
            return replace(meeting, recusals=left)
        case e.DissentRecorded():
            others = tuple(d for d in meeting.dissents if (d.poll, d.seat) != (event.poll, event.seat))
            return replace(meeting, dissents=(*others, Dissent(event.poll, event.seat, event.text)))
        case e.PaperHandedOut() | e.PaperTakenBack():
            return _with_paper(meeting, event)
        case e.HandsCounted():
            return _with_hands(meeting, event.poll, HandsCount(event.counts, event.counter, event.checker))
        case e.HandsReturned():
            return _with_hands(meeting, event.poll, None)
        case e.HandsConfirmed():
            poll = meeting.find_poll(event.poll)
            hands = poll.hands if poll is not None else None
            return _with_hands(
                meeting, event.poll, None if hands is None else replace(hands, is_confirmed=True)
            )


def _with_paper(meeting: Meeting, event: e.PaperHandedOut | e.PaperTakenBack) -> Meeting:
    poll = meeting.find_poll(event.poll)
    if poll is None:
        return meeting
    one = {event.seat}
    paper = poll.paper | one if isinstance(event, e.PaperHandedOut) else poll.paper - one
    return replace(meeting, polls=meeting.with_poll(replace(poll, paper=paper)))


def _with_hands(meeting: Meeting, poll_id: str, hands: HandsCount | None) -> Meeting:
    poll = meeting.find_poll(poll_id)
    if poll is None:
        return meeting
    return replace(meeting, polls=meeting.with_poll(replace(poll, hands=hands)))
