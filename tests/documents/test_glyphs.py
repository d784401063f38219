from pathlib import Path

import pytest

from server.documents.glyphs import missing_characters
from tests.documents.cast import RARE


@pytest.mark.rule("S84")
def test_rare_characters_of_names_are_in_the_vendored_fonts() -> None:
    assert missing_characters(RARE + "龢䴉𫘧𬱖𬶍·〔2026〕—“”") == ()


def test_what_is_missing_is_named_once_and_in_order() -> None:
    assert missing_characters("王\U0003134a小😀\U0003134a明") == ("\U0003134a", "😀")


def test_marks_that_draw_nothing_are_not_missed() -> None:
    assert missing_characters("林\u200b平\ufe0f\u3000\u00a0\n\t\u2060") == ()


def test_a_folder_without_fonts_has_no_characters(tmp_path: Path) -> None:
    (tmp_path / "broken.ttf").write_bytes(b"not a font")
    assert missing_characters("林", (tmp_path, tmp_path / "missing")) == ("林",)
