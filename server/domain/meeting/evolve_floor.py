"""How the queue and turns follow from their events."""

from dataclasses import replace
from typing import assert_never

from server.domain.meeting import events as e
from server.domain.meeting.state import AgendaItem, Meeting, PastSpeech, Ruling, Speech, Waiting


def evolve_floor(meeting: Meeting, event: e.FloorEvent, at: int) -> Meeting:
    """Return the meeting after an event of the queue or the floor at ``at`` (ms UTC)."""
    match event:
        case (
            e.QueueOpened()
            | e.QueueClosed()
            | e.QueueOrdered()
            | e.QueueMoved()
            | e.FloorRequested()
            | e.FloorWithdrawn()
            | e.FloorChanged()
        ):
            return _queue(meeting, event)
        case e.FloorGranted():
            return _granted(meeting, event, at)
        case e.FloorYielded():
            return _yielded(meeting, event, at)
        case e.FloorExtended():
            return replace(meeting, speech=_extended(meeting.speech, event.seconds))
        case e.FloorPaused() | e.FloorResumed() | e.FloorInterposed() | e.FloorHandedBack():
            return _clock(meeting, event, at)
        case e.FloorReturned() | e.FloorCancelled():
            return _taken_back(meeting, event, at)
        case e.RulingRecorded():
            item = meeting.current_item
            ruling = Ruling(event.seat, item.id if item is not None else "", event.outcome, event.reason)
            return replace(meeting, rulings=(*meeting.rulings, ruling))
        case _:
            assert_never(event)


def _queue(
    meeting: Meeting,
    event: e.QueueOpened
    | e.QueueClosed
    | e.QueueOrdered
    | e.QueueMoved
    | e.FloorRequested
    | e.FloorWithdrawn
    | e.FloorChanged,
) -> Meeting:
    waiting = meeting.waiting
    match event:
        case e.QueueOpened():
            return replace(meeting, queue_open=True)
        case e.QueueClosed():
            items = _debated(meeting, event.item)
            return replace(meeting, queue_open=False, waiting=(), items=items, last_speech=None)
        case e.QueueOrdered():
            return replace(meeting, queue_order=event.order)
        case e.QueueMoved():
            return _moved(meeting, event)
        case e.FloorRequested():
            hand = Waiting(event.seat, event.stance, event.point_of_order, event.reason, event.note)
            return replace(meeting, waiting=(*waiting, hand))
        case e.FloorWithdrawn():
            return replace(meeting, waiting=tuple(hand for hand in waiting if hand.seat != event.seat))
        case e.FloorChanged():
            waiting = tuple(
                replace(hand, stance=event.stance)
                if hand.seat == event.seat and not hand.point_of_order
                else hand
                for hand in waiting
            )
            return replace(meeting, waiting=waiting)


def _moved(meeting: Meeting, event: e.QueueMoved) -> Meeting:
    moves = meeting.moves + 1
    waiting = tuple(
        replace(hand, moved=moves, ahead_of=event.ahead_of)
        if hand.seat == event.seat and not hand.point_of_order
        else hand
        for hand in meeting.waiting
    )
    return replace(meeting, waiting=waiting, moves=moves)


def _debated(meeting: Meeting, item_id: str) -> tuple[AgendaItem, ...]:
    return tuple(replace(item, is_debated=True) if item.id == item_id else item for item in meeting.items)


def _granted(meeting: Meeting, event: e.FloorGranted, at: int) -> Meeting:
    lanes = [(hand.seat, hand.point_of_order) for hand in meeting.waiting]
    lane = (event.seat, event.point_of_order)
    place = lanes.index(lane) if lane in lanes else len(lanes)
    speech = Speech(
        event.seat,
        event.stance,
        event.point_of_order,
        at,
        (event.deadline - at) // 1000,
        event.deadline,
        running_since=at,
        by_name=event.by_name,
        hand=meeting.waiting[place] if lane in lanes else None,
        place=place,
    )
    waiting = (*meeting.waiting[:place], *meeting.waiting[place + 1 :])
    return replace(meeting, waiting=waiting, speech=speech, last_speech=None)


def _yielded(meeting: Meeting, event: e.FloorYielded, at: int) -> Meeting:
    speech, item = meeting.speech, meeting.current_item
    if speech is None or item is None:
        return replace(meeting, speech=None, interposed=None)
    over = stopped(speech, at)
    party = meeting.seat(speech.seat).party
    turn = PastSpeech(speech.seat, party, item.id, speech.stance, speech.point_of_order, over.spoken_ms)
    return replace(
        meeting, speech=None, interposed=None, last_speech=over, past_speeches=(*meeting.past_speeches, turn)
    )


def _clock(
    meeting: Meeting, event: e.FloorPaused | e.FloorResumed | e.FloorInterposed | e.FloorHandedBack, at: int
) -> Meeting:
    """The speaker's clock stands or runs; a question of somebody else has a clock of its own."""
    speech = meeting.speech
    if speech is None:
        return meeting
    match event:
        case e.FloorPaused():
            return replace(meeting, speech=replace(stopped(speech, at), is_held=True))
        case e.FloorResumed():
            return replace(meeting, speech=replace(started(speech, at), is_held=False))
        case e.FloorInterposed():
            allowance = (event.deadline - at) // 1000
            question = Speech(event.seat, "question", False, at, allowance, event.deadline, running_since=at)
            held = replace(stopped(speech, at), is_held=True)
            return replace(meeting, speech=held, interposed=question)
        case e.FloorHandedBack():
            return replace(meeting, interposed=None)


def _taken_back(meeting: Meeting, event: e.FloorReturned | e.FloorCancelled, at: int) -> Meeting:
    """The last turn goes on, or the running one never was."""
    if isinstance(event, e.FloorReturned):
        last = meeting.last_speech
        if last is None:
            return meeting
        speech = replace(started(last, at), is_held=False)
        return replace(meeting, speech=speech, last_speech=None, past_speeches=meeting.past_speeches[:-1])
    begun = meeting.speech
    if begun is None or begun.hand is None:
        return replace(meeting, speech=None, interposed=None)
    waiting = (*meeting.waiting[: begun.place], begun.hand, *meeting.waiting[begun.place :])
    return replace(meeting, speech=None, interposed=None, waiting=waiting)


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


def stop_clocks(meeting: Meeting, at: int) -> Meeting:
    """Return the meeting with the clocks of turn and question stopped for a break."""
    speech, question = meeting.speech, meeting.interposed
    return replace(
        meeting,
        speech=stopped(speech, at) if speech is not None else None,
        interposed=stopped(question, at) if question is not None else None,
    )


def start_clocks(meeting: Meeting, at: int) -> Meeting:
    """Return the meeting with those clocks running again that the chair had not stopped before the break."""
    speech, question = meeting.speech, meeting.interposed
    if speech is not None and not speech.is_held:
        speech = started(speech, at)
    return replace(meeting, speech=speech, interposed=started(question, at) if question is not None else None)


def stopped(speech: Speech, at: int) -> Speech:
    """Return the turn with its clock stopped; what was left is kept (R35)."""
    if speech.deadline is None or speech.running_since is None:
        return speech
    spoken = speech.spoken_ms + at - speech.running_since
    return replace(
        speech, deadline=None, running_since=None, spoken_ms=spoken, remaining_ms=speech.deadline - at
    )


def started(speech: Speech, at: int) -> Speech:
    """Return the turn with its clock running again from what was left."""
    if speech.remaining_ms is None:
        return speech
    return replace(speech, deadline=at + speech.remaining_ms, running_since=at, remaining_ms=None)
