"""A whole meeting over the wire: every command, the panels it moves, and the acts' side effects."""

import time
from itertools import pairwise

import pytest

from tests.contract.client import refusal_of
from tests.contract.hall import Hall


def test_open_suspend_resume_close(hall: Hall) -> None:
    chair, projector = hall.chair, hall.projector
    for command, state in (
        ("meeting.open", "open"),
        ("meeting.suspend", "suspended"),
        ("meeting.resume", "open"),
        ("meeting.close", "closed"),
    ):
        version = chair.do(command)
        assert projector.until_version(version)["meeting"]["state"] == state
    assert type(projector.panels["meeting"]["opened_at"]) is int


def test_checking_in_and_leaving_for_oneself_and_at_the_desk(hall: Hall) -> None:
    projector = hall.projector
    hall.phone(0).do("presence.check_in")
    version = hall.secretary.do("presence.check_in", {"representative": hall.representative(1)})
    presence = projector.until_version(version)["presence"]
    assert presence["present"] == 2
    assert [party["present"] for party in presence["parties"]] == [1, 1, 0, 0, 0]
    assert presence["quorum"] == {"needed": 7, "reached": False}
    hall.check_in(2, 3, 4, 5, 6)
    assert projector.until(lambda p: p["presence"]["present"] == 7)["presence"]["quorum"]["reached"] is True
    hall.phone(0).do("presence.leave")
    version = hall.secretary.do("presence.leave", {"representative": hall.representative(1)})
    assert projector.until_version(version)["presence"]["present"] == 5


def test_a_quorum_needs_heads_and_every_party(hall: Hall) -> None:
    hall.check_in(0, 1, 2, 3, 5, 6, 7, 8)
    presence = hall.projector.until(lambda p: p["presence"]["present"] == 8)["presence"]
    assert presence["quorum"] == {"needed": 7, "reached": False}
    assert [party["reached"] for party in presence["parties"]] == [True, True, True, True, False]


def test_beginning_finishing_and_adding_items(hall: Hall) -> None:
    item = hall.begin()
    chair = hall.chair
    assert item_states(hall) == ["current", "pending", "pending"]
    chair.do("agenda.begin", {"item": hall.item(1)})
    assert item_states(hall) == ["finished", "current", "pending"]
    chair.do("agenda.finish", {"item": hall.item(1)})
    assert item_states(hall) == ["finished", "finished", "pending"]
    version = chair.do("agenda.add", {"title": "停车收费"})
    added = chair.until_version(version)["agenda"]["items"][-1]
    assert (added["title"], added["announced"], added["state"]) == ("停车收费", False, "pending")
    assert chair.refused("agenda.begin", {"item": item}) == "INVALID_TRANSITION"


def item_states(hall: Hall) -> list[str]:
    version = hall.chair.hello(hall.id, "console")["version"]
    items = hall.projector.until_version(version)["agenda"]["items"]
    return [item["state"] for item in items]


def test_hands_stand_in_order_points_of_order_first(hall: Hall) -> None:
    hall.begin()
    seats = raise_three_hands(hall)
    queue = hall.projector.until(lambda panels: panels["speaker_queue"]["length"] == 3)["speaker_queue"]
    assert queue["open"] is True
    assert queue["order"] == [seats[2], seats[0], seats[1]]
    first = queue["waiting"][0]
    assert {"representative", "seat", "name", "party", "stance", "point_of_order"} <= set(first)
    assert (first["representative"], first["stance"]) == (hall.representative(2), "question")
    assert first["point_of_order"] is True


def raise_three_hands(hall: Hall) -> list[int]:
    """Two phones ask for the floor, the third person by the secretary with a point of order; returns the seats."""
    hall.chair.do("queue.open")
    hall.phone(0).do("floor.request", {"stance": "for"})
    hall.phone(1).do("floor.request", {"stance": "against", "point_of_order": False})
    point = {"stance": "question", "point_of_order": True, "representative": hall.representative(2)}
    hall.secretary.do("floor.request", point)
    return [hall.phone(seat).panels["me"]["seat"] for seat in range(3)]


