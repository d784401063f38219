"""Every refusal code over the wire, in the contract's order, and that a refusal changes nothing."""

import time
from typing import Any

import pytest

from tests.contract.client import Json, new_id, refusal_of
from tests.contract.hall import Hall

# CONTRACT, the table of commands: who may send each. ``{…}`` are filled in by the test.
WHO: dict[str, tuple[set[str], Json]] = {
    "meeting.open": ({"chair"}, {}),
    "meeting.suspend": ({"chair"}, {}),
    "meeting.resume": ({"chair"}, {}),
    "meeting.close": ({"chair"}, {}),
    "presence.check_in": ({"representative", "secretary"}, {"representative": "{representative}"}),
    "presence.leave": ({"representative", "secretary"}, {"representative": "{representative}"}),
    "agenda.begin": ({"chair"}, {"item": "{item}"}),
    "agenda.finish": ({"chair"}, {"item": "{item}"}),
    "agenda.add": ({"chair"}, {"title": "停车"}),
    "queue.open": ({"chair"}, {}),
    "queue.close": ({"chair"}, {}),
    "floor.request": (
        {"representative", "secretary"},
        {"stance": "talk", "representative": "{representative}"},
    ),
    "floor.withdraw": ({"representative", "secretary"}, {"representative": "{representative}"}),
    "floor.grant": ({"chair"}, {}),
    "floor.extend": ({"chair"}, {"seconds": 30}),
    "poll.open": ({"chair"}, {"item": "{item}", "text": "x", "secrecy": "open"}),
    "poll.close": ({"chair"}, {"poll": "{poll}"}),
    "poll.publish": ({"chair"}, {"poll": "{poll}"}),
    "poll.void": ({"chair"}, {"poll": "{poll}", "reason": "x"}),
    "ballot.cast": ({"representative"}, {"poll": "{poll}", "choice": "for", "nonce": "n"}),
    "ballot.record": (
        {"secretary"},
        {"poll": "{poll}", "representative": "{representative}", "choice": "for", "nonce": "n"},
    ),
    "ballot.confirm": ({"chair"}, {"poll": "{poll}", "representative": "{representative}"}),
    "consent.ask": ({"chair"}, {"item": "{item}", "text": "x"}),
    "consent.record": ({"chair"}, {"item": "{item}", "objection": False}),
}


def filled(data: Json, **values: str) -> Json:
    return {name: value.format(**values) if isinstance(value, str) else value for name, value in data.items()}


def test_every_command_is_refused_to_everybody_else(hall: Hall) -> None:
    poll = hall.poll()
    people = {
        "chair": hall.chair,
        "secretary": hall.secretary,
        "representative": hall.phone(0),
        "observer": hall.observer,
    }
    state = hall.chair.hello(hall.id, "console")
    for role, socket in people.items():
        for name, (allowed, data) in WHO.items():
            if role in allowed:
                continue
            values = {"item": hall.item(0), "poll": poll, "representative": hall.representative(1)}
            assert socket.refused(name, filled(data, **values)) == "NOT_ALLOWED", (role, name)
    after = hall.chair.hello(hall.id, "console")
    assert (after["version"], after["panels"]) == (state["version"], state["panels"])


def test_a_neighbour_may_not_be_acted_for(hall: Hall) -> None:
    hall.begin()
    hall.chair.do("queue.open")
    for name, data in (
        ("presence.check_in", {"representative": hall.representative(1)}),
        ("presence.leave", {"representative": hall.representative(1)}),
        ("floor.request", {"stance": "for", "representative": hall.representative(1)}),
        ("floor.withdraw", {"representative": hall.representative(1)}),
    ):
        assert hall.phone(0).refused(name, data) == "NOT_ALLOWED"


