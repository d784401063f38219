"""表决: what is frozen at opening, how a poll closes, is published, is void."""

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.evolve import fold
from server.domain.meeting.pass_rule import PartyCondition, PassRule, Quorum
from server.domain.meeting.state import FIVE_PARTY_RULE
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import (
    BEGUN,
    EVERYBODY,
    LIN,
    NOON,
    OPENED,
    POLLED,
    POLLED_IN_SECRET,
    ZHAO,
    arrived,
    ballot,
    poll_opened,
)
from tests.domain.given import Given, given

TEXT = "是否放在3栋与4栋之间"
OPEN = c.OpenPoll("i1", TEXT, "open")
PASSED = "应到6人，实到5人，符合规定人数；赞成4票、反对1票、弃权0票，赞成票超过实到人数的三分之二，表决通过。"
CLOSE, PUBLISH, VOID = c.ClosePoll("m1.p1"), c.PublishPoll("m1.p1"), c.VoidPoll("m1.p1", "念错了")


def went_on(before: Given, command: c.Command) -> Given:
    """The chair's command was granted."""
    answer = before.when(command, LIN)
    return Given(answer.then(*answer.granted().events))


def passed() -> Given:
    """Four for, one against, closed."""
    box = given(*POLLED).with_ballots(*(ballot(seat) for seat in range(1, 5)), ballot(5, "against"))
    return Given(fold(box.state, [(event, NOON) for event in box.when(CLOSE, LIN).granted().events]))


def published() -> Given:
    return went_on(passed(), PUBLISH)


def closed_with(before: Given, choice: str, poll: str = "m1.p1") -> Given:
    """Five seats chose the same, and the poll was closed."""
    box = before.with_ballots(*(ballot(seat, choice) for seat in range(1, 6)))
    events = box.when(c.ClosePoll(poll), LIN).granted().events
    return Given(fold(box.state, [(event, NOON) for event in events]))


@pytest.mark.rule("S22", "R59")
def test_opening_freezes_text_options_rule_and_the_entitled() -> None:
    after = given(*BEGUN).when(OPEN, LIN).then(poll_opened())
    assert after.poll is not None
    assert after.poll.state == "open"
    assert after.poll.entitled == frozenset({1, 2, 3, 4, 5, 6})
    assert after.poll.base == frozenset({1, 2, 3, 4, 5})
    assert after.poll.rule == FIVE_PARTY_RULE
    assert [option.text for option in after.poll.options] == ["赞成", "反对", "弃权"]
    assert after.items[0].motion is not None


def test_own_options_rule_and_nature_are_taken_as_they_are() -> None:
    rule = PassRule("cast", "1/2", True, Quorum("1/2", 0), PartyCondition("at_least", count=3))
    options = (c.Option("A", "凉亭边"), c.Option("b.2", "<b>东门</b>"))
    command = c.OpenPoll("i1", TEXT, "open", options, "assembly", rule)
    given(*BEGUN).when(command, LIN).then(poll_opened(options=options, nature="assembly", rule=rule))


def test_parties_may_be_named_in_a_rule_by_name_or_id() -> None:
    rule = PassRule(
        "cast", "1/2", True, Quorum("1/2", 1), PartyCondition("must", parties=("业主", "steward"))
    )
    by_id = PassRule(
        "cast", "1/2", True, Quorum("1/2", 1), PartyCondition("must", parties=("owner", "steward"))
    )
    given(*BEGUN).when(c.OpenPoll("i1", TEXT, "open", rule=rule), LIN).then(poll_opened(rule=by_id))


def test_a_rule_about_strangers_is_bad_data() -> None:
    rule = PassRule("cast", "1/2", True, Quorum("1/2", 1), PartyCondition("must", parties=("路人",)))
    given(*BEGUN).when(c.OpenPoll("i1", TEXT, "open", rule=rule), LIN).then_refused(R.BAD_DATA, field="rule")


@pytest.mark.rule("R77")
@pytest.mark.parametrize(
    "condition",
    [PartyCondition("each"), PartyCondition("at_least", count=1), PartyCondition("must", parties=("owner",))],
)
def test_a_secret_poll_has_no_party_conditions(condition: PartyCondition) -> None:
    rule = PassRule("cast", "1/2", True, Quorum("1/2", 1), condition)
    given(*BEGUN).when(c.OpenPoll("i1", TEXT, "secret", rule=rule), LIN).then_refused(
        R.BAD_DATA, field="rule"
    )


@pytest.mark.parametrize(
    "options",
    [
        (),
        (c.Option("a", "甲"),),
        (c.Option("a", "甲"), c.Option("a", "乙")),
        (c.Option("a", "甲"), c.Option("b", "甲")),
        (c.Option("a", "甲"), c.Option("", "乙")),
        (c.Option("a", "甲"), c.Option("有", "乙")),
        (c.Option("a", "甲"), c.Option("b", " ")),
        (c.Option("a", "甲"), c.Option("b", "长" * 61)),
        (c.Option("a", "甲"), c.Option("b" * 33, "乙")),
        (c.Option("a", "甲"), c.Option("b", "甲\u200d")),
        tuple(c.Option(f"o{n}", f"方案{n}") for n in range(13)),
    ],
)
def test_unsound_options_are_bad_data(options: tuple[c.Option, ...]) -> None:
    command = c.OpenPoll("i1", TEXT, "open", options)
    given(*BEGUN).when(command, LIN).then_refused(R.BAD_DATA, field="options")


