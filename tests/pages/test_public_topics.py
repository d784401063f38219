"""Raising a topic, its receipt, its look-up, and that nothing is public before the office took it on."""

import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from server.domain.actor import Actor, Role
from server.domain.topic.life_cycle import DeclineReason
from server.pages import public_topics
from server.pages.context import Services
from server.pages.public_topics import RAISED_A_DAY, RAISED_FREELY, WRONG_RECEIPTS_A_MINUTE
from server.pages.stamps import WORK_BITS, is_worked
from server.service.matters import topics
from tests.pages.cast import Cast, words_of
from tests.pages.hostile import MARKUP, RARE, UNSOUND, is_plain
from tests.pages.house import Clock

OFFICE = Actor("account:office", frozenset({Role.ORGANISER}))
FORM = {
    "title": "5栋楼道灯坏了",
    "body": "晚上看不见台阶，老人不敢下楼。",
    "place": "5栋二单元楼道",
    "proposer": "钱阿姨",
    "telephone": "0731-5555 0123",
}


def send(cast: Cast, **changed: str) -> TestResponse:
    """Fill in the form in half a minute, unless its stamp is changed too; each sending has words of its own."""
    path = f"/c/{cast.council}/topics/new"
    page = cast.stranger.get(path).get_data(as_text=True)
    stamp = re.search(r'name="stamp" id="stamp" value="([^"]+)"', page)
    cast.stranger.client.application.extensions["council"].clock.now += 30_000
    given = {"stamp": stamp[1] if stamp is not None else "", **FORM, **changed}
    return cast.stranger.post(path, given)


def receipt_of(answer: TestResponse) -> str:
    assert answer.status_code == 303
    found = re.fullmatch(r"/receipt\?code=([0-9A-Z]{4}-[0-9A-Z]{4})&new=1", answer.location)
    assert found is not None, answer.location
    return found[1]


def topic_of(services: Services, code: str) -> Any:
    with services.database.reader() as session:
        return topics.find_by_receipt(session, code)


def test_a_resident_raises_a_topic_and_gets_a_receipt(house: Flask, cast: Cast, services: Services) -> None:
    code = receipt_of(send(cast))
    page = cast.stranger.get(f"/receipt?code={code}&new=1")
    shown = words_of(page)
    assert "已收到，这是您的回执" in shown
    assert "2026-001" in shown
    assert code in shown
    assert "没有公开，只有凭回执码能看到" in shown
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="qr"' in page.get_data(as_text=True)
    assert page.headers["Cache-Control"] == "no-store"
    assert "0731-5555 0123" not in shown
    row = topic_of(services, code)
    assert (row.state, row.channel, row.telephone) == ("received", "online", "0731-5555 0123")


def test_a_receipt_is_found_however_it_is_typed(cast: Cast) -> None:
    code = receipt_of(send(cast))
    for typed in (
        code.lower(),
        code.replace("-", ""),
        f" {code} ",
        code.replace("-", " "),
        code.replace("0", "O"),
    ):
        assert cast.stranger.get("/receipt", query_string={"code": typed}).status_code == 200


@pytest.mark.rule("S73")
def test_nothing_is_public_before_screening(cast: Cast) -> None:
    send(cast)
    assert cast.stranger.get("/topics/2026-001").status_code == 404
    assert "5栋楼道灯坏了" not in words_of(cast.stranger.get(f"/c/{cast.council}/topics"))
    by_number = cast.stranger.get("/receipt?code=2026-001")
    assert by_number.status_code == 200
    assert "还没有公开，或者没有这个编号" in words_of(by_number)
    unknown = cast.stranger.get("/receipt?code=2026-999")
    assert words_of(unknown).replace("999", "001") == words_of(by_number)


def test_an_accepted_topic_is_public_without_its_proposer(cast: Cast, services: Services) -> None:
    code = receipt_of(send(cast))
    row = topic_of(services, code)
    services.writer.submit(
        lambda unit: topics.accept(unit, services.clock(), row.id, OFFICE, "受理，下次会上商量。")
    ).result(10)
    page = words_of(cast.stranger.get("/topics/2026-001"))
    assert "5栋楼道灯坏了" in page
    assert "受理，下次会上商量。" in page
    assert "居民 · 线上" in page
    assert "钱阿姨" not in page
    assert "5555 0123" not in page
    assert cast.stranger.get("/receipt?code=2026-001").location == "/topics/2026-001"
    for typed in (
        "议题 2026-1",
        "\uff12\uff10\uff12\uff16\uff0d\uff11",
    ):  # an input method left at full width
        found = cast.stranger.get("/receipt", query_string={"code": typed})
        assert found.location == "/topics/2026-001"
    assert "5栋楼道灯坏了" in words_of(cast.stranger.get(f"/c/{cast.council}/topics"))


def test_who_wishes_to_be_named_is_named(cast: Cast, services: Services) -> None:
    row = topic_of(services, receipt_of(send(cast, is_named="1")))
    services.writer.submit(lambda unit: topics.accept(unit, services.clock(), row.id, OFFICE, "受理")).result(
        10
    )
    assert "钱阿姨 · 线上" in words_of(cast.stranger.get("/topics/2026-001"))


