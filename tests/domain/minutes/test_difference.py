"""Two texts side by side: nothing of either is lost."""

from hypothesis import given
from hypothesis import strategies as st

from server.domain.minutes.difference import LONGEST_COMPARED, Piece, compare

TEXTS = st.text(alphabet="会议纪要，\n", max_size=60)


def test_a_changed_word_is_marked_inside_its_line() -> None:
    (line,) = compare("4月30日前完成", "5月30日前完成")
    assert line.kind == "mixed"
    assert line.pieces == (Piece("gone", "4"), Piece("new", "5"), Piece("same", "月30日前完成"))


def test_a_new_line_and_a_lost_line_are_whole() -> None:
    assert [line.kind for line in compare("一\n二", "一\n二\n三")] == ["same", "same", "new"]
    assert [line.kind for line in compare("一\n二", "二")] == ["gone", "same"]


def test_a_very_long_paragraph_is_not_compared_by_characters() -> None:
    long = "议" * (LONGEST_COMPARED + 1)
    assert [line.kind for line in compare(long, long + "事")] == ["gone", "new"]


@given(TEXTS, TEXTS)
def test_both_texts_can_be_read_from_the_comparison(former: str, later: str) -> None:
    lines = compare(former, later)
    for kind, text in (("gone", former), ("new", later)):
        other = "new" if kind == "gone" else "gone"
        rebuilt = [
            "".join(piece.text for piece in line.pieces if piece.kind != other)
            for line in lines
            if line.kind != other
        ]
        assert rebuilt == text.splitlines()


@given(TEXTS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert all(line.kind == "same" for line in compare(text, text))
