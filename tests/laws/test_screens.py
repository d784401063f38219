"""Laws of the screens: changes lead from any screen to any later one; an open box shows nothing but its size."""

import json
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.evolve import evolve
from server.domain.meeting.state import Ballot, Meeting
from server.domain.meeting.tally import count_poll
from server.live.connection import whole_screen
from server.live.room import SECRET_TURNOUT_STEP_MS, LiveRoom
from server.screens import whole
from server.screens.card import RoomCard, SeatName
from server.screens.whole import SCREENS, View
from server.service.room.keeper import RoomChanged, RoomSnapshot
from tests.domain.cast import NOON, POLLED, POLLED_IN_SECRET, ballot, poll_opened
from tests.domain.cast import arrived as arrived_seats
from tests.domain.given import given as told
from tests.laws.history import NUMBERS, Numbers, prelude, step
from tests.laws.onlooker import Onlooker
from tests.laws.paper_room import PaperRoom
from tests.shape.tree import ROOT

WORDS = json.loads((ROOT / "web" / "words.json").read_text(encoding="utf-8"))
CARD = RoomCard(
    "第3次会议", "金穗小区五方议事会", "2026年第3次会议", "议事长廊", "林平", "周敏", NOON,
    {seat: SeatName(name, f"{seat}号") for seat, name in enumerate("赵钱孙李吴冯", 1)},
)  # fmt: skip
PANELS = {
    "projector": "meeting agenda presence consent speaker_queue floor poll result may resolutions minutes",
    "console": "meeting agenda presence consent speaker_queue floor poll result may resolutions minutes roster guide",
    "phone": "meeting agenda presence consent speaker_queue floor poll result may resolutions minutes me",
}


def view(state: Meeting, box: dict[int, Ballot]) -> View:
    return View(state, dict(box), CARD, WORDS)


def views_of(numbers: Numbers) -> list[View]:
    """Every moment of a random meeting."""
    room = PaperRoom()
    views = [view(room.state, room.box)]
    for command, actor in prelude(numbers):
        room.send(command, actor, NOON)
    for place, drawn in enumerate(numbers[1]):
        room.send(*step(room.state, drawn), NOON + place * 7_000)
        views.append(view(room.state, room.box))
    return views


@given(NUMBERS, st.data())
def test_changes_lead_from_any_screen_to_any_later_one(numbers: Numbers, data: st.DataObject) -> None:
    views = views_of(numbers)
    a = data.draw(st.integers(0, len(views) - 1))
    b = data.draw(st.integers(a, len(views) - 1))
    before, after = whole.draw(views[a]).screens, whole.draw(views[b]).screens
    for kind in SCREENS:
        changed = whole.changes(before[kind], after[kind])
        assert whole.apply(before[kind], changed) == after[kind]
        assert all(before[kind][name] != after[kind][name] for name in changed)


@given(NUMBERS)
def test_drawing_after_a_former_drawing_is_drawing_afresh(numbers: Numbers) -> None:
    former = None
    for version, one in enumerate(views_of(numbers)):
        former = whole.draw(one, version, former)
        assert former.screens == whole.draw(one, version).screens


@pytest.mark.rule("R106")
@given(NUMBERS)
def test_a_screen_always_has_every_one_of_its_panels_and_travels_as_json(numbers: Numbers) -> None:
    for one in views_of(numbers):
        drawn = whole.draw(one).screens
        for kind in SCREENS:
            panels = {**drawn[kind], **({"me": whole.me(one, 1)} if kind == "phone" else {})}
            assert set(panels) >= set(PANELS[kind].split())
            assert json.loads(json.dumps(panels, allow_nan=False)) == panels


def hall(state: Meeting) -> LiveRoom:
    return LiveRoom.of(RoomSnapshot(state, 1, {}, CARD), WORDS)


