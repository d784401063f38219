"""What a text from outside must be: NFC, of a length, free of characters nobody sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.meeting.decide.text import is_sound_text


@pytest.mark.parametrize(
    "text",
    [
        "3栋与4栋之间",
        "㛃𬭚䶮",
        "<script>alert(1)</script>",
        "=SUM(A1)",
        "两行\n字",
        "a\tb",
        "〔2026〕7号",
        "é",
    ],
)
def test_ordinary_words_rare_characters_and_markup_are_sound(text: str) -> None:
    assert is_sound_text(text, 40)


@pytest.mark.rule("S84")
@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\u3000",
        "\n",
        "a\x00",
        "a\x1b[0m",
        "a\x7f",
        "a\x85",
        "a\r\nb",
        "\ud800",
        "a\udc00",
        "e\u0301",
        "\u2126",
        "a\u202eb",
        "a\u2067b",
        "a\u200bb",
        "\ufeffa",
        "a\u061cb",
        "a\u2060b",
    ],
)
def test_what_cannot_be_read_as_it_is_stored_is_unsound(text: str) -> None:
    assert not is_sound_text(text, 40)


def test_the_length_counts_characters() -> None:
    assert is_sound_text("𬭚" * 40, 40)
    assert not is_sound_text("𬭚" * 41, 40)


@given(st.text())
def test_a_sound_text_can_always_be_stored_as_utf8(text: str) -> None:
    if is_sound_text(text, 10_000):
        assert text.encode().decode() == text
