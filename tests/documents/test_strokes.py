import json
import re

import pytest

from server.documents.failed import DocumentFailed
from server.documents.strokes import Strokes, parse_strokes, strokes_svg
from tests.documents.cast import drawn


@pytest.mark.rule("S54", "S88")
def test_strokes_come_back_as_they_were_drawn() -> None:
    assert parse_strokes("[[[0,0],[4095,4095]],[[7,8]]]") == Strokes((((0, 0), (4095, 4095)), ((7, 8),)))


def test_the_largest_signature_is_taken() -> None:
    value = [[[n, n] for n in range(500)] for _ in range(200)]
    assert len(parse_strokes(json.dumps(value)).lines) == 200


@pytest.mark.rule("S54")
@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "SIGNATURE_UNREADABLE"),
        ("{}", "SIGNATURE_UNREADABLE"),
        ("[[1,2]]", "SIGNATURE_UNREADABLE"),
        ("[[[1,2,3]]]", "SIGNATURE_UNREADABLE"),
        ("[[[1,true],[2,2]]]", "SIGNATURE_UNREADABLE"),
        ("[[[1,2.5],[2,2]]]", "SIGNATURE_UNREADABLE"),
        ("[[[1,-1],[2,2]]]", "SIGNATURE_UNREADABLE"),
        ("[[[1,4096],[2,2]]]", "SIGNATURE_UNREADABLE"),
        ("[[[1,NaN],[2,2]]]", "SIGNATURE_UNREADABLE"),
        ('[[["1",2],[2,2]]]', "SIGNATURE_UNREADABLE"),
        ("[[],[[1,2],[3,4]]]", "SIGNATURE_UNREADABLE"),
        ("<svg onload=alert(1)>", "SIGNATURE_UNREADABLE"),
        ("[" * 100_000, "SIGNATURE_UNREADABLE"),
        ("[]", "SIGNATURE_EMPTY"),
        ("[[[5,5]],[[5,5]]]", "SIGNATURE_EMPTY"),
        (json.dumps([[[1, 1], [2, 2]]] * 201), "SIGNATURE_TOO_LONG"),
        (json.dumps([[[n, n] for n in range(501)]]), "SIGNATURE_TOO_LONG"),
        (" " * 2_700_001, "SIGNATURE_TOO_LONG"),
    ],
)
def test_anything_else_is_refused(text: str, code: str) -> None:
    with pytest.raises(DocumentFailed) as caught:
        parse_strokes(text)
    assert caught.value.code == code
    assert caught.value.sentence.endswith("。")


def test_a_drawing_stays_inside_its_box() -> None:
    svg = str(strokes_svg(parse_strokes("[[[4000,10],[10,10],[10,4000],[4000,4000]],[[2000,2000]]]"), "赵"))
    found = re.search(r'viewBox="0 0 (\d+) (\d+)"', svg)
    assert found is not None
    width, height = int(found[1]), int(found[2])
    assert (width, height) == (120, 120)
    path = re.search(r'd="([^"]+)"', svg)
    assert path is not None
    numbers = [float(number) for number in re.findall(r"\d+\.?\d*", path[1].replace("h.1", ""))]
    assert min(numbers) == 6
    assert max(numbers) == 114


def test_a_wide_drawing_is_no_wider_than_its_column() -> None:
    svg = str(strokes_svg(parse_strokes("[[[0,0],[4095,100]]]"), "钱"))
    assert 'width="38mm"' in svg


def test_a_name_cannot_leave_its_label() -> None:
    svg = str(strokes_svg(parse_strokes(drawn()), '赵"><script>alert(1)</script>'))
    assert "<script" not in svg
    assert "&lt;script&gt;" in svg