def test_the_chair_gives_the_floor_in_order_or_by_name_and_more_time(hall: Hall) -> None:
    hall.begin()
    chair, projector = hall.chair, hall.projector
    seats = raise_three_hands(hall)
    before = int(time.time() * 1000)
    panels = projector.until_version(chair.do("floor.grant"))
    speaker = panels["floor"]["speaker"]
    assert {"representative", "name", "party", "stance"} <= set(speaker)
    assert speaker["representative"] == hall.representative(2)
    assert panels["floor"]["deadline"] >= before + 60_000
    assert panels["floor"]["paused"] is False
    assert panels["speaker_queue"]["length"] == 2

    panels = projector.until_version(chair.do("floor.grant", {"representative": hall.representative(1)}))
    assert panels["floor"]["speaker"]["representative"] == hall.representative(1)
    assert panels["speaker_queue"]["order"] == [seats[0]]
    deadline = panels["floor"]["deadline"]
    panels = projector.until_version(chair.do("floor.extend", {"seconds": 30}))
    assert panels["floor"]["deadline"] == deadline + 30_000


def test_turns_end_hands_go_down_and_closing_empties_the_queue(hall: Hall) -> None:
    hall.begin()
    chair, projector = hall.chair, hall.projector
    raise_three_hands(hall)
    chair.do("floor.grant", {"representative": hall.representative(1)})
    panels = projector.until_version(hall.phone(1).do("floor.yield"))
    assert (panels["floor"]["speaker"], panels["floor"]["deadline"]) == (None, None)
    panels = projector.until_version(hall.phone(0).do("floor.withdraw"))
    assert panels["speaker_queue"]["length"] == 1
    chair.do("floor.grant")
    hall.phone(3).do("floor.request", {"stance": "talk"})
    panels = projector.until_version(chair.do("queue.close"))
    assert (panels["speaker_queue"]["open"], panels["speaker_queue"]["length"]) == (False, 0)
    assert panels["floor"]["speaker"] is None


def test_a_break_keeps_the_queue_and_the_remaining_time(hall: Hall) -> None:
    hall.begin()
    chair, projector = hall.chair, hall.projector
    chair.do("queue.open")
    for seat in (0, 1):
        hall.phone(seat).do("floor.request", {"stance": "talk"})
    running = projector.until_version(chair.do("floor.grant"))["floor"]["deadline"]
    panels = projector.until_version(chair.do("meeting.suspend"))
    assert panels["floor"]["paused"] is True
    assert panels["speaker_queue"]["length"] == 1
    time.sleep(0.3)
    panels = projector.until_version(chair.do("meeting.resume"))
    assert panels["floor"]["paused"] is False
    assert panels["floor"]["deadline"] >= running + 300
    assert panels["floor"]["speaker"]["representative"] == hall.representative(0)


def test_the_secretary_withdraws_for_others_and_the_chair_ends_a_turn(hall: Hall) -> None:
    hall.begin()
    hall.chair.do("queue.open")
    hall.phone(0).do("floor.request", {"stance": "for"})
    hall.secretary.do("floor.withdraw", {"representative": hall.representative(0)})
    hall.phone(0).do("floor.request", {"stance": "for"})
    hall.chair.do("floor.grant")
    hall.chair.do("floor.yield")


def test_the_order_lists_all_and_waiting_the_first_twenty(hall: Hall) -> None:
    hall.begin(*range(10))
    hall.chair.do("queue.open")
    for seat in range(10):
        for point in (False, True):
            data = {"stance": "talk", "point_of_order": point, "representative": hall.representative(seat)}
            assert hall.secretary.send("floor.request", data)["ok"]
    queue = hall.projector.until(lambda panels: panels["speaker_queue"]["length"] == 20)["speaker_queue"]
    assert len(queue["order"]) == len(queue["waiting"]) == 20
    assert [entry["seat"] for entry in queue["waiting"]] == queue["order"]
    assert [entry["point_of_order"] for entry in queue["waiting"]] == [True] * 10 + [False] * 10


