"""意见征集: short ideas from phones and the desk, seen by all once the secretary let them (R104)."""

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.meeting.may import commands_for_present
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import BEGUN, EVERYBODY, FENG, LIN, OPENED, POLLED, QIAN, ZHAO, ZHENG, ZHOU
from tests.domain.given import given

OPEN = (*BEGUN, e.BoardOpened("i1", "车棚还能怎么用", 3, False))
LAMP = e.IdeaPosted("m1.d1", 1, "装灯", "self")
PAINT = e.IdeaPosted("m1.d2", 2, "画线", "self")
POSTED = (*OPEN, LAMP, PAINT)
GROUPED = (*POSTED, e.IdeaGrouped(("m1.d1",), "照明"))


@pytest.mark.parametrize("actor", [LIN, ZHOU])
def test_chair_or_secretary_opens_and_closes_a_board(actor: Actor) -> None:
    question = c.OpenBoard("i1", "车棚还能怎么用")
    after = given(*BEGUN).when(question, actor).then(e.BoardOpened("i1", "车棚还能怎么用", 3, False))
    assert "idea.post" in commands_for_present(after)
    closed = given(*OPEN).when(c.CloseBoard(), actor).then(e.BoardClosed("i1"))
    assert "idea.post" not in commands_for_present(closed)
    given(*OPEN).when(question, actor).then_refused(R.INVALID_TRANSITION, state="open")
    given(*OPEN, e.BoardClosed("i1")).when(c.CloseBoard(), actor).then_refused(
        R.INVALID_TRANSITION, state="closed"
    )
    given(*OPEN, e.BoardClosed("i1")).when(question, actor).granted()


def test_a_board_belongs_to_the_current_item() -> None:
    given(*BEGUN).when(c.OpenBoard("i1", ""), LIN).then_refused(R.BAD_DATA, field="question")
    given(*BEGUN).when(c.OpenBoard("i9", "怎么办"), LIN).then_refused(R.NOT_FOUND, what="item")
    given(*BEGUN).when(c.OpenBoard("i2", "怎么办"), LIN).then_refused(R.ITEM_NOT_CURRENT)
    given(*BEGUN).when(c.OpenBoard("i1", "怎么办"), ZHAO).then_refused(R.NOT_ALLOWED)
    given(*POLLED).when(c.OpenBoard("i1", "怎么办"), LIN).then_refused(R.POLL_ALREADY_OPEN)
    given(*BEGUN, e.MeetingSuspended()).when(c.OpenBoard("i1", "怎么办"), LIN).then_refused(
        R.MEETING_NOT_OPEN
    )
    for command in (c.CloseBoard(), c.ApproveIdea(("m1.d1",)), c.RaiseIdea("照明", "灯")):
        given(*BEGUN).when(command, LIN).then_refused(R.INVALID_TRANSITION, state="no_board")
        given(*OPEN, e.MeetingSuspended()).when(command, LIN).then_refused(R.MEETING_NOT_OPEN)
    assert given(*POSTED, e.ItemFinished("i1"), e.ItemBegun("i2")).state.board is None


@pytest.mark.rule("R104")
def test_an_idea_from_a_phone_waits_until_the_secretary_let_it_be_seen() -> None:
    after = given(*OPEN).when(c.PostIdea("装灯"), ZHAO).then(LAMP)
    assert after.boards[-1].ideas[0].state == "waiting"
    shown = (
        given(*POSTED).when(c.ApproveIdea(("m1.d1", "m1.d2")), ZHOU).then(e.IdeaApproved(("m1.d1", "m1.d2")))
    )
    assert [idea.state for idea in shown.boards[-1].ideas] == ["shown", "shown"]
    given(*POSTED).when(c.ApproveIdea(("m1.d1",)), ZHAO).then_refused(R.NOT_ALLOWED)
    given(*POSTED, e.IdeaApproved(("m1.d1",))).when(c.ApproveIdea(("m1.d1",)), ZHOU).then_refused(
        R.INVALID_TRANSITION, state="shown"
    )


def test_the_desk_enters_for_whoever_has_no_phone() -> None:
    after = given(*OPEN).when(c.PostIdea("装灯", "r4"), ZHOU).then(e.IdeaPosted("m1.d1", 4, "装灯", "desk"))
    assert after.boards[-1].ideas[0].state == "shown"
    given(*OPEN).when(c.PostIdea("装灯"), ZHOU).then_refused(R.BAD_DATA, field="representative")
    given(*OPEN).when(c.PostIdea("装灯", "r2"), ZHAO).then_refused(R.NOT_ALLOWED)
    given(*OPEN).when(c.PostIdea("装灯"), ZHENG).then_refused(R.NOT_ALLOWED)


@pytest.mark.parametrize("text", ["", " ", "一" * 61, "两\n行", "a\x00"])
def test_an_idea_is_one_short_line(text: str) -> None:
    given(*OPEN).when(c.PostIdea(text), ZHAO).then_refused(R.BAD_DATA, field="text")
    given(*OPEN).when(c.PostIdea("一" * 60), ZHAO).granted()


def test_so_many_ideas_a_person_and_no_more() -> None:
    three = (
        *OPEN,
        LAMP,
        e.IdeaPosted("m1.d2", 1, "画线", "self"),
        e.IdeaPosted("m1.d3", 1, "修顶棚", "self"),
    )
    given(*three).when(c.PostIdea("充电桩"), ZHAO).then_refused(R.INVALID_TRANSITION, state="enough", count=3)
    given(*three).when(c.PostIdea("充电桩"), QIAN).granted()
    given(*three, e.IdeaRemoved("m1.d2", "重复")).when(c.PostIdea("充电桩"), ZHAO).granted()
    given(*OPEN, LAMP).when(c.PostIdea("装灯"), ZHAO).then_refused(R.INVALID_TRANSITION, state="posted")
    taken_off = [
        event
        for n in range(1, 10)
        for event in (e.IdeaPosted(f"m1.d{n}", 1, f"第{n}条", "self"), e.IdeaRemoved(f"m1.d{n}", "广告"))
    ]
    given(*OPEN, *taken_off).when(c.PostIdea("第十条"), ZHAO).then_refused(
        R.INVALID_TRANSITION, state="enough"
    )


