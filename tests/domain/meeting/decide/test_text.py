"""What a text from outside must be: NFC, of a length, free of characters nobody sees."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.domain.meeting.decide.text import is_sound_name, is_sound_text, likeness


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
        "a\u00adb",
        "a\u2028b",
        "a\u2029b",
        "a\ufffeb",
        "a\U0001ffffb",
        "a\ufdd0b",
        "\u3164",
        "a\u3164b",
        "a\u2800b",
        "a\u034fb",
        "a\ufff9b",
        "a\U000e0041b",
        "a" + "\u0335" * 7,
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


@pytest.mark.parametrize(
    "text",
    ["\u2764\ufe0f", "\U0001f468\u200d\U0001f469\u200d\U0001f467", "邉\U000e0100", "\u0e17\u0e35\u0e48"],
)
def test_pictures_variants_and_other_scripts_are_sound(text: str) -> None:
    assert is_sound_text(text, 40)


@pytest.mark.parametrize("name", ["王\u200d明", "王\u200c明", "王\n明", "王\t明"])
def test_a_name_has_no_joiners_and_one_line(name: str) -> None:
    assert is_sound_text(name, 40)
    assert not is_sound_name(name, 40)


def test_a_name_holds_what_rare_names_need() -> None:
    for name in ("㛃𬭚䶮", "\U00031350", "\U0002ebf0", "阿依古丽·买买提", "O'Neil", "邉\U000e0100"):
        assert is_sound_name(name, 40), name


def test_names_that_look_alike_have_one_likeness() -> None:
    for like in ("\u0410dmin", "\uff21\uff24\uff2d\uff29\uff2e", "ad min", "a\u0501min", "adm\u0456n"):
        assert likeness(like) == likeness("admin"), like
    assert likeness("周敏") == likeness("周\u3000敏")
    assert likeness("周敏") != likeness("周明")