def test_a_named_poll_is_opened_and_voted_on(hall: Hall) -> None:
    item = hall.begin()
    poll_id = hall.ask(item, text="是否放在3栋与4栋之间")
    projector = hall.projector
    poll = projector.until(lambda panels: panels["poll"] is not None)["poll"]
    assert {"id", "state", "text", "options", "secrecy", "nature", "entitled", "cast"} <= set(poll)
    assert (poll["state"], poll["text"]) == ("open", "是否放在3栋与4栋之间")
    assert [option["id"] for option in poll["options"]] == ["for", "against", "abstain"]
    assert (poll["secrecy"], poll["nature"], poll["entitled"], poll["cast"]) == (
        "open",
        "deliberative",
        10,
        0,
    )
    assert projector.panels["result"] is None
    assert hall.cast(0, poll_id)["ok"]
    assert projector.until(lambda panels: panels["poll"]["cast"] == 1)["result"] is None
    me = hall.phone(0).until(lambda panels: panels["me"]["ballot"] is not None)["me"]
    assert me["ballot"]["poll"] == poll_id
    assert type(me["ballot"]["received_at"]) is int


@pytest.mark.rule("S24")
def test_a_named_poll_is_closed_for_the_console_and_published_for_all(hall: Hall) -> None:
    poll_id = hall.poll(text="是否放在3栋与4栋之间")
    chair, projector = hall.chair, hall.projector
    for seat in range(6):
        assert hall.cast(seat, poll_id, "for" if seat < 5 else "against")["ok"]
    version = chair.do("poll.close", {"poll": poll_id})
    assert projector.until_version(version)["poll"]["state"] == "closed"
    assert (projector.panels["result"], hall.phone(0).until_version(version)["result"]) == (None, None)
    assert chair.until_version(version)["result"]["tally"] == {"for": 5, "against": 1, "abstain": 0}

    result = projector.until_version(chair.do("poll.publish", {"poll": poll_id}))["result"]
    assert {"poll", "text", "tally", "parties", "outcome", "sentence"} <= set(result)
    assert (result["poll"], result["tally"]) == (poll_id, {"for": 5, "against": 1, "abstain": 0})
    assert (result["outcome"], result["text"]) == ("passed", "是否放在3栋与4栋之间")
    for part in ("应到10人", "实到7人", "赞成5票", "反对1票", "弃权0票", "超过", "三分之二", "表决通过"):
        assert part in result["sentence"]
    assert {"id", "name", "tally", "entitled", "cast"} <= set(result["parties"][0])
    assert [party["cast"] for party in result["parties"]] == [2, 1, 1, 1, 1]
    assert sum(party["tally"]["for"] for party in result["parties"]) == 5
    assert projector.panels["poll"]["state"] == "published"
    panels = projector.until_version(chair.do("agenda.begin", {"item": hall.item(1)}))
    assert (panels["poll"], panels["result"]) == (None, None)


@pytest.mark.rule("S26")
def test_a_secret_poll_keeps_its_secret(hall: Hall) -> None:
    item = hall.begin()
    poll = hall.ask(item, secrecy="secret")
    for seat in range(5):
        assert hall.cast(seat, poll, "for")["ok"]
    me = hall.phone(0).until(lambda panels: panels["me"]["ballot"] is not None)["me"]
    assert me["ballot"] == {"poll": poll, "received_at": None}
    record = {"poll": poll, "representative": hall.representative(6), "choice": "for", "nonce": "paper"}
    assert hall.secretary.refused("ballot.record", record) == "NOT_ALLOWED"
    hall.chair.do("poll.close", {"poll": poll})
    version = hall.chair.do("poll.publish", {"poll": poll})
    result = hall.projector.until_version(version)["result"]
    assert (result["tally"], result["parties"]) == ({"for": 5, "against": 0, "abstain": 0}, None)
    assert hall.projector.panels["poll"]["cast"] == 5


