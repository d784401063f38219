"""办理事项 said in the room: a valid resolution, one accountable party, a post, a date."""

from dataclasses import replace

import pytest

from server.domain.actor import Actor
from server.domain.meeting import commands as c
from server.domain.meeting import events as e
from server.domain.refusal import RefusalCode as R
from tests.domain.cast import BEGUN, EVERYBODY, LIN, POLLED, ZHAO, ZHOU
from tests.domain.given import given

TEXT = "更换楼道灯11盏"
DRAFT = c.DraftTask("m1.r1", TEXT, "property", "物业经理", "2026-04-30")
RESOLVED = (*BEGUN, e.ResolutionAdopted("m1.r1", 1, "i1", None, TEXT, "一致通过。"))


@pytest.mark.parametrize("actor", [LIN, ZHOU])
def test_chair_or_secretary_says_who_does_what_by_when(actor: Actor) -> None:
    after = (
        given(*RESOLVED)
        .when(DRAFT, actor)
        .then(e.TaskDrafted("m1.t1", "m1.r1", TEXT, "property", "物业经理", "2026-04-30"))
    )
    assert [task.id for task in after.resolutions[0].tasks] == ["m1.t1"]


def test_tasks_are_numbered_through_the_meeting() -> None:
    first = e.TaskDrafted("m1.t1", "m1.r1", TEXT, "property", "物业经理", "2026-04-30")
    second = e.ResolutionAdopted("m1.r2", 2, "i1", None, "另一件", "一致通过。")
    (drafted,) = (
        given(*RESOLVED, first, second).when(replace(DRAFT, resolution="m1.r2"), LIN).granted().events
    )
    assert isinstance(drafted, e.TaskDrafted)
    assert (drafted.task, drafted.resolution) == ("m1.t2", "m1.r2")


@pytest.mark.parametrize("actor", [one for one in EVERYBODY if one not in (LIN, ZHOU)])
def test_nobody_else_drafts_tasks(actor: Actor) -> None:
    given(*RESOLVED).when(DRAFT, actor).then_refused(R.NOT_ALLOWED)


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        (replace(DRAFT, text=""), "text"),
        (replace(DRAFT, text="长" * 201), "text"),
        (replace(DRAFT, text="a\x00"), "text"),
        (replace(DRAFT, post=" "), "post"),
        (replace(DRAFT, post="长" * 41), "post"),
        (replace(DRAFT, due=""), "due"),
        (replace(DRAFT, due="2026-02-30"), "due"),
        (replace(DRAFT, due="20260430"), "due"),
        (replace(DRAFT, due="2026-4-3"), "due"),
        (replace(DRAFT, due="2026-W18-4"), "due"),
        (replace(DRAFT, accountable="路人"), "accountable"),
        (replace(DRAFT, accountable=""), "accountable"),
    ],
)
def test_unsound_words_are_bad_data(changed: c.DraftTask, field: str) -> None:
    for actor in (LIN, ZHAO):
        given(*RESOLVED).when(changed, actor).then_refused(R.BAD_DATA, field=field)


def test_a_task_follows_from_a_resolution() -> None:
    given(*BEGUN).when(DRAFT, LIN).then_refused(R.NOT_FOUND, what="resolution")


def test_a_void_resolution_has_no_tasks() -> None:
    adopted = e.ResolutionAdopted("m1.r1", 1, "i1", "m1.p1", TEXT, "表决通过。")
    given(*POLLED, adopted, e.PollVoided("m1.p1", "念错了")).when(DRAFT, LIN).then_refused(
        R.INVALID_TRANSITION
    )


def test_tasks_may_still_be_drafted_after_the_close_but_not_after_the_signing_began() -> None:
    closed = (*RESOLVED, e.ItemFinished("i1"), e.MeetingClosed())
    given(*closed).when(DRAFT, ZHOU).granted()
    frozen = (*closed, e.MinutesFinalised("a" * 64, ("chair",)))
    given(*frozen).when(DRAFT, ZHOU).then_refused(R.INVALID_TRANSITION, state="signing")