@pytest.mark.parametrize("text", ["", " \n", "长" * 601, "a\x07", "\ud800", "\u2066x", "\u061cx"])
def test_an_unsound_text_is_bad_data_whoever_sends_it(text: str) -> None:
    for actor in (LIN, ZHAO):
        given(*BEGUN).when(c.OpenPoll("i1", text, "open"), actor).then_refused(R.BAD_DATA, field="text")
        given(*POLLED).when(c.VoidPoll("m1.p1", text), actor).then_refused(R.BAD_DATA, field="reason")


@pytest.mark.rule("R60")
def test_a_seat_that_is_not_there_is_entitled_but_not_in_the_base() -> None:
    four = (*arrived(1, 2, 3, 4, 5), e.PresenceLeft(1, "self"), e.MeetingOpened(), e.ItemBegun("i1"))
    sounding = c.OpenPoll("i1", TEXT, "open", nature="sounding")
    given(*four).when(sounding, LIN).then(poll_opened(nature="sounding", present=(2, 3, 4, 5)))


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one is not LIN])
@pytest.mark.parametrize("command", [OPEN, CLOSE, PUBLISH, VOID])
def test_nobody_but_the_chair_acts_for_a_poll(command: c.RoomCommand, actor: Actor) -> None:
    before = given(*BEGUN) if command is OPEN else given(*POLLED)
    before.when(command, actor).then_refused(R.NOT_ALLOWED)


@pytest.mark.parametrize("command", [c.ClosePoll("m1.p9"), c.PublishPoll("x"), c.VoidPoll("m1.p9", "错")])
def test_an_unknown_poll_is_not_found(command: c.RoomCommand) -> None:
    for actor in (LIN, ZHAO):
        given(*POLLED).when(command, actor).then_refused(R.NOT_FOUND, what="poll")


@pytest.mark.rule("R57")
def test_closing_counts_in_the_same_step() -> None:
    box = given(*POLLED).with_ballots(ballot(3, "against"), ballot(1), ballot(2, "abstain", is_recorded=True))
    decided = box.when(CLOSE, LIN).granted()
    assert decided.poll == "m1.p1"
    (closed,) = decided.events
    assert isinstance(closed, e.PollClosed)
    assert closed.tally == (("for", 1), ("against", 1), ("abstain", 1))
    assert closed.ballots == (
        e.NamedBallot(1, "for", False),
        e.NamedBallot(2, "abstain", True),
        e.NamedBallot(3, "against", False),
    )
    assert (closed.participants, closed.silent, closed.discarded) == ((1, 2, 3), (4, 5, 6), ())


@pytest.mark.rule("S23", "R56")
def test_a_poll_is_closed_once() -> None:
    passed().when(CLOSE, LIN).then_refused(R.POLL_NOT_OPEN)
    published().when(CLOSE, LIN).then_refused(R.POLL_NOT_OPEN)
    given(*POLLED, e.PollVoided("m1.p1", "念错了")).when(CLOSE, LIN).then_refused(R.POLL_NOT_OPEN)


def test_unconfirmed_records_hold_the_close_until_they_are_discarded() -> None:
    box = given(*POLLED).with_ballots(
        ballot(1), ballot(2, is_recorded=True, is_counted=False), ballot(3, is_recorded=True)
    )
    box.when(CLOSE, LIN).then_refused(R.INVALID_TRANSITION, count=1)
    (closed,) = box.when(c.ClosePoll("m1.p1", confirmed=True), LIN).granted().events
    assert isinstance(closed, e.PollClosed)
    assert (closed.participants, closed.discarded, dict(closed.tally)["for"]) == ((1, 3), (2,), 2)
    assert 2 in closed.silent


@pytest.mark.rule("S27")
def test_a_secret_close_names_participants_and_totals_only() -> None:
    box = given(*POLLED_IN_SECRET).with_ballots(
        *(ballot(seat, None) for seat in (5, 1, 3)), totals={"for": 2, "against": 1}
    )
    (closed,) = box.when(CLOSE, LIN).granted().events
    assert isinstance(closed, e.PollClosed)
    assert closed.tally == (("for", 2), ("against", 1), ("abstain", 0))
    assert (closed.ballots, closed.parties) == (None, None)
    assert closed.participants == (1, 3, 5)


def test_publishing_what_passed_makes_a_numbered_resolution() -> None:
    after = (
        passed()
        .when(PUBLISH, LIN)
        .then(e.PollPublished("m1.p1"), e.ResolutionAdopted("m1.r1", 1, "i1", "m1.p1", TEXT, PASSED))
    )
    assert [(one.number, one.text, one.void) for one in after.resolutions] == [(1, TEXT, False)]
    assert after.items[0].outcome == "passed"
    assert after.poll is not None
    assert after.poll.state == "published"


