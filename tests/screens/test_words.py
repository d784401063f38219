"""What words a live screen carries in its page."""

import json
import re

from server.domain.refusal import RefusalCode
from server.screens.words import live_words
from tests.screens.drawn import WORDS
from tests.shape.tree import ROOT

PHONE = ROOT / "web" / "static" / "live" / "phone"


def test_every_screen_explains_every_refusal_it_can_meet() -> None:
    for screen in ("projector", "console", "desk"):
        assert set(live_words(WORDS, screen)["refusals"]) >= {"NO_QUORUM", "STALE_PROTOCOL", "NOT_PRESENT"}
    phone = live_words(WORDS, "phone")
    assert "NO_QUORUM" not in phone["refusals"]
    for code in (
        "NOT_SIGNED_IN",
        "TOO_OFTEN",
        "NOT_PRESENT",
        "ALREADY_VOTED",
        "QUEUE_CLOSED",
        "POLL_NOT_OPEN",
    ):
        assert phone["refusals"][code] == WORDS["refusals"][RefusalCode(code)]


def test_a_phone_names_every_act_it_can_send() -> None:
    source = "".join(path.read_text(encoding="utf-8") for path in PHONE.glob("*.js"))
    acts = set(re.findall(r'name="(\w+\.\w+)"', source))
    assert "ballot.cast" in acts
    assert acts <= set(live_words(WORDS, "phone")["commands"])


def test_a_phone_carries_every_kind_of_word_its_scripts_ask_for() -> None:
    folders = (PHONE, PHONE.parent / "kernel", PHONE.parent / "marks")
    source = "".join(path.read_text(encoding="utf-8") for folder in folders for path in folder.glob("*.js"))
    assert set(re.findall(r"\bwords\.(\w+)\b(?!js)", source)) - {"js"} <= set(live_words(WORDS, "phone"))


def test_a_phone_carries_a_third_less() -> None:
    def size(screen: str) -> int:
        return len(json.dumps(live_words(WORDS, screen), ensure_ascii=False).encode())

    assert size("phone") < 0.67 * size("console")