def test_what_is_not_there_is_not_found(hall: Hall) -> None:
    poll = hall.poll()
    for name, data in (
        ("agenda.begin", {"item": "nowhere"}),
        ("agenda.finish", {"item": "nowhere"}),
        ("poll.open", {"item": "nowhere", "text": "x", "secrecy": "open"}),
        ("poll.close", {"poll": "nowhere"}),
        ("poll.publish", {"poll": "nowhere"}),
        ("poll.void", {"poll": "nowhere", "reason": "x"}),
        ("floor.grant", {"representative": "nobody"}),
        ("ballot.confirm", {"poll": poll, "representative": "nobody"}),
        ("consent.ask", {"item": "nowhere", "text": "x"}),
        ("consent.record", {"item": "nowhere", "objection": True}),
    ):
        assert hall.chair.refused(name, data) == "NOT_FOUND", name
    for name, data in (
        ("presence.check_in", {"representative": "nobody"}),
        ("floor.request", {"stance": "for", "representative": "nobody"}),
        ("ballot.record", {"poll": poll, "representative": "nobody", "choice": "for", "nonce": "n"}),
    ):
        assert hall.secretary.refused(name, data) == "NOT_FOUND", name
    assert hall.phone(0).refused("ballot.cast", {"poll": "no", "choice": "for", "nonce": "n"}) == "NOT_FOUND"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("nothing.known", {}),
        ("", {}),
        ("meeting.open", {"extra": 1}),
        ("agenda.begin", {}),
        ("agenda.begin", {"item": 7}),
        ("agenda.begin", {"item": None}),
        ("agenda.add", {"title": ""}),
        ("agenda.add", {"title": "长" * 1000}),
        ("floor.extend", {"seconds": "30"}),
        ("floor.extend", {"seconds": 1.5}),
        ("floor.extend", {"seconds": True}),
        ("floor.extend", {"seconds": 0}),
        ("poll.open", {"item": "{item}", "text": "", "secrecy": "open"}),
        ("poll.open", {"item": "{item}", "text": "x", "secrecy": "half"}),
        ("poll.open", {"item": "{item}", "text": "x"}),
        ("poll.open", {"item": "{item}", "text": "x", "secrecy": "open", "nature": "register"}),
        ("poll.open", {"item": "{item}", "text": "x", "secrecy": "open", "options": [{"id": "a"}]}),
        (
            "poll.open",
            {"item": "{item}", "text": "x", "secrecy": "open", "options": [{"id": "a", "text": "一"}]},
        ),
        ("poll.open", {"item": "{item}", "text": "x", "secrecy": "open", "rule": {"base": "present"}}),
        ("poll.open", {"item": "{item}", "text": "x", "secrecy": "open", "rule": "2/3"}),
        ("poll.open", {"item": "{item}", "text": "x", "secrecy": "open", "confirmed": "yes"}),
        ("consent.record", {"item": "{item}", "objection": "no"}),
        ("poll.void", {"poll": "p", "reason": " "}),
    ],
)
def test_data_that_cannot_be_read_is_bad(begun_hall: Hall, name: str, data: Json) -> None:
    chair = begun_hall.chair
    before = chair.hello(begun_hall.id, "console")
    assert chair.refused(name, filled(data, item=begun_hall.item(0))) == "BAD_DATA"
    assert chair.hello(begun_hall.id, "console")["panels"] == before["panels"]


@pytest.mark.parametrize(
    "envelope",
    [
        None,
        7,
        "meeting.open",
        [],
        {},
        {"id": "x"},
        {"id": "x", "name": "meeting.open"},
        {"id": "x", "name": "meeting.open", "data": None},
        {"id": "x", "name": "meeting.open", "data": []},
        {"id": "", "name": "meeting.open", "data": {}},
        {"id": 7, "name": "meeting.open", "data": {}},
        {"id": "x" * 65, "name": "meeting.open", "data": {}},
        {"id": "x", "name": ["meeting.open"], "data": {}},
        {"name": "meeting.open", "data": {}},
    ],
)
def test_an_envelope_that_cannot_be_read_is_bad(begun_hall: Hall, envelope: Any) -> None:
    secretary = begun_hall.secretary
    time.sleep(0.15)
    before = secretary.hello(begun_hall.id, "console")
    assert refusal_of(secretary.call("command", envelope)) == "BAD_DATA"
    assert refusal_of(secretary.call("command")) == "BAD_DATA"
    assert secretary.hello(begun_hall.id, "console")["panels"] == before["panels"]


def test_an_unknown_option_is_bad_data_before_anything_else(hall: Hall) -> None:
    poll = hall.poll()
    choice = {"poll": poll, "choice": "maybe", "nonce": "n"}
    for socket in (hall.phone(0), hall.phone(9), hall.chair):
        assert socket.refused("ballot.cast", choice) == "BAD_DATA"
    record = {**choice, "representative": "nobody"}
    assert hall.secretary.refused("ballot.record", record) == "BAD_DATA"


def test_codes_of_presence_and_sitting(hall: Hall) -> None:
    phone, chair = hall.phone(0), hall.chair
    assert phone.refused("presence.leave") == "NOT_PRESENT"
    phone.do("presence.check_in")
    assert phone.refused("presence.check_in") == "ALREADY_PRESENT"
    assert hall.secretary.refused("presence.check_in") == "BAD_DATA"
    for name, data in (
        ("agenda.begin", {"item": hall.item(0)}),
        ("agenda.add", {"title": "停车"}),
        ("queue.open", {}),
        ("floor.grant", {}),
        ("floor.yield", {}),
        ("poll.open", {"item": hall.item(0), "text": "x", "secrecy": "open"}),
        ("consent.ask", {"item": hall.item(0), "text": "x"}),
    ):
        assert chair.refused(name, data) == "MEETING_NOT_OPEN", name
    for name in ("meeting.suspend", "meeting.resume", "meeting.close"):
        assert chair.refused(name) == "INVALID_TRANSITION"
    chair.do("meeting.open")
    assert chair.refused("meeting.open") == "INVALID_TRANSITION"
    chair.do("meeting.close")
    assert phone.refused("presence.leave") == "MEETING_NOT_OPEN"
    assert hall.phone(1).refused("presence.check_in") == "MEETING_NOT_OPEN"


