"""What each kind of phone may do now: a hint for screens, shared by all; ``decide`` remains the judge."""

from server.domain.meeting.state import Meeting


def commands_for_present(state: Meeting) -> tuple[str, ...]:
    """Return the wire names a representative who has checked in may send now."""
    if state.state in ("called", "suspended"):
        return ("presence.leave",)
    if state.state == "closed":
        return ()
    names = ["presence.leave"]
    if state.queue_open:
        names += ["floor.request", "floor.withdraw", "floor.change"]
    if state.speech is not None:
        names.append("floor.yield")
    poll = state.poll
    if poll is not None and poll.state == "open" and poll.method == "ballots":
        names.append("ballot.cast")
    if state.board is not None and state.board.is_open:
        names.append("idea.post")
    return tuple(names)


def commands_for_absent(state: Meeting) -> tuple[str, ...]:
    """Return the wire names a representative who is not there may send now."""
    return () if state.state == "closed" else ("presence.check_in",)
