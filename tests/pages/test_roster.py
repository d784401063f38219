"""The roster: one by one, from a spreadsheet, leaving, and printed cards that void the old ones."""

import io
import subprocess
from pathlib import Path

import pytest
from flask import Flask

from server.pages.context import Services
from server.service.community import councils, roster
from server.service.community.roster_paste import find_party, read_pasted
from tests.pages.cast import Cast, words_of

TABLE = """姓名\t所属方\t职务或楼栋\t电话
吴桂英\t业主\t2栋居民代表\t0731-5555 0101
韩青\t物业公司\t客服主管\t
李桂香\t邻长\t5栋邻长\t
王五\t街道\t\t
\t业主\t7栋\t
"""


def people(services: Services, council: str) -> dict[str, int | None]:
    with services.database.reader() as session:
        return {row.name: row.seat for row in roster.list_representatives(session, council)}


def test_seats_are_given_from_the_lowest_free_number(services: Services, cast: Cast) -> None:
    path = f"/office/councils/{cast.council}/roster"
    assert cast.organiser.get(path).status_code == 200
    leaving = cast.representatives["钱进"]
    asked = cast.organiser.get(f"/office/representatives/{leaving}/leave")
    assert "钱进离任？" in words_of(asked)
    assert "席位空出来" in words_of(asked)
    assert cast.organiser.post(f"/office/representatives/{leaving}/leave").status_code == 303
    assert cast.organiser.post(f"/office/representatives/{leaving}/leave").status_code == 303
    assert "钱进" not in people(services, cast.council)
    form = {"party": cast.parties["物业"], "name": "韩青", "post": "客服主管", "telephone": ""}
    assert cast.organiser.post(path, form).status_code == 303
    assert people(services, cast.council)["韩青"] == 2
    twice = cast.organiser.post(path, form)
    assert twice.status_code == 422
    assert "已经有了" in words_of(twice)
    assert 'value="客服主管"' in twice.get_data(as_text=True)


def test_a_full_party_takes_nobody_more(services: Services, cast: Cast) -> None:
    path = f"/office/councils/{cast.council}/roster"
    for name in ("韩青", "刘波"):
        cast.organiser.post(path, {"party": cast.parties["物业"], "name": name})
    full = cast.organiser.post(path, {"party": cast.parties["物业"], "name": "陈四"})
    assert full.status_code == 422
    assert "物业的3席都有人了" in words_of(full)
    assert "陈四" not in people(services, cast.council)


@pytest.mark.parametrize("name", ["㛃", "龥𬭚", "䶮"])
def test_a_name_with_a_rare_character_is_saved(services: Services, cast: Cast, name: str) -> None:
    path = f"/office/councils/{cast.council}/roster"
    form = {"party": cast.parties["业主"], "name": f"王{name}"}
    answer = cast.organiser.post(path, form)
    if answer.status_code == 422:  # no font of ours holds it: said once, then taken all the same
        assert "印不出来" in words_of(answer)
        assert cast.organiser.post(path, form | {"anyway": "1"}).status_code == 303
    assert f"王{name}" in people(services, cast.council)
    assert f"王{name}" in words_of(cast.organiser.get(path))


def test_a_character_no_font_holds_is_warned_about_before_saving(services: Services, cast: Cast) -> None:
    path = f"/office/councils/{cast.council}/roster"
    form = {"party": cast.parties["业主"], "name": "王\U0003134a"}
    warned = cast.organiser.post(path, form)
    assert warned.status_code == 422
    assert "印不出来" in words_of(warned)
    assert "王\U0003134a" not in people(services, cast.council)
    assert 'name="anyway" value="1"' in warned.get_data(as_text=True)
    assert cast.organiser.post(path, form | {"anyway": "1"}).status_code == 303


def test_a_pasted_table_is_shown_line_by_line_before_anything_is_saved(
    services: Services, cast: Cast
) -> None:
    path = f"/office/councils/{cast.council}/roster/paste"
    assert cast.organiser.get(path).status_code == 200
    before = people(services, cast.council)
    shown = cast.organiser.post(path, {"table": TABLE})
    words = words_of(shown)
    for said in ("能存2人", "有问题3行", "按“物业”登记", "名册里已经有了", "没有这一方", "没有写姓名"):
        assert said in words
    assert people(services, cast.council) == before
    saved = cast.organiser.post(path, {"table": TABLE, "save": "1"})
    assert saved.status_code == 303
    after = people(services, cast.council)
    assert {"吴桂英": 6, "韩青": 7}.items() <= after.items()
    again = cast.organiser.post(path, {"table": TABLE, "save": "1"})
    assert "没有能存的行" in words_of(again)
    assert people(services, cast.council) == after
    assert cast.organiser.post(path, {"table": "  "}).status_code == 422


def test_pasted_columns_follow_their_heads(services: Services, cast: Cast) -> None:
    with services.database.reader() as session:
        parties = councils.list_parties(session, cast.council)
    lines = read_pasted("电话,姓名,所属方\n139,吴桂英,业主", parties, {}, [])
    assert [(line.name, line.party, line.telephone, line.state) for line in lines] == [
        ("吴桂英", "业主", "139", "good")
    ]
    plain = read_pasted("吴桂英 业主 2栋\n\n刘波，社区，书记", parties, {}, [])
    assert [(line.number, line.name, line.post) for line in plain] == [
        (1, "吴桂英", "2栋"),
        (3, "刘波", "书记"),
    ]
    crowd = read_pasted("\n".join(f"人{n} 业主" for n in range(5)), parties, {}, [])
    assert [line.state for line in crowd] == ["good"] * 3 + ["wrong"] * 2
    assert find_party("居民", parties) is None


