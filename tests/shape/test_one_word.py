"""One thing has one Chinese word: what the glossary calls 漫谈 is nowhere called 自由发言."""

import re
from functools import cache

import pytest

from tests.shape.tree import ROOT, own_files

# What must not be said, and the glossary's word for it.
WRONG = {
    "(开始|发起|开放|启动)表决": "开启表决",
    "(停止|结束)表决|(截止|结束|停止)投票": "截止表决",
    "自由发言|自由讨论": "漫谈",
    "议案|提案": "议题",
    "点名|报到|打卡": "签到",
    "唱票|点票|统计票": "计票",
    "会议记录(?!人)|会议日志": "议事日志, or 会议纪要",
    "纪录": "记录",
    "(?<!符合)规定人数|最低人数": "法定人数",
    "不作决定|作出决定|表决决定": "决议",
    "事先公示": "写进会议通知",
    "参会|与会(?!话)|离场|离席": "到会, 离会",
    "记录员|书记员": "记录人",
    "主持者": "主持人",
    "监督员": "居务监督",
    "匿名|不记名|实名": "无记名, 记名",
    "弃票": "弃权",
    "否决": "未通过",
    "驳回": "不予受理",
    "点赞": "附议",
    "待办|工单|责任单位|承办人": "办理事项, 责任方, 责任人",
    "岗位": "责任人的职务",
    "(开始|召开|结束)会议|闭会|会议结束": "开会, 散会",
    "(暂停|恢复)会议": "休会, 复会",
    "(公开|发布)纪要": "公布纪要",
    "勘误|修订": "更正",
    "议事代表名单|代表名单|花名册": "代表名册",
    "帐号|帐户|账户": "账号",
    "登陆": "登录",
    "控制台|手机版": "主持台, 手机端",
    "文本校验值": "文本校验码",
}
# 出席 is the label the layout of 纪要 prescribes (T-rules on GB/T 9704); everywhere else people are 到会.
LABEL_OF_THE_MINUTES = {"web/templates/minutes/_text.html", "web/templates/documents/minutes.html"}


@cache
def sources() -> dict[str, str]:
    """Return every file that holds words people see, comments included, by its path."""
    found = [*own_files(".py", under="server"), *own_files(".html", ".js", under="web")]
    words = ROOT / "web" / "words.json"
    return {
        str(path): (ROOT / path).read_text(encoding="utf-8") for path in (*found, words.relative_to(ROOT))
    }


def test_all_words_are_looked_at() -> None:
    found = sources()
    for known in ("web/words.json", "web/templates/join/join.html", "server/screens/guide.py"):
        assert known in found
    assert any(path.startswith("web/static/live/phone/") for path in found)


@pytest.mark.parametrize("wrong", WRONG)
def test_a_thing_is_called_by_the_word_of_the_glossary(wrong: str) -> None:
    said = [
        f"{path}:{number}: {line.strip()[:80]}"
        for path, text in sources().items()
        for number, line in enumerate(text.splitlines(), 1)
        if re.search(wrong, line)
    ]
    assert said == [], f"say {WRONG[wrong]}"


def test_people_are_present_and_only_the_minutes_say_it_in_their_layout() -> None:
    said = {path for path, text in sources().items() if "出席" in text}
    assert said == LABEL_OF_THE_MINUTES