def test_ideas_are_taken_while_the_board_is_open_from_who_is_there() -> None:
    post = c.PostIdea("装灯")
    given(*BEGUN).when(post, ZHAO).then_refused(R.INVALID_TRANSITION, state="board_closed")
    given(*OPEN, e.BoardClosed("i1")).when(post, ZHAO).then_refused(
        R.INVALID_TRANSITION, state="board_closed"
    )
    given(*OPEN, e.MeetingSuspended()).when(post, ZHAO).then_refused(R.MEETING_NOT_OPEN)
    given(*OPEN).when(post, FENG).then_refused(R.NOT_PRESENT)
    given(*OPENED).when(post, ZHAO).then_refused(R.INVALID_TRANSITION, state="board_closed")
    crowd = [e.IdeaPosted(f"m1.d{n}", 2, f"第{n}条", "self") for n in range(2_000)]
    given(*OPEN, *crowd).when(post, ZHAO).then_refused(R.INVALID_TRANSITION, state="full")


@pytest.mark.rule("R104")
def test_an_idea_is_taken_off_with_a_reason() -> None:
    after = (
        given(*GROUPED).when(c.RemoveIdea("m1.d1", "说到了人"), ZHOU).then(e.IdeaRemoved("m1.d1", "说到了人"))
    )
    idea = after.boards[-1].ideas[0]
    assert (idea.state, idea.reason, idea.group) == ("removed", "说到了人", "")
    given(*POSTED).when(c.RemoveIdea("m1.d1", ""), ZHOU).then_refused(R.BAD_DATA, field="reason")
    given(*POSTED).when(c.RemoveIdea("m1.d9", "x"), ZHOU).then_refused(R.NOT_FOUND, what="idea")
    gone = given(*POSTED, e.IdeaRemoved("m1.d1", "x"))
    gone.when(c.RemoveIdea("m1.d1", "x"), ZHOU).then_refused(R.INVALID_TRANSITION, state="removed")
    gone.when(c.GroupIdea(("m1.d1",), "照明"), ZHOU).then_refused(R.INVALID_TRANSITION, state="removed")


def test_the_secretary_groups_ideas_and_lets_them_be_seen_by_it() -> None:
    after = (
        given(*POSTED)
        .when(c.GroupIdea(("m1.d1", "m1.d2"), "照明"), ZHOU)
        .then(e.IdeaGrouped(("m1.d1", "m1.d2"), "照明"))
    )
    assert {(idea.group, idea.state) for idea in after.boards[-1].ideas} == {("照明", "shown")}
    out = given(*GROUPED).when(c.GroupIdea(("m1.d1",), ""), ZHOU).then(e.IdeaGrouped(("m1.d1",), ""))
    assert out.boards[-1].ideas[0].group == ""
    for wrong in ("一" * 21, "两\n行"):
        given(*POSTED).when(c.GroupIdea(("m1.d1",), wrong), ZHOU).then_refused(R.BAD_DATA, field="group")
    for ids in ((), ("m1.d1", "m1.d1")):
        given(*POSTED).when(c.GroupIdea(ids, "照明"), ZHOU).then_refused(R.BAD_DATA, field="ideas")


def test_a_board_has_at_most_twelve_groups() -> None:
    many = [e.IdeaPosted(f"m1.d{n}", 1, f"第{n}条", "self") for n in range(1, 14)]
    grouped = [e.IdeaGrouped((f"m1.d{n}",), f"第{n}类") for n in range(1, 13)]
    given(*OPEN, *many, *grouped).when(c.GroupIdea(("m1.d13",), "又一类"), ZHOU).then_refused(R.BAD_DATA)
    given(*OPEN, *many, *grouped).when(c.GroupIdea(("m1.d13",), "第1类"), ZHOU).granted()


def test_a_group_becomes_a_topic_once() -> None:
    raised = e.IdeaRaised("i1", "照明", "车棚照明怎么改", ("装灯",))
    given(*GROUPED).when(c.RaiseIdea("照明", "车棚照明怎么改"), ZHOU).then(raised)
    given(*GROUPED, raised).when(c.RaiseIdea("照明", "再来"), ZHOU).then_refused(
        R.INVALID_TRANSITION, state="raised"
    )
    given(*GROUPED).when(c.RaiseIdea("绿化", "种树"), ZHOU).then_refused(R.NOT_FOUND, what="group")
    given(*GROUPED).when(c.RaiseIdea("", "种树"), ZHOU).then_refused(R.NOT_FOUND, what="group")
    given(*GROUPED).when(c.RaiseIdea("照明", ""), ZHOU).then_refused(R.BAD_DATA, field="title")


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one not in (LIN, ZHOU)])
def test_nobody_else_keeps_the_board(actor: Actor) -> None:
    for command in (
        c.CloseBoard(),
        c.ApproveIdea(("m1.d1",)),
        c.RemoveIdea("m1.d1", "x"),
        c.GroupIdea(("m1.d1",), "照明"),
        c.RaiseIdea("照明", "灯"),
    ):
        given(*GROUPED).when(command, actor).then_refused(R.NOT_ALLOWED)
