"""hello, the three screens with every panel and field, who may see them, and how messages keep them."""

import time
from itertools import pairwise
from typing import Any

import pytest

from tests.contract.client import Json, Refused, Socket, refusal_of
from tests.contract.hall import Hall

# CONTRACT: "A screen always has every one of its panels, null when empty."
SHARED = ["meeting", "agenda", "presence", "consent", "speaker_queue", "floor", "poll", "result", "may"]
PANELS = {"projector": SHARED, "console": [*SHARED, "roster"], "phone": [*SHARED, "me"]}
COUNT, TEXT, TRUTH, INSTANT = int, str, bool, int


def check(panel: Any, shape: Any, path: str = "") -> None:
    """A panel has at least these fields, of these types."""
    if isinstance(shape, dict):
        assert isinstance(panel, dict), path
        for name, inner in shape.items():
            assert name in panel, f"{path}.{name}"
            check(panel[name], inner, f"{path}.{name}")
    elif isinstance(shape, list):
        assert isinstance(panel, list), path
        assert panel, f"{path} is empty"
        for entry in panel:
            check(entry, shape[0], f"{path}[]")
    elif isinstance(shape, set):
        assert panel in shape, f"{path}: {panel!r}"
    elif shape is None:
        assert panel is None, f"{path}: {panel!r}"
    else:
        assert type(panel) is shape, f"{path}: {panel!r}"


MEETING = {"id": TEXT, "title": TEXT, "state": {"called", "open", "suspended", "closed"}}
ITEM = {"id": TEXT, "title": TEXT, "state": {"pending", "current", "finished"}, "announced": TRUTH}
PARTY = {"id": TEXT, "name": TEXT, "entitled": COUNT, "present": COUNT, "needed": COUNT, "reached": TRUTH}
PRESENCE = {
    "entitled": COUNT,
    "present": COUNT,
    "quorum": {"needed": COUNT, "reached": TRUTH},
    "parties": [PARTY],
}
MAY = {"present": [TEXT], "absent": [TEXT], "observer": list}


@pytest.mark.parametrize("screen", ["projector", "console", "phone"])
def test_hello_answers_with_the_whole_screen(hall: Hall, screen: str) -> None:
    people: dict[str, str | int] = {"projector": "observer", "console": "chair", "phone": 0}
    socket = hall.participant(people[screen]).socket()
    before = int(time.time() * 1000)
    answer = socket.hello(hall.id, screen)
    assert {"ok", "version", "now", "panels"} <= set(answer)
    assert answer["ok"] is True
    assert type(answer["version"]) is int
    assert before - 1000 <= answer["now"] <= int(time.time() * 1000) + 1000
    assert set(PANELS[screen]) <= set(answer["panels"])
    panels = answer["panels"]
    check(panels["meeting"], {**MEETING, "opened_at": None})
    check(panels["agenda"], {"items": [ITEM]})
    check(panels["presence"], PRESENCE)
    check(panels["speaker_queue"], {"open": TRUTH, "length": COUNT, "order": list, "waiting": list})
    check(panels["floor"], {"speaker": None, "deadline": None, "paused": TRUTH})
    check(panels["may"], MAY)
    assert (panels["consent"], panels["poll"], panels["result"]) == (None, None, None)


def test_hello_answers_whole_with_and_without_a_known_version(hall: Hall) -> None:
    socket = hall.participant(0).socket()
    first = socket.hello(hall.id, "phone")
    again = socket.hello(hall.id, "phone", version=first["version"])
    assert again["panels"] == first["panels"]


def test_the_rosters_and_ones_own_panel(hall: Hall) -> None:
    roster = hall.chair.panels["roster"]
    check(roster, [{"representative": TEXT, "name": TEXT, "party": TEXT, "presence": {"absent"}}])
    assert [entry["representative"] for entry in roster] == [seat["representative"] for seat in hall.seats]
    assert [entry["party"] for entry in roster] == [seat["party"] for seat in hall.seats]
    me = hall.phone(3).panels["me"]
    check(
        me,
        {
            "representative": TEXT,
            "seat": COUNT,
            "name": TEXT,
            "party": TEXT,
            "present": {False},
            "ballot": None,
        },
    )
    assert me["representative"] == hall.representative(3)
    assert me["party"] == hall.seats[3]["party"]
    hall.phone(3).do("presence.check_in")
    assert (
        hall.phone(3).until(lambda panels: panels["me"]["present"])["me"]["representative"]
        == me["representative"]
    )
    hall.chair.until(lambda panels: panels["roster"][3]["presence"] == "present")


