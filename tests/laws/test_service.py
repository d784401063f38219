"""The same laws through writer, sessions and SQLite: the service does what the paper room does, and nothing more."""

import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.state import Ballot
from server.domain.refusal import Refusal
from server.service.room.keeper import RoomKeeper
from server.store.ballots import read_box
from server.store.log import read_lines, verify_log
from server.store.tables.meetings import AnswerRow, BallotRow, EventRow
from tests.domain.cast import CALLED, LIN, NOON, REPRESENTATIVES, WANG
from tests.laws.history import NUMBERS, Numbers, prelude, step
from tests.laws.paper_room import PaperRoom
from tests.laws.real_room import RealRoom, prepare

Prepared = tuple[Path, dict[str, str]]


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    file = Path(tmp_path_factory.mktemp("laws")) / "council.sqlite"
    return file, prepare(file)


@pytest.fixture
def room(prepared: Prepared, tmp_path: Path) -> Iterator[RealRoom]:
    ours = RealRoom(prepared[0], tmp_path / "copy.sqlite", prepared[1])
    yield ours
    ours.close()


def box_of(paper: PaperRoom) -> dict[int, Ballot]:
    """The last poll's box as the tables may know it: a secret ballot without time and revision."""
    if not paper.state.polls or paper.state.polls[-1].secrecy == "open":
        return {seat: replace(ballot, revision=0) for seat, ballot in paper.box.items()}
    return {seat: replace(ballot, received_at=0, revision=0) for seat, ballot in paper.box.items()}