def test_a_declined_topic_is_told_to_its_proposer_alone(cast: Cast, services: Services) -> None:
    code = receipt_of(send(cast))
    row = topic_of(services, code)
    services.writer.submit(
        lambda unit: topics.decline(
            unit, services.clock(), row.id, OFFICE, DeclineReason.PRIVATE, "两家的事，请到调解室。"
        )
    ).result(10)
    page = words_of(cast.stranger.get(f"/receipt?code={code}"))
    assert "不予受理" in page
    assert "私人事务" in page
    assert "两家的事，请到调解室。" in page
    assert cast.stranger.get("/topics/2026-001").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("title", "", "这一栏要填"),
        ("title", "长" * 81, "最多80个字"),
        ("body", " \n ", "这一栏要填"),
        ("body", "长" * 2001, "最多2000个字"),
        ("place", "3栋1单元502室", "只写到楼栋"),
        ("place", "2单元301", "只写到楼栋"),
        ("telephone", "没有", "完整的电话号码"),
        ("website", "http://spam.test", "最后一栏请留空"),
        *(("body", text, "特殊字符") for text in UNSOUND),
    ],
)
def test_what_is_missing_is_said_beside_the_field(cast: Cast, field: str, value: str, sentence: str) -> None:
    answer = send(cast, **{field: value})
    assert answer.status_code == 422
    assert sentence in words_of(answer)
    page = answer.get_data(as_text=True)
    kept = "钱阿姨" if field != "proposer" else "5栋楼道灯坏了"
    assert kept in page
    assert is_plain(page)
    assert cast.stranger.get("/topics/2026-001").status_code == 404


@pytest.mark.parametrize("text", [*MARKUP, RARE])
def test_hostile_and_rare_text_stays_text_in_every_field(cast: Cast, services: Services, text: str) -> None:
    answer = send(cast, title=text[:80], body=text, place=text[:60], proposer=text[:40], is_named="1")
    code = receipt_of(answer)
    row = topic_of(services, code)
    services.writer.submit(lambda unit: topics.accept(unit, services.clock(), row.id, OFFICE, text)).result(
        10
    )
    for path in (
        f"/receipt?code={code}",
        "/topics/2026-001",
        f"/c/{cast.council}/topics",
        f"/c/{cast.council}/",
    ):
        page = cast.stranger.get(path)
        assert page.status_code == 200
        assert is_plain(page.get_data(as_text=True))
    assert text in words_of(cast.stranger.get("/topics/2026-001")).replace("“", "").replace("”", "")


def test_what_was_typed_comes_back_as_text(cast: Cast) -> None:
    answer = send(cast, title="", body=MARKUP[4], place=MARKUP[1], proposer=MARKUP[0])
    assert answer.status_code == 422
    assert is_plain(answer.get_data(as_text=True))


def test_a_double_tap_raises_one_topic(cast: Cast) -> None:
    first, second = send(cast, once="abc"), send(cast, once="abc")
    assert first.location == second.location
    another = send(cast, once="def", title="6栋楼道灯坏了")
    assert another.status_code == 303
    assert another.location != first.location


def test_a_form_without_its_token_raises_nothing(cast: Cast) -> None:
    answer = cast.stranger.client.post(f"/c/{cast.council}/topics/new", data=FORM)
    assert answer.status_code == 403
    assert "FORM_STALE" in words_of(answer)


@pytest.mark.rule("S73")
def test_one_address_raises_so_many_a_day(cast: Cast, clock: Clock) -> None:
    def one(number: int) -> TestResponse:
        clock.pass_by(minutes=1)
        stamp = new_stamp_of(cast)
        clock.pass_by(minutes=1)
        return send(cast, title=f"{number}栋灯坏了", telephone=f"0731-5555 {number:04d}", stamp=stamp)

    for number in range(RAISED_A_DAY):
        assert one(number).status_code == 303
    refused = one(RAISED_A_DAY)
    assert refused.status_code == 429
    assert "TOO_OFTEN" in words_of(refused)
    clock.pass_by(days=1)
    assert one(RAISED_A_DAY + 1).status_code == 303


