"""Minutes from the log to the public edition: nothing is lost, nothing is signed unseen, nothing changes unseen."""

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest

from server.documents.failed import DocumentFailed
from server.documents.papers import MinutesPaper
from server.domain.actor import Actor
from server.domain.minutes.draft import places_to_fill
from server.domain.refusal import RefusalCode
from server.service import councils, minutes, roster
from server.service.minutes import Answer, TextConflict, read_minutes, read_versions
from server.service.minutes_paper import edition_of, paper_of, public_paper, stamp_of
from server.service.minutes_text import NATURES, SECRECY, check_words, freeze, thaw
from server.service.refused import Refused
from server.service.room import RoomKeeper
from server.service.wishes import WishHandler
from server.store.database import open_database
from server.store.log import read_lines, root_of
from server.store.tables import metadata
from server.store.tables.meetings import SeatNameRow
from server.store.tables.minutes import DrawingRow, MinutesRow
from server.store.writer import Unit, Writer
from tests.service.held_meeting import (
    CHAIR,
    MINUTE,
    MOTION,
    SECRETARY,
    STRANGER,
    STROKES,
    HeldMeeting,
    filled,
    hold_meeting,
    seat,
)
from tests.shape.tree import ROOT

T = TypeVar("T")
NOW = 1_775_610_000_000
PEOPLE = (
    ("小区管理单位", "赵国庆"),
    ("物业", "钱进"),
    ("社区", "孙芳"),
    ("邻长", "李桂香"),
    ("业主", "周全"),
)
URL = "http://hall.test"


class Office:
    """A database with its writer, and what the tests say to it."""

    def __init__(self, folder: Path) -> None:
        self.database = open_database(f"sqlite:///{folder / 'council.sqlite'}")
        metadata.create_all(self.database.writing)
        self.rooms = RoomKeeper(lambda: NOW)
        wishes = WishHandler(self.rooms, lambda: NOW)
        self.writer = Writer(self.database, wishes.carry_out, lambda committed: None)
        self.writer.start()
        self.council = self.carry_out(self._council)
        self.meeting = HeldMeeting("", {}, NOW)

    def carry_out(self, run: Callable[[Unit], T]) -> T:
        """Run one transaction."""
        return self.writer.submit(run).result(10)

    def _council(self, unit: Unit) -> str:
        area = councils.add_area(unit, parent_id=None, level="estate", name="金穗小区")
        facts = councils.CouncilFacts("金穗小区议事会", "芙蓉社区居民委员会", "议事长廊", "0731-5555 0100")
        council = councils.create_council(unit, NOW, area_id=area, facts=facts)
        parties = {row.name: row.id for row in councils.list_parties(unit.session, council)}
        people = [roster.NewRepresentative(parties[party], name) for party, name in PEOPLE]
        roster.add_representatives(unit, NOW, council, people)
        return council

    def draft(self) -> minutes.Text:
        """Open the draft."""
        return self.carry_out(lambda unit: minutes.open_draft(unit, self.rooms, self.meeting.id, NOW))

    def save(self, markdown: str, base: int, actor: Actor = SECRETARY) -> int:
        """Save a text over a version."""
        return self.carry_out(
            lambda unit: minutes.save_text(
                unit, self.rooms, self.meeting.id, actor, markdown, by="周文", base_version=base, now=NOW
            )
        )

    def finalise(self, actor: Actor = SECRETARY, base: int | None = None) -> str:
        """Freeze the text."""
        return self.carry_out(
            lambda unit: minutes.finalise(unit, self.rooms, self.meeting.id, actor, NOW, base_version=base)
        )

    def sign(self, actor: Actor, answer: Answer) -> None:
        """Answer for a signatory."""
        self.carry_out(lambda unit: minutes.sign(unit, self.rooms, self.meeting.id, actor, answer, NOW))

    def reopen(self, reason: str, actor: Actor = SECRETARY) -> None:
        """Take the text up again."""
        self.carry_out(lambda unit: minutes.reopen(unit, self.rooms, self.meeting.id, actor, reason, NOW))

    def publish(self, *, confirmed: bool = False, actor: Actor = SECRETARY) -> None:
        """Publish."""
        self.carry_out(lambda unit: minutes.publish(unit, self.rooms, self.meeting.id, actor, confirmed, NOW))

    def view(self) -> minutes.MinutesView:
        """Read everything."""
        with self.database.reader(5) as session:
            found = read_minutes(session, self.meeting.id)
        assert found is not None
        return found

    def paper(self) -> MinutesPaper:
        """Return the archive edition."""
        with self.database.reader(5) as session:
            return paper_of(session, self.meeting.id, URL)

    def public(self) -> MinutesPaper:
        """Return the public edition."""
        with self.database.reader(5) as session:
            return public_paper(session, self.meeting.id, URL)


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A council whose meeting was just closed; the owners' representative did not come."""
    made = Office(tmp_path)
    made.meeting = hold_meeting(made.carry_out, made.rooms, made.council, NOW - 60 * MINUTE)
    yield made
    made.writer.close()
    made.database.close()


