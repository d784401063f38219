import json

import pytest

from server.documents.codec import decode_paper, encode_paper
from server.documents.papers import Paper
from tests.documents.cast import cards_paper, minutes_paper, notice_paper, sign_in_paper


@pytest.mark.parametrize("paper", [minutes_paper(), notice_paper(), cards_paper(), sign_in_paper()], ids=type)
def test_a_paper_survives_the_pipe(paper: Paper) -> None:
    assert decode_paper(json.loads(json.dumps(encode_paper(paper)))) == paper


def test_a_paper_of_another_version_is_noticed() -> None:
    data = encode_paper(notice_paper())
    data["fields"] = {"unknown": 1}
    with pytest.raises(KeyError):
        decode_paper(data)
