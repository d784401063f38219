"""When several things are the case at once, the refusal is the first of them in the contract's order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import combinations

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.decide import Decided, decide
from server.domain.meeting.state import BallotBox, Consent, Meeting, Poll, Speech, Waiting
from server.domain.refusal import Refusal
from tests.domain.cast import (
    BEGUN,
    DEBATED,
    LIN,
    NOON,
    OPENED,
    POLLED,
    SPEAKING,
    ZHAO,
    ZHENG,
    ZHOU,
    ballot,
)
from tests.domain.given import given

# CONTRACT, "Order of refusals", without the three that are settled before a command reaches the rules.
ORDER = [
    "BAD_DATA",
    "NOT_FOUND",
    "NOT_ALLOWED",
    "MEETING_NOT_OPEN",
    "POLL_ALREADY_OPEN",
    "ITEM_NOT_CURRENT",
    "ITEM_NOT_ANNOUNCED",
    "NO_QUORUM",
    "DEBATE_OPEN",
    "POLL_NOT_OPEN",
    "NOT_ENTITLED",
    "NOT_PRESENT",
    "ALREADY_VOTED",
    "QUEUE_CLOSED",
    "ALREADY_IN_QUEUE",
]


@dataclass(frozen=True, slots=True)
class Scene:
    """A command that would be granted, and all that could come in its way."""

    state: Meeting
    actor: Actor
    command: c.RoomCommand
    box: BallotBox = BallotBox()  # noqa: RUF009 - frozen


Obstacle = Callable[[Scene], Scene]


def says(**fields: object) -> Obstacle:
    """The command says something else."""
    return lambda scene: replace(scene, command=replace(scene.command, **fields))  # type: ignore[arg-type]


def stands(**fields: object) -> Obstacle:
    """The meeting stands otherwise."""
    return lambda scene: replace(scene, state=replace(scene.state, **fields))  # type: ignore[arg-type]


def by(actor: Actor) -> Obstacle:
    """Somebody else sends it."""
    return lambda scene: replace(scene, actor=actor)


def item_is(**fields: object) -> Obstacle:
    """The first item stands otherwise."""

    def change(scene: Scene) -> Scene:
        first, *others = scene.state.items
        items = (replace(first, **fields), *others)  # type: ignore[arg-type]
        return replace(scene, state=replace(scene.state, items=items))

    return change


def poll_is(**fields: object) -> Obstacle:
    """The poll stands otherwise."""

    def change(scene: Scene) -> Scene:
        poll: Poll = replace(scene.state.polls[0], **fields)  # type: ignore[arg-type]
        return replace(scene, state=replace(scene.state, polls=(poll,)))

    return change


def voted(scene: Scene) -> Scene:
    return replace(scene, box=BallotBox({1: ballot(1, "for", "another")}))


DEBATING = stands(queue_open=True, waiting=(Waiting(2, "talk", False),))
GATES: dict[str, Obstacle] = {
    "BAD_DATA": says(text=""),
    "NOT_FOUND": says(item="i9"),
    "NOT_ALLOWED": by(ZHAO),
    "MEETING_NOT_OPEN": stands(state="suspended"),
    "POLL_ALREADY_OPEN": stands(consent=Consent("i1", "x")),
    "ITEM_NOT_CURRENT": item_is(state="finished"),
    "ITEM_NOT_ANNOUNCED": item_is(announced=False),
    "NO_QUORUM": stands(present=frozenset({1})),
    "DEBATE_OPEN": DEBATING,
}
BALLOT: dict[str, Obstacle] = {
    "BAD_DATA": says(nonce=""),
    "NOT_ALLOWED": by(ZHENG),
    "MEETING_NOT_OPEN": stands(state="closed"),
    "POLL_NOT_OPEN": poll_is(state="closed"),
    "NOT_ENTITLED": poll_is(entitled=frozenset({2})),
    "NOT_PRESENT": stands(present=frozenset({2})),
    "ALREADY_VOTED": voted,
}
OF_THE_POLL: dict[str, Obstacle] = {
    "NOT_FOUND": says(poll="m1.p9"),
    "NOT_ALLOWED": by(ZHENG),
    "POLL_NOT_OPEN": poll_is(state="void"),
}
QUEUE: dict[str, Obstacle] = {
    "NOT_FOUND": says(representative="r9"),
    "NOT_ALLOWED": by(ZHENG),
    "MEETING_NOT_OPEN": stands(state="called"),
    "NOT_PRESENT": stands(present=frozenset({2})),
    "QUEUE_CLOSED": stands(queue_open=False),
    "ALREADY_IN_QUEUE": stands(waiting=(Waiting(1, "for", False),)),
}
CHAIR_OF_ITEM: dict[str, Obstacle] = {
    "NOT_FOUND": says(item="i9"),
    "NOT_ALLOWED": by(ZHOU),
    "MEETING_NOT_OPEN": stands(state="suspended"),
}
LED = {"NOT_ALLOWED": by(ZHOU), "MEETING_NOT_OPEN": stands(state="suspended")}
NO_ITEM = {"ITEM_NOT_CURRENT": stands(items=())}
SPEECH = Speech(1, "for", False, NOON, 180, NOON + 180_000, NOON)


def scene(events: tuple[e.Event, ...], actor: Actor, command: c.RoomCommand) -> Scene:
    return Scene(given(*events).state, actor, command)


CAST_UNCHOSEN: dict[str, Obstacle] = {**BALLOT, "BAD_DATA": says(choice="maybe")}
SCENES: Mapping[str, tuple[Scene, dict[str, Obstacle]]] = {
    "poll.open": (scene(BEGUN, LIN, c.OpenPoll("i1", "是否", "open")), GATES),
    "consent.ask": (scene(BEGUN, LIN, c.AskConsent("i1", "是否")), GATES),
    "consent.record": (
        scene((*BEGUN, e.ConsentAsked("i1", "是否")), LIN, c.RecordConsent("i1", True)),
        CHAIR_OF_ITEM,
    ),
    "ballot.cast": (
        scene(POLLED, ZHAO, c.CastBallot("m1.p1", "for", "n1")),
        {**BALLOT, "NOT_FOUND": says(poll="m1.p9")},
    ),
    "ballot.cast of no option": (scene(POLLED, ZHAO, c.CastBallot("m1.p1", "for", "n1")), CAST_UNCHOSEN),
    "ballot.record": (
        scene(POLLED, ZHOU, c.RecordBallot("m1.p1", "r1", "for", "n1")),
        {**CAST_UNCHOSEN, "NOT_FOUND": says(representative="r9")},
    ),
    "ballot.record in secret": (
        scene(POLLED, ZHOU, c.RecordBallot("m1.p1", "r1", "for", "n1")),
        {**CAST_UNCHOSEN, "NOT_FOUND": says(representative="r9"), "NOT_ALLOWED": poll_is(secrecy="secret")},
    ),
    "poll.close": (scene(POLLED, LIN, c.ClosePoll("m1.p1")), OF_THE_POLL),
    "floor.request": (scene(DEBATED, ZHAO, c.RequestFloor("for")), QUEUE),
    "floor.request at the desk": (
        scene(DEBATED, ZHOU, c.RequestFloor("for", False, "r1")),
        # Who is not the secretary need not name anybody, so BAD_DATA and NOT_ALLOWED never meet here.
        {name: step for name, step in QUEUE.items() if name not in ("NOT_FOUND", "NOT_ALLOWED")}
        | {"BAD_DATA": says(representative=None)},
    ),
    "agenda.begin": (scene(OPENED, LIN, c.BeginItem("i1")), CHAIR_OF_ITEM),
    "agenda.finish": (
        scene(BEGUN, LIN, c.FinishItem("i1")),
        {**CHAIR_OF_ITEM, "ITEM_NOT_CURRENT": item_is(state="pending")},
    ),
    "agenda.add": (scene(OPENED, LIN, c.AddItem("临时")), {**LED, "BAD_DATA": says(title=" ")}),
    "queue.open": (scene(BEGUN, LIN, c.OpenQueue()), LED | NO_ITEM),
    "queue.close": (scene(DEBATED, LIN, c.CloseQueue()), LED | NO_ITEM),
    "floor.extend": (scene(SPEAKING, LIN, c.ExtendFloor(30)), {**LED, "BAD_DATA": says(seconds=0)}),
    "floor.yield": (scene(SPEAKING, LIN, c.YieldFloor()), LED),
    "floor.grant": (
        scene((*DEBATED, e.FloorRequested(1, "for", False, "self")), LIN, c.GrantFloor()),
        {**LED, "NOT_FOUND": says(representative="r9")},
    ),
}


@pytest.mark.parametrize("name", SCENES)
def test_the_first_in_order_is_named(name: str) -> None:
    start, obstacles = SCENES[name]
    assert isinstance(decide(start.command, start.state, start.actor, NOON, start.box), Decided)
    for size in range(1, len(obstacles) + 1):
        for chosen in combinations(sorted(obstacles, key=ORDER.index), size):
            met = start
            for code in reversed(chosen):
                met = obstacles[code](met)
            decision = decide(met.command, met.state, met.actor, NOON, met.box)
            assert isinstance(decision, Refusal), chosen
            assert decision.code == chosen[0], chosen


def test_a_sounding_meets_neither_announcement_nor_quorum() -> None:
    start, obstacles = SCENES["poll.open"]
    met = says(nature="sounding")(start)
    for code in ("ITEM_NOT_ANNOUNCED", "NO_QUORUM"):
        met = obstacles[code](met)
    assert isinstance(decide(met.command, met.state, met.actor, NOON), Decided)
    held = decide(met.command, DEBATING(met).state, met.actor, NOON)
    assert isinstance(held, Refusal)
    assert held.code == "DEBATE_OPEN"


def test_a_speaker_alone_keeps_the_debate_open() -> None:
    start, _ = SCENES["poll.open"]
    held = decide(start.command, replace(start.state, queue_open=True, speech=SPEECH), LIN, NOON)
    assert isinstance(held, Refusal)
    assert held.code == "DEBATE_OPEN"