def test_codes_of_agenda_and_queue(hall: Hall) -> None:
    hall.open()
    chair, phone = hall.chair, hall.phone(0)
    assert chair.refused("queue.open") == "ITEM_NOT_CURRENT"
    assert chair.refused("agenda.finish", {"item": hall.item(0)}) == "ITEM_NOT_CURRENT"
    chair.do("agenda.begin", {"item": hall.item(0)})
    assert phone.refused("floor.request", {"stance": "for"}) == "QUEUE_CLOSED"
    assert hall.phone(9).refused("floor.request", {"stance": "for"}) == "NOT_PRESENT"
    chair.do("queue.open")
    assert chair.refused("floor.grant") == "NOBODY_WAITING"
    assert chair.refused("floor.grant", {"representative": hall.representative(0)}) == "NOT_IN_QUEUE"
    assert phone.refused("floor.withdraw") == "NOT_IN_QUEUE"
    assert phone.refused("floor.request", {"stance": "shout"}) == "BAD_DATA"
    phone.do("floor.request", {"stance": "for"})
    assert phone.refused("floor.request", {"stance": "against"}) == "ALREADY_IN_QUEUE"
    assert chair.refused("queue.open") == "INVALID_TRANSITION"
    assert chair.refused("floor.extend", {"seconds": 30}) == "INVALID_TRANSITION"


def test_the_gates_of_a_question_in_their_order(hall: Hall) -> None:
    hall.open(0, 1, 2)
    chair = hall.chair
    title = {"title": "临时议题"}
    added = chair.until_version(chair.do("agenda.add", title))["agenda"]["items"][-1]["id"]
    poll = {"text": "x", "secrecy": "open"}
    assert chair.refused("poll.open", {**poll, "item": added}) == "ITEM_NOT_CURRENT"
    chair.do("agenda.begin", {"item": added})
    assert chair.refused("poll.open", {**poll, "item": added}) == "ITEM_NOT_ANNOUNCED"
    assert chair.refused("consent.ask", {"item": added, "text": "x"}) == "ITEM_NOT_ANNOUNCED"
    chair.do("agenda.begin", {"item": hall.item(0)})
    chair.do("queue.open")
    hall.phone(0).do("floor.request", {"stance": "for"})
    poll["item"] = hall.item(0)
    assert chair.refused("poll.open", poll) == "NO_QUORUM"
    assert chair.refused("poll.open", {**poll, "nature": "assembly"}) == "NO_QUORUM"
    assert chair.refused("consent.ask", {"item": hall.item(0), "text": "x"}) == "NO_QUORUM"
    assert chair.refused("poll.open", {**poll, "nature": "sounding"}) == "DEBATE_OPEN"
    hall.check_in(3, 4, 5, 6)
    assert chair.refused("poll.open", poll) == "DEBATE_OPEN"
    assert chair.refused("consent.ask", {"item": hall.item(0), "text": "x"}) == "DEBATE_OPEN"
    chair.do("floor.grant")
    assert chair.refused("poll.open", poll) == "DEBATE_OPEN"
    chair.do("poll.open", {**poll, "confirmed": True})
    assert chair.refused("poll.open", poll) == "POLL_ALREADY_OPEN"
    assert chair.refused("poll.open", {**poll, "item": hall.item(1)}) == "POLL_ALREADY_OPEN"


def test_an_unannounced_item_may_be_sounded_without_a_quorum(hall: Hall) -> None:
    hall.open(0)
    chair = hall.chair
    added = chair.until_version(chair.do("agenda.add", {"title": "临时"}))["agenda"]["items"][-1]["id"]
    chair.do("agenda.begin", {"item": added})
    poll = hall.ask(added, nature="sounding")
    assert hall.cast(0, poll)["ok"]