def test_the_desk_excuses_who_asked_for_leave(hall: Hall) -> None:
    whom = {"representative": hall.representative(3)}
    assert hall.chair.refused("presence.excuse", whom) == "NOT_ALLOWED"
    assert hall.phone(3).refused("presence.excuse", whom) == "NOT_ALLOWED"
    assert hall.secretary.refused("presence.excuse") == "BAD_DATA"
    assert hall.secretary.refused("presence.excuse", {"representative": "nobody"}) == "NOT_FOUND"
    hall.secretary.do("presence.excuse", whom)
    hall.chair.until(lambda panels: panels["roster"][3]["presence"] == "excused")
    assert hall.secretary.refused("presence.excuse", whom) == "INVALID_TRANSITION"
    hall.secretary.do("presence.excuse", whom | {"excused": False})
    hall.chair.until(lambda panels: panels["roster"][3]["presence"] == "absent")
    hall.secretary.do("presence.excuse", whom)
    hall.phone(3).do("presence.check_in")
    hall.chair.until(lambda panels: panels["roster"][3]["presence"] == "present")
    assert hall.secretary.refused("presence.excuse", whom) == "ALREADY_PRESENT"


def test_seeded_meetings_are_as_the_contract_says(hall: Hall) -> None:
    panels = hall.chair.panels
    assert panels["meeting"]["state"] == "called"
    assert [item["announced"] for item in panels["agenda"]["items"]] == [True, True, True]
    names = ["小区管理单位", "物业", "社区", "邻长", "业主"]
    assert [party["name"] for party in panels["presence"]["parties"]] == names
    assert [seat["party"] for seat in hall.seats] == names * 2
    assert hall.seeded["representatives"] == [seat["ticket"] for seat in hall.seats]
    assert (panels["presence"]["entitled"], panels["presence"]["quorum"]["needed"]) == (10, 7)


@pytest.mark.rule("R119")
@pytest.mark.parametrize(
    ("who", "screens"),
    [
        ("chair", {"projector", "console"}),
        ("secretary", {"projector", "console"}),
        ("observer", {"projector", "phone"}),
        (0, {"projector", "phone"}),
    ],
)
def test_everybody_sees_the_screens_meant_for_them(hall: Hall, who: str | int, screens: set[str]) -> None:
    participant = hall.participant(who)
    socket = participant.socket()
    for screen in ("projector", "console", "phone"):
        answer = socket.hello(hall.id, screen)
        page = participant.get(f"/meetings/{hall.id}/{screen}")
        state = participant.get(f"/meetings/{hall.id}/state?screen={screen}").json
        if screen in screens:
            assert (answer["ok"], page.status, state["ok"]) == (True, 200, True)
            assert set(state["panels"]) == set(answer["panels"])
        else:
            assert refusal_of(answer) == refusal_of(state) == "NOT_ALLOWED"
            assert page.status == 403
            assert "NOT_ALLOWED" in page.text


def test_strangers_see_nothing(hall: Hall, other_hall: Hall) -> None:
    for who in ("chair", "observer", 0):
        participant = other_hall.participant(who)
        socket = participant.socket()
        for screen in ("projector", "console", "phone"):
            assert refusal_of(socket.hello(hall.id, screen)) == "NOT_ALLOWED"
            assert participant.get(f"/meetings/{hall.id}/{screen}").status == 403


def test_who_is_not_signed_in_sees_nothing(hall: Hall) -> None:
    for path in (f"/meetings/{hall.id}/phone", f"/meetings/{hall.id}/state?screen=phone"):
        answer = hall.house.ask("GET", path)
        assert answer.status == 403
        assert "NOT_SIGNED_IN" in answer.text


@pytest.mark.parametrize(
    ("message", "code"),
    [
        (None, "BAD_DATA"),
        ([], "BAD_DATA"),
        ("hello", "BAD_DATA"),
        ({}, "BAD_DATA"),
        ({"protocol": 1}, "BAD_DATA"),
        ({"protocol": 1, "meeting": 7, "screen": "phone"}, "BAD_DATA"),
        ({"protocol": 1, "meeting": "", "screen": "wall"}, "BAD_DATA"),
        ({"protocol": 1, "meeting": "", "screen": ["phone"]}, "BAD_DATA"),
        ({"protocol": "1", "meeting": "", "screen": "phone"}, "BAD_DATA"),
        ({"protocol": 2, "meeting": "", "screen": "phone"}, "STALE_PROTOCOL"),
        ({"protocol": 0, "meeting": "", "screen": "phone"}, "STALE_PROTOCOL"),
        ({"protocol": 1, "meeting": "nowhere", "screen": "phone"}, "NOT_FOUND"),
    ],
)
def test_a_hello_that_cannot_be_followed(begun_hall: Hall, message: Any, code: str) -> None:
    if isinstance(message, dict) and message.get("meeting") == "":
        message = {**message, "meeting": begun_hall.id}
    socket = begun_hall.participant(0).socket()
    assert refusal_of(socket.call("hello", message)) == code
    assert refusal_of(socket.call("hello")) == "BAD_DATA"


