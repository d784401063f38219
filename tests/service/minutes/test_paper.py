"""Both editions of the minutes: complete for the archive, without persons for the public."""

import json

import pytest

from server.domain.refusal import RefusalCode
from server.service.minutes.cycle import read_minutes
from server.service.minutes.paper import edition_of, stamp_of
from server.service.minutes.text import NATURES, SECRECY, check_words
from server.store.log import read_lines, root_of
from tests.service.held_meeting import CHAIR, MINUTE, MOTION, SECRETARY, filled, hold_meeting, seat
from tests.service.minutes_office import NOW, URL, Office, refusal, signed
from tests.shape.tree import ROOT


@pytest.mark.rule("S45")
def test_the_root_is_the_one_at_the_freezing_and_signatures_leave_it(office: Office) -> None:
    office.draft()
    sha256 = office.finalise()
    before = office.paper()
    office.sign(seat(4), signed(sha256))
    after = office.paper()
    assert (before.root, before.log_size) == (after.root, after.log_size)
    assert len(before.root) == 43
    with office.database.reader() as session:
        lines = read_lines(session, office.meeting.id)
    assert json.loads(lines[after.log_size - 1])["type"] == "minutes.finalised"
    assert root_of(lines[: after.log_size]) != root_of(lines)


def test_the_archive_edition_prints_the_arithmetic_and_the_tasks(office: Office) -> None:
    office.draft()
    office.finalise()
    paper = office.paper()
    poll, consent = paper.results
    assert poll.sentence == (
        "应到5人，实到5人，符合规定人数；赞成4票、反对1票、弃权0票，赞成票超过实到人数的三分之二，表决通过。"
    )
    assert [(option.text, option.count) for option in poll.options] == [("赞成", 4), ("反对", 1), ("弃权", 0)]
    assert poll.parties is not None
    assert [party.counts for party in poll.parties] == [(1, 0, 0)] * 4 + [(0, 1, 0)]
    assert poll.ballots is not None
    assert [(b.name, b.choice) for b in poll.ballots][-1] == ("周全", "反对")
    assert poll.resolution is not None
    assert (poll.resolution.number, poll.resolution.text) == ("第1号决议", MOTION)
    assert (consent.secrecy, consent.options) == ("无异议通过", ())
    (task,) = paper.tasks
    assert (task.number, task.accountable, task.post, task.due) == ("1", "物业", "物业经理", "2026年4月30日")
    assert paper.check_url == f"{URL}/minutes/{office.meeting.id}#check"


@pytest.mark.rule("S87")
def test_the_public_edition_names_posts_and_shows_no_hand(office: Office) -> None:
    draft = office.draft()
    office.save(
        filled(draft.markdown) + "\n李桂香说，有事打13812345678，住2单元402室。主持人林平请周全回应。", 1
    )
    sha256 = office.finalise()
    text = "周全：请每月通报一次"
    office.sign(CHAIR, signed(sha256, "chair", answer="signed_with_reservation", text="时间太紧"))
    office.sign(SECRETARY, signed(sha256, "secretary"))
    office.sign(seat(4), signed(sha256, answer="signed_with_reservation", text=text))
    office.publish(confirmed=True)
    paper = office.public()
    printed = repr(paper)
    for name in ("李桂香", "赵国庆", "周全", "林平", "周文", "13812345678", "402"):
        assert name not in printed
    assert "邻长代表（5栋邻长）说" in paper.body_html
    assert all(line.strokes is None for line in paper.signatures)
    assert all(result.ballots is None for result in paper.results)
    assert paper.results[0].sentence == office.paper().results[0].sentence
    assert paper.text_sha256 == sha256
    assert "会议由议事会主持人主持，记录人记录。" in paper.body_html
    assert "主持人请周全" not in paper.body_html
    assert "主持人请业主代表回应" in paper.body_html
    assert (paper.chair, paper.secretary) == ("", "")
    assert paper.withheld == ("姓名", "手写签名", "逐席投票名单")
    lines = {line.party: line for line in paper.signatures}
    assert (lines["主持人"].name, lines["主持人"].text) == ("", "时间太紧")
    assert (lines["邻长"].name, lines["邻长"].text) == ("代表（5栋邻长）", "业主代表：请每月通报一次")


def test_who_asked_for_leave_is_listed_apart_from_who_stayed_away(office: Office) -> None:
    office.enrol("业主", "吴敏")
    began = NOW - 20 * MINUTE
    office.meeting = hold_meeting(office.carry_out, office.rooms, office.council, began, excused=6, ordinal=4)
    office.draft()
    office.finalise()
    for paper, persons in ((office.paper(), ("吴敏",)), (office.public(), ("1人",))):
        owners = next(row for row in paper.presence if row.party == "业主")
        assert tuple(one.name for one in owners.excused) == persons
        assert owners.absent == ()
        assert "实到5人，请假1人" in paper.body_html


def test_a_paper_is_known_by_its_content_and_the_program(office: Office) -> None:
    office.draft()
    sha256 = office.finalise()
    first = office.paper()
    assert stamp_of(first, "1") == stamp_of(office.paper(), "1")
    assert stamp_of(first, "1") != stamp_of(first, "2")
    office.sign(seat(4), signed(sha256))
    assert stamp_of(first, "1") != stamp_of(office.paper(), "1")


def test_nothing_is_printed_before_the_freezing_and_nothing_of_a_stranger(office: Office) -> None:
    office.draft()
    assert refusal(office.paper) is RefusalCode.NOT_FOUND
    with office.database.reader() as session:
        assert read_minutes(session, "nowhere") is None
        view = office.view()
        assert refusal(lambda: edition_of(session, view, URL, "public")) is RefusalCode.NOT_FOUND


def test_the_words_of_the_paper_are_those_of_the_word_list() -> None:
    words = json.loads((ROOT / "web" / "words.json").read_text(encoding="utf-8"))
    assert {key: words["natures"][key] for key in NATURES} == NATURES
    assert words["secrecy"] == SECRECY


def test_the_check_words_can_be_read_aloud() -> None:
    assert check_words("9b416e07d2c5" + "0" * 52) == "9B41 6E07 D2C5"
