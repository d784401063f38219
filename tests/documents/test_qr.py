import re

import pytest
import segno

from server.documents.failed import DocumentFailed
from server.documents.qr import qr_svg


@pytest.mark.parametrize("text", ["https://yishi.example.cn/v#m=3&n=143&r=" + "k" * 43, "金穗小区五方议事会"])
def test_the_drawing_has_every_dark_module_and_a_quiet_zone(text: str) -> None:
    svg = str(qr_svg(text))
    size = int(re.findall(r'viewBox="0 0 (\d+) \1"', svg)[0])
    dark = [[0] * size for _ in range(size)]
    for x, y, run in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", svg):
        for module in range(int(run)):
            dark[int(y)][int(x) + module] = 1
    expected = segno.make(text, error="m", micro=False, boost_error=False).matrix_iter(border=4)
    assert dark == [list(row) for row in expected]


def test_an_address_of_the_usual_length_stays_readable_on_paper() -> None:
    address = f"https://yishi.furong-shequ.example.cn/v#m=12&n=412&r={'k' * 43}"
    assert 'viewBox="0 0 49 49"' in str(qr_svg(address))  # version 6: 41 modules and the quiet zone (S46)


def test_the_label_is_escaped() -> None:
    assert "<b>" not in str(qr_svg("a", "<b>"))


def test_a_link_that_no_phone_could_read_is_refused() -> None:
    with pytest.raises(DocumentFailed) as caught:
        qr_svg("https://example.cn/" + "a" * 1_000)
    assert caught.value.code == "QR_TOO_LONG"