def test_publishing_what_failed_makes_none() -> None:
    after = closed_with(given(*POLLED), "against").when(PUBLISH, LIN).then(e.PollPublished("m1.p1"))
    assert (after.resolutions, after.items[0].outcome) == ((), "failed")


@pytest.mark.rule("R55")
def test_a_sounding_decides_nothing() -> None:
    asked = given(*BEGUN, poll_opened(nature="sounding"))
    after = closed_with(asked, "for").when(PUBLISH, LIN).then(e.PollPublished("m1.p1"))
    assert (after.resolutions, after.items[0].outcome) == ((), None)


def test_a_chosen_option_is_named_in_the_resolution() -> None:
    options = (c.Option("pavilion", "凉亭边"), c.Option("gate", "东门"))
    chosen = went_on(closed_with(given(*BEGUN, poll_opened(options=options)), "gate"), PUBLISH)
    assert [resolution.text for resolution in chosen.state.resolutions] == [f"{TEXT}（东门）"]


@pytest.mark.rule("S23")
def test_only_a_closed_poll_is_published_and_only_once() -> None:
    given(*POLLED).when(PUBLISH, LIN).then_refused(R.INVALID_TRANSITION, state="open")
    published().when(PUBLISH, LIN).then_refused(R.INVALID_TRANSITION, state="published")
    given(*POLLED, e.PollVoided("m1.p1", "念错了")).when(PUBLISH, LIN).then_refused(
        R.INVALID_TRANSITION, state="void"
    )


@pytest.mark.rule("R56")
@pytest.mark.parametrize("stage", ["open", "closed", "published"])
def test_a_poll_becomes_void_from_every_stage(stage: str) -> None:
    before = {"open": given(*POLLED), "closed": passed(), "published": published()}[stage]
    after = before.when(VOID, LIN).then(e.PollVoided("m1.p1", "念错了"))
    assert after.poll is not None
    assert after.poll.state == "void"
    assert all(resolution.void for resolution in after.resolutions)
    assert after.items[0].outcome is None
    Given(after).when(VOID, LIN).then_refused(R.INVALID_TRANSITION, state="void")


def test_after_a_void_poll_the_question_is_put_anew() -> None:
    again = given(*POLLED, e.PollVoided("m1.p1", "念错了"))
    again.when(OPEN, LIN).then(poll_opened(2))


def test_an_older_void_poll_leaves_the_later_decision_standing() -> None:
    first = published()
    again = closed_with(went_on(first, OPEN), "for", "m1.p2")
    both = went_on(again, c.PublishPoll("m1.p2"))
    after = both.when(VOID, LIN).then(e.PollVoided("m1.p1", "念错了"))
    assert [resolution.void for resolution in after.resolutions] == [True, False]
    assert after.items[0].outcome == "passed"


def test_a_void_sounding_leaves_the_items_decision_standing() -> None:
    asked = went_on(published(), c.OpenPoll("i1", TEXT, "open", nature="sounding"))
    after = asked.when(c.VoidPoll("m1.p2", "念错了"), LIN).then(e.PollVoided("m1.p2", "念错了"))
    assert after.items[0].outcome == "passed"


def test_a_void_poll_leaves_an_adoption_without_objection_standing() -> None:
    adopted = given(
        *POLLED,
        e.PollVoided("m1.p1", "改为询问"),
        e.ConsentAsked("i1", TEXT),
        e.ConsentRecorded("i1", TEXT, False, 5, 6),
        e.ResolutionAdopted("m1.r1", 1, "i1", None, TEXT, "一致通过。"),
        poll_opened(2, nature="sounding"),
    )
    after = adopted.when(c.VoidPoll("m1.p2", "多余"), LIN).then(e.PollVoided("m1.p2", "多余"))
    assert after.items[0].outcome == "passed"


def test_polls_rest_once_the_minutes_are_frozen_for_signing() -> None:
    closed = went_on(went_on(passed(), c.CloseMeeting()), c.FinaliseMinutes("a" * 64))
    closed.when(PUBLISH, LIN).then_refused(R.INVALID_TRANSITION)
    closed.when(VOID, LIN).then_refused(R.INVALID_TRANSITION)


def test_a_counted_poll_may_be_published_after_the_sitting() -> None:
    assert went_on(went_on(passed(), c.CloseMeeting()), PUBLISH).state.items[0].outcome == "passed"


def test_a_poll_of_an_earlier_item_may_still_be_published() -> None:
    later = went_on(went_on(passed(), c.BeginItem("i2")), PUBLISH).state
    assert later.poll is None
    assert [item.outcome for item in later.items] == ["passed", None, None]


def test_opening_needs_an_open_meeting() -> None:
    given(*OPENED, e.MeetingSuspended()).when(OPEN, LIN).then_refused(R.MEETING_NOT_OPEN, state="suspended")
