"""保留意见: whoever did not agree may have a short statement printed in the minutes (R81)."""

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.decide.text import is_sound_text
from server.domain.meeting.state import Meeting, Poll
from server.domain.refusal import RefusalCode, refuse

LONGEST_DISSENT = 200


def record_dissent(command: c.RecordDissent, state: Meeting, actor: Actor) -> Decision:
    """Keep a statement to a published named poll or show of hands, until the minutes are frozen.

    A secret poll has none: it would tell how its author voted (S38).
    """
    if not is_sound_text(command.text, LONGEST_DISSENT):
        return refuse(RefusalCode.BAD_DATA, field="text")
    poll = state.find_poll(command.poll)
    if poll is None:
        return refuse(RefusalCode.NOT_FOUND, what="poll")
    if not actor.is_one_of(Role.REPRESENTATIVE) or actor.seat is None or poll.secrecy == "secret":
        return refuse(RefusalCode.NOT_ALLOWED)
    if poll.state != "published" or state.minutes.state != "draft":
        return refuse(RefusalCode.INVALID_TRANSITION, state=poll.state)
    if not has_dissented(poll, actor.seat):
        return refuse(RefusalCode.INVALID_TRANSITION, state="agreed")
    return Decided((e.DissentRecorded(poll.id, actor.seat, command.text),))


def has_dissented(poll: Poll, seat: int) -> bool:
    """Tell whether a seat voted against in a counted poll; of raised hands nobody knows whose they were."""
    if poll.count is None or poll.secrecy == "secret":
        return False
    if poll.method == "hands":
        return seat in poll.base
    return any(ballot.seat == seat and ballot.choice == "against" for ballot in poll.count.ballots or ())
