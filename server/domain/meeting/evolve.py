"""``evolve(state, event, at) → state``: the only way a meeting changes."""

from collections.abc import Iterable
from dataclasses import replace
from typing import assert_never

from server.domain.meeting import events as e
from server.domain.meeting.evolve_floor import evolve_floor, start_clocks, stop_clocks
from server.domain.meeting.evolve_idea import evolve_idea
from server.domain.meeting.evolve_minutes import evolve_minutes
from server.domain.meeting.evolve_motion import evolve_motion
from server.domain.meeting.evolve_poll import evolve_consent, evolve_poll
from server.domain.meeting.evolve_ways import evolve_ways
from server.domain.meeting.state import (
    AgendaItem,
    DraftedTask,
    Meeting,
    Resolution,
)

# What goes on beside a procedural decision leaves it in sight; anything else takes its place.
_BESIDE = (
    e.PresenceCheckedIn,
    e.PresenceLeft,
    e.PresenceExcused,
    e.FloorRequested,
    e.FloorWithdrawn,
    e.IdeaPosted,
)


def fold(meeting: Meeting, happened: Iterable[tuple[e.Event, int]]) -> Meeting:
    """Apply events with their instants (ms UTC) in order."""
    for event, at in happened:
        meeting = evolve(meeting, event, at)
    return meeting


def evolve(meeting: Meeting, event: e.Event, at: int) -> Meeting:
    """Return the meeting after one event that happened at ``at`` (ms UTC)."""
    if meeting.is_procedure_shown and not isinstance(event, _BESIDE):
        meeting = replace(meeting, is_procedure_shown=False)
    if isinstance(event, e.MotionEvent):
        return evolve_motion(meeting, event)
    if isinstance(event, e.IdeaEvent):
        return evolve_idea(meeting, event)
    if isinstance(event, e.WaysEvent):
        return evolve_ways(meeting, event)
    if isinstance(event, e.FloorEvent):
        return evolve_floor(meeting, event, at)
    match event:
        case e.MeetingCalled():
            return _called(meeting, event)
        case e.MeetingOpened() | e.MeetingSuspended() | e.MeetingResumed() | e.MeetingClosed():
            return _sitting(meeting, event, at)
        case e.PresenceCheckedIn() | e.PresenceLeft() | e.PresenceExcused():
            return _presence(meeting, event)
        case e.ItemBegun() | e.ItemFinished() | e.ItemAdded():
            return _agenda(meeting, event)
        case e.PollOpened() | e.PollClosed() | e.PollPublished() | e.PollVoided():
            return evolve_poll(meeting, event, at)
        case e.ConsentAsked() | e.ConsentRecorded():
            return evolve_consent(meeting, event)
        case e.ResolutionAdopted() | e.TaskDrafted():
            return _resolution(meeting, event)
        case e.MinutesFinalised() | e.MinutesSigned() | e.MinutesReopened() | e.MinutesPublished():
            return evolve_minutes(meeting, event, at)
        case _:
            assert_never(event)


def _called(meeting: Meeting, event: e.MeetingCalled) -> Meeting:
    items = tuple(AgendaItem(i.id, i.title, i.minutes, i.topic, announced=True) for i in event.items)
    return replace(
        meeting,
        council=event.council,
        procedure=event.procedure,
        rule=event.rule,
        speaking_seconds=event.speaking_seconds,
        speaking_rules=event.speaking_rules,
        poll_rules=event.poll_rules,
        parties=event.parties,
        seats=event.seats,
        seat_of={seat.representative: seat.number for seat in event.seats},
        items=items,
    )


def _sitting(
    meeting: Meeting,
    event: e.MeetingOpened | e.MeetingSuspended | e.MeetingResumed | e.MeetingClosed,
    at: int,
) -> Meeting:
    match event:
        case e.MeetingOpened():
            return replace(meeting, state="open", opened_at=at)
        case e.MeetingSuspended():
            return replace(stop_clocks(meeting, at), state="suspended", suspended_at=at)
        case e.MeetingResumed():
            return replace(start_clocks(meeting, at), state="open", suspended_at=None)
        case e.MeetingClosed():
            return replace(meeting, state="closed", suspended_at=None, closed_at=at)


def _presence(meeting: Meeting, event: e.PresenceCheckedIn | e.PresenceLeft | e.PresenceExcused) -> Meeting:
    if isinstance(event, e.PresenceExcused):
        changed = meeting.excused | {event.seat} if event.excused else meeting.excused - {event.seat}
        return replace(meeting, excused=changed)
    if isinstance(event, e.PresenceLeft):
        # Taken back before the opening, an arrival never happened: a slip at the desk must not enter the record.
        attended = meeting.attended - {event.seat} if meeting.state == "called" else meeting.attended
        return replace(meeting, present=meeting.present - {event.seat}, attended=attended)
    poll, polls = meeting.poll, meeting.polls
    if poll is not None and poll.state == "open" and event.seat in poll.entitled:
        # Present in a poll: there at the opening or checked in before the close; leaving does not reduce it (R92).
        polls = meeting.with_poll(replace(poll, base=poll.base | {event.seat}))
    elif poll is not None and poll.state == "open" and event.seat in poll.recused:
        polls = meeting.with_poll(replace(poll, recused_present=poll.recused_present | {event.seat}))
    return replace(
        meeting,
        present=meeting.present | {event.seat},
        attended=meeting.attended | {event.seat},
        excused=meeting.excused - {event.seat},
        at_desk=meeting.at_desk | {event.seat} if event.by == "desk" else meeting.at_desk - {event.seat},
        polls=polls,
    )


def _agenda(meeting: Meeting, event: e.ItemBegun | e.ItemFinished | e.ItemAdded) -> Meeting:
    if isinstance(event, e.ItemAdded):
        added = AgendaItem(event.item, event.title, None, None, announced=False)
        return replace(meeting, items=(*meeting.items, added))
    if isinstance(event, e.ItemFinished):
        return replace(meeting, items=_with_state(meeting, event.item, "finished"))
    items = _with_state(meeting, event.item, "current")
    return replace(
        meeting,
        items=items,
        queue_open=False,
        waiting=(),
        queue_order=None,
        last_speech=None,
        is_poll_shown=False,
        adoption=None,
    )


def _with_state(meeting: Meeting, item_id: str, state: str) -> tuple[AgendaItem, ...]:
    return tuple(
        replace(item, state=state) if item.id == item_id else item  # type: ignore[arg-type]
        for item in meeting.items
    )


def _resolution(meeting: Meeting, event: e.ResolutionAdopted | e.TaskDrafted) -> Meeting:
    if isinstance(event, e.ResolutionAdopted):
        new = Resolution(event.resolution, event.number, event.item, event.poll, event.text, event.sentence)
        return replace(meeting, resolutions=(*meeting.resolutions, new))
    task = DraftedTask(event.task, event.text, event.accountable, event.post, event.due)
    resolutions = tuple(
        replace(r, tasks=(*r.tasks, task)) if r.id == event.resolution else r for r in meeting.resolutions
    )
    return replace(meeting, resolutions=resolutions, tasks=meeting.tasks + 1)