@pytest.mark.rule("S38")
def test_the_turnout_of_a_secret_poll_moves_in_steps(hall: Hall) -> None:
    item = hall.begin()
    poll = hall.ask(item, secrecy="secret")
    projector = hall.projector
    shown: list[tuple[int, int]] = []
    until = time.monotonic() + 6.5
    for seat in range(6):
        assert hall.cast(seat, poll, "for")["ok"]
        time.sleep(0.3)
    while time.monotonic() < until:
        projector.listen(0.2)
    for event, message in projector.heard:
        if event == "changes" and message["panels"].get("poll"):
            shown.append((message["now"], message["panels"]["poll"]["cast"]))
    moves = [entry for place, entry in enumerate(shown) if place == 0 or entry[1] != shown[place - 1][1]]
    assert moves[-1][1] == 6
    assert all(later[0] - earlier[0] >= 4_900 for earlier, later in pairwise(moves))


def test_own_options_rule_and_nature(hall: Hall) -> None:
    item = hall.begin()
    options = [{"id": "A", "text": "凉亭边"}, {"id": "B", "text": "东门"}]
    rule = {
        "base": "cast",
        "fraction": "1/2",
        "strict": True,
        "quorum": {"overall": "1/2", "per_party": 1},
        "parties": {"at_least": 1},
    }
    poll = hall.ask(item, options=options, rule=rule, nature="assembly")
    shown = hall.projector.until(lambda panels: panels["poll"] is not None)["poll"]
    assert (shown["options"], shown["nature"]) == (options, "assembly")
    for seat in range(3):
        assert hall.cast(seat, poll, "B")["ok"]
    hall.chair.do("poll.close", {"poll": poll})
    version = hall.chair.do("poll.publish", {"poll": poll})
    result = hall.projector.until_version(version)["result"]
    assert (result["tally"], result["outcome"]) == ({"A": 0, "B": 3}, "passed")


def test_nobody_voted_is_void(hall: Hall) -> None:
    poll = hall.poll()
    hall.chair.do("poll.close", {"poll": poll})
    version = hall.chair.do("poll.publish", {"poll": poll})
    result = hall.projector.until_version(version)["result"]
    assert (result["outcome"], set(result["tally"].values())) == ("void", {0})


@pytest.mark.parametrize("stage", ["open", "closed", "published"])
def test_a_poll_is_declared_void_with_a_reason(hall: Hall, stage: str) -> None:
    poll = hall.poll()
    if stage != "open":
        hall.chair.do("poll.close", {"poll": poll})
    if stage == "published":
        hall.chair.do("poll.publish", {"poll": poll})
    assert hall.chair.refused("poll.void", {"poll": poll, "reason": ""}) == "BAD_DATA"
    version = hall.chair.do("poll.void", {"poll": poll, "reason": "念错了"})
    panels = hall.projector.until_version(version)
    assert (panels["poll"]["state"], panels["poll"]["void_reason"]) == ("void", "念错了")
    assert hall.ask(hall.item(0)) != poll


@pytest.mark.rule("S25")
def test_a_paper_ballot_is_recorded_and_confirmed(hall: Hall) -> None:
    poll = hall.poll()
    record = {"poll": poll, "representative": hall.representative(3), "choice": "for", "nonce": "paper-3"}
    version = hall.secretary.do("ballot.record", record)
    assert hall.projector.until_version(version)["poll"]["cast"] == 0
    assert hall.chair.refused("poll.close", {"poll": poll}) == "INVALID_TRANSITION"
    version = hall.chair.do("ballot.confirm", {"poll": poll, "representative": hall.representative(3)})
    assert hall.projector.until(lambda panels: panels["poll"]["cast"] == 1)["poll"]["state"] == "open"
    assert refusal_of(hall.cast(3, poll)) == "ALREADY_VOTED"
    hall.chair.do("poll.close", {"poll": poll})


