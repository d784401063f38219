"""SIGKILL in the middle of five hundred ballots: what was acknowledged is there, once, and the room goes on."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.contract.client import Socket
from tests.contract.server import RunningServer, seed
from tests.faults.voters import Ballots, Voters, ballots_of, stored

VOTERS = 500
# After how many answers the server dies, once in each poll: early, late and in between.
KILLS = (1, 370, 120, 270, 30, 415, 75, 320, 170, 220)
HASTY = (str(Path(__file__).with_name("hasty_server.py")),)


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, object]]]:
    data = Path(tmp_path_factory.mktemp("kill")) / "data"
    return data, seed(data, 2, VOTERS)["meetings"]


@pytest.fixture
def cleaning() -> Iterator[ExitStack]:
    """Whatever a test leaves behind when it fails: a running server, open phones."""
    with ExitStack() as stack:
        yield stack


def begin(voters: Voters) -> Socket:
    """Everybody is there and the first item is current."""
    chair = voters.arrive()
    voters.check_in()
    chair.do("meeting.open")
    chair.until_version(chair.do("agenda.begin", {"item": chair.panels["agenda"]["items"][0]["id"]}))
    return chair


def open_poll(chair: Socket) -> str:
    item = next(item["id"] for item in chair.panels["agenda"]["items"] if item["state"] == "current")
    version = chair.do("poll.open", {"item": item, "text": "是否更换楼道灯", "secrecy": "open"})
    poll: str = chair.until_version(version)["poll"]["id"]
    return poll


@pytest.mark.rule("S20", "R118", "R110")
@pytest.mark.timeout(600)
def test_no_acknowledged_ballot_is_lost_or_counted_twice(
    seeded: tuple[Path, list[dict[str, object]]], cleaning: ExitStack, cycles: Callable[[int, int], int]
) -> None:
    data, meetings = seeded
    server = RunningServer(data)
    voters = Voters(server.house, meetings[0])
    cleaning.callback(lambda: server.kill())  # whichever it is by then
    cleaning.callback(voters.leave)
    chair = begin(voters)
    for turn, kill_at in enumerate(KILLS[: cycles(4, 10)]):
        poll = open_poll(chair)
        ballots = ballots_of(range(VOTERS), turn)
        answered = voters.vote(poll, ballots, kill_at, server.kill)
        assert kill_at <= len(answered) < VOTERS, "the server has to die in the middle"
        voters.leave()
        kept = stored(data, poll)
        check_box(kept, ballots, answered)
        server = RunningServer(data, port=server.port)
        chair = voters.arrive()
        check_room(voters, chair, poll, dict(kept))
        # Whoever got no answer asks again, and some who did: the same ballot under the same nonce.
        unanswered = [seat for seat in ballots if seat not in answered]
        again = unanswered + sorted(answered)[:20]
        assert voters.vote(poll, {seat: ballots[seat] for seat in again}, VOTERS + 1, server.kill) == set(
            again
        )
        chair.until(lambda panels: panels["poll"]["cast"] == VOTERS)
        version = chair.do("poll.close", {"poll": poll})
        tally = chair.until_version(version)["result"]["tally"]
        assert tally == Counter(ballots.values())
    voters.leave()
    server.stop()


def check_box(kept: list[tuple[int, str]], ballots: Ballots, answered: set[int]) -> None:
    """What lies in the file: every acknowledged ballot, nothing twice, nothing that was not cast."""
    seats = [seat for seat, _ in kept]
    assert len(seats) == len(set(seats))
    assert answered <= set(seats), f"{len(answered - set(seats))} acknowledged ballots are lost"
    assert all(ballots[seat] == choice for seat, choice in kept)


def check_room(voters: Voters, chair: Socket, poll: str, kept: Ballots) -> None:
    """The room stands as it stood, and every phone sees what became of its ballot."""
    assert chair.panels["meeting"]["state"] == "open"
    assert chair.panels["poll"]["id"] == poll
    assert (chair.panels["poll"]["state"], chair.panels["poll"]["cast"]) == ("open", len(kept))
    for seat in range(VOTERS):
        panels = voters.panels(seat)
        assert panels["poll"]["id"] == poll
        assert (panels["me"]["ballot"] is not None) == (seat in kept)
        assert panels["me"]["present"] is True


@pytest.mark.rule("S16")
@pytest.mark.timeout(300)
def test_the_same_test_finds_answers_given_before_the_commit(
    seeded: tuple[Path, list[dict[str, object]]], cleaning: ExitStack
) -> None:
    data, meetings = seeded
    server = RunningServer(data, program=HASTY)
    voters = Voters(server.house, meetings[1])
    cleaning.callback(server.kill)
    cleaning.callback(voters.leave)
    poll = open_poll(begin(voters))
    ballots = ballots_of(range(VOTERS), 0)
    answered = voters.vote(poll, ballots, 100, server.kill)
    voters.leave()
    with pytest.raises(AssertionError, match="acknowledged ballots are lost"):
        check_box(stored(data, poll), ballots, answered)