# Each step is a commit on disk, so there are fewer examples and none is made smaller.
FEWER = settings(
    max_examples=min(settings.default.max_examples // 2, 200),  # type: ignore[union-attr]
    phases=(Phase.explicit, Phase.generate),
)


@FEWER
@given(NUMBERS)
def test_the_service_keeps_the_meeting_as_the_rules_alone_would(prepared: Prepared, numbers: Numbers) -> None:
    """Wishes in threes, some of them twice: answers, state, box and log are those of the paper room."""
    paper = PaperRoom()
    with TemporaryDirectory() as folder:
        real = RealRoom(prepared[0], Path(folder) / "council.sqlite", prepared[1])
        try:
            _hold(real, paper, numbers)
            _compare(real, paper)
        finally:
            real.close()


def _hold(real: RealRoom, paper: PaperRoom, numbers: Numbers) -> None:
    first = [*prelude(numbers)]
    drawn = numbers[1]
    for turn in range(0, len(first) + len(drawn), 3):
        real.now += 7_000
        chosen = [
            first[place] if place < len(first) else step(paper.state, drawn[place - len(first)])
            for place in range(turn, min(turn + 3, len(first) + len(drawn)))
        ]
        wishes = [real.wish(f"id {turn}.{place}", *one) for place, one in enumerate(chosen)]
        before = real.figures()
        answers = real.send(wishes)
        expected = [paper.send(command, actor, real.now) for command, actor in chosen]
        for (_, actor), answer, decision in zip(chosen, answers, expected, strict=True):
            if isinstance(answer, Refusal) and actor is not WANG:
                assert answer == decision
            assert isinstance(answer, Refusal) == isinstance(decision, Refusal)
        after = real.figures()
        changed = any(not isinstance(d, Refusal) and d.repeats is None for d in expected)
        assert (after != before) == changed
        assert after[0] <= before[0] + 3
        # The same ids again: what was granted is answered as before and nothing more is written.
        again = real.send(
            [real.wish(w.command_id, w.command, one[1]) for w, one in zip(wishes, chosen, strict=True)]
        )
        for one, other, (command, _) in zip(answers, again, chosen, strict=True):
            if isinstance(one, int) and not isinstance(command, c.CastBallot | c.RecordBallot):
                assert other == one
            if isinstance(one, int):
                assert isinstance(other, int)
        if all(isinstance(answer, int) for answer in answers):
            assert real.figures() == after
        else:
            # What was refused before may be possible now; the paper room tries it again as well.
            for (command, actor), one in zip(chosen, answers, strict=True):
                if isinstance(one, Refusal):
                    paper.send(command, actor, real.now)


def _compare(real: RealRoom, paper: PaperRoom) -> None:
    with Session(real.database.reading) as session:
        verify_log(session, "m1")
        assert real.rooms.read(session, "m1") == paper.state
        assert [line.replace(f'"at":{NOON}', "") for line in read_lines(session, "m1")] == [
            line.replace(f'"at":{NOON}', "") for line in paper.lines
        ]
        if paper.state.polls:
            stored = read_box(session, paper.state.polls[-1].id)
            assert {seat: replace(one, revision=0) for seat, one in stored.items()} == box_of(paper)
    kept = real.writer.look(lambda session: real.rooms.snapshot(session, "m1")).result(30)
    fresh = real.writer.look(lambda session: RoomKeeper(lambda: NOON).snapshot(session, "m1")).result(30)
    assert kept is not None
    assert fresh is not None
    assert replace(kept, box={}) == replace(fresh, box={})
    assert {seat: replace(one, revision=0) for seat, one in kept.box.items()} == {
        seat: replace(one, revision=0) for seat, one in fresh.box.items()
    }
    assert kept.state == paper.state
    if real.changes:
        assert real.changes[-1].state == paper.state
        assert real.changes[-1].revision == kept.revision
    revisions = [change.revision for change in real.changes]
    assert revisions == sorted(set(revisions))


def begin(room: RealRoom, secrecy: c.Secrecy = "open", seats: int = 6) -> None:
    """Everybody is there and a poll is open."""
    arrivals = [c.CheckIn(f"r{seat}") for seat in range(1, seats + 1)]
    desk = replace(LIN, key="secretary:zhou")
    opening = (c.OpenMeeting(), c.BeginItem("i1"), c.OpenPoll("i1", "是否", secrecy))
    steps = [*((one, desk) for one in arrivals), *((one, LIN) for one in opening)]
    answers = room.send([room.wish(f"begin {place}", *one) for place, one in enumerate(steps)])
    assert all(isinstance(answer, int) for answer in answers), answers


@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_two_taps_in_one_batch_are_one_ballot(room: RealRoom, secrecy: c.Secrecy) -> None:
    begin(room, secrecy)
    taps = [room.wish(f"tap {n}", c.CastBallot("m1.p1", "for", "once"), REPRESENTATIVES[0]) for n in range(5)]
    answers = room.send(taps)
    assert len(set(map(str, answers))) == 1
    assert room.figures()[2] == 1


def test_a_record_sent_back_in_the_same_batch_makes_room_for_another(room: RealRoom) -> None:
    """Opened, recorded, sent back and recorded anew within one transaction."""
    arrivals = [(c.CheckIn(f"r{seat}"), "secretary:zhou") for seat in range(1, 7)]
    wishes: list[tuple[c.RoomCommand, str]] = [
        *arrivals,
        (c.OpenMeeting(), "chair:lin"),
        (c.BeginItem("i1"), "chair:lin"),
        (c.OpenPoll("i1", "是否", "open"), "chair:lin"),
        (c.RecordBallot("m1.p1", "r4", "for", "first"), "secretary:zhou"),
        (c.DiscardBallot("m1.p1", "r4"), "chair:lin"),
        (c.RecordBallot("m1.p1", "r4", "against", "second"), "secretary:zhou"),
        (c.ConfirmBallot("m1.p1", "r4"), "chair:lin"),
        (c.ClosePoll("m1.p1"), "chair:lin"),
    ]
    answers = room.send(
        [room.wish(f"{place}", command, replace(LIN, key=key)) for place, (command, key) in enumerate(wishes)]
    )
    assert all(isinstance(answer, int) for answer in answers), answers
    closed = room.changes[-1].state.polls[0].count
    assert closed is not None
    assert closed.tally == (("for", 0), ("against", 1), ("abstain", 0))


def test_a_command_id_belongs_to_its_sender(room: RealRoom) -> None:
    answers = room.send([room.wish("same", c.CheckIn(), actor) for actor in REPRESENTATIVES])
    assert all(isinstance(answer, int) for answer in answers)
    assert room.figures()[1] == 1 + len(REPRESENTATIVES)


def test_a_failing_neighbour_in_the_batch_changes_no_answer(room: RealRoom) -> None:
    begin(room)

    def fail(unit: Any) -> None:
        raise KeyError

    failing = room.writer.submit(fail)
    wishes = [
        room.wish(f"vote {actor.seat}", c.CastBallot("m1.p1", "for", f"n{actor.seat}"), actor)
        for actor in REPRESENTATIVES
    ]
    assert all(isinstance(answer, int) for answer in room.send(wishes))
    with pytest.raises(KeyError):
        failing.result(30)
    assert room.figures()[2] == len(REPRESENTATIVES)


@pytest.mark.rule("S28")
def test_no_table_line_or_answer_ties_a_seat_to_a_secret_choice(
    room: RealRoom, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    begin(room, "secret")
    choices = ["against", "for", "abstain", "for", "against", "for"]
    wishes = [
        room.wish(f"vote {actor.seat}", c.CastBallot("m1.p1", choice, f"n{actor.seat}"), actor)
        for actor, choice in zip(REPRESENTATIVES, choices, strict=True)
    ]
    room.send(wishes)
    room.send(
        [room.wish("close", c.ClosePoll("m1.p1"), LIN), room.wish("publish", c.PublishPoll("m1.p1"), LIN)]
    )
    with Session(room.database.reading) as session:
        rows = session.scalars(select(BallotRow)).all()
        assert {(row.choice, row.received_at, row.revision) for row in rows} == {(None, None, None)}
        answered = session.scalars(select(AnswerRow.command_id)).all()
        assert not [one for one in answered if one.startswith("vote")]
        lines = session.scalars(select(EventRow.line).where(EventRow.type == "poll.closed")).all()
    (line,) = lines
    assert '"ballots":null' in line
    assert '"tally":[["for",3],["against",2],["abstain",1]]' in line
    assert "against" not in caplog.text


MANY = 60


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    """A meeting of sixty seats."""
    parties = CALLED.parties
    seats = tuple(e.Seat(n, f"r{n}", parties[n % 5].id, f"{n:064x}") for n in range(1, MANY + 1))
    file = Path(tmp_path_factory.mktemp("crowd")) / "council.sqlite"
    return file, prepare(file, replace(CALLED, seats=seats))


@pytest.mark.rule("R62")
@pytest.mark.parametrize("secrecy", ["open", "secret"])
def test_many_writers_at_once_lose_nothing_and_count_nobody_twice(
    crowded: Prepared, tmp_path: Path, secrecy: c.Secrecy
) -> None:
    room = RealRoom(crowded[0], tmp_path / "copy.sqlite", crowded[1])
    begin(room, secrecy, MANY)
    answers: list[tuple[int, str, Any]] = []
    lock = threading.Lock()

    def tap(thread: int) -> None:
        for n in range(MANY):
            seat = (n * 7 + thread * 11) % MANY + 1
            actor = replace(REPRESENTATIVES[0], key=f"seat:{seat}", seat=seat)
            choice = ("for", "against")[thread % 2]
            wish = room.wish(f"{thread}.{n}", c.CastBallot("m1.p1", choice, f"{thread}"), actor)
            room.writer.wish(wish)
            reply: Any = wish.reply
            assert isinstance(reply, Future)
            with lock:
                answers.append((seat, choice, reply))

    threads = [threading.Thread(target=tap, args=(thread,)) for thread in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    granted = [(seat, choice) for seat, choice, reply in answers if isinstance(reply.result(60), int)]
    refused = {reply.result(60).code for _, _, reply in answers if not isinstance(reply.result(60), int)}
    assert sorted(seat for seat, _ in granted) == list(range(1, MANY + 1))
    assert refused == {"ALREADY_VOTED"}
    room.send([room.wish("close", c.ClosePoll("m1.p1"), LIN)])
    closed = room.changes[-1].state.polls[0].count
    assert closed is not None
    assert {option: n for option, n in closed.tally if n} == Counter(choice for _, choice in granted)
    assert len(closed.participants) == MANY == closed.verdict.cast
    room.close()
