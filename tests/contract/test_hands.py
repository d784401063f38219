"""A show of hands and a recusal over the wire: what is refused, and what everybody sees."""

import pytest

from tests.contract.client import Json
from tests.contract.hall import Hall


@pytest.mark.rule("R63")
def test_paper_handed_out_locks_the_phone(hall: Hall) -> None:
    poll = hall.poll(*range(7))
    paper = {"poll": poll, "representative": hall.representative(2)}
    version = hall.secretary.do("paper.hand_out", paper)
    ballot = {"poll": poll, "choice": "for", "nonce": "n"}
    assert hall.phone(2).refused("ballot.cast", ballot) == "ON_PAPER"
    assert hall.phone(2).until_version(version)["poll"]["paper"] == [3]
    hall.secretary.do("paper.take_back", paper)
    hall.phone(2).do("ballot.cast", ballot)
    assert hall.secretary.refused("paper.hand_out", paper) == "ALREADY_VOTED"
    assert hall.phone(2).refused("ballot.withdraw", {"poll": poll}) == "ALREADY_VOTED"


def counts(yes: int, no: int) -> list[Json]:
    return [
        {"option": "for", "count": yes},
        {"option": "against", "count": no},
        {"option": "abstain", "count": 0},
    ]


@pytest.mark.rule("R78", "R82", "P2")
def test_hands_are_counted_by_two_and_a_recused_seat_stands_aside(hall: Hall) -> None:
    item = hall.begin(*range(10))
    hall.phone(4).do("recusal.record", {"item": item, "reason": "亲属承包"})
    asked = {"item": item, "text": "是否", "secrecy": "open", "method": "hands"}
    assert hall.chair.refused("poll.open", {**asked, "counted": 9}) == "HEADCOUNT_DIFFERS"
    poll = hall.ask(item, method="hands", counted=10)
    ballot = {"poll": poll, "choice": "for", "nonce": "n"}
    assert hall.phone(0).refused("ballot.cast", ballot) == "BY_HANDS"
    people = {"counter": hall.representative(0), "checker": hall.representative(1)}
    count = {"poll": poll, **people}
    assert hall.secretary.refused("hands.record", {**count, "counts": counts(9, 1)}) == "COUNT_TOO_HIGH"
    hall.secretary.do("hands.record", {**count, "counts": counts(8, 1)})
    hall.chair.do("hands.confirm", {"poll": poll})
    version = hall.chair.do("poll.publish", {"poll": poll})
    shown = hall.phone(0).until_version(version)["result"]
    assert shown["tally"] == {"for": 8, "against": 1, "abstain": 0}
    assert (shown["ballots"], shown["outcome"], shown["entitled"]) == (None, "passed", 9)
    assert "1人回避" in shown["sentence"]
