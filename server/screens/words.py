"""Codes → Chinese: the one word list Python and the browser share (``web/words.json``)."""

from collections.abc import Mapping
from typing import Any

from server.domain.refusal import Refusal

Words = Mapping[str, Any]


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
