"""What people type is shown as they typed it, on every screen, and never becomes markup or an event of its own."""

import pytest

from tests.contract.client import Json
from tests.contract.hall import Hall

SCRIPT = '<script>alert("1")</script><img src=x onerror=alert(1)>'
RARE = "㛃𬭚䶮"
UNSOUND = ["\x00", "a\x1bb", "\u202e倒着", "\ufeff", "a\u200bb", "\u2066x"]


def fields_of(hall: Hall, text: str) -> list[tuple[str, Json]]:
    """Every command that carries a text people write."""
    item = hall.item(0)
    return [
        ("agenda.add", {"title": text}),
        ("poll.open", {"item": item, "text": text, "secrecy": "open"}),
        (
            "poll.open",
            {
                "item": item,
                "text": "x",
                "secrecy": "open",
                "options": [{"id": "a", "text": text}, {"id": "b", "text": "乙"}],
            },
        ),
        ("consent.ask", {"item": item, "text": text}),
        ("poll.void", {"poll": "none", "reason": text}),
    ]


@pytest.mark.rule("S84")
@pytest.mark.parametrize("text", UNSOUND)
def test_unsound_text_is_bad_data_in_every_field(begun_hall: Hall, text: str) -> None:
    before = begun_hall.chair.hello(begun_hall.id, "console")
    for name, data in fields_of(begun_hall, text):
        assert begun_hall.chair.refused(name, data) == "BAD_DATA", name
    assert begun_hall.chair.hello(begun_hall.id, "console")["panels"] == before["panels"]


@pytest.mark.parametrize("text", [SCRIPT, RARE, "=HYPERLINK(1)", "{act}{fact}", "两行\n字", "é" * 20])
def test_text_reaches_every_screen_as_it_was_written(hall: Hall, text: str) -> None:
    item = hall.begin()
    chair = hall.chair
    added = chair.until_version(chair.do("agenda.add", {"title": text}))["agenda"]["items"][-1]
    assert added["title"] == text
    options = [{"id": "a", "text": text}, {"id": "b", "text": "乙"}]
    poll = hall.ask(item, text=text, options=options)
    for screen in (hall.projector, hall.phone(0), hall.chair):
        shown = screen.until(lambda panels: panels["poll"] is not None)["poll"]
        assert (shown["text"], shown["options"]) == (text, options)
    assert hall.cast(0, poll, "a")["ok"]
    chair.do("poll.close", {"poll": poll})
    version = chair.do("poll.publish", {"poll": poll})
    assert text in hall.projector.until_version(version)["result"]["sentence"]
    people: dict[str, str | int] = {"projector": "observer", "console": "chair", "phone": 0}
    for kind, who in people.items():
        page = hall.participant(who).get(f"/meetings/{hall.id}/{kind}")
        assert page.status == 200
        assert "<script>alert" not in page.text
        assert "<img src=x" not in page.text


def test_text_in_other_composition_is_kept_in_the_records_own(hall: Hall) -> None:
    hall.open()
    version = hall.chair.do("agenda.add", {"title": "cafe\u0301"})
    assert hall.chair.until_version(version)["agenda"]["items"][-1]["title"] == "caf\u00e9"


@pytest.mark.rule("S61")
def test_script_in_ids_and_nonces_is_only_text(hall: Hall) -> None:
    poll = hall.poll()
    assert hall.chair.refused("agenda.begin", {"item": SCRIPT}) == "NOT_FOUND"
    assert hall.chair.refused("poll.close", {"poll": SCRIPT}) == "NOT_FOUND"
    assert hall.secretary.refused("presence.check_in", {"representative": SCRIPT}) == "NOT_FOUND"
    assert hall.cast(0, poll, nonce="<script>1</script>")["ok"]
    choice = {"poll": poll, "choice": SCRIPT, "nonce": "n"}
    assert hall.phone(1).refused("ballot.cast", choice) == "BAD_DATA"


def test_no_refusal_repeats_what_was_sent(hall: Hall) -> None:
    hall.open()
    for name, data in (
        ("agenda.begin", {"item": SCRIPT}),
        (SCRIPT, {}),
        ("agenda.add", {"title": SCRIPT + "\x00"}),
    ):
        assert "<script>" not in str(hall.chair.send(name, data))
