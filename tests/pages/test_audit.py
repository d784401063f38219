"""操作记录: what is noted, by whom it may be read, filters and pages, what never stands in it."""

import re

import pytest
from flask import Flask

from server.domain.actor import Role
from server.pages.context import Services
from server.service.access import accounts, audit
from server.service.access.audit import Act
from server.service.access.audit_reading import PER_PAGE
from server.service.clock import DAY_MS
from server.service.community import councils
from server.store.tables.audit import AuditRow
from server.store.writer import Unit
from tests.pages.cast import HASH, PASSWORD, Cast, anonymous, words_of
from tests.pages.house import Clock

Noted = list[tuple[str, str, str, str]]


def noted(services: Services) -> Noted:
    """Return what was noted so far: who, act, about, result."""
    services.writer.submit(lambda unit: None).result(
        10
    )  # whatever was noted without waiting is written by now
    with services.database.reader() as session:
        rows = session.query(AuditRow).order_by(AuditRow.id)
        return [(row.who, row.act, row.about, row.result) for row in rows]


@pytest.mark.rule("S91")
def test_good_and_bad_log_ins_are_noted_without_what_was_typed(
    house: Flask, services: Services, cast: Cast
) -> None:
    organiser = f"account:{cast.organiser.id}"
    cast.stranger.post("/office/login", {"name": "周敏", "password": "wrong horse"})
    cast.stranger.post("/office/login", {"name": "my-secret-typed-as-a-name", "password": PASSWORD})
    cast.stranger.post("/office/login", {"name": "周敏", "password": PASSWORD})
    assert noted(services) == [
        ("", "log_in", organiser, "refused"),
        ("", "log_in", "", "refused"),
        (organiser, "log_in", "", "done"),
    ]
    with services.database.reader() as session:
        everything = str([vars(row) for row in session.query(AuditRow)])
    assert "horse" not in everything
    assert "my-secret" not in everything


def test_a_locked_name_is_noted_as_locked(services: Services, cast: Cast) -> None:
    for _ in range(11):
        cast.stranger.post("/office/login", {"name": "周敏", "password": "wrong horse"})
    results = [result for _, act, _, result in noted(services) if act == "log_in"]
    assert results == ["refused"] * 10 + ["locked"]


def test_a_guesser_does_not_fill_the_log(house: Flask, services: Services, cast: Cast, clock: Clock) -> None:
    for number in range(70):
        cast.stranger.post("/join", {"ticket": f"guess{number}"})
    assert len(noted(services)) == 60
    clock.pass_by(minutes=1)
    cast.stranger.post("/join", {"ticket": "guess"})
    assert noted(services)[-1] == ("", "join", "", "refused")


@pytest.mark.rule("S91")
def test_every_act_of_an_administrator_leaves_a_line(services: Services, cast: Cast) -> None:
    who, other = f"account:{cast.administrator.id}", f"account:{cast.organiser.id}"
    admin, before = cast.administrator, len(noted(services))
    admin.post(
        "/office/accounts", {"name": "韩青", "display_name": "韩青", "role": "secretary", "area": cast.area}
    )
    admin.post(f"/office/accounts/{cast.organiser.id}/password")
    admin.post(f"/office/accounts/{cast.organiser.id}/disable")
    admin.post(f"/office/accounts/{cast.organiser.id}/enable")
    admin.post("/office/areas", {"parent": cast.area, "level": "building", "name": "一栋"})
    admin.post(f"/office/areas/{cast.area}", {"name": "金穗花园"})
    admin.post(
        f"/office/councils/{cast.council}/roster",
        {"party": cast.parties["业主"], "name": "王五", "anyway": "1"},
    )
    lost = cast.representatives["李桂香"]
    admin.post(f"/office/representatives/{lost}/revoke")
    admin.post(f"/office/representatives/{lost}/leave")
    admin.post(
        "/office/password", {"former": PASSWORD, "password": "battery staple", "again": "battery staple"}
    )
    admin.post("/office/logout")
    lines = noted(services)[before:]
    assert {line[0] for line in lines} == {who}
    assert [line[1] for line in lines] == [
        "account_created", "password_reset", "account_disabled", "account_enabled", "area_changed",
        "area_changed", "representatives_added", "card_revoked", "representative_left", "password_changed",
        "log_out",
    ]  # fmt: skip
    assert [line[2] for line in lines[1:4]] == [other] * 3
    assert lines[7][2] == lines[8][2] == f"representative:{lost}"


def test_an_act_that_was_refused_is_not_noted_as_done(services: Services, cast: Cast) -> None:
    cast.administrator.post(f"/office/accounts/{cast.administrator.id}/disable")
    cast.administrator.post("/office/accounts/nobody/disable")
    assert noted(services) == []


def test_opening_what_is_not_ones_own_is_noted(services: Services, cast: Cast) -> None:
    cast.organiser.get("/office/accounts")
    assert noted(services) == [(f"account:{cast.organiser.id}", "access", "", "refused")]