def test_before_hello_a_command_gets_bad_data(hall: Hall) -> None:
    socket = hall.participant(0).socket()
    assert socket.refused("presence.check_in") == "BAD_DATA"
    assert socket.hello(hall.id, "phone")["ok"]
    assert socket.refused("presence.leave") == "NOT_PRESENT"


@pytest.mark.rule("S2")
@pytest.mark.parametrize("origin", [None, "http://evil.example", "null", "https://127.0.0.1"])
def test_the_handshake_needs_our_own_origin(begun_hall: Hall, origin: str | None) -> None:
    participant = begun_hall.participant(0)
    with pytest.raises(Refused, match="NOT_SIGNED_IN"):
        participant.socket(origin=origin)
    with pytest.raises(Refused, match="NOT_SIGNED_IN"):
        participant.socket(origin=f"http://127.0.0.1:{begun_hall.house.port + 1}")
    participant.socket().close()


@pytest.mark.rule("S2")
@pytest.mark.parametrize("cookies", [{}, {"sid": "forged"}, {"sid": ""}, {"other": "x"}])
def test_the_handshake_needs_a_live_session(begun_hall: Hall, cookies: dict[str, str]) -> None:
    with pytest.raises(Refused, match="NOT_SIGNED_IN"):
        Socket(begun_hall.house, cookies)


@pytest.mark.rule("S10")
def test_a_second_redemption_ends_the_first_session(hall: Hall) -> None:
    first = hall.participant(0)
    socket = first.show(hall.id, "phone")
    second = hall.house.enter(hall.seats[0]["ticket"])
    assert socket.is_ended()
    assert socket.heard[-1][0] == "retired"
    assert first.get(f"/meetings/{hall.id}/phone").status == 403
    assert second.get(f"/meetings/{hall.id}/phone").status == 200


def test_version_rises_once_per_commit_and_mine_never_moves_it(hall: Hall) -> None:
    projector, phone = hall.projector, hall.phone(0)
    start = projector.version
    assert phone.do("presence.check_in") == start + 1
    assert hall.phone(1).do("presence.check_in") == start + 2
    projector.until_version(start + 2)
    phone.until(lambda panels: panels["me"]["present"])
    mine = [message for event, message in phone.heard if event == "mine"]
    assert mine
    assert all("me" in message["panels"] and "version" not in message for message in mine)
    assert phone.refused("presence.check_in") == "ALREADY_PRESENT"
    assert hall.chair.hello(hall.id, "console")["version"] == start + 2


@pytest.mark.rule("S12")
def test_changes_carry_whole_panels_and_only_those_that_changed(hall: Hall) -> None:
    projector = hall.projector
    hall.phone(0).do("presence.check_in")
    projector.until(lambda panels: panels["presence"]["present"] == 1)
    event, message = projector.heard[-1]
    assert event == "changes"
    assert {"since", "version", "now", "panels"} <= set(message)
    assert message["since"] < message["version"]
    assert "presence" in message["panels"]
    assert "agenda" not in message["panels"]
    check(message["panels"]["presence"], PRESENCE)


def test_mine_is_sent_whoever_caused_the_change(hall: Hall) -> None:
    phone = hall.phone(2)
    hall.check_in(2)
    phone.until(lambda panels: panels["me"]["present"])
    hall.secretary.do("presence.leave", {"representative": hall.representative(2)})
    phone.until(lambda panels: not panels["me"]["present"])


def test_changes_are_coalesced(hall: Hall) -> None:
    projector = hall.projector
    # each arrival another seat: a last change that undid the one before would leave nothing to send
    for seat in range(10):
        version = hall.secretary.do("presence.check_in", {"representative": hall.representative(seat)})
    projector.until_version(version)
    times = [message["now"] for event, message in projector.heard if event == "changes"]
    assert all(later - earlier >= 80 for earlier, later in pairwise(times))


def shown(socket_panels: Json, *names: str) -> list[Any]:
    return [socket_panels[name] for name in names]


def test_all_screens_show_the_same_shared_panels(hall: Hall) -> None:
    item = hall.begin()
    hall.chair.do("queue.open")
    version = hall.secretary.do("floor.request", {"representative": hall.representative(1), "stance": "for"})
    screens = [hall.chair, hall.projector, hall.phone(5), hall.observer]
    drawn = [shown(one.until_version(version), *SHARED) for one in screens]
    assert all(one == drawn[0] for one in drawn)
    assert drawn[0][1]["items"][0]["id"] == item