@pytest.mark.rule("R100")
@given(NUMBERS, st.lists(st.binary(min_size=2, max_size=2), min_size=120, max_size=120))
def test_every_onlooker_ends_with_the_screen_as_it_is(numbers: Numbers, moments: list[bytes]) -> None:
    """Through the live room: coalesced messages, hellos between two of them, turnout held back."""
    paper = PaperRoom()
    live = hall(paper.state)
    onlookers: list[Onlooker] = []
    now, chance = NOON, iter(moments)
    steps = [*prelude(numbers)]
    for place in range(len(steps) + len(numbers[1])):
        command, actor = (
            steps[place] if place < len(steps) else step(paper.state, numbers[1][place - len(steps)])
        )
        moment, wait = next(chance)
        now += wait * 20
        former, before, polls = paper.revision, dict(paper.box), len(paper.state.polls)
        paper.send(command, actor, now)
        if paper.revision != former:
            touched = touched_since(before, paper.box) if len(paper.state.polls) == polls else []
            tell(live, onlookers, paper, touched, now)
        if moment % 3 == 0:
            flush(live, onlookers, now)
        if moment % 5 == 0:
            onlookers.append(enter(live, SCREENS[moment % 3], moment % 6 + 1, now))
    settle(live, onlookers, paper, now)
    for one in onlookers:
        drawn = whole.draw(replace(live.view, shown_cast=None)).screens
        for name, panel in drawn[one.kind].items():  # type: ignore[index]
            assert one.panels[name] == panel, name
        if one.kind == "phone":
            assert one.panels["me"] == whole.me(live.view, one.seat)


def touched_since(before: dict[int, Ballot], after: dict[int, Ballot]) -> list[Ballot]:
    """The ballots a commit would announce: new, confirmed, or sent back."""
    gone = [replace(ballot, is_discarded=True) for seat, ballot in before.items() if seat not in after]
    return gone + [ballot for seat, ballot in after.items() if before.get(seat) != ballot]


def tell(
    live: LiveRoom, onlookers: list[Onlooker], paper: PaperRoom, ballots: list[Ballot], now: int
) -> None:
    """A commit reaches the room, and those whose own panel changed."""
    poll = paper.state.polls[-1].id if paper.state.polls else ""
    change = RoomChanged("m1", paper.revision + 1, paper.state, tuple((poll, one) for one in ballots))
    for seat, panel in live.take_in(change, now):
        for one in onlookers:
            if one.kind == "phone" and one.seat == seat:
                one.take_mine({"me": panel})


def flush(live: LiveRoom, onlookers: list[Onlooker], now: int) -> None:
    """What changed goes out to all."""
    for kind, since, version, panels in live.pending_changes(now):
        for one in onlookers:
            if one.kind == kind:
                one.take_changes(since, version, json.loads(json.dumps(panels)))
        live.rest(kind, now, 700_000 * len(panels))


def flush_rested(live: LiveRoom, onlookers: list[Onlooker], now: int) -> int:
    """Everything goes out, also to screens that rest after a large message; returns when."""
    flush(live, onlookers, now)
    while (rest := live.rests_for(now)) is not None:
        now += rest
        flush(live, onlookers, now)
    return now


def enter(live: LiveRoom, kind: str, seat: int, now: int) -> Onlooker:
    """Somebody says hello."""
    live.by_seat.setdefault(seat, set()).add(f"phone {seat}")
    answer = json.loads(whole_screen(live, kind, seat if kind == "phone" else None, now))  # type: ignore[arg-type]
    return Onlooker(kind, seat if kind == "phone" else None, answer["version"], answer["panels"])


def settle(live: LiveRoom, onlookers: list[Onlooker], paper: PaperRoom, now: int) -> None:
    """Time goes by until nothing is held back."""
    now = flush_rested(live, onlookers, now)
    due = live.turnout_due_in(now)
    if due is not None:
        assert due <= SECRET_TURNOUT_STEP_MS
        paper.revision += 1
        tell(live, onlookers, paper, [], now + due)
        now = flush_rested(live, onlookers, now + due)
    assert live.turnout_due_in(now + SECRET_TURNOUT_STEP_MS) is None


def screens(state: Meeting, box: dict[int, Ballot]) -> dict[str, whole.Screen]:
    return {str(kind): screen for kind, screen in whole.draw(view(state, box)).screens.items()}


