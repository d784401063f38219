"""选票: cast on a phone, recorded at the desk, confirmed by the second person (R60–R66, P6, S15–S18)."""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.state import Ballot, BallotBox, Meeting, Poll
from server.domain.refusal import Refusal, RefusalCode, refuse

LONGEST_NONCE = 64


def cast_ballot(command: c.CastBallot, state: Meeting, actor: Actor, now: int, box: BallotBox) -> Decision:
    """Accept one's own ballot; a retry with its nonce gets the first answer again."""
    poll = _poll_with_option(command.poll, command.choice, command.nonce, state)
    if isinstance(poll, Refusal):
        return poll
    if not actor.is_one_of(Role.REPRESENTATIVE) or actor.seat is None:
        return refuse(RefusalCode.NOT_ALLOWED)
    return _accept(poll, actor.seat, command.choice, command.nonce, state, now, box, is_recorded=False)


def record_ballot(
    command: c.RecordBallot, state: Meeting, actor: Actor, now: int, box: BallotBox
) -> Decision:
    """Enter a paper ballot or raised hand for a seat; phone XOR paper (R63)."""
    poll = _poll_with_option(command.poll, command.choice, command.nonce, state)
    if isinstance(poll, Refusal):
        return poll
    if command.representative not in state.seat_of:
        return refuse(RefusalCode.NOT_FOUND, what="representative")
    if not actor.is_one_of(Role.SECRETARY) or poll.secrecy == "secret":
        return refuse(RefusalCode.NOT_ALLOWED)
    seat = state.seat_of[command.representative]
    return _accept(poll, seat, command.choice, command.nonce, state, now, box, is_recorded=True)


def _poll_with_option(poll_id: str, choice: str, nonce: str, state: Meeting) -> Poll | Refusal:
    if not 1 <= len(nonce) <= LONGEST_NONCE:
        return refuse(RefusalCode.BAD_DATA, field="nonce")
    poll = state.find_poll(poll_id)
    if poll is None:
        return refuse(RefusalCode.NOT_FOUND, what="poll")
    if all(option.id != choice for option in poll.options):
        return refuse(RefusalCode.BAD_DATA, field="choice")
    return poll


def _accept(
    poll: Poll,
    seat: int,
    choice: str,
    nonce: str,
    state: Meeting,
    now: int,
    box: BallotBox,
    *,
    is_recorded: bool,
) -> Decision:
    former = box.ballots.get(seat)
    if former is not None and former.nonce == nonce:
        if poll.secrecy == "open" and former.choice != choice:
            return refuse(RefusalCode.BAD_DATA, field="choice")
        return Decided(repeats=former.revision)
    if poll.may_change and (seat, nonce) in box.superseded:
        return Decided(repeats=box.superseded[seat, nonce])
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if poll.state != "open":
        return refuse(RefusalCode.POLL_NOT_OPEN)
    if poll.method == "hands":
        return refuse(RefusalCode.BY_HANDS)
    if seat not in poll.entitled:
        return refuse(RefusalCode.NOT_ENTITLED)
    if seat not in state.present:
        return refuse(RefusalCode.NOT_PRESENT)
    if not is_recorded and seat in poll.paper:
        return refuse(RefusalCode.ON_PAPER)
    is_change = former is not None
    if former is not None and (not poll.may_change or is_recorded or former.is_recorded):
        return refuse(RefusalCode.ALREADY_VOTED)
    # A sounding decides nothing, so a show of hands counts at once; a deciding ballot waits for the second person.
    is_counted = not is_recorded or poll.nature == "sounding"
    kept = choice if poll.secrecy == "open" else None
    ballot = Ballot(seat, kept, nonce, now, 0, is_recorded, is_counted)
    return Decided(poll=poll.id, ballot=ballot, choice=choice, superseded=seat if is_change else None)


def withdraw_ballot(command: c.WithdrawBallot, state: Meeting, actor: Actor, box: BallotBox) -> Decision:
    """Take one's own ballot back before the close, if the procedure allows it; it stays on file as superseded."""
    poll = state.find_poll(command.poll)
    if poll is None:
        return refuse(RefusalCode.NOT_FOUND, what="poll")
    if not actor.is_one_of(Role.REPRESENTATIVE) or actor.seat is None:
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if poll.state != "open":
        return refuse(RefusalCode.POLL_NOT_OPEN)
    if actor.seat not in state.present:
        return refuse(RefusalCode.NOT_PRESENT)
    ballot = box.ballots.get(actor.seat)
    if ballot is None:
        return refuse(RefusalCode.INVALID_TRANSITION, state="not_voted")
    if not poll.may_change or ballot.is_recorded:
        return refuse(RefusalCode.ALREADY_VOTED)
    return Decided(poll=poll.id, superseded=actor.seat)


def confirm_ballot(
    command: c.ConfirmBallot | c.DiscardBallot, state: Meeting, actor: Actor, box: BallotBox
) -> Decision:
    """Let a recorded ballot count, or send it back: the second person's word (P6)."""
    poll = state.find_poll(command.poll)
    if poll is None:
        return refuse(RefusalCode.NOT_FOUND, what="poll")
    seat = state.seat_of.get(command.representative)
    if seat is None:
        return refuse(RefusalCode.NOT_FOUND, what="representative")
    if not actor.is_one_of(Role.CHAIR):
        return refuse(RefusalCode.NOT_ALLOWED)
    if poll.state != "open":
        return refuse(RefusalCode.POLL_NOT_OPEN)
    ballot = box.ballots.get(seat)
    if ballot is None or not ballot.is_recorded:
        return refuse(RefusalCode.NOT_FOUND, what="ballot")
    if ballot.is_counted:
        return refuse(RefusalCode.INVALID_TRANSITION, state="confirmed")
    if isinstance(command, c.DiscardBallot):
        return Decided(poll=poll.id, discarded=seat)
    return Decided(poll=poll.id, confirmed=seat)
