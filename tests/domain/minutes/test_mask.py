"""The public edition leaves persons out of free text."""

import pytest

from server.domain.minutes.mask import public_text, representative_words

POSTS = {
    "何方": "物业代表",
    "何方正": "邻长代表（5栋邻长）",
    "林平": "议事会主持人",
    "主持人林平": "主持人",
    "田文": "书记",
}


@pytest.mark.parametrize(
    ("text", "public"),
    [
        ("何方正说", "邻长代表（5栋邻长）说"),
        ("何方说", "物业代表说"),
        ("会议由林平主持", "会议由议事会主持人主持"),
        ("主持人林平宣布开会", "主持人宣布开会"),
        ("书记田文主持", "书记主持"),
        ("请打13812345678", "请打〔略〕"),
        ("请打138 1234 5678。", "请打〔略〕。"),
        ("座机0731-55550100", "座机〔略〕"),
        ("身份证11010519491231002X", "身份证〔略〕"),
        ("住3栋2单元402室", "住3栋〔略〕"),
        ("涉及120户、1200元、2026年", "涉及120户、1200元、2026年"),
        ("〔表决结果 1〕", "〔表决结果 1〕"),
    ],
)
def test_free_text_without_personal_data(text: str, public: str) -> None:
    assert public_text(text, POSTS) == public


def test_a_representative_is_named_by_party_and_post() -> None:
    assert representative_words("邻长", "5栋邻长") == "邻长代表（5栋邻长）"
    assert representative_words("业主", "") == "业主代表"
