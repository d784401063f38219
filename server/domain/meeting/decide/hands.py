"""举手表决: two count the raised hands, the secretary enters the figures, the chair confirms them (R78, P5).

No voter's name is kept. The figures never exceed those there, in total and by party (R91).
"""

from collections import Counter
from itertools import product

from server.domain.actor import Actor, Role
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide.decision import Decided, Decision
from server.domain.meeting.state import Meeting, Poll
from server.domain.meeting.tally import count_hands
from server.domain.refusal import Refusal, RefusalCode, refuse

MOST_HANDS = 100_000


def record_hands(command: c.RecordHands, state: Meeting, actor: Actor) -> Decision:
    """Enter what was counted; a new count takes the place of one that is not confirmed."""
    poll = state.find_poll(command.poll)
    if poll is None:
        return refuse(RefusalCode.NOT_FOUND, what="poll")
    if not _is_whole(command.counts, poll, state):
        return refuse(RefusalCode.BAD_DATA, field="counts")
    if command.counter == command.checker:
        return refuse(RefusalCode.BAD_DATA, field="checker")
    people = [state.seat_of.get(person) for person in (command.counter, command.checker)]
    counter, checker = people
    if counter is None or checker is None:
        return refuse(RefusalCode.NOT_FOUND, what="representative")
    if not actor.is_one_of(Role.SECRETARY):
        return refuse(RefusalCode.NOT_ALLOWED)
    if state.state != "open":
        return refuse(RefusalCode.MEETING_NOT_OPEN, state=state.state)
    if poll.state != "open":
        return refuse(RefusalCode.POLL_NOT_OPEN)
    if poll.method != "hands":
        return refuse(RefusalCode.INVALID_TRANSITION, state="ballots")
    if not {counter, checker} <= state.present:
        return refuse(RefusalCode.NOT_PRESENT)
    refusal = _refuse_figures(command.counts, poll, state)
    if refusal is not None:
        return refusal
    return Decided((e.HandsCounted(poll.id, command.counts, counter, checker),))


def _is_whole(counts: tuple[c.HandCount, ...], poll: Poll, state: Meeting) -> bool:
    """Tell whether every option has one figure: in total, or for each party with a seat in the poll."""
    if any(not 0 <= one.count <= MOST_HANDS for one in counts):
        return False
    options = {option.id for option in poll.options}
    parties: set[str | None] = {party.id for party in state.parties}
    if {one.party for one in counts} == {None}:
        # A rule that asks what each party said cannot be judged by totals (R97).
        parties = {None} if poll.rule.parties.kind == "none" else set()
    wanted = set(product(options, parties))
    pairs = [(one.option, one.party) for one in counts]
    return bool(pairs) and len(pairs) == len(wanted) and set(pairs) == wanted


def _refuse_figures(counts: tuple[c.HandCount, ...], poll: Poll, state: Meeting) -> Refusal | None:
    raised = sum(one.count for one in counts)
    if raised > len(poll.base):
        return refuse(RefusalCode.COUNT_TOO_HIGH, counted=raised, most=len(poll.base), where="全场")
    by_party: Counter[str] = Counter()
    for one in counts:
        if one.party is not None:
            by_party[one.party] += one.count
    there = Counter(state.seat(seat).party for seat in poll.base)
    for party in state.parties:
        if by_party[party.id] > there[party.id]:
            return refuse(
                RefusalCode.COUNT_TOO_HIGH,
                counted=by_party[party.id],
                most=there[party.id],
                where=party.name,
            )
    return None


def settle_hands(command: c.ConfirmHands | c.ReturnHands, state: Meeting, actor: Actor) -> Decision:
    """The chair's word: the count stands and ends the poll, or the hands are counted again."""
    poll = state.find_poll(command.poll)
    if poll is None:
        return refuse(RefusalCode.NOT_FOUND, what="poll")
    if not actor.is_one_of(Role.CHAIR):
        return refuse(RefusalCode.NOT_ALLOWED)
    if poll.state != "open":
        return refuse(RefusalCode.POLL_NOT_OPEN)
    if poll.hands is None:
        return refuse(RefusalCode.INVALID_TRANSITION, state="uncounted")
    if isinstance(command, c.ReturnHands):
        return Decided((e.HandsReturned(poll.id),))
    return Decided((e.HandsConfirmed(poll.id), count_hands(state, poll, poll.hands)))