def new_stamp_of(cast: Cast) -> str:
    page = cast.stranger.get(f"/c/{cast.council}/topics/new").get_data(as_text=True)
    found = re.search(r'name="stamp" id="stamp" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_after_three_topics_a_browser_works_and_a_person_waits(cast: Cast, clock: Clock) -> None:
    for number in range(RAISED_FREELY):
        assert "work.js" not in cast.stranger.get(f"/c/{cast.council}/topics/new").get_data(as_text=True)
        assert send(cast, title=f"{number}栋灯坏了", telephone=f"0731-5555 {number:04d}").status_code == 303
    page = cast.stranger.get(f"/c/{cast.council}/topics/new").get_data(as_text=True)
    assert f'data-bits="{WORK_BITS}"' in page
    assert "public/work.js" in page
    stamp = new_stamp_of(cast)
    hasty = send(cast, title="车棚", telephone="0731-5555 9001", stamp=stamp)
    assert hasty.status_code == 422
    assert "请等一分钟" in words_of(hasty)
    assert f'value="{stamp}"' in hasty.get_data(as_text=True)
    guessed = send(cast, title="车棚", telephone="0731-5555 9001", stamp=new_stamp_of(cast), work="1")
    assert guessed.status_code == 422
    clock.pass_by(minutes=1)
    assert send(cast, title="车棚", telephone="0731-5555 9001", stamp=stamp).status_code == 303
    with cast.stranger.client.application.app_context():
        worked = new_stamp_of(cast)
        answer = next(n for n in range(10**6) if is_worked(worked, str(n)))
    done = send(cast, title="井盖", telephone="0731-5555 9002", stamp=worked, work=str(answer))
    assert done.status_code == 303


@pytest.mark.parametrize("stamp", ["", "x", "1.2.3", "9" * 400, "٣.x.y", "1775610000000.salt."])
def test_a_forged_stamp_is_asked_for_again(cast: Cast, stamp: str) -> None:
    answer = send(cast, stamp=stamp)
    assert answer.status_code == 422
    assert "打开得太久" in words_of(answer)
    assert "5栋楼道灯坏了" in answer.get_data(as_text=True)


@pytest.mark.rule("S73")
def test_a_stamp_is_good_for_one_topic_and_one_day(cast: Cast, clock: Clock) -> None:
    stamp = new_stamp_of(cast)
    assert send(cast, stamp=stamp).status_code == 303
    again = send(cast, stamp=stamp, title="6栋楼道灯坏了")
    assert again.status_code == 422
    assert "已经提交过" in words_of(again)
    late = new_stamp_of(cast)
    clock.pass_by(days=1, minutes=1)
    assert "打开得太久" in words_of(send(cast, stamp=late, title="6栋楼道灯坏了"))


def test_a_form_sent_faster_than_anybody_writes_comes_back(cast: Cast, clock: Clock) -> None:
    stamp = new_stamp_of(cast)
    quick = cast.stranger.post(f"/c/{cast.council}/topics/new", {**FORM, "stamp": stamp})
    assert quick.status_code == 422
    assert "提交得太快了" in words_of(quick)
    assert send(cast, stamp=stamp).status_code == 303


def test_the_same_words_are_not_taken_twice_while_they_wait(cast: Cast) -> None:
    assert send(cast).status_code == 303
    again = send(cast, title="5栋楼道灯，坏了！", telephone="0731-5555 9999")
    assert again.status_code == 422
    assert "已经收到了" in words_of(again)


def test_one_telephone_raises_three_a_day(cast: Cast, clock: Clock) -> None:
    for number in range(3):
        clock.pass_by(minutes=2)
        assert send(cast, title=f"{number}栋灯坏了").status_code == 303
    fourth = send(cast, title="9栋灯坏了", telephone="07315555 0123", stamp=waited(cast, clock))
    assert fourth.status_code == 422
    assert "这个电话今天已经提了3件" in words_of(fourth)


def waited(cast: Cast, clock: Clock) -> str:
    stamp = new_stamp_of(cast)
    clock.pass_by(minutes=2)
    return stamp


@pytest.mark.rule("S73")
def test_a_queue_nobody_can_work_off_is_closed_with_a_word(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamp = new_stamp_of(cast)
    assert send(cast).status_code == 303
    monkeypatch.setattr(public_topics, "LONGEST_WAITING_LINE", 1)
    for answer in (
        cast.stranger.get(f"/c/{cast.council}/topics/new"),
        send(cast, title="6栋楼道灯坏了", stamp=stamp),
    ):
        assert answer.status_code in (200, 409)
        assert "网上暂时不收新的议题" in words_of(answer)
    assert cast.stranger.get("/receipt").status_code == 200


def test_guessing_receipts_is_slowed_down_and_a_true_one_never(cast: Cast) -> None:
    code = receipt_of(send(cast))
    wrong = [
        cast.stranger.get(f"/receipt?code=ZZZZ-{n:04d}").status_code
        for n in range(WRONG_RECEIPTS_A_MINUTE + 1)
    ]
    assert wrong == [404] * WRONG_RECEIPTS_A_MINUTE + [429]
    assert cast.stranger.get(f"/receipt?code={code}").status_code == 200


@pytest.mark.parametrize("code", [*MARKUP, "回执", "\x00", "%00", "a" * 500])
def test_any_text_may_be_looked_up(cast: Cast, code: str) -> None:
    page = cast.stranger.get("/receipt", query_string={"code": code})
    assert page.status_code in (200, 404)
    assert is_plain(page.get_data(as_text=True))


def test_addresses_that_do_not_exist_are_404(cast: Cast) -> None:
    for path in ("/c/none/topics", "/c/none/topics/new", "/topics/none", "/topics/2026-999"):
        assert cast.stranger.get(path).status_code == 404
    assert cast.stranger.post("/c/none/topics/new", FORM).status_code == 404