def signed(sha256: str, signatory: str = "4", **changes: Any) -> Answer:
    """Return a plain signature."""
    return replace(Answer(signatory, "signed", sha256, "", STROKES), **changes)


def refusal(run: Callable[[], object]) -> RefusalCode:
    """Return the code a wish is refused with."""
    with pytest.raises(Refused) as caught:
        run()
    return caught.value.refusal.code


def test_the_draft_is_made_once_from_the_log(office: Office) -> None:
    first = office.draft()
    assert first.version == 1
    assert "〔表决结果 1〕" in first.markdown
    assert "〔表决结果 2〕" in first.markdown
    office.save("改过的纪要", 1)
    assert office.draft().markdown == "改过的纪要"


def test_before_anybody_saved_the_draft_can_be_read_and_nothing_is_written(office: Office) -> None:
    view = office.view()
    assert (view.text.version, view.text.saved_at) == (0, None)
    assert places_to_fill(view.text.markdown) > 0
    with office.database.reader() as session:
        assert session.query(MinutesRow).count() == 0


def test_every_saved_text_stays_in_the_history(office: Office) -> None:
    office.draft()
    assert office.save("第二稿", 1) == 2
    assert office.save("第三稿", 2, CHAIR) == 3
    assert office.save("第三稿", 1) == 3
    with office.database.reader() as session:
        versions = read_versions(session, office.meeting.id)
    assert [(v.version, v.note) for v in versions] == [(3, ""), (2, ""), (1, "按会议记录生成")]
    assert versions[1].markdown == "第二稿"


def test_a_save_over_somebody_elses_text_is_a_conflict_and_loses_neither(office: Office) -> None:
    office.draft()
    office.save("她的稿子", 1)
    with pytest.raises(TextConflict) as caught:
        office.save("我的稿子", 1)
    assert (caught.value.theirs.markdown, caught.value.theirs.version) == ("她的稿子", 2)
    assert office.view().text.markdown == "她的稿子"


def test_writing_anew_from_the_log_keeps_the_former_text(office: Office) -> None:
    draft = office.draft()
    office.save("改过的纪要", 1)
    office.carry_out(
        lambda unit: minutes.regenerate(
            unit, office.rooms, office.meeting.id, SECRETARY, by="周文", base_version=2, now=NOW
        )
    )
    view = office.view()
    assert (view.text.markdown, view.text.version) == (draft.markdown, 3)
    with office.database.reader() as session:
        assert "改过的纪要" in {v.markdown for v in read_versions(session, office.meeting.id)}


@pytest.mark.parametrize("actor", [STRANGER, seat(4)])
def test_only_those_who_keep_the_record_may_save_and_freeze(office: Office, actor: Actor) -> None:
    assert refusal(lambda: office.save("我来改", 0, actor)) is RefusalCode.NOT_ALLOWED
    assert refusal(lambda: office.finalise(actor)) is RefusalCode.NOT_ALLOWED
    assert office.view().text.version == 0


@pytest.mark.parametrize("text", ["", "  \n", "一" * 50_001, "藏\u202e字", "坏\x00字"])
def test_an_unsound_text_is_refused(office: Office, text: str) -> None:
    assert refusal(lambda: office.save(text, 0)) is RefusalCode.BAD_DATA


