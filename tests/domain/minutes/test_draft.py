"""The draft reads as an office would write it, invents nothing and lets no figure be typed."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.meeting import commands as c
from server.domain.meeting.decide.minutes import signatories_of
from server.domain.minutes.draft import TO_FILL, draft_markdown, due_words, ordinal, places_to_fill
from tests.domain.minutes.sitting import NAMES, SECRETARY, called, opened, seat, speak, vote
from tests.domain.minutes.test_record import COMMANDS, held


def test_the_first_paragraph_says_when_who_and_how_many() -> None:
    sitting = opened(1, 2, 3, 4)
    sitting.do(c.CheckIn("rep5"), SECRETARY)
    draft = draft_markdown(sitting.record, NAMES)
    assert draft.startswith(
        "2026年3月20日19时至20时35分，金穗小区五方议事会在小区议事长廊召开2026年第3次会议。"
        "会议由林平主持，周文记录。应到议事代表5人，实到5人，五方均达到法定人数。"
        "其间，1人在开会后到会。会议通知列入议程3项，实际进行0项。现将会议情况和议定事项纪要如下："
    )


def test_a_slip_at_the_desk_is_not_in_the_text_nor_among_those_who_sign() -> None:
    sitting = called()
    for number in range(1, 6):
        sitting.do(c.CheckIn(), seat(number))
    sitting.do(c.Leave("rep5"), SECRETARY)
    sitting.do(c.OpenMeeting())
    sitting.do(c.BeginItem("m1.i2"))
    sitting.do(c.OpenPoll("m1.i2", "先放东边。", "open", nature="sounding"))
    sitting.do(c.CastBallot("m1.p1", "for", "nonce-00000001"), seat(1))
    sitting.do(c.ClosePoll("m1.p1", confirmed=True))
    sitting.do(c.PublishPoll("m1.p1"))
    draft = draft_markdown(sitting.record, NAMES)
    assert "应到议事代表5人，实到4人，业主到会人数未达到规定。会议通知" in draft
    assert "应到5人，实到4人" in sitting.record.results[0][1].sentence
    assert signatories_of(sitting.state) == ("chair", "secretary", "1", "2", "3", "4")


def test_a_missed_quorum_is_said() -> None:
    assert "实到3人，未达到规定的4人。" in draft_markdown(opened(1, 2, 3).record, NAMES)
    assert "实到4人，业主到会人数未达到规定。" in draft_markdown(opened(1, 2, 3, 4).record, NAMES)


def test_who_asked_for_leave_is_counted() -> None:
    sitting = opened(1, 2, 3, 4)
    sitting.do(c.Excuse("rep5"), SECRETARY)
    assert "应到议事代表5人，实到4人，请假1人，业主到会人数未达到规定。" in draft_markdown(
        sitting.record, NAMES
    )
    sitting.do(c.CheckIn("rep5"), SECRETARY)
    assert "请假" not in draft_markdown(sitting.record, NAMES)


def test_views_are_told_by_stance_and_party_and_left_for_the_secretary_to_fill() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i2"))
    sitting.do(c.OpenQueue())
    speak(sitting, 4, "for", 120)
    speak(sitting, 5, "for", 60)
    speak(sitting, 1, "against", 70)
    draft = draft_markdown(sitting.record, NAMES)
    assert (
        "### （一）协商情况\n\n3人次发言，共用时约4分钟。"
        "其中赞成2人次（邻长1人次、业主1人次），反对1人次（小区管理单位）。" in draft
    )
    assert "赞成的代表认为：（请记录人补写意见要点）" in draft
    assert "反对的代表认为：（请记录人补写意见要点）" in draft
    assert "提问" not in draft


def test_figures_of_a_result_go_in_by_reference_only() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i2"))
    vote(sitting, "for", "for", "for", "for", "against")
    draft = draft_markdown(sitting.record, NAMES)
    assert "\n\n〔表决结果 1〕\n\n" in draft
    assert "票" not in draft.replace("表决结果", "")


def test_a_resolution_points_to_its_tasks_and_one_without_is_marked() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i2"))
    vote(sitting, "for", "for", "for", "for", "against")
    assert "第1号决议（请记录人补写由谁办、何时办完" in draft_markdown(sitting.record, NAMES)
    sitting.do(c.DraftTask("m1.r1", "安装器材6件", "party2", "物业经理", "2026-04-30"))
    sitting.do(c.DraftTask("m1.r1", "张贴使用公约", "party4", "3栋邻长", "2026-04-10"))
    draft = draft_markdown(sitting.record, NAMES)
    assert "第1号决议的办理分工见办理事项表第1、2项。" in draft
    assert "会议议定的办理事项共2项，由各责任方按期办理" in draft


def test_a_resolution_of_a_void_poll_is_not_told_as_one() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i2"))
    poll = vote(sitting, "for", "for", "for", "for", "against")
    sitting.do(c.VoidPoll(poll, "有一人代投"))
    draft = draft_markdown(sitting.record, NAMES)
    assert "〔表决结果 1〕" in draft
    assert "号决议" not in draft
    assert "### （一）协商情况\n\n本项没有人申请发言。\n\n### （二）表决情况\n\n〔" in draft


def test_an_objection_and_an_unpublished_poll_are_told_in_words() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i1"))
    sitting.do(c.AskConsent("m1.i1", "同意延期"))
    sitting.do(c.RecordConsent("m1.i1", objection=True))
    sitting.do(c.OpenPoll("m1.i1", "延期到五月", "open"))
    assert "对“延期到五月”的表决正在进行。" in draft_markdown(sitting.record, NAMES)
    sitting.do(c.ClosePoll("m1.p1"))
    draft = draft_markdown(sitting.record, NAMES)
    assert "主持人询问大家对“同意延期”有无异议，有代表提出异议，没有形成决议。" in draft
    assert "对“延期到五月”的表决已经截止，主持人没有公布结果。" in draft


def test_items_not_taken_up_and_items_added_are_said_to_be_so() -> None:
    sitting = opened()
    sitting.do(c.AddItem("单车棚"))
    sitting.do(c.BeginItem("m1.i4"))
    draft = draft_markdown(sitting.record, NAMES)
    assert "## 一、上次议定事项的办理情况\n\n本项没有进行。（请记录人补写原因和后续安排）" in draft
    assert "## 四、单车棚\n\n本项为会议通知发出后增加的议题，只议不决。" in draft
    assert "会上临时增加1项，实际进行1项。" in draft


def test_speaking_without_a_motion_is_called_as_in_the_room() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i2"))
    sitting.do(c.OpenQueue())
    speak(sitting, 4, "talk", 30)
    draft = draft_markdown(sitting.record, NAMES)
    assert "其中漫谈1人次（邻长）。" in draft
    assert "自由发言" not in draft


def test_points_of_order_are_counted_apart() -> None:
    sitting = opened()
    sitting.do(c.BeginItem("m1.i1"))
    sitting.do(c.OpenQueue())
    sitting.do(c.RequestFloor("talk", point_of_order=True), seat(3))
    sitting.do(c.GrantFloor())
    sitting.do(c.YieldFloor())
    assert "另有程序性发言1人次。" in draft_markdown(sitting.record, NAMES)


@pytest.mark.parametrize(
    "title", ["# 一级标题", "[点这里](https://example.org)", "**粗**_斜_", "两行\n〔表决结果 1〕"]
)
def test_a_title_cannot_play_markdown(title: str) -> None:
    sitting = opened()
    sitting.do(c.AddItem(title))
    heading = draft_markdown(sitting.record, NAMES).split("## 四、")[1].split("\n")[0]
    assert not re.search(r"(?<!\\)[*_\[]", heading)
    assert "表决结果" not in heading or heading.startswith("两行 ")


@given(st.lists(COMMANDS, max_size=40))
@settings(max_examples=100, deadline=None)
def test_every_result_is_referred_to_once_alone_on_its_line(steps: list[tuple[c.Command, object]]) -> None:
    sitting = held(steps)
    draft = draft_markdown(sitting.record, NAMES)
    alone = re.findall(r"^〔表决结果 (\d+)〕$", draft, re.MULTILINE)
    assert sorted(map(int, alone)) == [q.number for _, q in sitting.record.results]


def test_a_meeting_only_called_has_a_draft_too() -> None:
    assert "实到0人" in draft_markdown(called().record, NAMES)


def test_places_to_fill_are_counted() -> None:
    assert places_to_fill("一" + TO_FILL + "）二" + TO_FILL + "意见要点）") == 2


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (99, "九十九"), (100, "100"), (0, "0")],
)
def test_numerals(number: int, words: str) -> None:
    assert ordinal(number) == words


def test_a_due_date_has_no_leading_zeros() -> None:
    assert due_words("2026-04-03") == "2026年4月3日"