@pytest.mark.rule("S38")
@given(st.data())
def test_an_open_secret_poll_shows_only_how_many_voted(data: st.DataObject) -> None:
    state = told(*POLLED_IN_SECRET).state
    size = data.draw(st.integers(0, 5))
    one, other = (
        {seat: ballot(seat, None) for seat in data.draw(st.permutations([1, 2, 3, 4, 5]))[:size]}
        for _ in "ab"
    )
    assert screens(state, one) == screens(state, other)


CHOICES = st.lists(st.sampled_from(["for", "against", "abstain"]), min_size=5, max_size=5)


@pytest.mark.rule("R67")
@given(CHOICES, CHOICES, st.integers(0, 5), st.booleans())
def test_an_open_named_poll_does_not_show_who_chose_what(
    one: list[str], other: list[str], size: int, sounding: bool
) -> None:
    state = told(*POLLED).state
    if sounding:
        state = replace(state, polls=(replace(state.polls[0], nature="sounding"),))
    boxes = [
        {seat: ballot(seat, choice) for seat, choice in enumerate(choices[:size], 1)}
        for choices in (one, other)
    ]
    assert screens(state, boxes[0]) == screens(state, boxes[1])


@given(CHOICES, CHOICES, st.integers(1, 5), st.sampled_from(["open", "secret"]))
def test_a_closed_poll_is_the_consoles_secret_until_it_is_published(
    one: list[str], other: list[str], size: int, secrecy: c.Secrecy
) -> None:
    drawn = []
    for choices in (one, other):
        before = told(*POLLED[:-1], poll_opened(secrecy=secrecy))
        named = secrecy == "open"
        box = {s: ballot(s, choice if named else None) for s, choice in enumerate(choices[:size], 1)}
        totals = {choice: choices[:size].count(choice) for choice in set(choices[:size])}
        counted = count_poll(
            before.state, before.state.polls[0], before.with_ballots(*box.values(), totals=totals).box
        )
        drawn.append(screens(evolve(before.state, counted, NOON), box))
    for kind in ("projector", "phone"):
        assert drawn[0][kind] == drawn[1][kind]
        assert drawn[0][kind]["result"] is None
    assert drawn[0]["console"]["result"] is not None


@pytest.mark.parametrize("seat", range(1, 7))
def test_ones_own_panel_tells_nothing_of_a_secret_choice_or_its_moment(seat: int) -> None:
    state = told(*POLLED_IN_SECRET, *arrived_seats(6)).state
    panels = [
        whole.me(view(state, {seat: replace(ballot(seat, None), received_at=at, nonce=nonce)}), seat)
        for at, nonce in ((0, "n"), (NOON, "m"))
    ]
    assert panels[0] == panels[1]
    assert panels[0] is not None
    assert panels[0]["ballot"] == {"poll": "m1.p1", "received_at": None}


def test_a_published_secret_result_names_nobody() -> None:
    before = told(*POLLED_IN_SECRET).with_ballots(
        *(ballot(seat, None) for seat in (1, 2, 3)), totals={"for": 2, "against": 1}
    )
    counted = count_poll(before.state, before.state.polls[0], before.box)
    state = evolve(evolve(before.state, counted, NOON), e.PollPublished("m1.p1"), NOON)
    for screen in screens(state, dict(before.box.ballots)).values():
        assert screen["result"]["parties"] is None
        assert screen["result"]["ballots"] is None
        assert screen["result"]["tally"] == {"for": 2, "against": 1, "abstain": 0}


@pytest.mark.rule("R68")
def test_boxes_of_different_size_do_differ() -> None:
    """The laws above would hold for a screen that shows nothing at all."""
    for events in (POLLED, POLLED_IN_SECRET):
        state = told(*events).state
        sizes = [screens(state, {s: ballot(s, None) for s in range(1, size + 1)}) for size in range(4)]
        assert all(a["projector"]["poll"] != b["projector"]["poll"] for a, b in combinations(sizes, 2))
