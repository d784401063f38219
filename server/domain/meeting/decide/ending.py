"""What ends along with something else, said as events of their own so that the minutes need no guessing."""

from server.domain.meeting import events as e
from server.domain.meeting.state import Meeting, Speech


def spoken_seconds(speech: Speech, now: int) -> int:
    """Return how long the speaker has spoken, without pauses, in whole seconds."""
    running = now - speech.running_since if speech.running_since is not None else 0
    return max(0, (speech.spoken_ms + running) // 1000)


def end_question(state: Meeting, now: int) -> tuple[e.Event, ...]:
    """Return the event that ends the interposed question, if there is one."""
    if state.interposed is None:
        return ()
    return (e.FloorHandedBack(state.interposed.seat, spoken_seconds(state.interposed, now)),)


def end_speech(state: Meeting, now: int) -> tuple[e.Event, ...]:
    """Return the events that end the running turn with the question put into it, if there is one."""
    if state.speech is None:
        return ()
    return (*end_question(state, now), e.FloorYielded(state.speech.seat, spoken_seconds(state.speech, now)))


def end_queue(state: Meeting, now: int) -> tuple[e.Event, ...]:
    """Return the events that end the debate: the running turn, then the queue."""
    ended = end_speech(state, now)
    item = state.current_item
    if not state.queue_open or item is None:
        return ended
    return (*ended, e.QueueClosed(item.id, tuple(hand.seat for hand in state.waiting)))


def end_current_item(state: Meeting, now: int) -> tuple[e.Event, ...]:
    """Return the events that finish the current item with its debate, if there is one."""
    item = state.current_item
    if item is None:
        return end_speech(state, now)
    return (*end_queue(state, now), e.ItemFinished(item.id))