def test_what_is_signed_is_the_text_with_all_its_facts(office: Office) -> None:
    office.draft()
    sha256 = office.finalise()
    view = office.view()
    assert view.frozen_text is not None
    assert hashlib.sha256(view.frozen.encode()).hexdigest() == sha256 == view.record.meeting.minutes.sha256
    assert freeze(thaw(view.frozen)) == (view.frozen, sha256)
    assert "应到5人，实到5人" in view.frozen
    assert MOTION in view.frozen
    assert "李桂香" in view.frozen
    assert "采购并安装健身器材6件" in view.frozen


def test_a_name_changed_afterwards_does_not_change_what_was_signed(office: Office) -> None:
    office.draft()
    office.finalise()
    before = office.paper()

    def rename(unit: Unit) -> None:
        for row in unit.session.query(SeatNameRow):
            row.name = "改了名"

    office.carry_out(rename)
    assert office.paper() == before


def test_a_text_altered_behind_the_log_is_not_printed(office: Office) -> None:
    office.draft()
    office.finalise()

    def alter(unit: Unit) -> None:
        row = unit.session.get_one(MinutesRow, office.meeting.id)
        row.frozen = row.frozen.replace("6件", "60件")

    office.carry_out(alter)
    with pytest.raises(DocumentFailed) as caught:
        office.paper()
    assert caught.value.code == "MINUTES_ALTERED"


def test_freezing_a_version_somebody_has_changed_since_is_a_conflict(office: Office) -> None:
    office.draft()
    office.save("她的稿子", 1)
    with pytest.raises(TextConflict):
        office.finalise(base=1)


def test_once_signing_began_the_text_is_closed(office: Office) -> None:
    office.draft()
    office.finalise()
    assert refusal(lambda: office.save("再改一点", 1)) is RefusalCode.INVALID_TRANSITION


def test_a_signature_is_kept_with_its_drawing_time_and_way(office: Office) -> None:
    office.draft()
    sha256 = office.finalise()
    office.sign(seat(4), signed(sha256))
    office.sign(SECRETARY, signed(sha256, "1"))
    office.sign(seat(2), signed(sha256, "2", answer="signed_with_reservation", text="请每月通报一次"))
    office.sign(seat(3), signed(sha256, "3", answer="refused", text="没有听清", strokes=""))
    lines = {line.name: line for line in office.paper().signatures}
    assert (lines["李桂香"].answer, lines["李桂香"].remark) == ("signed", None)
    assert lines["李桂香"].strokes is not None
    assert lines["李桂香"].strokes.lines[0][0] == (300, 1200)
    assert lines["赵国庆"].remark == "在签到台的设备上答复"
    assert lines["钱进"].text == "请每月通报一次"
    assert (lines["孙芳"].answer, lines["孙芳"].strokes) == ("refused", None)
    assert "周全" not in lines


def test_a_second_signature_a_changed_text_and_a_foreign_hand_are_refused(office: Office) -> None:
    office.draft()
    sha256 = office.finalise()
    office.sign(seat(4), signed(sha256))
    assert refusal(lambda: office.sign(seat(4), signed(sha256))) is RefusalCode.ALREADY_SIGNED
    assert refusal(lambda: office.sign(seat(2), signed("0" * 64, "2"))) is RefusalCode.TEXT_CHANGED
    assert refusal(lambda: office.sign(seat(2), signed(sha256, "3"))) is RefusalCode.NOT_ALLOWED
    assert refusal(lambda: office.sign(STRANGER, signed(sha256, "3"))) is RefusalCode.NOT_ALLOWED
    assert refusal(lambda: office.sign(CHAIR, signed(sha256, "3"))) is RefusalCode.NOT_ALLOWED
    assert refusal(lambda: office.sign(SECRETARY, signed(sha256, "77"))) is RefusalCode.NOT_FOUND
    no_reason = signed(sha256, "2", answer="signed_with_reservation")
    assert refusal(lambda: office.sign(seat(2), no_reason)) is RefusalCode.REASON_MISSING


