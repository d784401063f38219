"""How turns follow from their events."""

from dataclasses import replace

from server.domain.meeting import events as e
from server.domain.meeting.state import Meeting, Speech, Waiting


def evolve_floor(
    meeting: Meeting,
    event: e.FloorRequested | e.FloorWithdrawn | e.FloorGranted | e.FloorYielded | e.FloorExtended,
    at: int,
) -> Meeting:
    """Return the meeting after an event of the floor at ``at`` (ms UTC)."""
    match event:
        case e.FloorRequested():
            hand = Waiting(event.seat, event.stance, event.point_of_order)
            return replace(meeting, waiting=(*meeting.waiting, hand))
        case e.FloorWithdrawn():
            return replace(meeting, waiting=tuple(w for w in meeting.waiting if w.seat != event.seat))
        case e.FloorGranted():
            taken = (event.seat, event.point_of_order)
            waiting = tuple(w for w in meeting.waiting if (w.seat, w.point_of_order) != taken)
            allowance = (event.deadline - at) // 1000
            speech = Speech(
                event.seat,
                event.stance,
                event.point_of_order,
                at,
                allowance,
                event.deadline,
                running_since=at,
            )
            return replace(meeting, waiting=waiting, speech=speech)
        case e.FloorYielded():
            return replace(meeting, speech=None)
        case e.FloorExtended():
            return replace(meeting, speech=_extended(meeting.speech, event.seconds))


def _extended(speech: Speech | None, seconds: int) -> Speech | None:
    if speech is None:
        return None
    more = seconds * 1000
    deadline = speech.deadline + more if speech.deadline is not None else None
    remaining = speech.remaining_ms + more if speech.remaining_ms is not None else None
    return replace(
        speech,
        deadline=deadline,
        remaining_ms=remaining,
        allowance_seconds=speech.allowance_seconds + seconds,
    )


def paused(speech: Speech | None, at: int) -> Speech | None:
    """Return the turn with its clock stopped; what was left is kept (R35)."""
    if speech is None or speech.deadline is None or speech.running_since is None:
        return speech
    spoken = speech.spoken_ms + at - speech.running_since
    return replace(
        speech, deadline=None, running_since=None, spoken_ms=spoken, remaining_ms=speech.deadline - at
    )


def running_again(speech: Speech | None, at: int) -> Speech | None:
    """Return the turn with its clock running again from what was left."""
    if speech is None or speech.remaining_ms is None:
        return speech
    return replace(speech, deadline=at + speech.remaining_ms, running_since=at, remaining_ms=None)