def tickets_open(house: Flask, pdf: bytes, tmp_path: Path) -> str:
    """Return the text of a PDF."""
    file = tmp_path / "cards.pdf"
    file.write_bytes(pdf)
    done = subprocess.run(
        ["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True, text=True
    )
    return done.stdout


@pytest.mark.rule("S66")
def test_cards_are_printed_once_and_void_the_old_ones(
    house: Flask, services: Services, cast: Cast, tmp_path: Path
) -> None:
    path = f"/office/councils/{cast.council}/cards"
    asked = words_of(cast.organiser.get(path))
    assert "其中1人已经有证" in asked
    phone = cast.representative
    assert phone.get(f"/office/councils/{cast.council}/roster").status_code == 403
    printed = cast.organiser.post(path)
    assert (printed.status_code, printed.mimetype) == (200, "application/pdf")
    assert printed.headers["Cache-Control"] == "no-store"
    text = tickets_open(house, printed.data, tmp_path)
    for name in ("赵国庆", "钱进", "孙芳", "李桂香", "周全"):
        assert name in text
    assert phone.get("/office/roster").status_code == 303  # the old card's session has ended
    with services.database.reader() as session:
        assert len(roster.list_cards(session, cast.council, services.clock())) == 5


def test_one_lost_card_is_revoked_and_printed_again(services: Services, cast: Cast) -> None:
    holder = cast.representatives["李桂香"]
    assert cast.organiser.post(f"/office/representatives/{holder}/revoke").status_code == 303
    assert cast.organiser.post(f"/office/representatives/{holder}/revoke").status_code == 303
    assert cast.representative.get("/office/roster").status_code == 303
    only = cast.organiser.post(f"/office/councils/{cast.council}/cards", {"only": holder})
    assert io.BytesIO(only.data).read(5) == b"%PDF-"
    with services.database.reader() as session:
        assert list(roster.list_cards(session, cast.council, services.clock())) == [holder]


def test_cards_that_are_missing_are_printed_without_touching_the_others(
    services: Services, cast: Cast
) -> None:
    holder, path = cast.representatives["李桂香"], f"/office/councils/{cast.council}/cards"
    assert "印没有证的4人" in words_of(cast.organiser.get(f"/office/councils/{cast.council}/roster"))
    assert "只印没有证的4人" in words_of(cast.organiser.get(path))
    asked = words_of(cast.organiser.get(f"{path}?only=missing"))
    assert "别人手里的证照样用" in asked
    assert "作废" not in asked
    with services.database.reader() as session:
        before = roster.list_cards(session, cast.council, services.clock())[holder]
    printed = cast.organiser.post(path, {"only": "missing"})
    assert io.BytesIO(printed.data).read(5) == b"%PDF-"
    with services.database.reader() as session:
        cards = roster.list_cards(session, cast.council, services.clock())
    assert len(cards) == 5
    assert cards[holder] == before
    assert cast.representative.get("/office/roster").status_code == 403  # still signed in
    assert "人人都有证了" in words_of(cast.organiser.get(f"{path}?only=missing"))


def test_a_paper_that_cannot_be_made_leaves_the_old_cards_valid(services: Services, cast: Cast) -> None:
    path = f"/office/councils/{cast.council}/roster"
    form = {"party": cast.parties["业主"], "name": "王\U0003134a", "anyway": "1"}
    assert cast.organiser.post(path, form).status_code == 303
    failed = cast.organiser.post(f"/office/councils/{cast.council}/cards")
    assert failed.status_code == 422
    assert "GLYPH_MISSING" in words_of(failed)
    with services.database.reader() as session:
        assert list(roster.list_cards(session, cast.council, services.clock())) == [
            cast.representatives["李桂香"]
        ]


def test_an_empty_roster_prints_nothing(services: Services, cast: Cast) -> None:
    for person in cast.representatives.values():
        cast.organiser.post(f"/office/representatives/{person}/leave")
    assert "先登记，再印代表证" in words_of(cast.organiser.get(f"/office/councils/{cast.council}/cards"))
    assert cast.organiser.post(f"/office/councils/{cast.council}/cards").status_code == 422
    assert "这一方还没有代表" in words_of(cast.organiser.get(f"/office/councils/{cast.council}/roster"))


def test_the_roster_is_the_offices_business(cast: Cast) -> None:
    base = f"/office/councils/{cast.council}"
    for path in (f"{base}/roster", f"{base}/roster/paste", f"{base}/cards"):
        assert cast.stranger.get(path).status_code == 303
        for person in (cast.chair, cast.supervisor, cast.representative):
            assert person.get(path).status_code == 403
            assert person.post(path).status_code == 403
    assert cast.organiser.get("/office/roster").location == f"{base}/roster"
    assert cast.organiser.get("/office/councils/nowhere/roster").status_code == 404
    assert cast.organiser.post("/office/representatives/nobody/leave").status_code == 404