def test_unconfirmed_records_are_discarded_on_the_chairs_word(hall: Hall) -> None:
    poll = hall.poll()
    record = {"poll": poll, "representative": hall.representative(3), "choice": "for", "nonce": "paper-3"}
    hall.secretary.do("ballot.record", record)
    assert hall.cast(0, poll, "against")["ok"]
    version = hall.chair.do("poll.close", {"poll": poll, "confirmed": True})
    assert hall.chair.until_version(version)["result"]["tally"] == {"for": 0, "against": 1, "abstain": 0}


def test_a_record_in_a_sounding_counts_at_once(hall: Hall) -> None:
    poll = hall.poll(nature="sounding")
    record = {"poll": poll, "representative": hall.representative(3), "choice": "for", "nonce": "paper-3"}
    version = hall.secretary.do("ballot.record", record)
    assert hall.projector.until_version(version)["poll"]["cast"] == 1


def test_adoption_without_objection(hall: Hall) -> None:
    item = hall.begin()
    version = hall.chair.do("consent.ask", {"item": item, "text": "每晚十点熄灯"})
    assert hall.projector.until_version(version)["consent"] == {"item": item, "text": "每晚十点熄灯"}
    poll = {"item": item, "text": "x", "secrecy": "open"}
    assert hall.chair.refused("poll.open", poll) == "POLL_ALREADY_OPEN"
    version = hall.chair.do("consent.record", {"item": item, "objection": False})
    panels = hall.projector.until_version(version)
    assert panels["consent"] is None
    result = panels["result"]
    assert (result["poll"], result["tally"], result["parties"], result["outcome"]) == (
        None,
        {},
        None,
        "passed",
    )
    assert result["text"] == "每晚十点熄灯"
    assert "无人提出异议" in result["sentence"]


def test_an_objection_decides_nothing(hall: Hall) -> None:
    item = hall.begin()
    assert hall.chair.refused("consent.record", {"item": item, "objection": True}) == "INVALID_TRANSITION"
    hall.chair.do("consent.ask", {"item": item, "text": "每晚十点熄灯"})
    version = hall.chair.do("consent.record", {"item": item, "objection": True})
    panels = hall.projector.until_version(version)
    assert (panels["consent"], panels["result"]) == (None, None)


@pytest.mark.parametrize("question", ["poll", "consent"])
def test_an_open_question_holds_item_and_meeting(hall: Hall, question: str) -> None:
    item = hall.begin()
    if question == "poll":
        hall.ask(item)
    else:
        hall.chair.do("consent.ask", {"item": item, "text": "每晚十点熄灯"})
    for command, data in (
        ("agenda.finish", {"item": item}),
        ("agenda.begin", {"item": hall.item(1)}),
        ("meeting.suspend", {}),
        ("meeting.close", {}),
    ):
        assert hall.chair.refused(command, data) == "INVALID_TRANSITION"


def test_closing_finishes_the_current_item_and_empties_the_room(hall: Hall) -> None:
    hall.begin()
    hall.chair.do("queue.open")
    hall.phone(0).do("floor.request", {"stance": "for"})
    hall.phone(1).do("floor.request", {"stance": "for"})
    hall.chair.do("floor.grant")
    panels = hall.projector.until_version(hall.chair.do("meeting.close"))
    assert panels["agenda"]["items"][0]["state"] == "finished"
    assert (panels["floor"]["speaker"], panels["speaker_queue"]["length"]) == (None, 0)
    assert panels["may"] == {"present": [], "absent": [], "observer": []}


def test_what_phones_may_do_follows_the_meeting(hall: Hall) -> None:
    may = hall.projector.panels["may"]
    assert may["absent"] == ["presence.check_in"]
    poll = hall.poll()
    may = hall.projector.until(lambda panels: "ballot.cast" in panels["may"]["present"])["may"]
    assert may["observer"] == []
    version = hall.chair.do("poll.close", {"poll": poll})
    assert "ballot.cast" not in hall.projector.until_version(version)["may"]["present"]
    version = hall.chair.do("queue.open")
    assert "floor.request" in hall.projector.until_version(version)["may"]["present"]
