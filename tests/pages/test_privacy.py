"""个人信息: found, given out, erased where the law allows, while every record still verifies (PIPL 44–47, S50, S86)."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from server.cli.keeping import verify
from server.pages.context import Services
from server.service.matters.topics import find_by_receipt, raise_topic
from server.service.room.cards import read_card
from server.store.backups import copy_database
from server.store.log import read_lines, root_of, verify_log
from tests.pages.cast import PASSWORD, Cast, anonymous, words_of
from tests.pages.house import Clock
from tests.pages.minutes_desk import finalise, sign
from tests.pages.test_audit import noted
from tests.service.held_meeting import HeldMeeting

NAME, TELEPHONE = "李桂香", "0731-5555 0188"


@pytest.fixture
def published(cast: Cast, held: HeldMeeting) -> HeldMeeting:
    """A meeting whose minutes 李桂香 signed and everybody can read."""
    finalise(cast.secretary, held.id)
    for person in (cast.representative, cast.chair, cast.secretary):
        assert sign(person, held.id).status_code == 303
    path = f"/office/minutes/{held.id}/publish"
    assert cast.secretary.post(path, {"confirmed": "1"}).status_code == 303
    return held


def rows_with(file: Path, words: str) -> dict[str, int]:
    """Count, table by table, the rows of a database file in which some words stand."""
    found = {}
    with closing(sqlite3.connect(file)) as database:
        for (table,) in database.execute("select name from sqlite_master where type = 'table'").fetchall():
            rows = database.execute(f'select * from "{table}"').fetchall()
            count = sum(any(words in str(cell) for cell in row) for row in rows)
            if count:
                found[table] = count
    return found


@pytest.mark.rule("S50")
def test_a_representative_is_erased_and_every_record_still_verifies(
    cast: Cast, published: HeldMeeting, services: Services, tmp_path: Path
) -> None:
    path = f"/office/privacy/representative/{cast.representative.id}"
    with services.database.reader() as session:
        before = root_of(read_lines(session, published.id))
    archive = words_of(cast.secretary.get(f"/minutes/{published.id}"))
    cast.organiser.post(f"/office/representatives/{cast.representative.id}/leave")
    preview = words_of(cast.administrator.get(path))
    assert "名册上的姓名、职务、电话 删掉" in preview
    assert "议事日志里的席位号 留下" in preview
    assert "手写签名的笔画 留下" in preview
    assert cast.administrator.post(f"{path}/erase").status_code == 422  # not confirmed
    assert NAME in words_of(cast.administrator.get(path))
    for _ in range(2):
        assert cast.administrator.post(f"{path}/erase", {"confirmed": "1"}).location == f"{path}?done=1"
    assert NAME not in words_of(cast.administrator.get(path))
    copy = tmp_path / "copy.db"
    copy_database(services.database, copy)
    # what stays is the minutes: their text, its versions, what the signatories saw
    assert {"minutes"} <= set(rows_with(copy, NAME)) <= {"minutes", "minutes_version"}
    with services.database.reader() as session:
        assert verify_log(session, published.id) == before
        assert (
            read_card(session, published.id).names[published.seats[cast.representative.id]].name == "已删除"
        )
    assert before in verify(copy)  # as `run.py verify` does
    assert words_of(cast.secretary.get(f"/minutes/{published.id}")) == archive
    assert [act for _, act, _, _ in noted(services)].count("data_erased") == 1


@pytest.mark.rule("S50")
def test_the_salt_goes_with_the_name(
    cast: Cast, published: HeldMeeting, services: Services, tmp_path: Path
) -> None:
    cast.organiser.post(f"/office/representatives/{cast.representative.id}/leave")
    cast.administrator.post(
        f"/office/privacy/representative/{cast.representative.id}/erase", {"confirmed": "1"}
    )
    copy = tmp_path / "copy.db"
    copy_database(services.database, copy)
    with closing(sqlite3.connect(copy)) as database:
        asked = "select name, post, salt from seat_name where representative_id = ?"
        assert database.execute(asked, (cast.representative.id,)).fetchall() == [("已删除", "", "")]
        kept = database.execute("select count(*) from seat_name where salt = ''").fetchone()
    assert kept == (1,)  # nobody else's


@pytest.mark.rule("S89")
def test_whose_name_is_still_needed_is_not_erased(cast: Cast, held: HeldMeeting) -> None:
    path = f"/office/privacy/representative/{cast.representative.id}"
    sitting = cast.administrator.post(f"{path}/erase", {"confirmed": "1"})
    assert sitting.status_code == 422
    assert "还在任" in words_of(sitting)
    cast.organiser.post(f"/office/representatives/{cast.representative.id}/leave")
    unpublished = cast.administrator.post(f"{path}/erase", {"confirmed": "1"})
    assert "PERSON_NEEDED" in words_of(unpublished)
    assert "没公布纪要" in words_of(unpublished)
    assert "现在还不能删除" in words_of(cast.administrator.get(path))
    in_use = cast.administrator.post(f"/office/privacy/account/{cast.organiser.id}/erase", {"confirmed": "1"})
    assert "先在账号里停用" in words_of(in_use)


@pytest.mark.rule("S89")
def test_a_representative_gets_all_that_is_stored(
    cast: Cast, published: HeldMeeting, services: Services
) -> None:
    path = f"/office/privacy/representative/{cast.representative.id}/export"
    answer = cast.administrator.post(path)
    assert answer.mimetype == "application/json"
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["Cache-Control"] == "no-store"
    data = json.loads(answer.get_data(as_text=True))
    assert (data["姓名"], data["所属方"]) == (NAME, "邻长")
    (sitting,) = data["会议"]
    acts = [act["做了什么"] for act in sitting["经过"]]
    assert acts[0] == "签到"
    assert "参加表决" in acts
    assert "答复纪要" in acts
    assert sitting["手写签名的笔画"].startswith("[[")
    assert noted(services)[-1][1:] == ("data_given", f"representative:{cast.representative.id}", "done")


@pytest.mark.rule("S89")
def test_an_account_is_erased_after_it_was_closed(
    house: Flask, cast: Cast, published: HeldMeeting, services: Services, tmp_path: Path
) -> None:
    secretary = f"/office/privacy/account/{cast.secretary.id}"
    data = json.loads(cast.administrator.post(f"{secretary}/export").get_data(as_text=True))
    assert data["账号"] == "周记录"
    assert "password" not in str(data).lower()
    assert "scrypt" not in str(data)
    cast.administrator.post(f"/office/accounts/{cast.secretary.id}/disable")
    for _ in range(2):
        assert cast.administrator.post(f"{secretary}/erase", {"confirmed": "1"}).status_code == 303
    copy = tmp_path / "copy.db"
    copy_database(services.database, copy)
    # the meeting's own officers are named in its notice and minutes
    assert set(rows_with(copy, "周记录")) <= {"meeting", "minutes", "minutes_version"}
    with closing(sqlite3.connect(copy)) as database:
        saved = {row[0] for row in database.execute("select saved_by from minutes_version")}
        assert not any("周记录" in by for by in saved)
    gone = anonymous(house)
    assert gone.post("/office/login", {"name": "周记录", "password": PASSWORD}).status_code == 422
    assert (
        gone.post("/office/login", {"name": f"已删除-{cast.secretary.id}", "password": PASSWORD}).status_code
        == 422
    )
    assert "已删除" in words_of(cast.administrator.get("/office/accounts"))


@pytest.mark.rule("S86")
def test_who_raised_a_topic_is_found_by_the_receipt_and_erased(
    cast: Cast, services: Services, clock: Clock
) -> None:
    raised = services.writer.submit(
        lambda unit: raise_topic(
            unit, clock(), council_id=cast.council, title="东门路灯", body="东门的路灯坏了三天。",
            channel="visit", proposer="吴桂英", telephone=TELEPHONE, is_named=True,
        )
    ).result(10)  # fmt: skip
    for words in (
        raised.receipt,
        raised.receipt.lower().replace("-", " "),
        raised.number,
        "吴桂英",
        TELEPHONE,
    ):
        page = cast.administrator.get("/office/privacy", query_string={"q": words})
        assert f"议题{raised.number}的提议人" in words_of(page), words
    path = f"/office/privacy/topic/{raised.topic_id}"
    data = json.loads(cast.administrator.post(f"{path}/export").get_data(as_text=True))
    assert (data["姓名"], data["电话"]) == ("吴桂英", TELEPHONE)
    assert cast.administrator.post(f"{path}/erase", {"confirmed": "1"}).status_code == 303
    with services.database.reader() as session:
        row = find_by_receipt(session, raised.receipt)
        assert row is not None  # the receipt still answers
        assert (row.proposer, row.telephone, row.is_named, row.title) == ("", "", False, "东门路灯")
    assert "吴桂英" not in words_of(cast.organiser.get(f"/office/topics/{raised.number}"))


def test_it_is_the_administrators_business_within_the_own_area(cast: Cast) -> None:
    paths = ["/office/privacy", f"/office/privacy/representative/{cast.representative.id}"]
    for path in paths:
        for person in (cast.organiser, cast.secretary, cast.chair, cast.supervisor, cast.representative):
            assert person.get(path).status_code == 403
        assert cast.stranger.get(path).status_code == 303
    for kind in ("representative", "account", "topic", "meeting"):
        assert cast.administrator.get(f"/office/privacy/{kind}/nobody").status_code == 404
        assert (
            cast.administrator.post(f"/office/privacy/{kind}/nobody/erase", {"confirmed": "1"}).status_code
            == 404
        )


def test_hostile_words_find_nobody_and_stay_text(cast: Cast) -> None:
    for words in ("<script>alert(1)</script>", "' OR 1=1 --", "%", "x" * 5000, "\u202e"):
        page = cast.administrator.get("/office/privacy", query_string={"q": words})
        assert page.status_code == 200
        assert "没有找到" in words_of(page)
        assert "<script>alert" not in page.get_data(as_text=True)
    assert cast.administrator.get("/office/privacy", query_string={"q": "a\x00b"}).status_code == 404