@pytest.mark.parametrize("strokes", ["", "[]", "[[[1,2]]]", "<svg>", "[[[1,5000],[2,2]]]"])
def test_a_signature_needs_a_drawing(office: Office, strokes: str) -> None:
    office.draft()
    sha256 = office.finalise()
    with pytest.raises(DocumentFailed):
        office.sign(seat(4), signed(sha256, strokes=strokes))
    assert office.view().record.meeting.minutes.signatures == ()
    with office.database.reader() as session:
        assert session.query(DrawingRow).count() == 0


def test_an_edit_after_a_signature_voids_all_visibly(office: Office) -> None:
    office.draft()
    former = office.finalise()
    office.sign(seat(4), signed(former))
    office.sign(seat(2), signed(former, "2"))
    assert refusal(lambda: office.reopen("")) is RefusalCode.REASON_MISSING
    assert refusal(lambda: office.reopen("改日期", seat(4))) is RefusalCode.NOT_ALLOWED
    office.reopen("日期写错了")
    assert office.view().frozen == ""
    office.save("改过的纪要", 1)
    sha256 = office.finalise()
    assert sha256 != former
    paper = office.paper()
    assert paper.signatures == ()
    assert paper.voided is not None
    assert "此前2人的签字因修改失效。修改理由：日期写错了" in paper.voided
    assert refusal(lambda: office.sign(seat(4), signed(former))) is RefusalCode.TEXT_CHANGED
    office.sign(seat(4), signed(sha256))
    assert len(office.paper().signatures) == 1


def test_publishing_needs_every_answer_or_a_word_about_those_missing(office: Office) -> None:
    office.draft()
    sha256 = office.finalise()
    office.sign(seat(4), signed(sha256))
    assert refusal(office.publish) is RefusalCode.SIGNATURES_MISSING
    assert refusal(lambda: office.publish(actor=seat(4))) is RefusalCode.NOT_ALLOWED
    office.publish(confirmed=True)
    answers = {(line.party, line.name): line.answer for line in office.paper().signatures}
    assert answers[("邻长", "李桂香")] == "signed"
    assert answers[("主持人", "林平")] == "absent"
    assert refusal(lambda: office.reopen("再改")) is RefusalCode.INVALID_TRANSITION


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
    assert paper.check_url == f"{URL}/minutes/{office.meeting.id}"


def test_the_public_edition_names_posts_and_shows_no_hand(office: Office) -> None:
    draft = office.draft()
    office.save(filled(draft.markdown) + "\n李桂香说，有事打13812345678，住2单元402室。", 1)
    sha256 = office.finalise()
    text = "周全：请每月通报一次"
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
    assert (paper.chair, paper.secretary) == ("林某", "周某")
    assert paper.withheld == ("姓名", "手写签名", "逐席投票名单")
    lines = {line.party: line for line in paper.signatures}
    assert (lines["邻长"].name, lines["邻长"].text) == ("5栋邻长", "业主代表：请每月通报一次")


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


def test_a_whole_demonstration_fits_in_one_transaction(office: Office) -> None:
    def run(unit: Unit) -> str:
        draft = minutes.open_draft(unit, office.rooms, office.meeting.id, NOW)
        minutes.save_text(
            unit,
            office.rooms,
            office.meeting.id,
            SECRETARY,
            filled(draft.markdown),
            by="周文",
            base_version=1,
            now=NOW,
        )
        sha256 = minutes.finalise(unit, office.rooms, office.meeting.id, SECRETARY, NOW)
        minutes.sign(unit, office.rooms, office.meeting.id, seat(4), signed(sha256), NOW)
        minutes.publish(unit, office.rooms, office.meeting.id, SECRETARY, True, NOW)
        return sha256

    assert office.carry_out(run) == office.view().record.meeting.minutes.sha256
    assert office.paper().signatures[-1].answer == "absent"


def test_the_words_of_the_paper_are_those_of_the_word_list() -> None:
    words = json.loads((ROOT / "web" / "words.json").read_text(encoding="utf-8"))
    assert {key: words["natures"][key] for key in NATURES} == NATURES
    assert words["secrecy"] == SECRECY


def test_the_check_words_can_be_read_aloud() -> None:
    assert check_words("9b416e07d2c5" + "0" * 52) == "9B41 6E07 D2C5"
