"""Codes → Chinese: the one word list Python and the browser share (``web/words.json``)."""

from collections.abc import Mapping
from typing import Any

from server.domain.refusal import Refusal, RefusalCode

Words = Mapping[str, Any]

_LIVE = (
    "commands", "stances", "queue_modes", "order_reasons", "rulings", "options", "secrecy", "natures", "outcomes",
    "roles", "presence", "meeting_states", "item_states", "links", "retired", "owners_decide",
)  # fmt: skip
_ROOM = (*tuple(RefusalCode)[: tuple(RefusalCode).index(RefusalCode.STALE_PROTOCOL) + 1], "DISK_FULL")
# What a phone never asks for and never meets; should it all the same, the answer brings its own sentence.
_NOT_ON_PHONES = ("presence", "meeting_states", "owners_decide", "queue_modes", "rulings")
_CHAIRS = frozenset({"POLL_ALREADY_OPEN", "ITEM_NOT_CURRENT", "ITEM_NOT_ANNOUNCED", "NO_QUORUM", "DEBATE_OPEN",
                     "NOBODY_WAITING", "COUNT_TOO_HIGH", "HEADCOUNT_DIFFERS"})  # fmt: skip
_PHONES_ACTS = ("presence.", "floor.", "ballot.", "recusal.", "dissent.", "idea.post")


def live_words(words: Words, screen: str) -> dict[str, Any]:
    """Return the words a live screen carries in its page; a phone carries only what it can need (60 KB)."""
    is_phone = screen == "phone"
    said: dict[str, Any] = {kind: words[kind] for kind in _LIVE if not (is_phone and kind in _NOT_ON_PHONES)}
    said["refusals"] = {code: words["refusals"][code] for code in _ROOM if not (is_phone and code in _CHAIRS)}
    if is_phone:
        acts = said["commands"].items()
        said["commands"] = {name: act for name, act in acts if name.startswith(_PHONES_ACTS)}
    return said


def refusal_sentence(words: Words, refusal: Refusal, command: str = "") -> str:
    """Return a refusal's sentence with the act (a command's wire name) and its facts filled in."""
    entry = words["refusals"].get(refusal.code.value)
    sentence: str = entry["sentence"] if entry is not None else refusal.code.value
    act = words["commands"].get(command, "")
    sentence = sentence.replace("{act}", act or "这样做")
    for name, value in refusal.facts.items():
        sentence = sentence.replace("{" + name + "}", str(value))
    return sentence


def refusal_as_data(words: Words, refusal: Refusal, command: str = "") -> dict[str, Any]:
    """Return the contract's shape of a refusal: code, facts, sentence."""
    return {
        "code": refusal.code.value,
        "facts": dict(refusal.facts),
        "sentence": refusal_sentence(words, refusal, command),
    }
