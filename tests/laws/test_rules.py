"""Laws of the rules over random histories: replay, refusals, totals."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.queue import speaking_order
from server.domain.meeting.rules import PollRules
from server.domain.meeting.state import Meeting
from server.domain.refusal import Refusal
from tests.domain.cast import CALLED, NOON, REPRESENTATIVES
from tests.laws.history import NUMBERS, Numbers, prelude, step
from tests.laws.paper_room import PaperRoom


def held(numbers: Numbers) -> PaperRoom:
    """A meeting of so many steps, one every seven seconds."""
    room = opened(numbers)
    for place, number in enumerate(numbers[1]):
        room.send(*step(room.state, number), NOON + place * 7_000)
    return room


def opened(numbers: Numbers) -> PaperRoom:
    """The same before its random steps."""
    room = PaperRoom()
    for command, actor in prelude(numbers):
        room.send(command, actor, NOON)
    return room


@pytest.mark.rule("R38")
@given(NUMBERS)
def test_replaying_the_log_gives_the_state_in_memory(numbers: Numbers) -> None:
    room = held(numbers)
    assert room.replayed() == room.state


@given(NUMBERS)
def test_a_refused_command_changes_nothing(numbers: Numbers) -> None:
    room = opened(numbers)
    for place, number in enumerate(numbers[1]):
        before = (room.state, list(room.lines), dict(room.box), room.revision)
        decision = room.send(*step(room.state, number), NOON + place * 7_000)
        if isinstance(decision, Refusal) or decision.repeats is not None:
            assert (room.state, room.lines, room.box, room.revision) == before
        else:
            assert room.revision == before[3] + 1
            assert (room.lines, dict(room.box)) != (before[1], before[2])


@pytest.mark.rule("S24")
@given(NUMBERS)
def test_ballots_counted_are_ballots_cast_and_never_more_than_entitled(numbers: Numbers) -> None:
    room = held(numbers)
    assert len(room.closed) == len({closed.poll for closed in room.closed})
    for closed in room.closed:
        poll = room.state.find_poll(closed.poll)
        assert poll is not None
        if closed.hands is not None:
            # Nobody is named; the figures stand between nought and those there (R78, R91).
            assert (closed.participants, closed.silent, closed.ballots) == ((), (), None)
            assert 0 <= sum(count for _, count in closed.tally) == closed.verdict.cast <= len(poll.base)
            continue
        assert poll.entitled.isdisjoint(poll.recused)
        cast = room.choices.get(closed.poll, {})
        counted = {seat: choice for seat, choice in cast.items() if seat not in closed.discarded}
        assert closed.participants == tuple(sorted(counted))
        assert set(closed.participants) | set(closed.silent) == poll.entitled
        assert set(closed.participants).isdisjoint(closed.silent)
        assert set(closed.discarded) <= set(closed.silent)
        assert set(closed.participants) <= poll.base <= poll.entitled
        totals = dict(closed.tally)
        if poll.secrecy == "open":
            assert totals == {option: list(counted.values()).count(option) for option in totals}
        assert sum(totals.values()) == len(closed.participants) == closed.verdict.cast
        assert closed.verdict.cast <= closed.verdict.present <= closed.verdict.entitled == len(poll.entitled)
        assert (closed.verdict.present, closed.verdict.entitled) == (len(poll.base), len(poll.entitled))


@pytest.mark.rule("R66", "R64")
@given(NUMBERS)
def test_where_ballots_may_change_the_last_one_counts_and_no_retry_brings_a_former_back(
    numbers: Numbers,
) -> None:
    room = PaperRoom(replace(CALLED, poll_rules=PollRules(may_change=True)))
    last: dict[tuple[str, int], str] = {}
    for command, actor in prelude(numbers):
        room.send(command, actor, NOON)
    for drawn in numbers[1]:
        command, actor = step(room.state, drawn)
        decided = room.send(command, actor, NOON)
        if isinstance(decided, Refusal) or decided.repeats is not None or decided.poll is None:
            continue
        if decided.superseded is not None:
            del last[decided.poll, decided.superseded]
        if decided.ballot is not None and decided.choice is not None:
            assert (decided.poll, decided.ballot.seat) not in last
            last[decided.poll, decided.ballot.seat] = decided.choice
        if decided.discarded is not None:
            del last[decided.poll, decided.discarded]
    for closed in room.closed:
        for named in closed.ballots or ():
            assert last[closed.poll, named.seat] == named.choice


@pytest.mark.rule("R91")
@given(NUMBERS)
def test_the_parties_figures_add_up_to_the_totals(numbers: Numbers) -> None:
    room = held(numbers)
    party_of = {seat.number: seat.party for seat in room.state.seats}
    for closed in room.closed:
        if closed.parties is None or closed.ballots is None:
            assert (closed.parties, closed.ballots) == (None, None)
            continue
        for option, count in closed.tally:
            assert sum(dict(party.tally)[option] for party in closed.parties) == count
        for party in closed.parties:
            assert party.cast == sum(count for _, count in party.tally)
            assert party.cast == sum(party_of[seat] == party.party for seat in closed.participants)
            assert party.cast <= party.present <= party.entitled
        assert [ballot.seat for ballot in closed.ballots] == list(closed.participants)
        assert sum(party.present for party in closed.parties) == closed.verdict.present


@given(NUMBERS)
def test_a_meeting_always_makes_sense(numbers: Numbers) -> None:
    room = opened(numbers)
    for place, number in enumerate(numbers[1]):
        former = room.state
        room.send(*step(room.state, number), NOON + place * 7_000)
        check_sense(room.state)
        check_direction(former, room.state)


def check_sense(state: Meeting) -> None:
    """What has to be true of a meeting at any moment."""
    seats = {seat.number for seat in state.seats}
    assert state.present <= state.attended <= seats
    assert sum(item.state == "current" for item in state.items) <= 1
    assert len({(hand.seat, hand.point_of_order) for hand in state.waiting}) == len(state.waiting)
    assert {hand.seat for hand in state.waiting} <= state.present
    assert state.queue_open or not state.waiting
    if state.speech is not None:
        assert state.speech.seat in state.present
        assert (state.speech.deadline is None) == (state.state == "suspended" or state.speech.is_held)
    else:
        assert state.interposed is None
    if state.interposed is not None:
        assert state.speech is not None
        assert state.speech.is_held
        assert state.interposed.seat in state.present - {state.speech.seat}
    assert len(speaking_order(state)) == len(state.waiting)
    if state.queue_open:
        assert state.current_item is not None
    assert sum(poll.state == "open" for poll in state.polls) + (state.consent is not None) <= 1
    if state.has_open_question:
        assert state.state == "open"
        assert state.current_item is not None
    if state.state == "closed":
        assert (state.current_item, state.speech, state.waiting, state.queue_open) == (None, None, (), False)
    for poll in state.polls:
        assert poll.base <= poll.entitled
        assert (poll.count is None) == (poll.state == "open" or (poll.state == "void" and poll.count is None))
    assert [resolution.number for resolution in state.resolutions] == list(
        range(1, len(state.resolutions) + 1)
    )
    for resolution in state.resolutions:
        item = state.item(resolution.item)
        assert item is not None
        assert item.announced
        assert resolution.void or resolution.poll is None or passed(state, resolution.poll)


def passed(state: Meeting, poll_id: str) -> bool:
    poll = state.find_poll(poll_id)
    return (
        poll is not None
        and poll.state == "published"
        and poll.nature != "sounding"
        and poll.count is not None
        and poll.count.verdict.outcome == "passed"
    )


POLL_ORDER = ("open", "closed", "published", "void")
ITEM_ORDER = ("pending", "current", "finished")


def check_direction(before: Meeting, after: Meeting) -> None:
    """Polls and items only move forward, what was frozen stays frozen, a closed meeting stays closed."""
    for old, new in zip(before.polls, after.polls, strict=False):
        assert POLL_ORDER.index(old.state) <= POLL_ORDER.index(new.state)
        assert (old.text, old.options, old.rule, old.entitled, old.secrecy, old.nature) == (
            new.text, new.options, new.rule, new.entitled, new.secrecy, new.nature
        )  # fmt: skip
        assert old.base <= new.base
        assert old.count is None or old.count == new.count
    for first, second in zip(before.items, after.items, strict=False):
        assert ITEM_ORDER.index(first.state) <= ITEM_ORDER.index(second.state)
    assert before.state != "closed" or after.state == "closed"
    assert len(after.polls) >= len(before.polls)
    # Only before the opening may an arrival be taken back as if it had never been.
    assert before.state == "called" or before.attended <= after.attended


@given(NUMBERS)
def test_a_retry_of_an_accepted_ballot_always_gets_its_first_answer(numbers: Numbers) -> None:
    room = opened(numbers)
    accepted: dict[tuple[str, int], tuple[c.CastBallot, int]] = {}
    for place, number in enumerate(numbers[1]):
        command, actor = step(room.state, number)
        decision = room.send(command, actor, NOON + place * 7_000)
        if isinstance(command, c.CastBallot) and not isinstance(decision, Refusal) and decision.ballot:
            accepted[command.poll, decision.ballot.seat] = (command, room.revision)
    for (_, seat), (command, revision) in accepted.items():
        again = room.send(command, REPRESENTATIVES[seat - 1], NOON * 2)
        assert not isinstance(again, Refusal)
        assert again.repeats == revision


@pytest.mark.rule("S38")
@given(NUMBERS)
def test_no_event_of_a_secret_poll_ties_a_seat_to_a_choice(numbers: Numbers) -> None:
    for closed in held(numbers).closed:
        if closed.ballots is None:
            assert closed.parties is None
            assert list(closed.participants) == sorted(closed.participants)
            assert isinstance(closed, e.PollClosed)


def test_random_histories_reach_every_kind_of_event() -> None:
    """A law over histories that never get anywhere would prove nothing."""
    seen: set[str] = set()

    @settings(max_examples=400)
    @given(NUMBERS)
    def collect(numbers: Numbers) -> None:
        seen.update(line.split('"type":"')[1].split('"')[0] for line in held(numbers).lines)

    collect()
    unseen = {kind for kind in set(e.EVENT_TYPES) - seen if not kind.startswith("minutes.")}
    # The rarest need a history of their own kind; the machine of the whole room, which goes on longer, sees them all.
    assert len(unseen) <= 4, unseen