def test_codes_of_a_ballot(hall: Hall) -> None:
    poll = hall.poll()
    assert refusal_of(hall.cast(9, poll)) == "NOT_PRESENT"
    hall.check_in(9)
    assert hall.cast(9, poll)["ok"]
    assert refusal_of(hall.cast(9, poll, nonce="other")) == "ALREADY_VOTED"
    assert hall.chair.refused("poll.publish", {"poll": poll}) == "INVALID_TRANSITION"
    hall.chair.do("poll.close", {"poll": poll})
    assert refusal_of(hall.cast(0, poll)) == "POLL_NOT_OPEN"
    assert hall.chair.refused("poll.close", {"poll": poll}) == "POLL_NOT_OPEN"
    hall.chair.do("poll.publish", {"poll": poll})
    assert hall.chair.refused("poll.publish", {"poll": poll}) == "INVALID_TRANSITION"


@pytest.mark.rule("S18")
def test_the_same_nonce_gets_the_first_answer(hall: Hall) -> None:
    poll = hall.poll()
    first = hall.cast(0, poll, "for", "nonce")
    hall.cast(1, poll)
    assert hall.cast(0, poll, "for", "nonce") == first
    assert refusal_of(hall.cast(0, poll, "against", "nonce")) == "BAD_DATA"
    assert refusal_of(hall.cast(0, poll, "for", "another")) == "ALREADY_VOTED"
    hall.chair.do("poll.close", {"poll": poll})
    assert hall.cast(0, poll, "for", "nonce") == first
    assert hall.chair.until(lambda panels: panels["result"])["result"]["tally"]["for"] == 2


def test_a_secret_poll_answers_the_same_nonce_whatever_the_choice(hall: Hall) -> None:
    poll = hall.poll(secrecy="secret")
    assert hall.cast(0, poll, "for", "nonce")["ok"]
    for choice in ("for", "against", "abstain"):
        assert hall.cast(0, poll, choice, "nonce")["ok"]
    assert refusal_of(hall.cast(0, poll, "for", "another")) == "ALREADY_VOTED"
    hall.chair.do("poll.close", {"poll": poll})
    tally = hall.chair.until(lambda panels: panels["result"])["result"]["tally"]
    assert tally == {"for": 1, "against": 0, "abstain": 0}


@pytest.mark.rule("R64")
def test_a_late_retry_of_an_accepted_ballot_is_answered_after_the_next_poll_began(hall: Hall) -> None:
    poll = hall.poll()
    first = hall.cast(0, poll, "for", "nonce")
    hall.chair.do("poll.close", {"poll": poll})
    hall.ask(hall.item(0))
    assert hall.cast(0, poll, "for", "nonce") == first


@pytest.mark.rule("S18")
@pytest.mark.parametrize("name", ["presence.check_in", "agenda.add", "ballot.cast"])
def test_the_same_command_id_is_one_event_and_one_answer(hall: Hall, name: str) -> None:
    poll = hall.poll()
    socket = {"presence.check_in": hall.phone(9), "agenda.add": hall.chair, "ballot.cast": hall.phone(0)}[
        name
    ]
    data: Json = {
        "presence.check_in": {},
        "agenda.add": {"title": "只有一次"},
        "ballot.cast": {"poll": poll, "choice": "for", "nonce": "once"},
    }[name]
    command_id = new_id()
    numbers = [socket.emit("command", {"id": command_id, "name": name, "data": data}) for _ in range(5)]
    answers = [socket.answer_to(number) for number in numbers]
    assert answers[0]["ok"]
    assert answers == [answers[0]] * 5
    assert socket.send(name, data, command_id) == answers[0]
    assert hall.chair.hello(hall.id, "console")["version"] == answers[0]["version"]
    titles = [item["title"] for item in hall.chair.panels["agenda"]["items"]]
    assert titles.count("只有一次") == (name == "agenda.add")


def test_more_than_the_limit_is_too_often_and_passes(hall: Hall) -> None:
    phone = hall.phone(0)
    numbers = [
        phone.emit("command", {"id": new_id(), "name": "floor.withdraw", "data": {}}) for _ in range(40)
    ]
    codes = [refusal_of(phone.answer_to(number)) for number in numbers]
    assert codes[:20] == ["MEETING_NOT_OPEN"] * 20
    assert codes[-1] == "TOO_OFTEN"
    assert codes.count("TOO_OFTEN") >= 10
    assert hall.phone(1).do("presence.check_in")
    time.sleep(1)
    assert phone.do("presence.check_in")


@pytest.mark.rule("S3")
def test_a_session_that_ended_is_no_longer_obeyed(hall: Hall) -> None:
    participant = hall.participant(0)
    socket = participant.show(hall.id, "phone")
    hall.house.enter(hall.seats[0]["ticket"])
    answer = hall.house.post_json(
        f"/meetings/{hall.id}/command",
        {"id": new_id(), "name": "presence.check_in", "data": {}},
        participant.cookies,
        X_CSRF_Token=participant.cookies["csrf"],
    )
    assert answer.status == 403
    assert "NOT_SIGNED_IN" in answer.text
    assert socket.is_ended()
