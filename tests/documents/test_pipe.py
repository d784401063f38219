from io import BytesIO

import pytest

from server.documents.pipe import read_message, write_message


def test_a_message_comes_out_as_it_went_in() -> None:
    stream = BytesIO()
    write_message(stream, {"do": "照片"}, b"", b"\0" * 70_000)
    write_message(stream, {"do": "render"})
    stream.seek(0)
    assert read_message(stream) == ({"do": "照片", "sizes": [0, 70_000]}, (b"", b"\0" * 70_000))
    assert read_message(stream) == ({"do": "render", "sizes": []}, ())


@pytest.mark.parametrize("kept", [0, 3, 10, -1])
def test_a_message_cut_short_is_an_end(kept: int) -> None:
    stream = BytesIO()
    write_message(stream, {"do": "render"}, b"abc")
    with pytest.raises(EOFError):
        read_message(BytesIO(stream.getvalue()[:kept]))


def test_a_length_beyond_reason_is_an_end() -> None:
    with pytest.raises(EOFError):
        read_message(BytesIO(b"\xff\xff\xff\xff" + b"{}"))