@pytest.mark.parametrize("name", ["organiser", "secretary", "chair", "supervisor", "representative"])
def test_nobody_else_reads_it(cast: Cast, name: str) -> None:
    assert getattr(cast, name).get("/office/audit").status_code == 403
    assert "操作记录" not in words_of(getattr(cast, name).get("/office/"))


def test_a_stranger_is_led_to_the_log_in(cast: Cast) -> None:
    assert cast.stranger.get("/office/audit").location == "/office/login?next=%2Foffice%2Faudit"


def test_an_administrator_of_one_area_does_not_see_the_whole_house(
    house: Flask, services: Services, cast: Cast, clock: Clock
) -> None:
    area = services.writer.submit(
        lambda unit: councils.add_area(unit, parent_id=None, level="estate", name="别处")
    ).result(10)
    services.writer.submit(
        lambda unit: accounts.create_account(
            unit, clock(), name="片区", role=Role.ADMINISTRATOR, area_id=area, password_hash=HASH
        )
    ).result(10)
    local = anonymous(house)
    local.post("/office/login", {"name": "片区", "password": PASSWORD})
    assert local.get("/office/audit").status_code == 403
    assert "操作记录" not in words_of(local.get("/office/"))


@pytest.mark.rule("S92")
def test_the_page_says_in_words_who_did_what(services: Services, cast: Cast) -> None:
    cast.administrator.post(f"/office/accounts/{cast.organiser.id}/disable")
    cast.administrator.post(f"/office/representatives/{cast.representatives['钱进']}/leave")
    cast.stranger.post("/office/login", {"name": "周记录", "password": "wrong horse"})
    services.writer.submit(lambda unit: None).result(10)  # a refusal is noted without waiting for the commit
    words = words_of(cast.administrator.get("/office/audit"))
    assert "管理员 停用账号 周敏 账号 做成了" in words
    assert "管理员 代表离任 钱进 议事代表 做成了" in words
    assert "没有登录的人 登录办公 周记录 账号 没做成" in words
    assert "account:" not in words


def test_filters_choose_and_nonsense_filters_nothing(services: Services, cast: Cast, clock: Clock) -> None:
    cast.administrator.post(f"/office/accounts/{cast.organiser.id}/disable")
    cast.stranger.post("/office/login", {"name": "周记录", "password": "wrong horse"})
    services.writer.submit(
        lambda unit: audit.note(unit, clock() - 3 * DAY_MS, audit.COMMAND_LINE, Act.BACKUP_MADE)
    ).result(10)

    def rows(query: str) -> str:
        page = cast.administrator.get(f"/office/audit?{query}").get_data(as_text=True)
        return " ".join(re.findall(r"<tbody>.*</tbody>", page, re.DOTALL))

    assert "停用账号" in rows("group=accounts")
    assert "登录办公" not in rows("group=accounts")
    assert "停用账号" not in rows("result=refused")
    assert "登录办公" in rows("result=refused")
    assert "停用账号" not in rows(f"who=account:{cast.organiser.id}")
    assert "做备份" in rows("who=command")
    assert "做备份" not in rows("since=2026-04-08")
    assert "停用账号" not in rows("until=2026-04-06")
    assert "做备份" in rows("until=2026-04-06")
    for nonsense in (
        "group=x&result=y&who='--",
        "since=yesterday&until=9",
        "before=x&after=-1",
        "before=99999999999",
    ):
        assert "停用账号" in rows(nonsense), nonsense


def test_pages_lead_there_and_back(services: Services, cast: Cast, clock: Clock) -> None:
    def fill(unit: Unit) -> None:
        for number in range(2 * PER_PAGE + 5):
            audit.note(unit, clock() + number, audit.COMMAND_LINE, Act.BACKUP_MADE)

    services.writer.submit(fill).result(10)

    def page(query: str = "") -> tuple[int, dict[str, str]]:
        text = cast.administrator.get(f"/office/audit{query}").get_data(as_text=True)
        links = re.findall(r'<a href="/office/audit(\?[^"]+)">(较新的|较早的)</a>', text)
        return text.count('<td class="nowrap">4月8日'), {
            words: link.replace("&amp;", "&") for link, words in links
        }

    first = page()
    assert first[0] == PER_PAGE
    assert "较新的" not in first[1]
    second = page(first[1]["较早的"])
    third = page(second[1]["较早的"])
    assert (second[0], third[0]) == (PER_PAGE, 5)
    assert "较早的" not in third[1]
    back = page(third[1]["较新的"])
    assert (back[0], back[1]["较早的"]) == (PER_PAGE, second[1]["较早的"])
    assert page(back[1]["较新的"])[1]["较早的"] == first[1]["较早的"]


@pytest.mark.rule("S91")
def test_what_is_older_than_184_days_is_forgotten(services: Services, clock: Clock) -> None:
    now = clock()

    def write(unit: Unit) -> int:
        audit.note(unit, now - 184 * DAY_MS - 1, audit.COMMAND_LINE, Act.BACKUP_MADE)
        audit.note(unit, now - 184 * DAY_MS, audit.COMMAND_LINE, Act.DATA_GIVEN)
        return audit.prune(unit, now)

    assert services.writer.submit(write).result(10) == 1
    assert [line[1] for line in noted(services)] == ["data_given"]
