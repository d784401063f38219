"""手机票与纸质票二选一: handing out paper locks the phone, a phone ballot forbids paper (R63).

In a secret poll no paper is handed out: its one choice would be told to whoever enters it.
"""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.state import BallotBox, Meeting, Poll
from server.domain.refusal import Refusal, RefusalCode, refuse


def decide_paper(
    command: c.HandOutPaper | c.TakeBackPaper, state: Meeting, actor: Actor, box: BallotBox
) -> Decision:
    """Hand a paper ballot out, or take an empty one back."""
    poll = state.find_poll(command.poll)
    if poll is None:
        return refuse(RefusalCode.NOT_FOUND, what="poll")
    seat = state.seat_of.get(command.representative)
    if seat is None:
        return refuse(RefusalCode.NOT_FOUND, what="representative")
    if not actor.is_one_of(Role.SECRETARY):
        return refuse(RefusalCode.NOT_ALLOWED)
    refusal = _refuse_seat(poll, seat, state, box)
    if refusal is not None:
        return refusal
    if isinstance(command, c.HandOutPaper):
        if seat in poll.paper:
            return refuse(RefusalCode.ON_PAPER)
        return Decided((e.PaperHandedOut(poll.id, seat),))
    if seat not in poll.paper:
        return refuse(RefusalCode.INVALID_TRANSITION, state="no_paper")
    return Decided((e.PaperTakenBack(poll.id, seat),))


def _refuse_seat(poll: Poll, seat: int, state: Meeting, box: BallotBox) -> Refusal | None:
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if poll.state != "open":
        return refuse(RefusalCode.POLL_NOT_OPEN)
    if poll.method == "hands":
        return refuse(RefusalCode.BY_HANDS)
    if poll.secrecy == "secret":
        return refuse(RefusalCode.INVALID_TRANSITION, state="secret")
    if seat not in poll.entitled:
        return refuse(RefusalCode.NOT_ENTITLED)
    if seat not in state.present:
        return refuse(RefusalCode.NOT_PRESENT)
    return refuse(RefusalCode.ALREADY_VOTED) if seat in box.ballots else None
