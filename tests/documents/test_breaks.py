from server.documents.breaks import hint_breaks, without_hints

MAY, NOT = "\u200b", "\u2060"


def test_a_line_may_break_around_quotes_and_not_inside_a_measure() -> None:
    assert hint_breaks("为：“同意6件。”应到") == f"为：{MAY}“同意6{NOT}件。”{MAY}应到"


def test_brackets_and_marks_keep_their_quotes() -> None:
    assert hint_breaks("（“甲”，乙”）“") == f"（“甲”，乙”）{MAY}“"


def test_tags_and_attributes_are_left_alone() -> None:
    html = '<p aria-label="共3件“甲”乙">3</p>'
    assert hint_breaks(html) == html


def test_hints_come_out_again() -> None:
    text = "应到25人，“实到”23人"
    assert without_hints(hint_breaks(text)) == text
