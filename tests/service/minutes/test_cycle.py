"""Minutes from the log to publication: nothing is lost, nothing is signed unseen, nothing changes unseen."""

import hashlib

import pytest

from server.documents.failed import DocumentFailed
from server.domain.actor import Actor
from server.domain.minutes.draft import places_to_fill
from server.domain.refusal import RefusalCode
from server.service.minutes import cycle
from server.service.minutes.cycle import TextConflict, read_versions
from server.service.minutes.text import freeze, thaw
from server.store.tables.meetings import SeatNameRow
from server.store.tables.minutes import DrawingRow, MinutesRow
from server.store.writer import Unit
from tests.service.held_meeting import CHAIR, MOTION, SECRETARY, STRANGER, filled, seat
from tests.service.minutes_office import NOW, Office, refusal, signed


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
    assert [(v.version, v.note) for v in versions] == [(3, ""), (2, ""), (1, "按议事日志生成")]
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
        lambda unit: cycle.regenerate(
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
    assert refusal(lambda: office.publish(confirmed=True)) is RefusalCode.SIGNATURES_MISSING
    office.sign(CHAIR, signed(sha256, "chair"))
    office.sign(SECRETARY, signed(sha256, "secretary"))
    office.publish(confirmed=True)
    answers = {(line.party, line.name): line.answer for line in office.paper().signatures}
    assert answers[("邻长", "李桂香")] == "signed"
    assert answers[("主持人", "林平")] == "signed"
    assert answers[("业主", "周全")] == "unsigned"
    assert refusal(lambda: office.reopen("再改")) is RefusalCode.INVALID_TRANSITION


def test_a_whole_demonstration_fits_in_one_transaction(office: Office) -> None:
    def run(unit: Unit) -> str:
        draft = cycle.open_draft(unit, office.rooms, office.meeting.id, NOW)
        cycle.save_text(
            unit,
            office.rooms,
            office.meeting.id,
            SECRETARY,
            filled(draft.markdown),
            by="周文",
            base_version=1,
            now=NOW,
        )
        sha256 = cycle.finalise(unit, office.rooms, office.meeting.id, SECRETARY, NOW)
        for signatory, actor in (("4", seat(4)), ("chair", CHAIR), ("secretary", SECRETARY)):
            cycle.sign(unit, office.rooms, office.meeting.id, actor, signed(sha256, signatory), NOW)
        cycle.publish(unit, office.rooms, office.meeting.id, SECRETARY, True, NOW)
        return sha256

    assert office.carry_out(run) == office.view().record.meeting.minutes.sha256
    assert [line.answer for line in office.paper().signatures].count("unsigned") == 4
