"""What a client may not even say: texts no database can hold, wherever in a message they stand."""

from typing import Any

import pytest

from server.domain.refusal import Refusal
from server.live.protocol import Envelope, read_envelope, read_hello


@pytest.mark.rule("S84")
@pytest.mark.parametrize("text", ["\x00", "n\x00", "\ud800", "\udc00\ud800", "a\udfff"])
def test_a_text_that_cannot_be_stored_is_bad_data(text: str) -> None:
    """Given such a text as an id, when it is read, then it is refused: it would fail the batch it is written with."""
    good: dict[str, Any] = {"poll": "p", "choice": "for", "nonce": "n"}
    assert isinstance(read_envelope({"id": "a", "name": "ballot.cast", "data": good}), Envelope)
    for field in good:
        envelope = read_envelope({"id": "a", "name": "ballot.cast", "data": {**good, field: text}})
        assert isinstance(envelope, Refusal), field
    assert isinstance(read_envelope({"id": text, "name": "ballot.cast", "data": good}), Refusal)
    assert isinstance(read_hello({"protocol": 1, "meeting": text, "screen": "phone"}), Refusal)
